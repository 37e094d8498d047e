/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module that newuidmap asks, called as shadow calls it: what the host's
 * own files say, what the snapshot says, and nothing beyond either. The linker
 * puts the function below in place of getpwnam_r().
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/subid_line.h"
#include "subid/subid_editor.h"
#include "subid/subid_hostpass.h"
#include "subid/subid_paths.h"
#include "tests/unit/snapshot_sample.h"

#define COUNT	SNAPSHOT_SUBID_COUNT
#define FIRST	SAMPLE_SUBIDS		/* of alice; carol's follow */

int	__wrap_getpwnam_r(const char *name, struct passwd *pwd, char *buf,
	    size_t size, struct passwd **result);

const char *subid_snapshot, *subid_subuid, *subid_subgid;

static struct sample_directory place;
static char subuid[128], subgid[128];
static uid_t alice_uid;	/* by NSS */

int
__wrap_getpwnam_r(const char *name, struct passwd *pwd, char *buf,
    size_t size, struct passwd **result)
{
	const struct { const char *name; uid_t uid; } users[] = {
		{ "alice", alice_uid }, { "bob", 70001 },
		{ "carol", 70002 }, { "lokal", 1000 }, { "twin", 1000 },
	};
	size_t i;

	assert_true(size >= 1024);
	*result = NULL;
	for (i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		if (strcmp(users[i].name, name) != 0)
			continue;
		(void)snprintf(buf, size, "%s", name);
		pwd->pw_name = buf;
		pwd->pw_uid = users[i].uid;
		*result = pwd;
	}
	return 0;
}

