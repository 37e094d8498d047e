/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts that never met agree: a thousand people sign in on three of them, each
 * time in another order, and all three publish the same.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/snapshot/publish.h"
#include "tests/unit/fixture.h"

#define HOSTS	3
#define PEOPLE	1000
#define RULES	"[access]\nallow_groups = staff\n[identity]\nown_groups = *\n"

static struct fixture hosts[HOSTS];
static struct snapshot snapshots[HOSTS];

/* Steps through all people, in an order of each host's own. */
static const unsigned int steps[HOSTS] = { 1, 7, 333 };

static void
sign_in(struct fixture *f, unsigned int person)
{
	char name[32], subject[32], groups[128];

	(void)snprintf(name, sizeof(name), "person-%u", person);
	(void)snprintf(subject, sizeof(subject), "sub-%u", person);
	(void)snprintf(groups, sizeof(groups),
	    "[\"people\",\"Team %u\",\"Site Admins %u\"]", person % 50,
	    person % 7);
	fixture_bind(f, subject, name, groups);
}

static int
start(void **state)
{
	unsigned int host, i;
	int64_t until;

	(void)state;
	for (host = 0; host < HOSTS; host++) {
		fixture_setup(&hosts[host], RULES);
		for (i = 0; i < PEOPLE; i++)
			sign_in(&hosts[host], i * steps[host] % PEOPLE);
		assert_int_equal(publish_snapshot(&hosts[host].config,
		    hosts[host].files, hosts[host].store,
		    hosts[host].snapshot, FIXTURE_BOUND, &until), 0);
		assert_int_equal(snapshot_map(hosts[host].snapshot,
		    &snapshots[host]), 0);
	}
	return 0;
}

static int
clean_up(void **state)
{
	unsigned int host;

	(void)state;
	for (host = 0; host < HOSTS; host++) {
		snapshot_unmap(&snapshots[host]);
		fixture_teardown(&hosts[host]);
	}
	return 0;
}

static int
by_id(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void
test_people(void **state)
{
	uint32_t uids[PEOPLE], i;
	struct snapshot_user user, other;
	unsigned int host;

	(void)state;
	for (host = 0; host < HOSTS; host++)
		assert_int_equal(snapshot_user_count(&snapshots[host]),
		    PEOPLE);
	for (i = 0; i < PEOPLE; i++) {
		assert_int_equal(snapshot_user_at(&snapshots[0], i, &user), 0);
		uids[i] = user.uid;
		for (host = 1; host < HOSTS; host++) {
			assert_int_equal(snapshot_user_by_name(
			    &snapshots[host], user.name, &other), 0);
			assert_int_equal(other.uid, user.uid);
			assert_int_equal(other.gid, user.gid);
			assert_int_equal(other.gid_count, user.gid_count);
			assert_memory_equal(other.gids, user.gids,
			    user.gid_count * sizeof(*user.gids));
			assert_string_equal(other.home, user.home);
		}
	}
	qsort(uids, PEOPLE, sizeof(*uids), by_id);
	for (i = 1; i < PEOPLE; i++)
		assert_true(uids[i - 1] < uids[i]);
	print_message("# %d people on %d hosts: %d uids\n", PEOPLE, HOSTS,
	    PEOPLE);
}

static void
test_groups(void **state)
{
	struct snapshot_group group, other;
	uint32_t i, count = snapshot_group_count(&snapshots[0]);
	unsigned int host;

	(void)state;
	assert_int_equal(count, PEOPLE + 1 + 50 + 7);
	for (i = 0; i < count; i++) {
		assert_int_equal(snapshot_group_at(&snapshots[0], i, &group),
		    0);
		for (host = 1; host < HOSTS; host++) {
			assert_int_equal(snapshot_group_by_name(
			    &snapshots[host], group.name, &other), 0);
			assert_int_equal(other.gid, group.gid);
			assert_int_equal(other.member_count,
			    group.member_count);
			assert_int_equal(other.members_size,
			    group.members_size);
			if (group.members_size > 0)
				assert_memory_equal(other.members,
				    group.members, group.members_size);
		}
	}
	assert_int_equal(snapshot_group_by_name(&snapshots[0], "people",
	    &group), 0);
	assert_int_equal(group.member_count, PEOPLE);
	print_message("# %u groups on %d hosts\n", count, HOSTS);
}

/* Nobody has to sign in for it: what sshd is told before is the same. */
static void
test_sign_in_answers(void **state)
{
	char name[32];
	unsigned int i, host;
	uint32_t uid, other;

	(void)state;
	for (i = 0; i < PEOPLE; i++) {
		(void)snprintf(name, sizeof(name), "stranger-%u", i);
		assert_int_equal(snapshot_sign_in_uid(&snapshots[0], name,
		    &uid), 0);
		for (host = 1; host < HOSTS; host++) {
			assert_int_equal(snapshot_sign_in_uid(
			    &snapshots[host], name, &other), 0);
			assert_int_equal(other, uid);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_sign_in_answers),
	};

	return cmocka_run_group_tests(tests, start, clean_up);
}
