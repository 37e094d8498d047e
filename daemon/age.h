/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long ago something was, by a clock that may have been set.
 */
#ifndef DAEMON_AGE_H
#define DAEMON_AGE_H

#include <stdbool.h>
#include <stdint.h>

/* What clocks may be apart: those of this host before and after they were set,
 * and those that times were written by. Seconds. */
#define AGE_SKEW	300

/* Is when later than now, by more than clocks may be apart? Then a clock was
 * set back, and nobody knows how long ago that was. Both are CLOCK_REALTIME
 * seconds, as below. */
bool	age_is_unknown(int64_t when, int64_t now);

/* Was when not longer ago than most seconds? False if that is unknown. */
bool	age_is_within(int64_t when, int64_t now, uint32_t most);

#endif
