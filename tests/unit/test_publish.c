/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host is shown: mapped groups and no other, and nothing that the
 * host's own files have.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/snapshot/publish.h"
#include "tests/unit/fixture.h"

#define RULES \
	"[access]\nallow_groups = staff\n" \
	"[groups]\nadmins = sudo, adm, nosuchgroup\nops = adm\n* = users\n" \
	"evil = root\n"

static void
publish_at(struct fixture *f, struct snapshot *s, int64_t now,
    int64_t *ret_until)
{
	assert_int_equal(publish_snapshot(&f->config, f->files, f->store,
	    f->snapshot, now, ret_until), 0);
	assert_int_equal(snapshot_map(f->snapshot, s), 0);
}

static void
publish(struct fixture *f, struct snapshot *s)
{
	int64_t until;

	publish_at(f, s, FIXTURE_BOUND, &until);
}

static void
assert_gids(const struct snapshot *s, const char *name, size_t count,
    const uint32_t *gids)
{
	struct snapshot_user user;
	uint32_t i;
	size_t j;

	assert_int_equal(snapshot_user_by_name(s, name, &user), 0);
	assert_int_equal(user.gid_count, count);
	for (j = 0; j < count; j++) {
		for (i = 0; i < user.gid_count; i++) {
			if (snapshot_user_gid(&user, i) == gids[j])
				break;
		}
		assert_true(i < user.gid_count);
	}
}

static void
test_groups_are_mapped(void **state)
{
	static const uint32_t alice[] = { 27, 4, 100 }, bob[] = { 100 };
	struct snapshot_group group;
	struct snapshot_user user;
	struct snapshot s;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"admins\",\"ops\",\"evil\"]");
	fixture_bind(&f, BOB_SUB, "bob", "[\"Admins\",\"admin\"]");
	publish(&f, &s);
	assert_gids(&s, "alice", 3, alice);
	assert_gids(&s, "bob", 1, bob);
	assert_int_equal(snapshot_user_by_name(&s, "alice", &user), 0);
	assert_int_equal(snapshot_group_by_gid(&s, user.gid, &group), 0);
	assert_string_equal(group.name, "alice");
	/* A provider's group without a mapping is no group of the host. */
	assert_int_equal(snapshot_group_by_name(&s, "admins", &group), -ENOENT);
	assert_int_equal(snapshot_group_by_name(&s, "sudo", &group), -ENOENT);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

