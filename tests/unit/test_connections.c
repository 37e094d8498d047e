/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many connections there may be, and what the log says of one too many.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <event2/event.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/frame.h"
#include "common/log.h"
#include "common/proto.h"
#include "tests/unit/server_client.h"

/* One uid has so many connections, all of them so many; root is let in. */
static void
test_connections_are_limited(void **state)
{
	struct frame f;
	int status, i, opened;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	host.config.limits.connections_uid = 3;
	pid = fork();
	if (pid == 0) {
		struct pollfd pfd[5];

		if (setresuid(NOBODY, NOBODY, NOBODY) < 0)
			_exit(255);
		for (i = 0; i < 5; i++) {
			pfd[i].fd = dial();
			pfd[i].events = POLLIN;
		}
		/* those that are refused are closed at once */
		for (opened = 5; opened > 3;)
			for (opened = i = 0; i < 5; i++)
				opened += poll(&pfd[i], 1, 10) == 0;
		_exit(opened);
	}
	for (i = 0; i < 4000 && waitpid(pid, &status, WNOHANG) == 0; i++) {
		(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
		(void)usleep(1000);
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	host.config.limits.connections = 0;
	frame_start(&f, PROTO_STATUS);
	assert_int_equal(hear_as(NOBODY, &f), 0);
	frame_start(&f, PROTO_STATUS);
	assert_int_equal(hear_as(0, &f), PROTO_JSON);
}

/* Whoever is refused hears nothing: the log says which limit it was. */
static void
refused_by(uint32_t *limit, const char *sentence)
{
	char line[256] = "";
	FILE *log;
	int saved;
	struct frame f;

	if (geteuid() != 0)
		skip();
	log = tmpfile();
	saved = dup(STDERR_FILENO);
	assert_true(log != NULL && dup2(fileno(log), STDERR_FILENO) >= 0);
	log_open(LOG_TO_STDERR, LOG_WARNING);
	*limit = 0;
	frame_start(&f, PROTO_STATUS);
	assert_int_equal(hear_as(NOBODY, &f), 0);
	log_open(LOG_TO_STDERR, LOG_EMERG);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	rewind(log);
	assert_non_null(fgets(line, sizeof(line), log));
	assert_non_null(strstr(line, sentence));
	(void)fclose(log);
}

static void
test_which_limit_of_connections(void **state)
{
	(void)state;
	refused_by(&host.config.limits.connections, "1 connections were "
	    "refused, the last of uid 65534: connections of [limits] is");
	assert_int_equal(server_client_teardown(state), 0);
	assert_int_equal(server_client_setup(state), 0);
	refused_by(&host.config.limits.connections_uid, "1 connections were "
	    "refused, the last of uid 65534: connections_uid of [limits] is");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, \
	    server_client_setup, server_client_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_connections_are_limited),
		TEST(test_which_limit_of_connections),
	};

	log_open(LOG_TO_STDERR, LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
