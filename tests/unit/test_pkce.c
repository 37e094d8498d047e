/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is made up for a sign-in: by the vector of RFC 7636, and by length and
 * difference where it is random.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/pkce.h"

static void
test_rfc7636_appendix_b(void **state)
{
	const char text[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	struct secret verifier = SECRET_INIT;
	char challenge[PKCE_CHALLENGE_SIZE];

	(void)state;
	assert_int_equal(secret_set(&verifier, text, strlen(text)), 0);
	assert_int_equal(pkce_challenge(&verifier, challenge), 0);
	assert_string_equal(challenge,
	    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	secret_free(&verifier);
}

static void
test_random(void **state)
{
	static const struct {
		size_t	bytes;
		size_t	len;
	} rows[] = {
		{ PKCE_STATE_BYTES, 22 },
		{ PKCE_NONCE_BYTES, 22 },
		{ PKCE_VERIFIER_BYTES, 43 },	/* RFC 7636 4.1 */
	};
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	struct secret a = SECRET_INIT, b = SECRET_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(pkce_random(rows[i].bytes, &a), 0);
		assert_int_equal(pkce_random(rows[i].bytes, &b), 0);
		assert_int_equal(a.len, rows[i].len);
		assert_int_equal(strspn(a.data, alphabet), a.len);
		assert_false(secret_equal(&a, &b));
	}
	assert_int_equal(pkce_random(33, &a), -EIO);
	secret_free(&a);
	secret_free(&b);
}

/* Each length modulo 3, both ends of the alphabet, and back. */
static void
test_base64url_encode(void **state)
{
	static const struct {
		uint8_t		 bytes[4];
		size_t		 len;
		const char	*text;
	} rows[] = {
		{ { 0 }, 0, "" },
		{ { 'f' }, 1, "Zg" },
		{ { 'f', 'o' }, 2, "Zm8" },
		{ { 'f', 'o', 'o' }, 3, "Zm9v" },
		{ { 'f', 'o', 'o', 'b' }, 4, "Zm9vYg" },
		{ { 0xff, 0xff, 0xfe }, 3, "___-" },
		{ { 0xfb, 0xff }, 2, "-_8" },
		{ { 0, 0, 0, 0 }, 4, "AAAAAA" },
	};
	char text[BASE64URL_SIZE(4)];
	uint8_t back[4];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		memset(text, 'x', sizeof(text));
		base64url_encode(rows[i].bytes, rows[i].len, text);
		assert_string_equal(text, rows[i].text);
		assert_int_equal(strlen(text) + 1, BASE64URL_SIZE(rows[i].len));
		assert_int_equal(base64url_decode(text, strlen(text), back,
		    sizeof(back), &len), 0);
		assert_int_equal(len, rows[i].len);
		assert_memory_equal(back, rows[i].bytes, len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc7636_appendix_b),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_base64url_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
