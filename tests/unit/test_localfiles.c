/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's own accounts, from files as they are found in the wild.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/local/localfiles.h"

#define HUGE_MEMBERS	20000

static char dir[] = "/tmp/hostpass-localfiles-XXXXXX";
static char passwd[64], group[64], other[64];

/* Neither file ends in a newline, and their order is nobody's. */
static const char passwd_text[] =
	"root:x:0:0:root:/root:/bin/bash\n"
	"# a comment\n"
	"\n"
	"www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
	"+nisuser:x:7001:7001::/home/nisuser:/bin/sh\n"
	"-baduser:x:7002:7002::/home/baduser:/bin/sh\n"
	"broken line\n"
	"carol:x:1002:4711:Carol:/home/carol:/bin/sh\n"
	"+::::::\n"
	"bob:x:1001:100:Bob:/home/bob:/bin/sh";
static const char group_text[] =
	"root:x:0:\n"
	"sudo:x:27:bob,carol\n"
	"+nisgroup:x:7003:\n"
	"+:::\n"
	"users:x:100:\n"
	"adm:x:4:bob";

static void
write_file(const char *path, const char *text)
{
	FILE *stream = fopen(path, "w");

	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static struct localfiles *
load(void)
{
	struct localfiles *files = NULL;

	assert_int_equal(localfiles_load(passwd, group, &files), 0);
	assert_non_null(files);
	return files;
}

static void
lookups(void **state)
{
	static const char *const strangers[] = {
		"", "alice", "bo", "bobb", "Bob", "# a comment", "+",
		"+nisuser", "nisuser", "-baduser", "baduser", "broken line",
	};
	struct localfiles *files;
	uint32_t uid = 7, gid = 7;
	size_t i;

	(void)state;
	files = load();
	assert_true(localfiles_has_user(files, "root"));
	assert_true(localfiles_has_user(files, "www-data"));
	assert_true(localfiles_has_user(files, "carol"));
	assert_true(localfiles_has_user(files, "bob"));
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		assert_false(localfiles_has_user(files, strangers[i]));
		assert_false(localfiles_has_group(files, strangers[i]));
		assert_int_equal(localfiles_user(files, strangers[i], &uid,
		    &gid), -ENOENT);
		assert_int_equal(localfiles_gid(files, strangers[i], &gid),
		    -ENOENT);
	}
	assert_int_equal(uid, 7);
	assert_int_equal(gid, 7);
	assert_int_equal(localfiles_user(files, "carol", &uid, &gid), 0);
	assert_int_equal(uid, 1002);
	assert_int_equal(gid, 4711);
	assert_true(localfiles_has_group(files, "adm"));
	assert_false(localfiles_has_group(files, "bob"));
	assert_false(localfiles_has_user(files, "sudo"));
	assert_int_equal(localfiles_gid(files, "sudo", &gid), 0);
	assert_int_equal(gid, 27);
	localfiles_free(files);
}

static void
ids(void **state)
{
	struct localfiles *files;

	(void)state;
	files = load();
	assert_true(localfiles_has_uid(files, 0));
	assert_true(localfiles_has_uid(files, 1002));
	assert_false(localfiles_has_uid(files, 27));
	assert_false(localfiles_has_uid(files, 7001));
	assert_false(localfiles_has_uid(files, UINT32_MAX));
	assert_true(localfiles_has_gid(files, 0));
	assert_true(localfiles_has_gid(files, 27));
	/* Only Carol's primary group; no line of the group file has it. */
	assert_true(localfiles_has_gid(files, 4711));
	assert_false(localfiles_has_gid(files, 1002));
	assert_false(localfiles_has_gid(files, 7003));
	localfiles_free(files);
}

static void
arrays(void **state)
{
	static const char *const names[] = {
		"bob", "carol", "root", "www-data",
	};
	static const uint32_t all[] = {
		0, 0, 0, 4, 27, 33, 33, 100, 100, 1001, 1002, 4711,
	};
	const char *const *got_names;
	const uint32_t *got_ids;
	struct localfiles *files;
	size_t count, i;

	(void)state;
	files = load();
	got_names = localfiles_user_names(files, &count);
	assert_int_equal(count, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < count; i++)
		assert_string_equal(got_names[i], names[i]);
	got_ids = localfiles_ids(files, &count);
	assert_int_equal(count, sizeof(all) / sizeof(all[0]));
	assert_memory_equal(got_ids, all, sizeof(all));
	localfiles_free(files);
}

static void
members(void **state)
{
	struct localfiles *files;

	(void)state;
	files = load();
	assert_true(localfiles_is_member(files, "sudo", "bob"));
	assert_true(localfiles_is_member(files, "sudo", "carol"));
	assert_true(localfiles_is_member(files, "adm", "bob"));
	assert_false(localfiles_is_member(files, "adm", "carol"));
	assert_false(localfiles_is_member(files, "sudo", "bo"));
	assert_false(localfiles_is_member(files, "sudo", ""));
	/* It is his primary group, and names nobody. */
	assert_false(localfiles_is_member(files, "users", "bob"));
	assert_false(localfiles_is_member(files, "nogroup", "bob"));
	localfiles_free(files);
}

