/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the writer lays out is what the reader finds, and nothing else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/snapshot_sample.h"

static struct snapshot_image image;
static struct snapshot map;

static void
open_input(const struct snapshot_write_input *in)
{
	sample_layout(in, &image);
	assert_int_equal(snapshot_open(image.data, image.size, &map), 0);
}

static int
close_image(void **state UNUSED)
{
	free(image.data);
	image.data = NULL;
	return 0;
}

static int
open_sample(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();

	open_input(&in);
	return 0;
}

static void
assert_alice(const struct snapshot_user *user)
{
	assert_string_equal(user->name, "alice");
	assert_string_equal(user->gecos, "Alice Ä.");
	assert_string_equal(user->home, "/home/alice");
	assert_string_equal(user->shell, "/bin/bash");
	assert_int_equal(user->uid, SAMPLE_ALICE);
	assert_int_equal(user->gid, SAMPLE_ALICE);
	/* Sorted, once each, without the primary. */
	assert_int_equal(user->gid_count, 3);
	assert_int_equal(snapshot_user_gid(user, 0), 27);
	assert_int_equal(snapshot_user_gid(user, 1), 5000);
	assert_int_equal(snapshot_user_gid(user, 2), 5001);
}

static void
test_users(void **state UNUSED)
{
	struct snapshot_user user;

	assert_int_equal(snapshot_user_count(&map), 3);
	assert_int_equal(snapshot_user_by_name(&map, "alice", &user), 0);
	assert_alice(&user);
	assert_int_equal(snapshot_user_by_uid(&map, SAMPLE_ALICE, &user), 0);
	assert_alice(&user);
	assert_int_equal(snapshot_user_at(&map, 0, &user), 0);
	assert_alice(&user);
	assert_int_equal(snapshot_user_by_name(&map, "bob", &user), 0);
	assert_int_equal(user.uid, 70001);
	/* 5000 is the primary group of bob. */
	assert_int_equal(user.gid_count, 0);
	assert_int_equal(snapshot_user_at(&map, 3, &user), -ENOENT);
	assert_int_equal(snapshot_user_by_name(&map, "dave", &user), -ENOENT);
	assert_int_equal(snapshot_user_by_name(&map, "alic", &user), -ENOENT);
	assert_int_equal(snapshot_user_by_name(&map, "", &user), -ENOENT);
	assert_int_equal(snapshot_user_by_name(&map, "Debian-exim", &user),
	    -ENOENT);
	assert_int_equal(snapshot_user_by_uid(&map, 0, &user), -ENOENT);
	assert_int_equal(snapshot_user_by_uid(&map, 70003, &user), -ENOENT);
}

static void
test_groups(void **state UNUSED)
{
	struct snapshot_group group;
	const char *member;

	assert_int_equal(snapshot_group_count(&map), 3);
	assert_int_equal(snapshot_group_by_name(&map, "staff", &group), 0);
	assert_string_equal(group.name, "staff");
	assert_int_equal(group.gid, 5000);
	member = snapshot_group_member(&group, NULL);
	assert_string_equal(member, "alice");
	member = snapshot_group_member(&group, member);
	assert_string_equal(member, "bob");
	assert_null(snapshot_group_member(&group, member));
	assert_int_equal(snapshot_group_by_gid(&map, 5002, &group), 0);
	assert_string_equal(group.name, "empty");
	assert_null(snapshot_group_member(&group, NULL));
	assert_int_equal(snapshot_group_at(&map, 1, &group), 0);
	assert_string_equal(group.name, "admins");
	assert_int_equal(snapshot_group_at(&map, 3, &group), -ENOENT);
	assert_int_equal(snapshot_group_by_name(&map, "alice", &group),
	    -ENOENT);
	assert_int_equal(snapshot_group_by_name(&map, "a b", &group), -ENOENT);
	assert_int_equal(snapshot_group_by_gid(&map, 27, &group), -ENOENT);
}

static void
test_header(void **state UNUSED)
{
	assert_int_equal(snapshot_written(&map), 1700000000);
	assert_int_equal(snapshot_flags(&map),
	    SNAPSHOT_ENUMERATE | SNAPSHOT_SIGN_IN);
	assert_true(le64toh(((struct snapshot_header *)image.data)->index_seed)
	    == SAMPLE_SEED);
	assert_false(snapshot_is_retired(&map));
	((struct snapshot_header *)image.data)->retired = htole32(1);
	assert_true(snapshot_is_retired(&map));
}

static void
test_empty(void **state UNUSED)
{
	struct snapshot_write_input in = {
		.issuer = "", .home = "", .shell = "",
	};
	struct snapshot_user user;
	struct snapshot_group group;
	uint32_t uid;

	open_input(&in);
	assert_int_equal(snapshot_user_count(&map), 0);
	assert_int_equal(snapshot_user_by_name(&map, "alice", &user), -ENOENT);
	assert_int_equal(snapshot_user_by_uid(&map, 70001, &user), -ENOENT);
	assert_int_equal(snapshot_user_at(&map, 0, &user), -ENOENT);
	assert_int_equal(snapshot_group_by_name(&map, "staff", &group),
	    -ENOENT);
	assert_int_equal(snapshot_group_by_gid(&map, 5000, &group), -ENOENT);
	assert_int_equal(snapshot_sign_in_uid(&map, "dave", &uid), -ENOENT);
	assert_false(snapshot_has_caller(&map, "sshd"));
}

