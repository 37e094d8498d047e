/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass dump`: what the writer published is shown, without a daemon, and
 * what is damaged is told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <endian.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/snapshot/snapshot_write.h"
#include "tests/unit/command.h"

#define SNAPSHOT	"state/snapshot"
#define WRITTEN		1795269780	/* 2026-11-21 14:03 */

static const uint32_t gids[] = { 27, 4 };
static const char *const members[] = { "alice", "bob" };
static const char *const callers[] = { "sshd", "login" };

static const struct snapshot_write_user users[] = {
	{ "alice", "Alice \xc3\x84rmel", "/home/alice", "/bin/bash",
	    1907802556, 1907802556, gids, 2, 0x80000000u },
	/* Turned around, for a terminal that obeys. */
	{ "bob", "\xe2\x80\xae" "boB", "/home/bob", "/bin/sh",
	    2026204147, 2026204147, NULL, 0, 0 },
};

static const struct snapshot_write_group groups[] = {
	{ "alice", 1907802556, NULL, 0 },
	{ "bob", 2026204147, NULL, 0 },
	{ "staff-remote", 1900000000, members, 2 },
};

/* To be merged into those of /etc/group. */
static const struct snapshot_write_group local_groups[] = {
	{ "adm", 4, members, 1 },
	{ "sudo", 27, members, 1 },
};

static const struct snapshot_write_input input = {
	.issuer = "https://id.example.com",
	.range_start = 1879048192,
	.range_size = 268435455,
	.home = "/home/%u",
	.shell = "/bin/bash",
	.sign_in = true,
	.callers = callers,
	.caller_count = 2,
	.users = users,
	.user_count = 2,
	.groups = groups,
	.group_count = 3,
	.local_groups = local_groups,
	.local_group_count = 2,
};

/* Overwrite bytes of the published file, which only a test may. */
static void
patch(size_t offset, const void *data, size_t len)
{
	int fd = open(SNAPSHOT, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, len, (off_t)offset), len);
	(void)close(fd);
}

static void
publish(const struct snapshot_write_input *in)
{
	uint64_t written = htole64(WRITTEN);

	assert_int_equal(snapshot_write(SNAPSHOT, in), 0);
	patch(offsetof(struct snapshot_header, written), &written,
	    sizeof(written));
}

static void
dump(const char *golden, const char *first, const char *second)
{
	const char *args[COMMAND_ARGS] = { "dump", first, second, NULL };
	char result[COMMAND_OUTPUT];

	command_run(args, "out", result);
	command_compare(golden, result);
}

static void
test_whole(void **state)
{
	(void)state;
	publish(&input);
	dump("dump", NULL, NULL);
	dump("dump", SNAPSHOT, NULL);
	dump("dump_json", "--json", NULL);
}

static void
test_empty(void **state)
{
	struct snapshot_write_input empty = input;

	(void)state;
	empty.user_count = 0;
	empty.group_count = 0;
	empty.local_group_count = 0;
	empty.sign_in = false;
	empty.enumerate = true;
	publish(&empty);
	dump("dump_empty", NULL, NULL);
}

static void
test_retired(void **state)
{
	uint32_t retired = htole32(1);

	(void)state;
	publish(&input);
	patch(offsetof(struct snapshot_header, retired), &retired,
	    sizeof(retired));
	dump("dump_retired", NULL, NULL);
}

/* Damage the word at offset of the record that is followed by name. */
static void
damage(const void *base, const char *name, size_t record_size, size_t offset)
{
	uint32_t beyond = UINT32_MAX;
	size_t at = (size_t)(name - (const char *)base);

	patch(at - record_size + offset, &beyond, sizeof(beyond));
}

/* The others are still shown, and it is no success. */
static void
test_damaged_user(void **state)
{
	struct snapshot snapshot;
	struct snapshot_user user;

	(void)state;
	publish(&input);
	assert_int_equal(snapshot_map(SNAPSHOT, &snapshot), 0);
	assert_int_equal(snapshot_user_by_name(&snapshot, "bob", &user), 0);
	damage(snapshot.data, user.name, sizeof(struct snapshot_user_record),
	    offsetof(struct snapshot_user_record, gid_count));
	snapshot_unmap(&snapshot);
	dump("dump_damaged_user", NULL, NULL);
}

static void
test_damaged_group(void **state)
{
	struct snapshot snapshot;
	struct snapshot_group group;

	(void)state;
	publish(&input);
	assert_int_equal(snapshot_map(SNAPSHOT, &snapshot), 0);
	assert_int_equal(snapshot_group_by_name(&snapshot, "alice", &group), 0);
	damage(snapshot.data, group.name, sizeof(struct snapshot_group_record),
	    offsetof(struct snapshot_group_record, member_count));
	snapshot_unmap(&snapshot);
	dump("dump_damaged_group", NULL, NULL);
}

static void
test_unreadable(void **state)
{
	(void)state;
	(void)unlink(SNAPSHOT);
	dump("dump_missing", NULL, NULL);
	dump("dump_directory", "run", NULL);
	publish(&input);
	patch(0, "H", 1);
	dump("dump_foreign", NULL, NULL);
	dump("dump_many", "a", "b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_retired),
		cmocka_unit_test(test_damaged_user),
		cmocka_unit_test(test_damaged_group),
		cmocka_unit_test(test_unreadable),
	};

	if (!command_can_run())
		return 0;
	return cmocka_run_group_tests(tests, command_set_up, command_tear_down);
}
