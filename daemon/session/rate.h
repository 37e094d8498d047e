/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many sign-ins began lately, for each name and source: as many as may
 * begin in a minute may begin at once, and then one for each of its parts.
 */
#ifndef DAEMON_SESSION_RATE_H
#define DAEMON_SESSION_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"

#define RATE_SETS	64
#define RATE_WAYS	8

struct rate_bucket {
	uint64_t	key;		/* a hash */
	uint64_t	busy_until;	/* microseconds */
};

/* All zero is one in which nothing has begun. */
struct rate {
	uint64_t		seed;	/* random: who shares a place is not for
					 * others to choose */
	struct rate_bucket	buckets[RATE_SETS][RATE_WAYS];
};

/* May one more begin for the two strings together, now (monotonic
 * milliseconds)? If so, it is counted. per_minute is more than 0. */
bool	rate_take(struct rate *rate, const char *name, const char *source,
	    uint32_t per_minute, uint64_t now) MUST_USE;

#endif
