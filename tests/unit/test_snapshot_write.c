/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the writer refuses, and what is on disk after it was done or killed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/snapshot_sample.h"

static struct sample_directory place;

/* What is done to files, in this order: w, what one holds is written; s, it is
 * synced; r, it takes the place of the former; d, the directory is synced. */
static char calls[16];
static struct stat synced;		/* the file, when it was */
static const struct snapshot *in_force;	/* NULL: there is none */

ssize_t	__real_write(int fd, const void *data, size_t len);
ssize_t	__wrap_write(int fd, const void *data, size_t len);
int	__real_fsync(int fd);
int	__wrap_fsync(int fd);
int	__real_rename(const char *from, const char *to);
int	__wrap_rename(const char *from, const char *to);

static void
note(char call)
{
	size_t len = strlen(calls);

	assert_true(len + 1 < sizeof(calls));
	if (len == 0 || calls[len - 1] != call)
		calls[len] = call;
	/* Whoever still has the former is sent to the next one only when that
	 * is there for good. */
	if (in_force != NULL)
		assert_false(snapshot_is_retired(in_force));
}

ssize_t
__wrap_write(int fd, const void *data, size_t len)
{
	note('w');
	return __real_write(fd, data, len);
}

int
__wrap_fsync(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	note(S_ISDIR(st.st_mode) ? 'd' : 's');
	if (!S_ISDIR(st.st_mode))
		synced = st;
	return __real_fsync(fd);
}

int
__wrap_rename(const char *from, const char *to)
{
	note('r');
	return __real_rename(from, to);
}

static int
make_place(void **state UNUSED)
{
	sample_directory_make(&place);
	in_force = NULL;
	memset(calls, 0, sizeof(calls));
	return 0;
}

static int
remove_place(void **state UNUSED)
{
	sample_directory_remove(&place);
	return 0;
}

static void
assert_refused(const struct snapshot_write_input *in)
{
	struct stat st;

	assert_int_equal(snapshot_write(place.path, in), -EINVAL);
	assert_int_equal(stat(place.path, &st), -1);
}

static void
assert_user_refused(struct snapshot_write_user user)
{
	struct snapshot_write_input in = sample_input();

	in.users = &user;
	in.user_count = 1;
	assert_refused(&in);
}

static void
test_refused_users(void **state UNUSED)
{
	static const uint32_t root = 0, none = UINT32_MAX;
	static char long_text[SNAPSHOT_STRING_MAX + 2];
	struct snapshot_write_input in = sample_input();
	const struct snapshot_write_user good = in.users[0];
	struct snapshot_write_user two[2] = { good, in.users[2] }, user;

	memset(long_text, 'a', sizeof(long_text) - 1);
	user = good, user.name = "Alice", assert_user_refused(user);
	user = good, user.name = "root", assert_user_refused(user);
	user = good, user.name = "", assert_user_refused(user);
	user = good, user.uid = 0, assert_user_refused(user);
	user = good, user.uid = 999, assert_user_refused(user);
	user = good, user.uid = 65534, assert_user_refused(user);
	user = good, user.gid = 0, assert_user_refused(user);
	user = good, user.gid = 27, assert_user_refused(user);
	user = good, user.gecos = "a:b", assert_user_refused(user);
	user = good, user.home = "/a\nb", assert_user_refused(user);
	user = good, user.shell = "/a\x7f", assert_user_refused(user);
	user = good, user.gecos = long_text, assert_user_refused(user);
	user = good, user.gids = &root, user.gid_count = 1;
	assert_user_refused(user);
	user.gids = &none;
	assert_user_refused(user);

	in.users = two;
	in.user_count = 2;
	two[1].name = "alice";
	assert_refused(&in);
	two[1].name = "dave";
	two[1].uid = good.uid;
	assert_refused(&in);
}

static void
assert_group_refused(struct snapshot_write_group group)
{
	struct snapshot_write_input in = sample_input();

	in.groups = &group;
	in.group_count = 1;
	assert_refused(&in);
}

static void
test_refused_groups(void **state UNUSED)
{
	static const char *const bad_member[] = { "alice", "a b" };
	struct snapshot_write_input in = sample_input();
	const struct snapshot_write_group good = in.groups[0];
	struct snapshot_write_group two[2] = { good, in.groups[1] }, group;

	group = good, group.name = "Staff", assert_group_refused(group);
	group = good, group.name = "root", assert_group_refused(group);
	group = good, group.gid = 0, assert_group_refused(group);
	group = good, group.gid = 27, assert_group_refused(group);
	group = good, group.members = bad_member, assert_group_refused(group);

	in.groups = two;
	in.group_count = 2;
	two[1].name = "staff";
	assert_refused(&in);
	two[1].name = "other";
	two[1].gid = good.gid;
	assert_refused(&in);
}

