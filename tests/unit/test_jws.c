/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signatures: every algorithm, and every way to damage or dress up a token.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"
#include "tests/unit/oidc_mint.h"

static struct jwk_set *
keys_of(const struct json *json)
{
	struct jwk_set *set = NULL;

	assert_int_equal(jwk_set_parse(json, &set), 0);
	return set;
}

static struct jwk_set *
keys_from(const char *text)
{
	struct jwk_set *set;
	struct json *json;

	assert_int_equal(json_parse(text, strlen(text), &json), 0);
	set = keys_of(json);
	json_free(json);
	return set;
}

static enum reason
verify(const char *token, const struct jwk_set *keys)
{
	struct jws jws;
	enum reason reason;

	reason = jws_verify(token, strlen(token), keys, &jws);
	if (reason == REASON_GRANTED)
		jws_free(&jws);
	return reason;
}

/* RFC 7515 A.5: none comes without a signature. The admin learns that it is
 * none, with a signature as well. */
static void
test_none(void **state UNUSED)
{
	struct evp_pkey_st *key = mint_key("P-256", 0);
	char *jwks = mint_jwks(key, "k"), *token;
	struct jwk_set *keys = keys_from(jwks);

	token = mint_token(key, "none", "{\"alg\":\"none\"}", "{}");
	assert_int_equal(token[strlen(token) - 1], '.');
	assert_int_equal(verify(token, keys), REASON_TOKEN_ALGORITHM);
	free(token);
	token = mint_token(key, "ES256", "{\"alg\":\"none\"}", "{}");
	assert_int_equal(verify(token, keys), REASON_TOKEN_ALGORITHM);
	free(token);
	free(jwks);
	jwk_set_free(keys);
	mint_key_free(key);
}

/* An algorithm that wants a signature does not do without. */
static void
test_empty_parts(void **state UNUSED)
{
	static const char *const kinds[][2] = {
		{ "RSA", "RS256" }, { "RSA", "PS256" }, { "P-256", "ES256" },
		{ "Ed25519", "EdDSA" },
	};
	struct evp_pkey_st *key;
	struct jwk_set *keys;
	char *header, *jwks, *token;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		key = mint_key(kinds[i][0], 2048);
		jwks = mint_jwks(key, "k");
		keys = keys_from(jwks);
		header = mint_text("{\"alg\":\"%s\"}", kinds[i][1]);
		token = mint_token(key, kinds[i][1], header, "");
		assert_int_equal(verify(token, keys), REASON_GRANTED);
		free(token);
		token = mint_token(key, "none", header, "");
		assert_int_equal(verify(token, keys), REASON_TOKEN_SIGNATURE);
		free(token);
		free(header);
		free(jwks);
		jwk_set_free(keys);
		mint_key_free(key);
	}
}

static void
test_algorithms(void **state UNUSED)
{
	static const struct {
		const char	*kind;
		const char	*alg;
	} rows[] = {
		{ "RSA", "RS256" }, { "RSA", "RS384" }, { "RSA", "RS512" },
		{ "RSA", "PS256" }, { "RSA", "PS384" }, { "RSA", "PS512" },
		{ "P-256", "ES256" }, { "P-384", "ES384" },
		{ "P-521", "ES512" }, { "Ed25519", "EdDSA" },
	};
	struct evp_pkey_st *key, *other;
	struct jwk_set *keys;
	char *header, *jwks, *token;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		key = mint_key(rows[i].kind, 2048);
		other = mint_key(rows[i].kind, 2048);
		jwks = mint_jwks(key, "k");
		keys = keys_from(jwks);
		header = mint_text("{\"alg\":\"%s\",\"kid\":\"k\"}",
		    rows[i].alg);
		token = mint_token(key, rows[i].alg, header, "{}");
		if (verify(token, keys) != REASON_GRANTED)
			fail_msg("%s", rows[i].alg);
		free(token);
		token = mint_token(other, rows[i].alg, header, "{}");
		if (verify(token, keys) != REASON_TOKEN_SIGNATURE)
			fail_msg("%s, other key", rows[i].alg);
		free(token);
		free(header);
		free(jwks);
		jwk_set_free(keys);
		mint_key_free(key);
		mint_key_free(other);
	}
}

