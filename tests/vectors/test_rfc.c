/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The examples of the RFCs and of OpenID Connect Core, a file for each
 * section: how many of its keys can be used, what becomes of its token, and
 * of its ID token. A file that is in the folder but not below fails.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/oidc/idtoken.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "tests/unit/oidc_mint.h"
#include "tests/vectors/vector.h"

static const char *const names[] = {
	"openid-core-a2.json",
	"openid-core-a3.json",
	"rfc7515-a2.json",
	"rfc7515-a3.json",
	"rfc7515-a4.json",
	"rfc7515-a5.json",
	"rfc7517-a1.json",
	"rfc7517-a2.json",
	"rfc7517-a3.json",
	"rfc7517-b.json",
	"rfc7520-3.1.json",
	"rfc7520-3.2.json",
	"rfc7520-3.3.json",
	"rfc7520-3.4.json",
	"rfc7520-3.5.json",
	"rfc7520-3.6.json",
	"rfc7520-4.1.json",
	"rfc7520-4.2.json",
	"rfc7520-4.3.json",
	"rfc7520-4.4.json",
	"rfc7520-4.5.json",
	"rfc7520-4.6.json",
	"rfc7520-4.7.json",
	"rfc7520-4.8.json",
	"rfc7520-6.1.json",
	"rfc7520-6.2.json",
	"rfc8037-a1.json",
	"rfc8037-a2.json",
	"rfc8037-a4.json",
	"rfc8037-a6.json",
};
#define NAMES	(sizeof(names) / sizeof(*names))

static int64_t
integer(const struct json *json, const char *name)
{
	int64_t value;

	return json_integer(json_get(json, name), &value) == 0 ? value : -1;
}

static void
check_verdict(const char *name, const char *what, enum reason reason,
    const char *verdict)
{
	bool good = verdict != NULL &&
	    strcmp(reason_code(reason), verdict) == 0;

	vector_report(good, "%s: %s: %s", name, what, reason_code(reason));
}

static bool
set_secret(struct secret *secret, const char *text)
{
	return text != NULL && secret_set(secret, text, strlen(text)) == 0;
}

/* The ID token of the example as the daemon would verify it. */
static void
check_id_token(const char *name, const struct json *json)
{
	const struct json *expected = json_get(json, "id_token");
	const char *access_token = json_get_string(expected, "access_token");
	struct idtoken_expect expect = {
		.issuer = json_get_string(expected, "issuer"),
		.client_id = json_get_string(expected, "client_id"),
		.nonce = json_get_string(expected, "nonce"),
	};
	struct secret token = { 0 }, access = { 0 };
	struct jwk_set *keys = NULL;
	struct json *claims = NULL;
	enum reason reason = REASON_INTERNAL;

	if (set_secret(&token, json_get_string(json, "jws")) &&
	    (access_token == NULL || set_secret(&access, access_token)) &&
	    jwk_set_parse(json, &keys) == 0) {
		if (access_token != NULL)
			expect.access_token = &access;
		reason = idtoken_verify(&token, keys, &expect,
		    integer(expected, "now"), &claims);
	}
	check_verdict(name, "ID token", reason,
	    json_get_string(expected, "verdict"));
	json_free(claims);
	jwk_set_free(keys);
	secret_free(&access);
	secret_free(&token);
}

static void
check_file(const char *directory, const char *name)
{
	struct json *json = vector_read(directory, name);
	int64_t usable;
	char *token;

	if (json == NULL) {
		vector_report(false, "%s: missing", name);
		return;
	}
	usable = (int64_t)vector_usable(json);
	vector_report(usable == integer(json, "usable"),
	    "%s: %d of %zu keys can be used", name, (int)usable,
	    json_length(json_get(json, "keys")));
	if (json_has(json, "jws")) {
		token = vector_token(json_get(json, "jws"));
		check_verdict(name, "token", vector_verify(json, token,
		    json_get_string(json, "payload")),
		    json_get_string(json, "verdict"));
		free(token);
	}
	if (json_has(json, "id_token"))
		check_id_token(name, json);
	json_free(json);
}

static int
is_vector(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".json") == 0;
}

static void
check_folder(const char *directory)
{
	struct dirent **entries = NULL;
	int i, count = scandir(directory, &entries, is_vector, alphasort);
	bool known = true;

	for (i = 0; i < count; i++) {
		known = known && (size_t)i < NAMES &&
		    strcmp(entries[i]->d_name, names[i]) == 0;
		free(entries[i]);
	}
	free(entries);
	vector_report(known && count == (int)NAMES,
	    "%d files, and all of them are checked", count);
}

int
main(void)
{
	const char *top = getenv("TOP_SRCDIR");
	char *directory = mint_text("%s/tests/vectors",
	    top != NULL ? top : ".");
	size_t i;

	check_folder(directory);
	for (i = 0; i < NAMES; i++)
		check_file(directory, names[i]);
	printf("# %zu sections of RFCs and of OpenID Connect Core\n", NAMES);
	free(directory);
	return vector_end();
}