static void
assert_local_group_refused(struct snapshot_write_group group)
{
	struct snapshot_write_input in = sample_input();

	in.local_groups = &group;
	in.local_group_count = 1;
	assert_refused(&in);
}

static void
test_refused_local_groups(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	const struct snapshot_write_group good = in.local_groups[0];
	struct snapshot_write_group two[2] = { good, good }, group;

	group = good, group.gid = 0, assert_local_group_refused(group);
	group = good, group.gid = 65534, assert_local_group_refused(group);
	group = good, group.gid = UINT32_MAX, assert_local_group_refused(group);
	group = good, group.gid = 524288, assert_local_group_refused(group);
	group = good, group.name = "root", assert_local_group_refused(group);
	group = good, group.name = "Sudo", assert_local_group_refused(group);
	in.local_groups = two;
	assert_refused(&in);
	/* Two names of one gid may be. */
	two[1].name = "wheel";
	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(unlink(place.path), 0);
}

/* Subordinate ids that are anybody's. */
static void
test_refused_subids(void **state UNUSED)
{
	static const uint32_t wrong[] = {
		1, 1000, 0x8000, SAMPLE_SUBIDS + 1, 0xffff0000u, UINT32_MAX,
		0x10000,			/* bob's uid */
		SAMPLE_ALICE & 0xffff0000u,	/* alice's own */
		SAMPLE_SUBIDS + 0x10000,	/* carol's */
		0xc0000000u,			/* where the host has an id */
	};
	static const uint32_t taken[] = { 0xc000ffffu };
	struct snapshot_write_input in = sample_input();
	struct snapshot_write_user users[3];
	size_t i;

	memcpy(users, in.users, sizeof(users));
	in.users = users;
	in.taken_ids = taken;
	in.taken_id_count = 1;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		users[0].subid_start = wrong[i];
		assert_refused(&in);
	}
	users[0].subid_start = 0xfffe0000u;
	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(unlink(place.path), 0);
}

static void
test_refused_sign_in(void **state UNUSED)
{
	static const char *const patterns[] = {
		"/home/%s", "/home/%", "/home/%%u", "/a:b", "/a\n",
	};
	static const char *const bad[] = { "a:b" }, *const empty[] = { "" };
	char many[SNAPSHOT_STRING_MAX + 1] = "";
	struct snapshot_write_input in;
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		in = sample_input();
		in.home = patterns[i];
		assert_refused(&in);
	}
	/* Short as a pattern, too long for the longest name. */
	for (i = 0; i < 32; i++)
		memcpy(many + 2 * i, "%u", 3);
	in = sample_input(), in.home = many, assert_refused(&in);
	in = sample_input(), in.shell = "/a:b", assert_refused(&in);
	in = sample_input(), in.range_size = 0, assert_refused(&in);
	in = sample_input(), in.range_size = UINT32_MAX, assert_refused(&in);
	in = sample_input(), in.callers = bad, in.caller_count = 1;
	assert_refused(&in);
	in = sample_input(), in.callers = empty, in.caller_count = 1;
	assert_refused(&in);
	in = sample_input(), in.local_names = bad, in.local_name_count = 1;
	assert_refused(&in);
}

/* The longest home that is let through fits what readers set aside. */
static void
test_longest_home(void **state UNUSED)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz012345";
	char pattern[SNAPSHOT_STRING_MAX + 1] = "", buf[SNAPSHOT_SIGN_IN_SIZE];
	struct snapshot_write_input in = sample_input();
	struct snapshot_user user;
	struct snapshot map;
	size_t i;

	for (i = 0; i < 31; i++)
		memcpy(pattern + 2 * i, "%u", 3);
	memset(pattern + 62, 'x', 31);
	in.home = pattern;
	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(snapshot_map(place.path, &map), 0);
	assert_int_equal(snapshot_sign_in_user(&map, name, buf, sizeof(buf),
	    &user), 0);
	assert_int_equal(strlen(user.home), SNAPSHOT_STRING_MAX);
	snapshot_unmap(&map);
}

