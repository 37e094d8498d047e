/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clocks of the kernel. Setting the wall clock moves no deadline.
 */
#include <errno.h>
#include <time.h>

#include <event2/event.h>

#include "daemon/oidc/clock.h"

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
	struct timeval wait = { (time_t)seconds, 0 };

	return event_add(timer, &wait) < 0 ? -ENOMEM : 0;
}
