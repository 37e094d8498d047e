/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Project Wycheproof's vectors of JSON Web Signatures, Keys and Crypto. Each
 * is granted if it is stated to be valid and refused if it is not, or the
 * table below says why not, and by which reason it is refused. An explanation
 * that nothing needs any more is a failure too. The vectors are looked for in
 * the directory that WYCHEPROOF names, or beside the checkout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/attr.h"
#include "daemon/oidc/json.h"
#include "tests/unit/oidc_mint.h"
#include "tests/vectors/vector.h"

#define VECTORS		510

static const char *const files[] = { "signature", "key", "crypto" };

/* Why something is refused here that Wycheproof states to be valid. */
#define SHARED_KEY	"HMAC: refused on purpose, a host shares no key"
#define OTHER_ALG	"the key's alg is PS256, the token's is PS384"
#define NO_SUCH_ALG	"the key's alg, ES521, does not exist"
#define LOOSE_BASE64	"a character that is not of base64url"
#define ENCRYPTED	"JWE: no signature"

/* The vectors that are. */
static const struct difference {
	const char	*file;
	int64_t		 first, last;
	enum reason	 reason;
	const char	*name;
} differences[] = {
	{ "signature", 1, 1, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "signature", 346, 346, REASON_TOKEN_KEY, OTHER_ALG },
	{ "signature", 347, 347, REASON_TOKEN_KEY, NO_SUCH_ALG },
	{ "signature", 348, 348, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "signature", 350, 350, REASON_TOKEN_KEY, OTHER_ALG },
	{ "signature", 351, 351, REASON_TOKEN_KEY, NO_SUCH_ALG },
	{ "signature", 352, 352, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "signature", 357, 359, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "signature", 372, 372, REASON_TOKEN_MALFORMED, LOOSE_BASE64 },
	{ "signature", 373, 373, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "signature", 376, 377, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "key", 2, 2, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "key", 13, 15, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "crypto", 1, 1, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "crypto", 48, 48, REASON_TOKEN_ALGORITHM, SHARED_KEY },
	{ "crypto", 50, 50, REASON_TOKEN_MALFORMED, ENCRYPTED },
	{ "crypto", 67, 67, REASON_TOKEN_MALFORMED, ENCRYPTED },
};
#define DIFFERENCES	(sizeof(differences) / sizeof(*differences))

static unsigned int agreed, explained[DIFFERENCES];

static size_t
find_difference(const char *file, int64_t id)
{
	size_t i;

	for (i = 0; i < DIFFERENCES; i++) {
		if (strcmp(differences[i].file, file) == 0 &&
		    id >= differences[i].first && id <= differences[i].last)
			break;
	}
	return i;
}

static void
check_test(const char *file, const struct json *keys, const struct json *test)
{
	const struct json *jws = json_get(test, "jws");
	const char *comment = json_get_string(test, "comment");
	const char *result = json_get_string(test, "result");
	bool valid = result != NULL && strcmp(result, "valid") == 0;
	enum reason reason;
	int64_t id = 0;
	char *token;
	size_t i;

	if (json_integer(json_get(test, "tcId"), &id) < 0)
		id = 0;
	token = vector_token(jws != NULL ? jws : json_get(test, "jwe"));
	reason = vector_verify(keys, token, NULL);
	free(token);
	i = find_difference(file, id);
	if (i == DIFFERENCES) {
		agreed += vector_report(valid == (reason == REASON_GRANTED),
		    "%s %d, %s, is %s: %s", file, (int)id, comment, result,
		    reason_code(reason));
		return;
	}
	explained[i] += vector_report(valid && reason == differences[i].reason,
	    "%s %d, %s, is %s: %s (%s)", file, (int)id, comment, result,
	    reason_code(reason), differences[i].name);
}

static int64_t
check_file(const char *directory, const char *file)
{
	const struct json *groups, *group, *keys, *tests;
	char *name = mint_text("json_web_%s_test.json", file);
	struct json *json = vector_read(directory, name);
	int64_t count;
	size_t i, j;

	free(name);
	if (json == NULL ||
	    json_integer(json_get(json, "numberOfTests"), &count) < 0) {
		vector_report(false, "%s: missing", file);
		return 0;
	}
	groups = json_get(json, "testGroups");
	for (i = 0; i < json_length(groups); i++) {
		group = json_at(groups, i);
		keys = json_get(group, "public");
		if (keys == NULL)
			keys = json_get(group, "private");
		tests = json_get(group, "tests");
		for (j = 0; j < json_length(tests); j++)
			check_test(file, keys, json_at(tests, j));
	}
	json_free(json);
	return count;
}

/* How many vectors have an explanation of this name. */
static unsigned int
sum_explained(const char *name)
{
	unsigned int sum = 0;
	size_t i;

	for (i = 0; i < DIFFERENCES; i++) {
		if (strcmp(differences[i].name, name) == 0)
			sum += explained[i];
	}
	return sum;
}

static void
check_counts(int64_t stated)
{
	static const char *const explanations[] = {
		SHARED_KEY, OTHER_ALG, NO_SUCH_ALG, LOOSE_BASE64, ENCRYPTED,
	};
	unsigned int n, sum = agreed;
	size_t i;

	printf("# %u of Wycheproof as stated\n", agreed);
	for (i = 0; i < sizeof(explanations) / sizeof(*explanations); i++) {
		n = sum_explained(explanations[i]);
		printf("# %u explained: %s\n", n, explanations[i]);
		sum += n;
	}
	for (i = 0; i < DIFFERENCES; i++) {
		vector_report((int64_t)explained[i] ==
		    differences[i].last - differences[i].first + 1,
		    "%s %d to %d: still needs to be explained",
		    differences[i].file, (int)differences[i].first,
		    (int)differences[i].last);
	}
	vector_report(sum == VECTORS && stated == VECTORS,
	    "%u of %d vectors", sum, VECTORS);
}

int
main(void)
{
	const char *top = getenv("TOP_SRCDIR"), *given = getenv("WYCHEPROOF");
	char *directory = mint_text("%s%s",
	    given != NULL ? given : top != NULL ? top : ".",
	    given != NULL ? "" : "/../shared/vectors/wycheproof");
	int64_t stated = 0;
	int status = 0;
	size_t i;

	if (access(directory, F_OK) < 0) {
		printf("1..0 # SKIP no vectors of Wycheproof in %s\n",
		    directory);
	} else {
		for (i = 0; i < sizeof(files) / sizeof(*files); i++)
			stated += check_file(directory, files[i]);
		check_counts(stated);
		status = vector_end();
	}
	free(directory);
	return status;
}
