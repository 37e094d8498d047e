/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signed directory, and whoever lies about it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"
#include "daemon/directory/signed.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/keygen.h"
#include "daemon/oidc/sign.h"
#include "tests/unit/directory_mint.h"
#include "tests/unit/oidc_mint.h"

#define NOW	1800000000
#define LINES	"{\"sub\":\"a\"}\n{\"sub\":\"b\"}\n"

static struct evp_pkey_st *key, *rsa;
static struct jwk_set *keys;

static const struct directory_mint honest = {
	.lines = LINES, .issued = NOW - 60, .expires = NOW + 3600, .serial = 7,
};

static char *
mint(const struct directory_mint *from)
{
	struct directory_mint filled = *from;

	if (filled.key == NULL)
		filled.key = key;
	return directory_mint(&filled);
}

static enum signed_verdict
verify(const char *text, size_t len)
{
	struct signed_directory document = { 0 };
	enum signed_verdict verdict;

	verdict = signed_verify(text, len, keys, NOW, &document);
	if (verdict != SIGNED_GOOD)
		assert_null(document.lines);
	signed_free(&document);
	return verdict;
}

static enum signed_verdict
verify_mint(const struct directory_mint *from)
{
	char *text = mint(from);
	enum signed_verdict verdict = verify(text, strlen(text));

	free(text);
	return verdict;
}

static void
test_honest(void **state UNUSED)
{
	char *text = mint(&honest);
	struct signed_directory document;
	const char *line;
	size_t len;

	assert_int_equal(signed_verify(text, strlen(text), keys, NOW,
	    &document), SIGNED_GOOD);
	assert_string_equal(document.issuer, "https://id.example.com");
	assert_int_equal(document.serial, 7);
	assert_int_equal(document.count, 2);
	assert_false(document.complete);
	assert_true(signed_next(&document, &line, &len));
	assert_int_equal(len, 11);
	assert_memory_equal(line, "{\"sub\":\"a\"}", len);
	assert_true(signed_next(&document, &line, &len));
	assert_memory_equal(line, "{\"sub\":\"b\"}", len);
	assert_false(signed_next(&document, &line, &len));
	signed_free(&document);
	free(text);
}

/* Each row is the honest one but for one thing. */
static void
test_lies(void **state UNUSED)
{
	static const char typ[] = "{\"alg\":\"EdDSA\",\"kid\":\"k\","
	    "\"typ\":\"JWT\"}";
	static const char none[] = "{\"alg\":\"none\",\"kid\":\"k\","
	    "\"typ\":\"hostpass-directory\"}";
	static const char hs[] = "{\"alg\":\"HS256\",\"kid\":\"k\","
	    "\"typ\":\"hostpass-directory\"}";
	static const char kid[] = "{\"alg\":\"EdDSA\",\"kid\":\"other\","
	    "\"typ\":\"hostpass-directory\"}";
	static const char crit[] = "{\"alg\":\"EdDSA\",\"kid\":\"k\","
	    "\"crit\":[\"x\"],\"typ\":\"hostpass-directory\"}";
	struct evp_pkey_st *other = mint_key("Ed25519", 0);
	struct {
		struct directory_mint mint;
		enum signed_verdict verdict;
	} rows[23];
	size_t count = 0, i;

#define ROW(want, field, value) do { \
	rows[count].mint = honest; \
	rows[count].mint.field = value; \
	rows[count++].verdict = want; \
} while (0)
	ROW(SIGNED_SIGNATURE, key, other);
	ROW(SIGNED_SIGNATURE, header, kid);
	ROW(SIGNED_MANIFEST, header, typ);
	ROW(SIGNED_MANIFEST, header, crit);
	ROW(SIGNED_EXPIRED, expires, NOW);
	ROW(SIGNED_EXPIRED, expires, NOW - 1);
	ROW(SIGNED_NOT_YET, issued, NOW + SIGNED_SKEW + 1);
	ROW(SIGNED_GOOD, issued, NOW + SIGNED_SKEW);
	ROW(SIGNED_MANIFEST, serial, 0);
	ROW(SIGNED_MANIFEST, serial, -1);
	ROW(SIGNED_GOOD, serial, honest.issued + SIGNED_AHEAD);
	ROW(SIGNED_AHEAD_OF_TIME, serial, honest.issued + SIGNED_AHEAD + 1);
	ROW(SIGNED_AHEAD_OF_TIME, serial, 999999999999999999);
	ROW(SIGNED_MANIFEST, complete, "\"true\"");
	ROW(SIGNED_GOOD, complete, "true");
	ROW(SIGNED_COUNT, more, 1);
	ROW(SIGNED_COUNT, more, -1);
	ROW(SIGNED_MANIFEST, more, -3);
	ROW(SIGNED_MANIFEST, more, SIGNED_PEOPLE_MAX);
	ROW(SIGNED_DIGEST, signed_lines, "{\"sub\":\"a\"}\n{\"sub\":\"c\"}\n");
	ROW(SIGNED_DIGEST, lines, "{\"sub\":\"a\"}\n");
	rows[count - 1].mint.signed_lines = LINES;
	ROW(SIGNED_SIGNATURE, how, "none");
	rows[count - 1].mint.header = none;
	ROW(SIGNED_SIGNATURE, how, "HS256");
	rows[count - 1].mint.header = hs;