/* One token, many headers: what does each lead to? */
static void
test_headers(void **state UNUSED)
{
	static const struct {
		const char	*how;
		const char	*header;
		enum reason	 reason;
	} rows[] = {
		{ "RS256", "{\"alg\":\"RS256\",\"kid\":\"k\"}",
		    REASON_GRANTED },
		{ "RS256", "{\"alg\":\"RS256\"}", REASON_GRANTED },
		{ "RS256", "{\"alg\":\"RS256\",\"kid\":\"k\",\"x5t\":\"a\"}",
		    REASON_GRANTED },
		{ "RS256", "{\"alg\":\"RS256\",\"kid\":\"other\"}",
		    REASON_TOKEN_KEY },
		{ "RS256", "{\"alg\":\"RS256\",\"kid\":7}",
		    REASON_TOKEN_MALFORMED },
		{ "RS256", "{\"alg\":\"RS256\",\"kid\":null}",
		    REASON_TOKEN_MALFORMED },
		/* swapped: the key would fit, the signature does not */
		{ "RS256", "{\"alg\":\"PS256\",\"kid\":\"k\"}",
		    REASON_TOKEN_SIGNATURE },
		{ "PS256", "{\"alg\":\"RS256\",\"kid\":\"k\"}",
		    REASON_TOKEN_SIGNATURE },
		{ "RS256", "{\"alg\":\"RS512\",\"kid\":\"k\"}",
		    REASON_TOKEN_SIGNATURE },
		/* swapped: the key is of another kind */
		{ "RS256", "{\"alg\":\"ES256\",\"kid\":\"k\"}",
		    REASON_TOKEN_KEY },
		{ "RS256", "{\"alg\":\"EdDSA\",\"kid\":\"k\"}",
		    REASON_TOKEN_KEY },
		{ "HS256", "{\"alg\":\"HS256\",\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "HS256", "{\"alg\":\"RS256\",\"kid\":\"k\"}",
		    REASON_TOKEN_SIGNATURE },
		{ "RS256", "{\"alg\":\"none\",\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"alg\":\"None\",\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"alg\":\"rs256\",\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"alg\":\"RS256 \",\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"alg\":\"ES256K\",\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"alg\":\"\",\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"alg\":[\"RS256\"],\"kid\":\"k\"}",
		    REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"kid\":\"k\"}", REASON_TOKEN_ALGORITHM },
		{ "RS256", "{\"alg\":\"RS256\",\"alg\":\"none\"}",
		    REASON_TOKEN_MALFORMED },
		{ "RS256", "{\"alg\":\"RS256\",\"crit\":[]}",
		    REASON_TOKEN_CRITICAL },
		{ "RS256", "{\"alg\":\"RS256\",\"crit\":null}",
		    REASON_TOKEN_CRITICAL },
		{ "RS256", "{\"alg\":\"RS256\",\"crit\":[\"exp\"],\"exp\":1}",
		    REASON_TOKEN_CRITICAL },
		{ "RS256", "{\"alg\":\"RS256\",\"b64\":true}",
		    REASON_TOKEN_CRITICAL },
		{ "RS256", "{\"alg\":\"RS256\",\"b64\":false,"
		    "\"crit\":[\"b64\"]}", REASON_TOKEN_CRITICAL },
		{ "RS256", "{\"alg\":\"RS256\",\"jku\":\"https://evil/\"}",
		    REASON_TOKEN_MALFORMED },
		{ "RS256", "{\"alg\":\"RS256\",\"x5u\":\"https://evil/\"}",
		    REASON_TOKEN_MALFORMED },
		{ "RS256", "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\"}}",
		    REASON_TOKEN_MALFORMED },
		{ "RS256", "[]", REASON_TOKEN_MALFORMED },
		{ "RS256", "RS256", REASON_TOKEN_MALFORMED },
	};
	struct evp_pkey_st *key = mint_key("RSA", 2048);
	char *jwks = mint_jwks(key, "k"), *token;
	struct jwk_set *keys = keys_from(jwks);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		token = mint_token(key, rows[i].how, rows[i].header, "{}");
		if (verify(token, keys) != rows[i].reason)
			fail_msg("%s by %s", rows[i].header, rows[i].how);
		free(token);
	}
	free(jwks);
	jwk_set_free(keys);
	mint_key_free(key);
}

static void
test_key_with_alg(void **state UNUSED)
{
	struct evp_pkey_st *key = mint_key("RSA", 2048);
	char *jwk = mint_jwk(key, ",\"alg\":\"RS512\"");
	char *jwks = mint_text("{\"keys\":[%s]}", jwk), *token;
	struct jwk_set *keys = keys_from(jwks);

	token = mint_token(key, "RS512", "{\"alg\":\"RS512\"}", "{}");
	assert_int_equal(verify(token, keys), REASON_GRANTED);
	free(token);
	token = mint_token(key, "RS256", "{\"alg\":\"RS256\"}", "{}");
	assert_int_equal(verify(token, keys), REASON_TOKEN_KEY);
	free(token);
	free(jwk);
	free(jwks);
	jwk_set_free(keys);
	mint_key_free(key);
}

