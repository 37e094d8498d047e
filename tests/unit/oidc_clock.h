/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock of the tests, in place of daemon/oidc/clock.c: a second takes ten
 * milliseconds, and time can be made to jump.
 */
#ifndef TESTS_UNIT_OIDC_CLOCK_H
#define TESTS_UNIT_OIDC_CLOCK_H

#include <stdint.h>

/* Let the steady clock jump ahead. */
void	test_clock_skip(uint64_t seconds);

#endif