/* Everybody is found at every size, so at every fill of the indices. */
static void
test_sizes(void **state UNUSED)
{
	enum { MOST = 300 };
	static struct snapshot_write_user users[MOST];
	static char names[MOST][16];
	struct snapshot_write_input in = sample_input();
	struct snapshot_user user;
	uint32_t n, i;

	for (i = 0; i < MOST; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "u%u", i);
		users[i] = (struct snapshot_write_user){ names[i], "", "/",
		    "/bin/sh", 2000 + i, 2000 + i, NULL, 0, 0 };
	}
	in.users = users;
	for (n = 0; n <= MOST; n++) {
		in.user_count = n;
		open_input(&in);
		for (i = 0; i < n; i++) {
			assert_int_equal(snapshot_user_by_name(&map, names[i],
			    &user), 0);
			assert_int_equal(user.uid, 2000 + i);
			assert_int_equal(snapshot_user_by_uid(&map, 2000 + i,
			    &user), 0);
			assert_string_equal(user.name, names[i]);
		}
		assert_int_equal(snapshot_user_by_uid(&map, 2000 + n, &user),
		    -ENOENT);
		(void)close_image(NULL);
	}
}

/* Names chosen to meet in one slot make the writer take another seed. */
static void
test_chosen_collisions(void **state UNUSED)
{
	enum { COUNT = SNAPSHOT_PROBE_MAX + 10 };
	static struct snapshot_write_user users[COUNT];
	static char names[COUNT][16];
	struct snapshot_write_input in = sample_input();
	const struct snapshot_header *header;
	struct snapshot_user user;
	uint32_t i, n = 0;

	for (i = 0; n < COUNT; i++) {
		(void)snprintf(names[n], sizeof(names[n]), "u%u", i);
		if (snapshot_hash_name(SAMPLE_SEED, names[n]) % 256 != 77)
			continue;
		users[n] = (struct snapshot_write_user){ names[n], "", "/",
		    "/bin/sh", 2000 + n, 2000 + n, NULL, 0, 0 };
		n++;
	}
	in.users = users;
	in.user_count = COUNT;
	open_input(&in);
	header = (const void *)image.data;
	assert_true(le64toh(header->index_seed) != SAMPLE_SEED);
	assert_true(le64toh(header->issuer_seed) == SAMPLE_SEED);
	for (i = 0; i < COUNT; i++)
		assert_int_equal(snapshot_user_by_name(&map, names[i], &user),
		    0);
}

/* The promise of common/snapshot.h, computed there by other means. */
static void
test_computed_ids(void **state UNUSED)
{
	uint64_t seed = snapshot_issuer_seed(SAMPLE_ISSUER);

	assert_true(snapshot_issuer_seed("") == 0xcbf29ce484222325u);
	/* From the FNV reference. */
	assert_true(snapshot_issuer_seed("foobar") == 0x85944171f73967e8u);
	assert_true(seed == SAMPLE_SEED);
	assert_int_equal(snapshot_computed_id(seed, "alice",
	    SAMPLE_RANGE_START, SAMPLE_RANGE_SIZE), SAMPLE_ALICE);
	assert_int_equal(snapshot_computed_id(seed, "bob",
	    SAMPLE_RANGE_START, SAMPLE_RANGE_SIZE), SAMPLE_BOB);
	assert_int_equal(snapshot_computed_id(seed, "a-very.long_name",
	    SAMPLE_RANGE_START, SAMPLE_RANGE_SIZE), 2091468815u);
	assert_int_equal(snapshot_computed_id(seed, "alice", 5000, 1), 5000);
}

static void
test_sign_in(void **state UNUSED)
{
	char buf[SNAPSHOT_SIGN_IN_SIZE];
	struct snapshot_user user;
	uint32_t uid = 0, expected;
	size_t size;

	expected = snapshot_computed_id(SAMPLE_SEED, "dave",
	    SAMPLE_RANGE_START, SAMPLE_RANGE_SIZE);
	assert_int_equal(snapshot_sign_in_uid(&map, "dave", &uid), 0);
	assert_int_equal(uid, expected);
	assert_int_equal(snapshot_sign_in_user(&map, "dave", buf, sizeof(buf),
	    &user), 0);
	assert_string_equal(user.name, "dave");
	assert_string_equal(user.gecos, "dave");
	assert_string_equal(user.home, "/home/dave");
	assert_string_equal(user.shell, "/bin/bash");
	assert_int_equal(user.uid, expected);
	assert_int_equal(user.gid, expected);
	assert_int_equal(user.gid_count, 0);
	assert_int_equal(user.strings_size, 31);
	for (size = 0; size < user.strings_size; size++)
		assert_int_equal(snapshot_sign_in_user(&map, "dave", buf, size,
		    &user), -ERANGE);
	assert_int_equal(snapshot_sign_in_user(&map, "dave", buf, size, &user),
	    0);
}