static void
test_form(void **state UNUSED)
{
	static const char *const rows[] = {
		"", ".", "..", "...", "e30", "e30.e30", ".e30.e30", "..e30",
		"e30.e30.e30.", "e30.e30.e30.e30",
		"e30.e30.e30.e30.e30", "e30=.e30.e30",
		" e30.e30.e30", "e31.e30.e30", "{\"payload\":\"e30\"}",
	};
	struct evp_pkey_st *key = mint_key("P-256", 0);
	char *jwks = mint_jwks(key, "k"), *good, *token;
	struct jwk_set *keys = keys_from(jwks);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (verify(rows[i], keys) != REASON_TOKEN_MALFORMED)
			fail_msg("%s", rows[i]);
	}
	good = mint_token(key, "ES256", "{\"alg\":\"ES256\"}", "{}");
	assert_int_equal(verify(good, keys), REASON_GRANTED);
	token = mint_text("%s=", good);
	assert_int_equal(verify(token, keys), REASON_TOKEN_MALFORMED);
	free(token);
	token = mint_text("%s.", good);
	assert_int_equal(verify(token, keys), REASON_TOKEN_MALFORMED);
	free(token);
	/* a signature that is longer or shorter by a byte */
	token = mint_text("%sA", good);
	assert_int_not_equal(verify(token, keys), REASON_GRANTED);
	token[strlen(good) - 2] = '\0';
	assert_int_not_equal(verify(token, keys), REASON_GRANTED);
	free(token);
	free(good);
	free(jwks);
	jwk_set_free(keys);
	mint_key_free(key);
}

static void
test_size(void **state UNUSED)
{
	struct evp_pkey_st *key = mint_key("Ed25519", 0);
	char *jwks = mint_jwks(key, "k"), *payload, *token;
	struct jwk_set *keys = keys_from(jwks);
	size_t len;

	for (len = JWS_SIZE_MAX / 4 * 3 - 1000; len <= JWS_SIZE_MAX / 4 * 3 +
	    1000; len += 2000) {
		payload = malloc(len + 1);
		assert_non_null(payload);
		memset(payload, ' ', len);
		payload[len] = '\0';
		token = mint_token(key, "EdDSA", "{\"alg\":\"EdDSA\"}",
		    payload);
		assert_int_equal(verify(token, keys), strlen(token) <=
		    JWS_SIZE_MAX ? REASON_GRANTED : REASON_TOKEN_MALFORMED);
		free(payload);
		free(token);
	}
	free(jwks);
	jwk_set_free(keys);
	mint_key_free(key);
}

/* No single bit of a token is without meaning. */
static void
test_bit_flips(void **state UNUSED)
{
	static const char *const kinds[][2] = {
		{ "P-256", "ES256" }, { "Ed25519", "EdDSA" },
	};
	struct evp_pkey_st *key;
	struct jwk_set *keys;
	char *header, *jwks, *token;
	size_t bit, i, len;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		key = mint_key(kinds[i][0], 0);
		jwks = mint_jwks(key, "k");
		keys = keys_from(jwks);
		header = mint_text("{\"alg\":\"%s\"}", kinds[i][1]);
		token = mint_token(key, kinds[i][1], header, "{\"sub\":\"a\"}");
		len = strlen(token);
		assert_int_equal(verify(token, keys), REASON_GRANTED);
		for (bit = 0; bit < 8 * len; bit++) {
			struct jws jws;

			token[bit / 8] = (char)(token[bit / 8] ^ 1 << bit % 8);
			if (jws_verify(token, len, keys, &jws) ==
			    REASON_GRANTED)
				fail_msg("bit %zu", bit);
			token[bit / 8] = (char)(token[bit / 8] ^ 1 << bit % 8);
		}
		free(header);
		free(jwks);
		free(token);
		jwk_set_free(keys);
		mint_key_free(key);
	}
}

static void
test_left_hash(void **state UNUSED)
{
	uint8_t hash[JWS_HASH_MAX];
	size_t len;

	assert_int_equal(jws_left_hash("RS256", "abc", 3, hash, &len), 0);
	assert_int_equal(len, 16);
	assert_memory_equal(hash, "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41"
	    "\x40\xde\x5d\xae\x22\x23", 16);
	assert_int_equal(jws_left_hash("ES512", "abc", 3, hash, &len), 0);
	assert_int_equal(len, 32);
	assert_int_equal(jws_left_hash("EdDSA", "abc", 3, hash, &len),
	    -ENOTSUP);
	assert_int_equal(jws_left_hash("none", "abc", 3, hash, &len),
	    -ENOTSUP);
	assert_int_equal(jws_left_hash(NULL, "abc", 3, hash, &len), -ENOTSUP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_empty_parts),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_key_with_alg),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_left_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
