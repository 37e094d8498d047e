/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only way in which this directory learns the time or waits. Tests link
 * another clock in its place, in which an hour passes at once.
 */
#ifndef DAEMON_OIDC_CLOCK_H
#define DAEMON_OIDC_CLOCK_H

#include <stdint.h>

#include "common/attr.h"

struct event;

/* Seconds that only go forward, for caches and deadlines (CLOCK_BOOTTIME: a
 * code expires while the host sleeps). Never 0. */
uint64_t clock_steady(void);

/* Seconds since 1970, for what tokens say. */
int64_t	clock_wall(void);

/* Let timer fire once in this many seconds. 0 or -ENOMEM. */
int	clock_arm(struct event *timer, uint64_t seconds) MUST_USE;

#endif