#undef ROW
	assert_int_equal(count, sizeof(rows) / sizeof(rows[0]));
	for (i = 0; i < count; i++) {
		if (verify_mint(&rows[i].mint) != rows[i].verdict)
			fail_msg("row %zu: %s", i,
			    signed_code(verify_mint(&rows[i].mint)));
	}
	mint_key_free(other);
}

/* Whatever is cut off or added, wherever, it is not the document any more. */
static void
test_cut_and_added(void **state UNUSED)
{
	char *text = mint(&honest), *more;
	size_t len = strlen(text), i;

	for (i = 0; i < len; i++)
		assert_int_not_equal(verify(text, i), SIGNED_GOOD);
	assert_int_equal(verify(text, len), SIGNED_GOOD);
	more = mint_text("%s%s", text, "\n");
	assert_int_equal(verify(more, len + 1), SIGNED_DIGEST);
	free(more);
	more = mint_text("\n%s", text);
	assert_int_equal(verify(more, len + 1), SIGNED_MANIFEST);
	free(more);
	for (i = 0; i < len; i++) {
		text[i] ^= 1;
		assert_int_not_equal(verify(text, len), SIGNED_GOOD);
		text[i] ^= 1;
	}
	free(text);
}

/* A first line without an end is not looked for in all of 256 MiB. */
static void
test_huge_manifest(void **state UNUSED)
{
	size_t len = 4 * 1024 * 1024;
	char *text = malloc(len);

	assert_non_null(text);
	memset(text, 'A', len);
	text[len - 1] = '\n';
	assert_int_equal(verify(text, len), SIGNED_MANIFEST);
	free(text);
}

/* A provider's key does not sign directories by RS256, not even if it should
 * come into the set. */
static void
test_other_algorithm(void **state UNUSED)
{
	struct directory_mint lie = honest;
	struct jwk_set *former = keys;
	char *text = mint_jwks(rsa, "k");
	struct json *json;

	assert_int_equal(json_parse(text, strlen(text), &json), 0);
	assert_int_equal(jwk_set_parse(json, &keys), 0);
	json_free(json);
	free(text);
	lie.key = rsa;
	lie.how = "RS256";
	lie.header = "{\"alg\":\"RS256\",\"kid\":\"k\","
	    "\"typ\":\"hostpass-directory\"}";
	assert_int_equal(verify_mint(&lie), SIGNED_SIGNATURE);
	jwk_set_free(keys);
	keys = former;
}

static void
test_follows(void **state UNUSED)
{
	struct signed_directory document = { .serial = 7, .digest = "d" };

	assert_int_equal(signed_follows(&document, 0, ""), SIGNED_GOOD);
	assert_int_equal(signed_follows(&document, 6, "c"), SIGNED_GOOD);
	assert_int_equal(signed_follows(&document, 7, "d"), SIGNED_GOOD);
	assert_int_equal(signed_follows(&document, 7, "c"), SIGNED_TWIN);
	assert_int_equal(signed_follows(&document, 8, "d"), SIGNED_SERIAL);
}

