/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which keys of a set are used, and for what.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "tests/unit/oidc_mint.h"

#define POINT	"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define ED	"\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""

static struct jwk_set *
load(const char *text)
{
	struct jwk_set *set = NULL;
	struct json *json;

	assert_int_equal(json_parse(text, strlen(text), &json), 0);
	if (jwk_set_parse(json, &set) != 0)
		fail_msg("%s", text);
	json_free(json);
	return set;
}

static size_t
count(const char *jwk)
{
	char *text = mint_text("{\"keys\":[%s]}", jwk);
	struct jwk_set *set = load(text);
	size_t n = jwk_set_count(set);

	free(text);
	jwk_set_free(set);
	return n;
}

static void
test_keys(void **state UNUSED)
{
	static const struct {
		const char	*jwk;
		size_t		 count;
	} rows[] = {
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\"," POINT "}", 1 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\"," POINT
		    "}", 1 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"enc\"," POINT
		    "}", 0 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":null," POINT "}",
		    0 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":[\"verify\"],"
		    POINT "}", 1 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":[\"encrypt\"],"
		    POINT "}", 0 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":\"verify\","
		    POINT "}", 0 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":7," POINT "}",
		    0 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":7," POINT "}",
		    0 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-384\"," POINT "}", 0 },
		{ "{\"kty\":\"EC\",\"crv\":\"secp256k1\"," POINT "}", 0 },
		{ "{\"kty\":\"EC\"," POINT "}", 0 },
		/* a point that is not on the curve, one that is cut */
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
		    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":"
		    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}", 0 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83O\","
		    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
		    0 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," ED "}", 1 },
		{ "{\"kty\":\"OKP\",\"crv\":\"X25519\"," ED "}", 0 },
		{ "{\"kty\":\"OKP\"," ED "}", 0 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qY\"}", 0 },
		{ "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}", 0 },
		{ "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\"}", 0 },
		{ "{\"kty\":7}", 0 }, { "{}", 0 }, { "7", 0 }, { "null", 0 },
		{ "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", 0 },
		{ "{\"kty\":\"RSA\",\"e\":\"AQAB\"}", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (count(rows[i].jwk) != rows[i].count)
			fail_msg("%s", rows[i].jwk);
	}
}

/* 2048 to 8192 bits; the exponent is odd, more than one and short. */
static void
test_rsa(void **state UNUSED)
{
	static const struct {
		size_t		 bytes;
		const char	*e;
		size_t		 count;
	} rows[] = {
		{ 255, "AQAB", 0 }, { 256, "AQAB", 1 }, { 1024, "AQAB", 1 },
		{ 1025, "AQAB", 0 }, { 256, "Aw", 1 }, { 256, "AQ", 0 },
		{ 256, "AA", 0 }, { 256, "", 0 }, { 256, "Ag", 0 },
		{ 256, "AQAAAAAAAAAB", 0 },
	};
	uint8_t n[1025];
	char *jwk, *text;
	size_t i;

	memset(n, 0xff, sizeof(n));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		text = mint_base64url(n, rows[i].bytes);
		jwk = mint_text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}",
		    text, rows[i].e);
		if (count(jwk) != rows[i].count)
			fail_msg("row %zu", i);
		free(text);
		free(jwk);
	}
}

/* 65537 to the 128th, 2049 bits, is what CVE-2017-15361 looks for; the odd
 * number after it is not. */
static void
test_roca(void **state UNUSED)
{
	uint8_t n[257] = { 0 }, old[sizeof(n)];
	size_t i, round, size = sizeof(n);
	unsigned int carry;
	char *jwk, *text;

	n[size - 1] = 1;
	for (round = 0; round < 128; round++) {
		/* Times 65537: add what is two bytes further right. */
		memcpy(old, n, size);
		for (i = size - 2, carry = 0; i-- > 0; carry >>= 8) {
			carry += (unsigned int)old[i] + old[i + 2];
			n[i] = (uint8_t)carry;
		}
	}
	for (i = 0; i < 2; i++) {
		text = mint_base64url(n, size);
		jwk = mint_text("{\"kty\":\"RSA\",\"n\":\"%s\","
		    "\"e\":\"AQAB\"}", text);
		assert_int_equal(count(jwk), i);
		free(text);
		free(jwk);
		n[size - 1] = (uint8_t)(n[size - 1] + 2);
	}
}

/* RFC 7518 6.2.1.2: a coordinate keeps its zeros. A short one would else be
 * taken for another that ends with them. */
static void
test_short_coordinate(void **state UNUSED)
{
	struct evp_pkey_st *key;
	bool ends_with_zero;
	char *jwk, *x;

	do {
		key = mint_key("P-256", 0);
		jwk = mint_jwk(key, "");
		mint_key_free(key);
		x = strstr(jwk, "\"x\":\"") + 5;
		ends_with_zero = x[42] == 'A' && strchr("AQgw", x[41]) != NULL;
		if (!ends_with_zero)
			free(jwk);
	} while (!ends_with_zero);
	assert_int_equal(count(jwk), 1);
	memmove(x + 42, x + 43, strlen(x + 43) + 1);
	assert_int_equal(count(jwk), 0);
	free(jwk);
}

static void
test_sets(void **state UNUSED)
{
	static const char *const rows[] = {
		"[]", "{}", "{\"keys\":{}}", "{\"keys\":\"\"}",
		"{\"keys\":null}",
	};
	struct jwk_set *set = NULL;
	struct json *json, *list;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(json_parse(rows[i], strlen(rows[i]), &json),
		    0);
		assert_int_equal(jwk_set_parse(json, &set), -EBADMSG);
		json_free(json);
	}
	json = json_new_object();
	list = json_new_array();
	for (i = 0; i < JWK_SET_MAX; i++)
		json_append(list, json_new_object());
	json_set(json, "keys", list);
	assert_int_equal(jwk_set_parse(json, &set), 0);
	assert_int_equal(jwk_set_count(set), 0);
	jwk_set_free(set);
	json_append(list, json_new_object());
	assert_int_equal(jwk_set_parse(json, &set), -EBADMSG);
	json_free(json);
	jwk_set_free(NULL);
}

static void
test_find(void **state UNUSED)
{
	struct jwk_set *set = load("{\"keys\":["
	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"alg\":\"ES256\","
	    POINT "},{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"b\"," POINT
	    "},{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," ED "}]}");

	assert_non_null(jwk_set_find(set, "a", JWK_P256, "ES256"));
	assert_non_null(jwk_set_find(set, "b", JWK_P256, "ES256"));
	assert_null(jwk_set_find(set, "c", JWK_P256, "ES256"));
	assert_null(jwk_set_find(set, "a", JWK_P256, "ES384"));
	assert_null(jwk_set_find(set, "a", JWK_RSA, "RS256"));
	assert_null(jwk_set_find(set, "a", JWK_ED25519, "EdDSA"));
	/* without a kid: one key only, or none */
	assert_null(jwk_set_find(set, NULL, JWK_P256, "ES256"));
	assert_non_null(jwk_set_find(set, NULL, JWK_ED25519, "EdDSA"));
	assert_null(jwk_set_find(set, "a", JWK_NONE, "none"));
	jwk_set_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_roca),
		cmocka_unit_test(test_short_coordinate),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
