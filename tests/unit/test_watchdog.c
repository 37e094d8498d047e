/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * systemd hears from the loop, and only where it asked to.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/watchdog.h"

/* The signs that are waited for; one could come from somewhere else. */
#define SIGNS	3

struct listener {
	struct event_base	*base;
	int			 heard;
};

/* A socket as systemd has one, named by the environment. */
static int
listen_for_signs(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length;
	char name[32];
	int fd;

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_true(fd >= 0);
	/* In the abstract namespace, where nothing is left behind. */
	(void)snprintf(name, sizeof(name), "@hostpass-%ld", (long)getpid());
	length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    strlen(name));
	memcpy(address.sun_path, name, strlen(name));
	address.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

static void
on_sign(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;
	char text[64] = "";

	(void)what;
	assert_true(recv(fd, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "WATCHDOG=1");
	if (++l->heard == SIGNS)
		(void)event_base_loopbreak(l->base);
}

static void
test_signs_come(void **state)
{
	struct listener l = { 0 };
	struct event *timer = NULL, *reader;
	int fd;

	(void)state;
	fd = listen_for_signs();
	assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
	assert_int_equal(setenv("WATCHDOG_USEC", "2000", 1), 0);
	l.base = event_base_new();
	assert_non_null(l.base);
	assert_int_equal(watchdog_start(l.base, &timer), 0);
	assert_non_null(timer);
	reader = event_new(l.base, fd, EV_READ | EV_PERSIST, on_sign, &l);
	assert_non_null(reader);
	assert_int_equal(event_add(reader, NULL), 0);
	assert_int_equal(event_base_dispatch(l.base), 0);
	assert_int_equal(l.heard, SIGNS);
	event_free(reader);
	event_free(timer);
	event_base_free(l.base);
	(void)close(fd);
}

/* Not asked, or somebody else is: no timer that would wake the daemon. */
static void
test_nobody_watches(void **state)
{
	struct event_base *base = event_base_new();
	struct event *timer = (struct event *)-1;

	(void)state;
	assert_non_null(base);
	assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
	assert_int_equal(watchdog_start(base, &timer), 0);
	assert_null(timer);
	timer = (struct event *)-1;
	assert_int_equal(setenv("WATCHDOG_USEC", "2000", 1), 0);
	assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
	assert_int_equal(watchdog_start(base, &timer), 0);
	assert_null(timer);
	event_base_free(base);
}

static void
test_nonsense_is_refused(void **state)
{
	struct event_base *base = event_base_new();
	struct event *timer = NULL;

	(void)state;
	assert_non_null(base);
	assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
	assert_int_equal(setenv("WATCHDOG_USEC", "soon", 1), 0);
	assert_int_equal(watchdog_start(base, &timer), -EINVAL);
	assert_null(timer);
	event_base_free(base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signs_come),
		cmocka_unit_test(test_nobody_watches),
		cmocka_unit_test(test_nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