static void
write_text(const char *path, const char *text)
{
	FILE *stream = fopen(path, "w");

	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static int
start(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();

	alice_uid = SAMPLE_ALICE;
	sample_directory_make(&place);
	(void)snprintf(subuid, sizeof(subuid), "%s/subuid", place.directory);
	(void)snprintf(subgid, sizeof(subgid), "%s/subgid", place.directory);
	subid_snapshot = place.path;
	subid_subuid = subuid;
	subid_subgid = subgid;
	return snapshot_write(place.path, &in);
}

static int
clean_up(void **state UNUSED)
{
	(void)unlink(subuid);
	(void)unlink(subgid);
	sample_directory_remove(&place);
	return 0;
}

static bool
has(const char *owner, unsigned long first, unsigned long count,
    enum subid_type type)
{
	bool result = true;

	assert_int_equal(subid_has_range(owner, first, count, type,
	    &result), SUBID_SUCCESS);
	return result;
}

static bool
has_both(const char *owner, unsigned long first, unsigned long count)
{
	bool uids = has(owner, first, count, SUBID_TYPE_UID);

	assert_int_equal(uids, has(owner, first, count, SUBID_TYPE_GID));
	return uids;
}

static void
test_ours(void **state UNUSED)
{
	static const char *const others[] = {
		"bob", "mallory", "root", "", "-x", "ALICE", "alic", "alicea",
	};
	size_t i;

	assert_true(has_both("alice", FIRST, COUNT));
	assert_true(has_both("alice", FIRST, 1));
	assert_true(has_both("alice", FIRST + COUNT - 1, 1));
	assert_true(has_both("carol", FIRST + COUNT, COUNT));
	assert_false(has_both("alice", FIRST - 1, 1));
	assert_false(has_both("alice", FIRST - 1, COUNT));
	assert_false(has_both("alice", FIRST, COUNT + 1));
	assert_false(has_both("alice", FIRST + 1, COUNT));
	assert_false(has_both("alice", FIRST + COUNT, 1));
	assert_false(has_both("alice", FIRST + COUNT - 1, 2));
	assert_false(has_both("alice", 0, 1));
	assert_false(has_both("alice", FIRST, 0));
	assert_false(has_both("alice", FIRST, UINT32_MAX));
	assert_false(has_both("alice", FIRST, ULONG_MAX));
	assert_false(has_both("alice", ULONG_MAX, 1));
	assert_false(has_both("alice", ULONG_MAX, ULONG_MAX));
	/* Not by her uid: newuidmap asks for names. */
	assert_false(has_both("1907802556", FIRST, 1));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(has_both(others[i], FIRST, 1));
}

/* More than 32 bits are no ids, and do not wrap around to ids. */
static void
test_wrapped(void **state UNUSED)
{
#if ULONG_MAX > UINT32_MAX
	const unsigned long wrap = 1ul << 32;

	assert_false(has_both("alice", wrap + FIRST, 1));
	assert_false(has_both("alice", FIRST, wrap + 1));
	assert_false(has_both("alice", FIRST, wrap));
#else
	skip();
#endif
}

static void
test_local(void **state UNUSED)
{
	write_text(subuid, "# a comment\nlokal:100000:65536\n\nbroken\n"
	    "1000:300000:10\nalice:400000:5\nnobody-here:500000:5");
	assert_true(has("lokal", 100000, 65536, SUBID_TYPE_UID));
	assert_true(has("lokal", 165535, 1, SUBID_TYPE_UID));
	assert_false(has("lokal", 165535, 2, SUBID_TYPE_UID));
	assert_false(has("lokal", 99999, 2, SUBID_TYPE_UID));
	/* By a line with his uid; and there is no subgid. */
	assert_true(has("lokal", 300009, 1, SUBID_TYPE_UID));
	assert_false(has("lokal", 100000, 1, SUBID_TYPE_GID));
	assert_false(has("bob", 100000, 1, SUBID_TYPE_UID));
	assert_false(has("mallory", 100000, 1, SUBID_TYPE_UID));
	/* A line for one of ours counts beside what the snapshot says. */
	assert_true(has("alice", 400000, 5, SUBID_TYPE_UID));
	assert_true(has("alice", FIRST, COUNT, SUBID_TYPE_UID));
	/* Without a snapshot it still does. */
	assert_int_equal(unlink(place.path), 0);
	assert_true(has("lokal", 100000, 65536, SUBID_TYPE_UID));
}

/* Lines that adjoin are one range, in whichever order they stand; a gap, or a
 * line of somebody else, ends it. */
static void
test_adjoining(void **state UNUSED)
{
	write_text(subuid, "lokal:100020:10\nlokal:100000:10\n"
	    "1000:100010:10\nlokal:100005:3\nlokal:100031:10\n"
	    "bob:100041:9\nlokal:100050:5\nlokal:4294967290:6\n");
	assert_true(has("lokal", 100000, 30, SUBID_TYPE_UID));
	assert_true(has("lokal", 100009, 2, SUBID_TYPE_UID));
	assert_false(has("lokal", 100000, 31, SUBID_TYPE_UID));
	assert_false(has("lokal", 100029, 3, SUBID_TYPE_UID));
	assert_false(has("lokal", 100031, 24, SUBID_TYPE_UID));
	assert_false(has("lokal", 99999, 2, SUBID_TYPE_UID));
	assert_true(has("lokal", 4294967290u, 6, SUBID_TYPE_UID));
	assert_false(has("lokal", 4294967290u, 7, SUBID_TYPE_UID));
	/* What of hers adjoins the snapshot's range does not lend it. */
	write_text(subuid, "bob:2147483647:1\n");
	assert_false(has("bob", FIRST - 1, 2, SUBID_TYPE_UID));
}

/* Another name of the same uid is the same user. */
static void
test_twin(void **state UNUSED)
{
	write_text(subuid, "twin:100000:10\nlokal:200000:10\n");
	assert_true(has("lokal", 100000, 10, SUBID_TYPE_UID));
	assert_true(has("twin", 200000, 10, SUBID_TYPE_UID));
	assert_false(has("bob", 100000, 1, SUBID_TYPE_UID));
	assert_false(has("nobody-here", 100000, 1, SUBID_TYPE_UID));
}

/* The host's own alice, or one that it does not know, has not what ours has. */
static void
test_other_uid(void **state UNUSED)
{
	struct subid_range *ranges;
	int count;

	alice_uid = 1003;
	assert_false(has_both("alice", FIRST, 1));
	assert_int_equal(shadow_subid_list_owner_ranges("alice",
	    SUBID_TYPE_UID, &ranges, &count), SUBID_SUCCESS);
	assert_int_equal(count, 0);
	alice_uid = SAMPLE_ALICE;
	assert_true(has_both("alice", FIRST, 1));
}

static void
assert_ranges(const char *owner, enum subid_type type, const char *expected)
{
	struct subid_range *ranges = (void *)subuid;
	char text[256] = "";
	int count = -1, i, used = 0;

	assert_int_equal(shadow_subid_list_owner_ranges(owner, type, &ranges,
	    &count), SUBID_SUCCESS);
	assert_true(count > 0 || ranges == NULL);
	for (i = 0; i < count; i++)
		used += snprintf(text + used, sizeof(text) - (size_t)used,
		    "%lu+%lu ", ranges[i].start, ranges[i].count);
	assert_string_equal(text, expected);
	shadow_subid_free(ranges);
}

static void
test_list(void **state UNUSED)
{
	write_text(subuid, "lokal:100000:65536\nalice:400000:5\n"
	    "1000:0:1\nlokal:4294967295:1\nlokal:0:4294967295\n");
	assert_ranges("alice", SUBID_TYPE_UID, "400000+5 2147483648+65536 ");
	assert_ranges("alice", SUBID_TYPE_GID, "2147483648+65536 ");
	assert_ranges("carol", SUBID_TYPE_GID, "2147549184+65536 ");
	assert_ranges("bob", SUBID_TYPE_UID, "");
	assert_ranges("mallory", SUBID_TYPE_UID, "");
	assert_ranges("lokal", SUBID_TYPE_UID, "100000+65536 0+1 "
	    "4294967295+1 0+4294967295 ");
	assert_int_equal(unlink(place.path), 0);
	assert_ranges("alice", SUBID_TYPE_UID, "400000+5 ");
}

static void
assert_owners(unsigned long id, const char *expected)
{
	char text[128] = "";
	int count = -1, i, used = 0;
	uid_t *uids = NULL;

	assert_int_equal(shadow_subid_find_subid_owners(id, SUBID_TYPE_UID,
	    &uids, &count), SUBID_SUCCESS);
	for (i = 0; i < count; i++)
		used += snprintf(text + used, sizeof(text) - (size_t)used,
		    "%u ", uids[i]);
	assert_string_equal(text, expected);
	shadow_subid_free(uids);
}

static void
test_owners(void **state UNUSED)
{
	write_text(subuid, "lokal:100000:65536\n1001:165535:5\n"
	    "mallory:100000:65536\n4294967295:100000:65536\n"
	    "99999999999:100000:65536\n");
	assert_owners(FIRST, "1907802556 ");
	assert_owners(FIRST + COUNT - 1, "1907802556 ");
	assert_owners(FIRST + COUNT, "70002 ");
	assert_owners(FIRST + 2 * COUNT, "");
	assert_owners(FIRST - 1, "");
	assert_owners(0, "");
	assert_owners(ULONG_MAX, "");
	assert_owners(100000, "1000 ");
	assert_owners(165535, "1000 1001 ");
}

/* No snapshot, or one that is damaged, grants nothing. */
static void
test_unreadable(void **state UNUSED)
{
	bool result = true;

	assert_int_equal(unlink(place.path), 0);
	assert_int_equal(subid_has_range("alice", FIRST, 1,
	    SUBID_TYPE_UID, &result), SUBID_UNREACHABLE);
	assert_false(result);
	assert_owners(FIRST, "");
	write_text(place.path, "hostpass, and no more of it");
	result = true;
	assert_int_equal(subid_has_range("alice", FIRST, 1,
	    SUBID_TYPE_UID, &result), SUBID_UNREACHABLE);
	assert_false(result);
}

static void
test_types(void **state UNUSED)
{
	struct subid_range *ranges = (void *)subuid;
	uid_t *uids = (void *)subuid;
	bool result = true;
	int count = 7;

	assert_int_equal(subid_has_range("alice", FIRST, 1, 0, &result),
	    SUBID_ERROR);
	assert_false(result);
	assert_int_equal(shadow_subid_list_owner_ranges("alice", 3, &ranges,
	    &count), SUBID_ERROR);
	assert_null(ranges);
	assert_int_equal(count, 0);
	assert_int_equal(shadow_subid_find_subid_owners(FIRST, 3, &uids,
	    &count), SUBID_ERROR);
	assert_null(uids);
}

/* Put a snapshot in place whose section id has value in the slot of key. */
static void
publish_patched(enum snapshot_section_id id, uint32_t key, uint32_t value)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot_header *header;
	struct snapshot_image image;
	struct snapshot_slot *slot;
	uint32_t i;
	int fd;

	sample_layout(&in, &image);
	header = (void *)image.data;
	slot = (void *)(image.data + le32toh(header->sections[id].offset));
	for (i = 0; i < le32toh(header->sections[id].count); i++) {
		if (le32toh(slot[i].tag) == key && slot[i].value != 0)
			slot[i].value = htole32(value);
	}
	(void)unlink(place.path);
	fd = open(place.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, image.data, image.size), image.size);
	assert_int_equal(close(fd), 0);
	free(image.data);
}

