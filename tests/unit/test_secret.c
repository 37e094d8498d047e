/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/secret.c: no way out of a secret leaves its bytes in the heap.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "common/secret.h"
#include "tests/unit/wipe.h"

static void
test_set_and_free(void **state)
{
	struct secret s = SECRET_INIT;

	(void)state;
	assert_int_equal(secret_set(&s, "token!", 5), 0);
	assert_int_equal(s.len, 5);
	assert_string_equal(s.data, "token");
	secret_free(&s);
	assert_null(s.data);
	assert_int_equal(s.len, 0);
	secret_free(&s);
	assert_int_equal(secret_set(&s, NULL, 0), 0);
	assert_string_equal(s.data, "");
	secret_free(&s);
}

static void
test_too_long_keeps_what_was(void **state)
{
	static const char byte;
	struct secret s = SECRET_INIT;

	(void)state;
	assert_int_equal(secret_set(&s, "old", 3), 0);
	assert_int_equal(secret_set(&s, &byte, SECRET_MAX + 1), -E2BIG);
	assert_string_equal(s.data, "old");
	secret_free(&s);
}

static void
test_move(void **state)
{
	struct secret a = SECRET_INIT, b = SECRET_INIT;

	(void)state;
	assert_int_equal(secret_set(&a, "a", 1), 0);
	assert_int_equal(secret_set(&b, "bb", 2), 0);
	secret_move(&a, &b);
	assert_string_equal(a.data, "bb");
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	secret_move(&a, &a);
	assert_string_equal(a.data, "bb");
	secret_free(&a);
}

static void
test_equal(void **state)
{
	struct secret a = SECRET_INIT, b = SECRET_INIT;
	size_t i;

	(void)state;
	assert_true(secret_equal(&a, &b));
	assert_int_equal(secret_set(&a, "12345", 5), 0);
	assert_false(secret_equal(&a, &b));
	for (i = 0; i < 5; i++) {
		assert_int_equal(secret_set(&b, "12345", 5), 0);
		assert_true(secret_equal(&a, &b));
		b.data[i] ^= 1;
		assert_false(secret_equal(&a, &b));
	}
	assert_int_equal(secret_set(&b, "1234", 4), 0);
	assert_false(secret_equal(&a, &b));
	assert_false(secret_equal(&b, &a));
	secret_free(&a);
	secret_free(&b);
}

static void
test_every_way_out_wipes(void **state)
{
	const char *marker = wipe_watch();
	struct secret a = SECRET_INIT, b = SECRET_INIT;

	(void)state;
	assert_int_equal(secret_set(&a, marker, strlen(marker)), 0);
	assert_int_equal(secret_set(&a, "replaced", 8), 0);
	assert_int_equal(secret_set(&a, marker, strlen(marker)), 0);
	assert_int_equal(secret_set(&b, "moved", 5), 0);
	secret_move(&a, &b);
	assert_int_equal(secret_set(&a, marker, strlen(marker)), 0);
	secret_free(&a);
	secret_drop_string(strdup(marker));
	secret_drop_string(NULL);
	assert_int_equal(wipe_count(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_and_free),
		cmocka_unit_test(test_too_long_keeps_what_was),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_every_way_out_wipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
