/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signs of life for systemd, sent by the event loop: a daemon whose loop does
 * not turn any more answers nobody, and is killed and started again.
 */
#ifndef DAEMON_WATCHDOG_H
#define DAEMON_WATCHDOG_H

#include "common/attr.h"

struct event;
struct event_base;

/* Tell systemd twice in each WatchdogSec= of the unit that base turns. 0 and a
 * timer to be freed before base, which is NULL where nobody watches; -EINVAL
 * if the environment is wrong (sd_watchdog_enabled(3)), or -ENOMEM. */
int	watchdog_start(struct event_base *base, struct event **ret_timer)
	    MUST_USE;

#endif