/* A line that no first guess at a buffer holds, and one after it. */
static void
huge_group(void **state)
{
	struct localfiles *files;
	FILE *stream;
	uint32_t gid;
	int i;

	(void)state;
	stream = fopen(group, "w");
	assert_non_null(stream);
	(void)fprintf(stream, "small:x:10:\nhuge:x:20:member0");
	for (i = 1; i < HUGE_MEMBERS; i++)
		(void)fprintf(stream, ",member%d", i);
	(void)fprintf(stream, "\nafter:x:30:\n");
	assert_int_equal(fclose(stream), 0);
	files = load();
	assert_int_equal(localfiles_gid(files, "small", &gid), 0);
	assert_int_equal(gid, 10);
	assert_int_equal(localfiles_gid(files, "huge", &gid), 0);
	assert_int_equal(gid, 20);
	assert_true(localfiles_is_member(files, "huge", "member0"));
	assert_true(localfiles_is_member(files, "huge", "member19999"));
	assert_false(localfiles_is_member(files, "huge", "member20000"));
	assert_int_equal(localfiles_gid(files, "after", &gid), 0);
	assert_int_equal(gid, 30);
	localfiles_free(files);
	write_file(group, group_text);
}

static void
empty_files(void **state)
{
	struct localfiles *files;
	size_t count = 1;

	(void)state;
	write_file(passwd, "");
	write_file(group, "");
	files = load();
	assert_false(localfiles_has_user(files, "root"));
	assert_false(localfiles_has_group(files, "root"));
	assert_false(localfiles_has_uid(files, 0));
	assert_false(localfiles_has_gid(files, 0));
	assert_non_null(localfiles_user_names(files, &count));
	assert_int_equal(count, 0);
	assert_non_null(localfiles_ids(files, &count));
	assert_int_equal(count, 0);
	localfiles_free(files);
	write_file(passwd, passwd_text);
	write_file(group, group_text);
}

/* A file that cannot be read must never look like one without accounts. */
static void
unreadable_files(void **state)
{
	struct localfiles *files = NULL;

	(void)state;
	assert_int_equal(localfiles_load(other, group, &files), -ENOENT);
	assert_int_equal(localfiles_load(passwd, other, &files), -ENOENT);
	assert_int_equal(localfiles_load(dir, group, &files), -EISDIR);
	assert_int_equal(localfiles_load(passwd, dir, &files), -EISDIR);
	assert_null(files);
	localfiles_free(NULL);
}

static void
set_time(const char *path, time_t seconds)
{
	const struct timespec times[2] = { { seconds, 0 }, { seconds, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
assert_change_of(const char *path, const char *text)
{
	struct localfiles *files;

	/* Larger. */
	files = load();
	assert_false(localfiles_changed(files));
	write_file(path, "x:x:1:\n");
	assert_true(localfiles_changed(files));
	localfiles_free(files);
	write_file(path, text);

	/* Replaced by a file that is the same but for the inode. */
	set_time(path, 1000000000);
	files = load();
	write_file(other, text);
	set_time(other, 1000000000);
	assert_int_equal(rename(other, path), 0);
	assert_true(localfiles_changed(files));
	localfiles_free(files);

	/* The time alone: same inode, same size. */
	files = load();
	assert_false(localfiles_changed(files));
	set_time(path, 1000000001);
	assert_true(localfiles_changed(files));
	localfiles_free(files);

	/* Gone. */
	files = load();
	assert_int_equal(unlink(path), 0);
	assert_true(localfiles_changed(files));
	localfiles_free(files);
	write_file(path, text);
}

static void
changes(void **state)
{
	(void)state;
	assert_change_of(passwd, passwd_text);
	assert_change_of(group, group_text);
}

static int
read_nsswitch(struct localfiles *files, const char *path)
{
	return localrules_read_nsswitch(localfiles_rules(files), path);
}

/* nsswitch.conf may be missing, and come. */
static void
nsswitch_changes(void **state)
{
	struct localfiles *files;

	(void)state;
	files = load();
	assert_false(localfiles_merges(files));
	assert_int_equal(read_nsswitch(files, other), 0);
	assert_false(localfiles_merges(files));
	assert_false(localfiles_changed(files));
	write_file(other, "group: files [SUCCESS=merge] hostpass\n");
	assert_true(localfiles_changed(files));
	assert_int_equal(read_nsswitch(files, other), 0);
	assert_true(localfiles_merges(files));
	assert_false(localfiles_changed(files));
	set_time(other, 1000000000);
	assert_true(localfiles_changed(files));
	assert_int_equal(read_nsswitch(files, other), 0);
	assert_int_equal(unlink(other), 0);
	assert_true(localfiles_changed(files));
	/* What cannot be read merges nothing, and is not tried for ever. */
	assert_int_equal(read_nsswitch(files, "/dev/null/x"),
	    -ENOTDIR);
	assert_false(localfiles_merges(files));
	assert_false(localfiles_changed(files));
	localfiles_free(files);
}

static int
make_files(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(passwd, sizeof(passwd), "%s/passwd", dir);
	(void)snprintf(group, sizeof(group), "%s/group", dir);
	(void)snprintf(other, sizeof(other), "%s/other", dir);
	write_file(passwd, passwd_text);
	write_file(group, group_text);
	return 0;
}

static int
remove_files(void **state)
{
	(void)state;
	(void)unlink(passwd);
	(void)unlink(group);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lookups),
		cmocka_unit_test(ids),
		cmocka_unit_test(arrays),
		cmocka_unit_test(members),
		cmocka_unit_test(huge_group),
		cmocka_unit_test(empty_files),
		cmocka_unit_test(unreadable_files),
		cmocka_unit_test(changes),
		cmocka_unit_test(nsswitch_changes),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