/* A file whose two indices disagree, or that gives away the system's ids. */
static void
test_tampered(void **state UNUSED)
{
	static const uint32_t starts[] = {
		FIRST + COUNT, FIRST + 1, 0xffff0000u, 1000, 65535,
	};
	struct snapshot snapshot;
	uint32_t start, uid;
	bool result;
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		publish_patched(SNAPSHOT_SUBID_STARTS, SAMPLE_ALICE,
		    starts[i]);
		assert_int_equal(snapshot_map(place.path, &snapshot), 0);
		assert_int_equal(snapshot_subid_start(&snapshot, SAMPLE_ALICE,
		    &start), -EUCLEAN);
		assert_int_equal(snapshot_subid_owner(&snapshot, FIRST, &uid),
		    -EUCLEAN);
		snapshot_unmap(&snapshot);
		result = true;
		assert_int_equal(subid_has_range("alice", starts[i], 1,
		    SUBID_TYPE_UID, &result), SUBID_UNREACHABLE);
		assert_false(result);
	}
	publish_patched(SNAPSHOT_SUBID_OWNERS, FIRST, 0xfffffffeu);
	assert_owners(FIRST, "");
	publish_patched(SNAPSHOT_SUBID_OWNERS, FIRST, 27);
	assert_owners(FIRST, "");
	publish_patched(SNAPSHOT_SUBID_OWNERS, FIRST, 70002);
	assert_owners(FIRST, "");
	assert_owners(FIRST + COUNT, "70002 ");
}