/* As if nsswitch.conf had this line. */
static void
set_nsswitch(struct fixture *f, const char *line)
{
	char path[PATH_MAX];
	FILE *stream;

	(void)snprintf(path, sizeof(path), "%s/nsswitch", f->dir);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_true(fputs(line, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(localrules_read_nsswitch(
	    localfiles_rules(f->files), path), 0);
	assert_int_equal(unlink(path), 0);
}

/* Does the group to be merged have these members, and the gid? */
static void
assert_local(const struct snapshot *s, const char *name, uint32_t gid,
    const char *members)
{
	struct snapshot_group group, by_gid;
	const char *member = NULL;
	char found[128] = "";

	assert_int_equal(snapshot_local_group_by_name(s, name, &group), 0);
	assert_int_equal(group.gid, gid);
	assert_int_equal(snapshot_local_group_by_gid(s, gid, &by_gid), 0);
	while ((member = snapshot_group_member(&group, member)) != NULL) {
		assert_true(strlen(found) + strlen(member) < 100);
		strncat(found, member, 64);
		strncat(found, " ", 2);
	}
	assert_string_equal(found, members);
}

/* Local groups with our members: where they are merged, and only there. */
static void
test_local_groups_to_merge(void **state)
{
	struct snapshot_group group;
	struct snapshot s;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"admins\",\"ops\",\"evil\"]");
	fixture_bind(&f, BOB_SUB, "bob", "[\"admin\"]");
	set_nsswitch(&f, "group: files hostpass\n");
	publish(&f, &s);
	assert_int_equal(snapshot_local_group_count(&s), 0);
	snapshot_unmap(&s);
	set_nsswitch(&f, "group: files [SUCCESS=merge] hostpass\n");
	publish(&f, &s);
	assert_int_equal(snapshot_local_group_count(&s), 3);
	assert_local(&s, "adm", 4, "alice ");
	assert_local(&s, "sudo", 27, "alice ");
	assert_local(&s, "users", 100, "alice bob ");
	/* Nor does any of them become a group of ours. */
	assert_int_equal(snapshot_group_by_name(&s, "sudo", &group), -ENOENT);
	assert_int_equal(snapshot_group_by_gid(&s, 27, &group), -ENOENT);
	assert_int_equal(snapshot_local_group_by_name(&s, "root", &group),
	    -ENOENT);
	snapshot_unmap(&s);
	set_nsswitch(&f, "group: hostpass files\n");
	publish(&f, &s);
	assert_int_equal(snapshot_local_group_count(&s), 0);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

/* What /etc/group says counts: its gid, two names of one, and who is named
 * there is not named twice. */
static void
test_local_groups_as_they_are(void **state)
{
	struct snapshot_group group;
	struct snapshot s;
	struct fixture f;

	(void)state;
	fixture_setup(&f, "[groups]\nadmins = wheel, sudo, twin\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"admins\"]");
	fixture_bind(&f, BOB_SUB, "bob", "[\"admins\"]");
	fixture_add_local(&f, "", "wheel:x:10:lokal,alice\ntwin:x:10:\n");
	set_nsswitch(&f, "group: files [SUCCESS=merge] hostpass\n");
	publish(&f, &s);
	assert_int_equal(snapshot_local_group_count(&s), 3);
	assert_local(&s, "wheel", 10, "bob ");
	assert_local(&s, "twin", 10, "alice bob ");
	assert_local(&s, "sudo", 27, "alice bob ");
	snapshot_unmap(&s);
	/* Another gid, and a group that is gone. */
	fixture_add_local(&f, "", "wheel:x:12:\n");
	set_nsswitch(&f, "group: files [SUCCESS=merge] hostpass\n");
	publish(&f, &s);
	assert_local(&s, "wheel", 12, "alice bob ");
	assert_int_equal(snapshot_local_group_by_gid(&s, 10, &group), -ENOENT);
	assert_int_equal(snapshot_local_group_by_name(&s, "twin", &group),
	    -ENOENT);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

static void
test_revoked_people_keep_their_name_only(void **state)
{
	struct person *person;
	struct snapshot s;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"admins\"]");
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	person->revoked = true;
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	publish(&f, &s);
	assert_gids(&s, "alice", 0, NULL);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

/* Groups are the provider's word of the last proof of life, and no longer. */
static void
test_groups_leave_at_offline_max(void **state)
{
	static const uint32_t alice[] = { 27 }, bob[] = { 4 };
	struct person *person;
	struct fixture f;
	struct snapshot s;
	int64_t until;

	(void)state;
	fixture_setup(&f, "[groups]\nadmins = sudo\nops = adm\n"
	    "[cache]\noffline_max = 100\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"admins\"]");
	fixture_bind(&f, BOB_SUB, "bob", "[\"ops\"]");
	assert_int_equal(store_find_name(f.store, "bob", &person), 0);
	person->last_proof = person->groups_told = FIXTURE_BOUND + 50;
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	publish_at(&f, &s, FIXTURE_BOUND + 100, &until);
	assert_int_equal(until, FIXTURE_BOUND + 100);
	assert_gids(&s, "alice", 1, alice);
	assert_gids(&s, "bob", 1, bob);
	snapshot_unmap(&s);
	publish_at(&f, &s, FIXTURE_BOUND + 101, &until);
	assert_int_equal(until, FIXTURE_BOUND + 150);
	assert_gids(&s, "alice", 0, NULL);
	assert_gids(&s, "bob", 1, bob);
	snapshot_unmap(&s);
	publish_at(&f, &s, FIXTURE_BOUND + 151, &until);
	assert_int_equal(until, INT64_MAX);
	assert_gids(&s, "bob", 0, NULL);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

static void
test_local_names_and_ids_win(void **state)
{
	struct snapshot_user user;
	struct snapshot s;
	struct fixture f;
	uint32_t uid;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"admins\"]");
	fixture_bind(&f, BOB_SUB, "bob", "[]");
	fixture_set_passwd(&f, "root:x:0:0::/:/bin/sh\n"
	    "alice:x:1001:1001::/home/alice:/bin/sh\n");
	publish(&f, &s);
	assert_int_equal(snapshot_user_by_name(&s, "alice", &user), -ENOENT);
	assert_int_equal(snapshot_user_by_name(&s, "bob", &user), 0);
	/* nor is a local name computed for sshd, while a free one is */
	assert_int_equal(snapshot_sign_in_uid(&s, "alice", &uid), -ENOENT);
	assert_int_equal(snapshot_sign_in_uid(&s, "carol", &uid), 0);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

static void
test_computed_uid_is_the_one_that_is_bound(void **state)
{
	struct snapshot_user user;
	struct snapshot s;
	struct fixture f;
	uint32_t uid;

	(void)state;
	fixture_setup(&f, RULES);
	publish(&f, &s);
	assert_int_equal(snapshot_sign_in_uid(&s, "alice", &uid), 0);
	snapshot_unmap(&s);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	publish(&f, &s);
	assert_int_equal(snapshot_user_by_name(&s, "alice", &user), 0);
	assert_int_equal(user.uid, uid);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups_are_mapped),
		cmocka_unit_test(test_local_groups_to_merge),
		cmocka_unit_test(test_local_groups_as_they_are),
		cmocka_unit_test(test_revoked_people_keep_their_name_only),
		cmocka_unit_test(test_groups_leave_at_offline_max),
		cmocka_unit_test(test_local_names_and_ids_win),
		cmocka_unit_test(test_computed_uid_is_the_one_that_is_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