static void
test_published_file(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot map;
	struct stat st;
	mode_t mask;

	mask = umask(0777);
	assert_int_equal(snapshot_write(place.path, &in), 0);
	(void)umask(mask);
	assert_int_equal(stat(place.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(snapshot_map(place.path, &map), 0);
	assert_int_equal(map.size, st.st_size);
	assert_int_equal(map.owner, geteuid());
	assert_true(map.inode == st.st_ino && map.device == st.st_dev);
	snapshot_unmap(&map);
}

/* After a loss of power the file is the former or the new one, and whole. */
static void
test_order(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot map;
	struct stat st;
	int i;

	for (i = 0; i < 2; i++) {
		memset(calls, 0, sizeof(calls));
		assert_int_equal(snapshot_write(place.path, &in), 0);
		assert_string_equal(calls, "wsrd");
		assert_int_equal(stat(place.path, &st), 0);
		assert_true(st.st_ino == synced.st_ino);
		assert_true(st.st_size == synced.st_size);
		if (i > 0)
			continue;
		assert_int_equal(snapshot_map(place.path, &map), 0);
		in_force = &map;
	}
	assert_true(snapshot_is_retired(&map));
	snapshot_unmap(&map);
}

/* A replaced file says so to those who still have it; nothing else in it
 * changes. */
static void
test_former_is_retired(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot former, map;
	struct snapshot_user user;

	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(snapshot_map(place.path, &former), 0);
	assert_false(snapshot_is_retired(&former));
	in.user_count = 1;
	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_true(snapshot_is_retired(&former));
	assert_int_equal(snapshot_user_by_name(&former, "carol", &user), 0);
	snapshot_unmap(&former);
	assert_int_equal(snapshot_map(place.path, &map), 0);
	assert_false(snapshot_is_retired(&map));
	assert_int_equal(snapshot_user_by_name(&map, "carol", &user), -ENOENT);
	snapshot_unmap(&map);
}

/* A refused input leaves what is in force alone. */
static void
test_failure_keeps_former(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot map;

	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(snapshot_map(place.path, &map), 0);
	in.home = "%";
	assert_int_equal(snapshot_write(place.path, &in), -EINVAL);
	assert_false(snapshot_is_retired(&map));
	snapshot_unmap(&map);
}

static void
put_file(const char *path, const char *text, mode_t mode)
{
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

/* A writer was killed before its rename; or the path holds something else. */
static void
test_leftovers(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	char temporary[128];
	struct snapshot map;
	struct stat st;
	int fd;

	(void)snprintf(temporary, sizeof(temporary), "%s.new", place.path);
	put_file(temporary, "half", 0400);
	put_file(place.path, "short", 0644);
	assert_int_equal(snapshot_map(place.path, &map), -EUCLEAN);
	fd = open(place.path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(stat(temporary, &st), -1);
	/* What is too short to have the word `retired` does not get it. */
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 5);
	assert_int_equal(close(fd), 0);
	assert_int_equal(snapshot_map(place.path, &map), 0);
	snapshot_unmap(&map);

	/* A link in place of the temporary file is not followed. */
	assert_int_equal(symlink(place.path, temporary), 0);
	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(lstat(temporary, &st), -1);
}

static void
test_directory_is_missing(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();

	assert_int_equal(snapshot_write("/nonexistent/snapshot", &in),
	    -ENOENT);
}

static void
test_map_refusals(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	char link[128];
	struct snapshot map;

	assert_int_equal(snapshot_map(place.path, &map), -ENOENT);
	assert_int_equal(mkfifo(place.path, 0644), 0);
	assert_int_equal(snapshot_map(place.path, &map), -EPERM);
	assert_int_equal(unlink(place.path), 0);
	put_file(place.path, "", 0644);
	assert_int_equal(snapshot_map(place.path, &map), -EUCLEAN);
	assert_int_equal(snapshot_write(place.path, &in), 0);
	assert_int_equal(chmod(place.path, 0664), 0);
	assert_int_equal(snapshot_map(place.path, &map), -EPERM);
	assert_int_equal(chmod(place.path, 0646), 0);
	assert_int_equal(snapshot_map(place.path, &map), -EPERM);
	(void)snprintf(link, sizeof(link), "%s.new", place.path);
	assert_int_equal(symlink(place.path, link), 0);
	assert_int_equal(snapshot_map(link, &map), -ELOOP);
}

#define WITH_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(test_refused_users),
		WITH_PLACE(test_refused_groups),
		WITH_PLACE(test_refused_local_groups),
		WITH_PLACE(test_refused_subids),
		WITH_PLACE(test_refused_sign_in),
		WITH_PLACE(test_longest_home),
		WITH_PLACE(test_published_file),
		WITH_PLACE(test_order),
		WITH_PLACE(test_former_is_retired),
		WITH_PLACE(test_failure_keeps_former),
		WITH_PLACE(test_leftovers),
		cmocka_unit_test(test_directory_is_missing),
		WITH_PLACE(test_map_refusals),
	};

	return cmocka_run_group_tests_name("snapshot_write", tests, NULL,
	    NULL);
}
