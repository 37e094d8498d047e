/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clocks of the kernel. Setting the wall clock moves no deadline.
 */
#include <errno.h>
#include <time.h>

#include <event2/event.h>

#include "daemon/oidc/clock.h"

_Static_assert(sizeof(time_t) == EVENT__SIZEOF_TIME_T,
    "libevent means the same by struct timeval");

uint64_t
clock_steady(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec + 1;
}

int64_t
clock_wall(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int
clock_arm(struct event *timer, uint64_t seconds)
{
	/* Where time_t has 32 bits, more would be a time that has passed. */
	struct timeval wait = {
		(time_t)(seconds < INT32_MAX ? seconds : INT32_MAX), 0
	};

	return event_add(timer, &wait) < 0 ? -ENOMEM : 0;
}
