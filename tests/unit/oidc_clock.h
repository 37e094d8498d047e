/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock of the tests, in place of daemon/oidc/clock.c: a second takes ten
 * milliseconds, and time can be made to jump.
 */
#ifndef TESTS_UNIT_OIDC_CLOCK_H
#define TESTS_UNIT_OIDC_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Let the steady clock jump ahead. */
void	test_clock_skip(uint64_t seconds);

/* The same at the look-th time that somebody looks at it from now on. */
void	test_clock_skip_at(unsigned int look, uint64_t seconds);

/* Let the steady clock stand still but for what is skipped, so that a slow
 * machine does not leave a floor behind; false lets it go. */
void	test_clock_hold(bool hold);

/* How many timers were armed for exactly this long since the last
 * test_clock_forget(), among the last 64. What was armed is exact on a busy
 * machine too; how long it took is not. */
unsigned int test_clock_armed(uint64_t seconds);
void	test_clock_forget(void);

#endif
