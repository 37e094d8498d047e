/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * daemon/store/seal.c: what is sealed opens in its own place with its own key,
 * and nowhere else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/seal.h"

#define TOKEN	"a refresh token that nobody may read"

static const struct seal_place alice = {
	"token", "refresh", "https://id.example.com", "alice-sub", ""
};

/* A seal whose key is 32 times byte. */
static struct seal *
make_seal(int byte)
{
	struct secret key = SECRET_INIT;
	struct seal *seal = NULL;
	char bytes[SEAL_KEY_SIZE];

	memset(bytes, byte, sizeof(bytes));
	assert_int_equal(secret_set(&key, bytes, sizeof(bytes)), 0);
	assert_int_equal(seal_new(&key, &seal), 0);
	secret_free(&key);
	return seal;
}

static void
close_text(const struct seal *seal, const struct seal_place *place,
    const char *text, struct secret *ret_sealed)
{
	struct secret plain = SECRET_INIT;

	assert_int_equal(secret_set(&plain, text, strlen(text)), 0);
	assert_int_equal(seal_close(seal, place, &plain, ret_sealed), 0);
	assert_int_equal(ret_sealed->len, strlen(text) + SEAL_OVERHEAD);
	secret_free(&plain);
}

/* Opening fails, and nothing is handed out. */
static void
assert_shut(const struct seal *seal, const struct seal_place *place,
    const struct secret *sealed)
{
	struct secret plain = SECRET_INIT;

	assert_int_equal(seal_open(seal, place, sealed->data, sealed->len,
	    &plain), -EBADMSG);
	assert_null(plain.data);
}

static void
test_opens_what_it_closed(void **state)
{
	struct secret sealed = SECRET_INIT, plain = SECRET_INIT;
	struct seal *seal = make_seal(1);

	(void)state;
	close_text(seal, &alice, TOKEN, &sealed);
	assert_null(memmem(sealed.data, sealed.len, "refresh", 7));
	assert_int_equal(seal_open(seal, &alice, sealed.data, sealed.len,
	    &plain), 0);
	assert_int_equal(plain.len, strlen(TOKEN));
	assert_string_equal(plain.data, TOKEN);
	secret_free(&plain);
	close_text(seal, &alice, "", &sealed);
	assert_int_equal(seal_open(seal, &alice, sealed.data, sealed.len,
	    &plain), 0);
	assert_int_equal(plain.len, 0);
	secret_free(&plain);
	secret_free(&sealed);
	seal_free(seal);
}

static void
test_no_two_are_the_same(void **state)
{
	struct secret one = SECRET_INIT, other = SECRET_INIT;
	struct seal *seal = make_seal(1);

	(void)state;
	close_text(seal, &alice, TOKEN, &one);
	close_text(seal, &alice, TOKEN, &other);
	assert_int_equal(one.len, other.len);
	/* The nonce, and so all that follows. */
	assert_memory_not_equal(one.data + 1, other.data + 1, 12);
	assert_memory_not_equal(one.data + 13, other.data + 13, strlen(TOKEN));
	secret_free(&one);
	secret_free(&other);
	seal_free(seal);
}

static void
test_other_key(void **state)
{
	struct seal *seal = make_seal(1), *other = make_seal(2);
	struct secret sealed = SECRET_INIT;

	(void)state;
	close_text(seal, &alice, TOKEN, &sealed);
	assert_shut(other, &alice, &sealed);
	secret_free(&sealed);
	seal_free(seal);
	seal_free(other);
}

static void
test_other_place(void **state)
{
	static const struct seal_place places[] = {
		{ "passcode", "refresh", "https://id.example.com",
		  "alice-sub", "" },
		{ "token", "hint", "https://id.example.com", "alice-sub", "" },
		{ "token", "refresh", "https://id.example.org", "alice-sub",
		  "" },
		{ "token", "refresh", "https://id.example.com", "bob-sub", "" },
		{ "token", "refresh", "https://id.example.com", "alice-sub",
		  "x" },
		/* The same letters, cut elsewhere. */
		{ "token", "refresh", "https://id.example.co", "malice-sub",
		  "" },
		{ "token", "refresh", "https://id.example.com", "alice-su",
		  "b" },
	};
	struct seal *seal = make_seal(1);
	struct secret sealed = SECRET_INIT;
	size_t i;

	(void)state;
	close_text(seal, &alice, TOKEN, &sealed);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		assert_shut(seal, &places[i], &sealed);
	secret_free(&sealed);
	seal_free(seal);
}

static void
test_every_bit_counts(void **state)
{
	struct seal *seal = make_seal(1);
	struct secret sealed = SECRET_INIT;
	size_t bit;

	(void)state;
	close_text(seal, &alice, TOKEN, &sealed);
	for (bit = 0; bit < sealed.len * 8; bit++) {
		sealed.data[bit / 8] ^= (char)(1 << bit % 8);
		assert_shut(seal, &alice, &sealed);
		sealed.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (; sealed.len > 0; sealed.len--) {
		struct secret cut = { sealed.data, sealed.len - 1 };

		assert_shut(seal, &alice, &cut);
	}
	secret_free(&sealed);
	seal_free(seal);
}

static void
test_sizes(void **state)
{
	struct secret key = SECRET_INIT, big = SECRET_INIT, out = SECRET_INIT;
	struct seal *seal = NULL;
	char *bytes;

	(void)state;
	assert_int_equal(secret_set(&key, "short", 5), 0);
	assert_int_equal(seal_new(&key, &seal), -EINVAL);
	assert_null(seal);
	secret_free(&key);
	seal_free(NULL);
	seal = make_seal(1);
	bytes = calloc(1, SECRET_MAX);
	assert_non_null(bytes);
	assert_int_equal(secret_set(&big, bytes, SECRET_MAX), 0);
	assert_int_equal(seal_close(seal, &alice, &big, &out), -E2BIG);
	assert_null(out.data);
	free(bytes);
	secret_free(&big);
	seal_free(seal);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens_what_it_closed),
		cmocka_unit_test(test_no_two_are_the_same),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_other_place),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
