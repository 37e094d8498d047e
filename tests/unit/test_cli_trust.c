/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom the command believes: root, or the owner of the snapshot, behind a
 * directory that only root can write to. Nobody else is even asked.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <unistd.h>

#include "common/proto.h"
#include "daemon/snapshot/snapshot_write.h"
#include "tests/unit/command.h"
#include "tests/unit/scripted_daemon.h"

#define SOCKET		"run/hostpass.sock"
#define SNAPSHOT	"state/snapshot"
#define DAEMON		990u
#define STRANGER	991u

/* Ask whoever listens as uid; was she asked? */
static bool
ask(uid_t uid, const char *golden)
{
	const char *args[COMMAND_ARGS] = { "users" };
	struct script script = {
		.request = PROTO_USERS,
		.reply = PROTO_JSON,
		.text = "{\"users\":[]}",
		.uid = uid,
	};
	struct scripted_daemon daemon;
	char result[COMMAND_OUTPUT];
	bool asked;

	scripted_daemon_start(&daemon, SOCKET, &script);
	command_run(args, "out", result);
	asked = scripted_daemon_stop(&daemon);
	command_compare(golden, result);
	return asked;
}

static void
publish(uid_t owner)
{
	struct snapshot_write_input input = {
		.issuer = "https://id.example.com",
		.range_start = 1879048192,
		.range_size = 268435455,
		.home = "/home/%u",
		.shell = "/bin/bash",
	};

	assert_int_equal(snapshot_write(SNAPSHOT, &input), 0);
	assert_int_equal(chown(SNAPSHOT, owner, 0), 0);
}

static void
test_without_snapshot(void **state)
{
	(void)state;
	(void)unlink(SNAPSHOT);
	assert_true(ask(0, "users_none"));
	assert_false(ask(DAEMON, "untrusted"));
}

static void
test_owner_of_snapshot(void **state)
{
	(void)state;
	publish(DAEMON);
	assert_true(ask(DAEMON, "users_none"));
	assert_true(ask(0, "users_none"));
	assert_false(ask(STRANGER, "untrusted"));
}

static void
test_loose_directory(void **state)
{
	(void)state;
	publish(DAEMON);
	assert_int_equal(chmod("run", 0777), 0);
	assert_false(ask(0, "untrusted"));
	assert_int_equal(chmod("run", 0755), 0);
	assert_int_equal(chown("run", DAEMON, 0), 0);
	assert_false(ask(0, "untrusted"));
	assert_int_equal(chown("run", 0, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_snapshot),
		cmocka_unit_test(test_owner_of_snapshot),
		cmocka_unit_test(test_loose_directory),
	};

	if (!command_can_run())
		return 0;
	return cmocka_run_group_tests(tests, command_set_up, command_tear_down);
}
