/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rate of sign-ins that begin: what is let through, when it is let through
 * again, and that others cannot make it forget.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "daemon/session/rate.h"

#define NOON	UINT64_C(43200000)

static struct rate rate;

static int
setup(void **state)
{
	(void)state;
	memset(&rate, 0, sizeof(rate));
	rate.seed = 7;
	return 0;
}

static unsigned
take_many(const char *name, const char *source, uint32_t per_minute,
    uint64_t now, unsigned tries)
{
	unsigned taken = 0;

	while (tries-- > 0)
		taken += rate_take(&rate, name, source, per_minute, now);
	return taken;
}

static void
test_at_once_and_then_one_by_one(void **state)
{
	(void)state;
	assert_int_equal(take_many("alice", "a", 30, NOON, 100), 30);
	assert_int_equal(take_many("alice", "a", 30, NOON + 1999, 100), 0);
	assert_int_equal(take_many("alice", "a", 30, NOON + 2000, 100), 1);
	assert_int_equal(take_many("alice", "a", 30, NOON + 12000, 100), 5);
	/* what was not used in an hour is no more than what a minute gives */
	assert_int_equal(take_many("alice", "a", 30, NOON + 3600000, 100), 30);
}

static void
test_numbers(void **state)
{
	static const uint32_t numbers[] = { 1, 2, 7, 300, 65536 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)setup(NULL);
		assert_in_range(take_many("alice", "a", numbers[i], NOON,
		    200000), numbers[i], numbers[i] + numbers[i] / 100);
	}
	/* the clock has only begun */
	(void)setup(NULL);
	assert_int_equal(take_many("alice", "a", 3, 0, 9), 3);
}

static void
test_each_has_her_own(void **state)
{
	(void)state;
	assert_int_equal(take_many("alice", "a", 2, NOON, 9), 2);
	assert_int_equal(take_many("alice", "b", 2, NOON, 9), 2);
	assert_int_equal(take_many("bob", "a", 2, NOON, 9), 2);
	/* the two strings do not run into each other */
	assert_int_equal(take_many("alicea", "", 2, NOON, 9), 2);
	assert_int_equal(take_many("", "alicea", 2, NOON, 9), 2);
}

/* A million names that come by do not give mallory a second go. */
static void
test_a_flood_forgets_nobody_who_is_busy(void **state)
{
	char name[32];
	unsigned i;

	(void)state;
	assert_int_equal(take_many("mallory", "m", 30, NOON, 100), 30);
	for (i = 0; i < 1000000; i++) {
		(void)snprintf(name, sizeof(name), "n%u", i);
		assert_true(rate_take(&rate, name, "m", 30, NOON));
	}
	assert_int_equal(take_many("mallory", "m", 30, NOON, 100), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_at_once_and_then_one_by_one,
		    setup),
		cmocka_unit_test_setup(test_numbers, setup),
		cmocka_unit_test_setup(test_each_has_her_own, setup),
		cmocka_unit_test_setup(test_a_flood_forgets_nobody_who_is_busy,
		    setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