static void
test_sign_in_refusals(void **state UNUSED)
{
	static const char *const names[] = {
		"alice", "root", "daemon", "Debian-exim", "1000", "", "-x",
	};
	uint32_t uid = 42;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(snapshot_sign_in_uid(&map, names[i], &uid),
		    -ENOENT);
	assert_int_equal(snapshot_sign_in_uid(&map, NULL, &uid), -ENOENT);
	assert_int_equal(uid, 42);
}

static void
assert_dave(struct snapshot_write_input *in, int expected)
{
	uint32_t uid;

	open_input(in);
	assert_int_equal(snapshot_sign_in_uid(&map, "dave", &uid), expected);
	(void)close_image(NULL);
}

/* Whatever owns the id that dave would have keeps him out. */
static void
test_sign_in_needs_a_free_id(void **state UNUSED)
{
	uint32_t id = snapshot_computed_id(SAMPLE_SEED, "dave",
	    SAMPLE_RANGE_START, SAMPLE_RANGE_SIZE);
	const struct snapshot_write_user user = { "eve", "", "/", "/bin/sh",
	    id, 70005, NULL, 0, 0 };
	const struct snapshot_write_group group = { "eves", id, NULL, 0 };
	const char *dave = "dave";
	struct snapshot_write_input in = sample_input();

	assert_dave(&in, 0);
	in.sign_in = false;
	assert_dave(&in, -ENOENT);
	in = sample_input();
	in.users = &user, in.user_count = 1;
	assert_dave(&in, -ENOENT);
	in = sample_input();
	in.groups = &group, in.group_count = 1;
	assert_dave(&in, -ENOENT);
	in = sample_input();
	in.taken_ids = &id, in.taken_id_count = 1;
	assert_dave(&in, -ENOENT);
	in = sample_input();
	in.local_names = &dave, in.local_name_count = 1;
	assert_dave(&in, -ENOENT);
	/* No range, or one that only holds a reserved id. */
	in = sample_input();
	open_input(&in);
	((struct snapshot_header *)image.data)->range_size = 0;
	assert_int_equal(snapshot_sign_in_uid(&map, "dave", &id), -ENOENT);
	(void)close_image(NULL);
	in = sample_input();
	in.range_start = 65534, in.range_size = 1;
	assert_dave(&in, -ENOENT);
	in.range_start = 0;
	assert_dave(&in, -ENOENT);
}

static void
test_root_is_never_computed(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	uint32_t uid;

	in.local_name_count = 0;
	in.local_names = NULL;
	open_input(&in);
	assert_int_equal(snapshot_sign_in_uid(&map, "root", &uid), -ENOENT);
}

static void
test_callers(void **state UNUSED)
{
	assert_true(snapshot_has_caller(&map, "sshd"));
	assert_true(snapshot_has_caller(&map, "login"));
	assert_false(snapshot_has_caller(&map, "ssh"));
	assert_false(snapshot_has_caller(&map, "sshd "));
	assert_false(snapshot_has_caller(&map, ""));
	/* A local name is no caller. */
	assert_false(snapshot_has_caller(&map, "daemon"));
}

static void
test_expand_home(void **state UNUSED)
{
	char buf[16];
	size_t length = 77, size;

	assert_int_equal(snapshot_expand_home("/h/%u/%u", "bo", buf,
	    sizeof(buf), &length), 0);
	assert_string_equal(buf, "/h/bo/bo");
	assert_int_equal(length, 8);
	for (size = 0; size <= 8; size++)
		assert_int_equal(snapshot_expand_home("/h/%u/%u", "bo", buf,
		    size, &length), -ERANGE);
	assert_int_equal(snapshot_expand_home("/h/%u/%u", "bo", buf, 9,
	    &length), 0);
	assert_int_equal(snapshot_expand_home("", "bo", buf, 1, &length), 0);
	assert_int_equal(length, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_users, open_sample,
		    close_image),
		cmocka_unit_test_setup_teardown(test_groups, open_sample,
		    close_image),
		cmocka_unit_test_setup_teardown(test_header, open_sample,
		    close_image),
		cmocka_unit_test_setup_teardown(test_empty, NULL, close_image),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test_setup_teardown(test_chosen_collisions, NULL,
		    close_image),
		cmocka_unit_test(test_computed_ids),
		cmocka_unit_test_setup_teardown(test_sign_in, open_sample,
		    close_image),
		cmocka_unit_test_setup_teardown(test_sign_in_refusals,
		    open_sample, close_image),
		cmocka_unit_test(test_sign_in_needs_a_free_id),
		cmocka_unit_test_setup_teardown(test_root_is_never_computed,
		    NULL, close_image),
		cmocka_unit_test_setup_teardown(test_callers, open_sample,
		    close_image),
		cmocka_unit_test(test_expand_home),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
