/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signs come from the loop itself, never from a thread or a signal: only
 * so do they say that it turns.
 */
#include <errno.h>
#include <event2/event.h>
#include <stdint.h>
#include <time.h>

#include "daemon/systemd.h"
#include "daemon/watchdog.h"

#define MICROSECONDS	1000000

static void
on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg UNUSED)
{
	(void)sd_notify(0, "WATCHDOG=1");
}

int
watchdog_start(struct event_base *base, struct event **ret_timer)
{
	struct event *timer;
	struct timeval tv;
	uint64_t usec;
	int r;

	r = sd_watchdog_enabled(0, &usec);
	if (r < 0)
		return r;
	if (r == 0) {
		*ret_timer = NULL;
		return 0;
	}
	usec /= 2;
	tv.tv_sec = (time_t)(usec / MICROSECONDS);
	tv.tv_usec = (suseconds_t)(usec % MICROSECONDS);
	timer = event_new(base, -1, EV_PERSIST, on_timer, NULL);
	if (timer == NULL)
		return -ENOMEM;
	if (event_add(timer, &tv) < 0) {
		event_free(timer);
		return -ENOMEM;
	}
	*ret_timer = timer;
	return 0;
}