static int
read_keys(const char *text)
{
	struct secret secret = SECRET_INIT;
	struct jwk_set *set = NULL;
	int r;

	assert_int_equal(secret_set(&secret, text, strlen(text)), 0);
	r = signed_keys_read(&secret, &set);
	jwk_set_free(set);
	secret_free(&secret);
	return r;
}

static void
test_keys(void **state UNUSED)
{
	char *one = mint_jwk(key, ""), *set = mint_jwks(key, "k");
	char *other = mint_jwks(rsa, "k");
	char *secret = mint_jwk(key, ",\"d\":\"AAAA\"");
	char *both = mint_text("{\"keys\":[%s,7,%s]}", one, secret);
	char *foreign = mint_text("{\"keys\":[%s,%s]}", one,
	    "{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\",\"d\":\"AQ\"}");
	char *shared = mint_text("{\"keys\":[%s,%s]}", one,
	    "{\"kty\":\"oct\",\"k\":\"AAAA\"}");

	assert_int_equal(read_keys(one), 0);
	assert_int_equal(read_keys(set), 0);
	assert_int_equal(read_keys("{}"), -EBADMSG);
	assert_int_equal(read_keys("{\"keys\":[]}"), -EBADMSG);
	assert_int_equal(read_keys("[]"), -EBADMSG);
	assert_int_equal(read_keys("key"), -EBADMSG);
	assert_int_equal(read_keys(other), -EBADMSG);
	assert_int_equal(read_keys(secret), -EKEYREJECTED);
	assert_int_equal(read_keys(both), -EKEYREJECTED);
	assert_int_equal(read_keys(foreign), -EKEYREJECTED);
	assert_int_equal(read_keys(shared), -EKEYREJECTED);
	free(foreign);
	free(shared);
	free(other);
	free(secret);
	free(both);
	free(one);
	free(set);
}

/* What keygen makes signs what its public half verifies, and two differ. */
static void
test_keygen(void **state UNUSED)
{
	struct secret private = SECRET_INIT, again = SECRET_INIT;
	struct secret token = SECRET_INIT;
	struct json *claims = json_new_object();
	struct sign_key *sign = NULL;
	struct jwk_set *former = keys;
	char *public = NULL, *other = NULL;

	assert_int_equal(keygen_ed25519(&private, &public), 0);
	assert_int_equal(keygen_ed25519(&again, &other), 0);
	assert_string_not_equal(public, other);
	assert_null(strstr(public, "\"d\""));
	assert_int_equal(sign_key_read(&private, &sign), 0);
	assert_string_equal(sign_algorithm(sign), "EdDSA");
	assert_int_equal(sign_typed(sign, SIGNED_TYPE, claims, &token), 0);
	secret_free(&again);
	assert_int_equal(secret_set(&again, public, strlen(public)), 0);
	assert_int_equal(signed_keys_read(&again, &keys), 0);
	/* Rightly signed, and then nothing in it. */
	other = realloc(other, token.len + 2);
	assert_non_null(other);
	memcpy(other, token.data, token.len);
	memcpy(other + token.len, "\n", 2);
	assert_int_equal(verify(other, token.len + 1), SIGNED_MANIFEST);
	jwk_set_free(keys);
	keys = former;
	assert_int_equal(verify(other, token.len + 1), SIGNED_SIGNATURE);
	free(other);
	free(public);
	json_free(claims);
	sign_key_free(sign);
	secret_free(&private);
	secret_free(&again);
	secret_free(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_cut_and_added),
		cmocka_unit_test(test_huge_manifest),
		cmocka_unit_test(test_other_algorithm),
		cmocka_unit_test(test_follows),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_keygen),
	};
	int failed;

	key = mint_key("Ed25519", 0);
	rsa = mint_key("RSA", 2048);
	keys = directory_keys(key);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	jwk_set_free(keys);
	mint_key_free(key);
	mint_key_free(rsa);
	return failed;
}
