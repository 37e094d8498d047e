/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Implements daemon/oidc/clock.h for tests.
 */
#include <time.h>

#include <event2/event.h>

#include "daemon/oidc/clock.h"
#include "tests/unit/oidc_clock.h"

#define MILLISECONDS	10	/* of a second here */

static uint64_t skipped = 1;
static uint64_t held;	/* the steady clock stands here; 0: it goes */
static uint64_t leap;
static unsigned int looks;	/* until the leap; 0: none */
static uint64_t armed[64];
static unsigned int arms;

unsigned int
test_clock_armed(uint64_t seconds)
{
	unsigned int i, n = 0;

	for (i = 0; i < arms && i < sizeof(armed) / sizeof(*armed); i++)
		n += armed[i] == seconds;
	return n;
}

void
test_clock_forget(void)
{
	arms = 0;
}

void
test_clock_skip(uint64_t seconds)
{
	skipped += seconds;
}

void
test_clock_skip_at(unsigned int look, uint64_t seconds)
{
	looks = look;
	leap = seconds;
}

void
test_clock_hold(bool hold)
{
	held = 0;
	if (hold)
		held = clock_steady() - skipped;
}

uint64_t
clock_steady(void)
{
	struct timespec now;

	if (looks > 0 && --looks == 0)
		skipped += leap;
	if (held > 0)
		return held + skipped;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return ((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000) /
	    MILLISECONDS + skipped;
}

int64_t
clock_wall(void)
{
	return time(NULL);
}

int
clock_arm(struct event *timer, uint64_t seconds)
{
	uint64_t wait = seconds * MILLISECONDS;
	struct timeval tv;

	armed[arms++ % (sizeof(armed) / sizeof(*armed))] = seconds;
	tv.tv_sec = (time_t)(wait / 1000);
	tv.tv_usec = (suseconds_t)(wait % 1000 * 1000);
	return event_add(timer, &tv);
}