static void
test_lines(void **state UNUSED)
{
	static const char *const bad[] = {
		"", "\n", ":1:2", "a", "a:", "a:1", "a:1:", "a:1:0", "a::1",
		"a:1:2:", "a:1:2 ", "a: 1:2", "a:-1:2", "a:1:-2", "a:0x1:2",
		"a:4294967296:1", "a:4294967295:2", "a:0:4294967296",
		"a:99999999999999999999:1", "#a:1:2",
	};
	struct subid_line line;
	char text[64];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s", bad[i]);
		if (subid_line_parse(text, &line))
			fail_msg("taken: %s", bad[i]);
	}
	(void)snprintf(text, sizeof(text), "a.b:4294967295:1\n");
	assert_true(subid_line_parse(text, &line));
	assert_string_equal(line.owner, "a.b");
	assert_int_equal(line.first, UINT32_MAX);
	assert_int_equal(line.last, UINT32_MAX);
}

/* Those that write the files are told from those that ask about them. */
static void
test_editors(void **state UNUSED)
{
	assert_true(subid_is_editor("/usr/sbin/useradd"));
	assert_true(subid_is_editor("userdel"));
	assert_true(subid_is_editor("/sbin/usermod"));
	assert_true(subid_is_editor("./newusers"));
	assert_false(subid_is_editor("/usr/bin/newuidmap"));
	assert_false(subid_is_editor("/usr/bin/getsubids"));
	assert_false(subid_is_editor("/usr/sbin/useradd/podman"));
	assert_false(subid_is_editor("/usr/sbin/useradd2"));
	assert_false(subid_is_editor("/usr/sbin/"));
	assert_false(subid_is_editor(""));
	assert_false(subid_is_editor(NULL));
}

#define WITH_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, start, clean_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(test_ours),
		WITH_PLACE(test_wrapped),
		WITH_PLACE(test_local),
		WITH_PLACE(test_adjoining),
		WITH_PLACE(test_twin),
		WITH_PLACE(test_other_uid),
		WITH_PLACE(test_list),
		WITH_PLACE(test_owners),
		WITH_PLACE(test_unreadable),
		WITH_PLACE(test_types),
		WITH_PLACE(test_tampered),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_editors),
	};

	return cmocka_run_group_tests_name("subid", tests, NULL, NULL);
}
