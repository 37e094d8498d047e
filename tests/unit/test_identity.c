/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who a token is: a table of claims and names, then what binding means over
 * several sign-ins.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n"

static const struct row {
	const char	*claims;
	const char	*requested;
	enum reason	 reason;
} rows[] = {
	{ "{\"preferred_username\":\"alice\",\"groups\":[\"staff\"]}", "alice",
	    REASON_GRANTED },
	{ "{\"preferred_username\":\"alice\",\"groups\":[]}", "alice",
	    REASON_GRANTED },
	{ "{\"preferred_username\":\"a.b-c_1\",\"groups\":[]}", "a.b-c_1",
	    REASON_GRANTED },
	/* somebody else approved */
	{ "{\"preferred_username\":\"bob\",\"groups\":[]}", "alice",
	    REASON_OTHER_PERSON },
	{ "{\"preferred_username\":\"alic\",\"groups\":[]}", "alice",
	    REASON_OTHER_PERSON },
	{ "{\"preferred_username\":\"alicee\",\"groups\":[]}", "alice",
	    REASON_OTHER_PERSON },
	/* names that are not, or are not free */
	{ "{\"preferred_username\":\"Alice\",\"groups\":[]}", "alice",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"root\",\"groups\":[]}", "root",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"root\",\"groups\":[]}", "mallory",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"daemon\",\"groups\":[]}", "daemon",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"lokal\",\"groups\":[]}", "lokal",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"1000\",\"groups\":[]}", "1000",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"\",\"groups\":[]}", "",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"-x\",\"groups\":[]}", "-x",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"a:b\",\"groups\":[]}", "a:b",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"a\\nb\",\"groups\":[]}", "a\nb",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"../a\",\"groups\":[]}", "../a",
	    REASON_CLAIM_NOT_A_NAME },
	{ "{\"preferred_username\":\"alice@example.com\",\"groups\":[]}",
	    "alice@example.com", REASON_CLAIM_NOT_A_NAME },
	/* a name that would take a local group's */
	{ "{\"preferred_username\":\"sudo\",\"groups\":[]}", "sudo",
	    REASON_CLAIM_NOT_A_NAME },
	/* claims that are missing or of another type */
	{ "{\"groups\":[]}", "alice", REASON_CLAIM_MISSING },
	{ "{\"preferred_username\":null,\"groups\":[]}", "alice",
	    REASON_CLAIM_MISSING },
	{ "{\"preferred_username\":1000,\"groups\":[]}", "1000",
	    REASON_CLAIM_MISSING },
	{ "{\"preferred_username\":[\"alice\"],\"groups\":[]}", "alice",
	    REASON_CLAIM_MISSING },
	{ "{\"preferred_username\":\"alice\"}", "alice", REASON_GROUPS_MISSING },
	{ "{\"preferred_username\":\"alice\",\"groups\":null}", "alice",
	    REASON_GROUPS_MISSING },
	{ "{\"preferred_username\":\"alice\",\"groups\":\"staff\"}", "alice",
	    REASON_GRANTED },
	{ "{\"preferred_username\":\"alice\",\"groups\":[1]}", "alice",
	    REASON_GROUPS_MALFORMED },
	{ "{\"preferred_username\":\"alice\",\"groups\":{}}", "alice",
	    REASON_GROUPS_MALFORMED },
	{ "{\"preferred_username\":\"alice\",\"groups\":false}", "alice",
	    REASON_GROUPS_MALFORMED },
	{ "{\"preferred_username\":\"alice\",\"groups\":0}", "alice",
	    REASON_GROUPS_MALFORMED },
};

static void
test_table(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	fixture_setup(&f, RULES);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum reason reason = fixture_resolve(&f, ALICE_SUB,
		    rows[i].claims, rows[i].requested, NULL);

		if (reason != rows[i].reason)
			fail_msg("%s as %s: %s, not %s", rows[i].claims,
			    rows[i].requested, reason_code(reason),
			    reason_code(rows[i].reason));
	}
	fixture_teardown(&f);
}

static void
test_new_person(void **state)
{
	struct person *person;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"name\":\"Alice: E,x\\u001b\","
	    "\"groups\":[\"staff\",\"b\\u001bd\",\"Zwei Worte\"]}", "alice",
	    &person), REASON_GRANTED);
	assert_string_equal(person->name, "alice");
	assert_string_equal(person->subject, ALICE_SUB);
	assert_string_equal(person->issuer, FIXTURE_ISSUER);
	assert_string_equal(person->home, "/home/alice");
	assert_string_equal(person->shell, "/bin/bash");
	assert_string_equal(person->gecos, "Alice  E x?");
	assert_true(id_is_allowed(person->uid));
	assert_in_range(person->uid, f.config.identity.range_start,
	    f.config.identity.range_end);
	assert_int_equal(person->gid, person->uid);
	/* A group name that no terminal could show is not a group. */
	assert_int_equal(person->group_count, 2);
	assert_string_equal(person->groups[0], "staff");
	assert_string_equal(person->groups[1], "Zwei Worte");
	person_free(person);
	fixture_teardown(&f);
}

static void
test_another_sub_is_refused(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	assert_int_equal(fixture_resolve(&f, "mallory",
	    "{\"preferred_username\":\"alice\",\"groups\":[]}", "alice", NULL),
	    REASON_NAME_BOUND);
	fixture_teardown(&f);
}

static void
test_rename_keeps_name_and_uid(void **state)
{
	struct person *person;
	struct fixture f;
	uint32_t uid;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	uid = person->uid;
	person_free(person);
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alison\",\"groups\":[\"x\"]}", "alice",
	    &person), REASON_GRANTED);
	assert_string_equal(person->name, "alice");
	assert_int_equal(person->uid, uid);
	assert_int_equal(person->group_count, 1);
	person_free(person);
	/* and the new name is not hers here */
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alison\",\"groups\":[]}", "alison", NULL),
	    REASON_OTHER_PERSON);
	/* nor does a rename to root give her root */
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"root\",\"groups\":[]}", "root", NULL),
	    REASON_OTHER_PERSON);
	fixture_teardown(&f);
}

static void
test_uid_collision_is_refused(void **state)
{
	struct person *person;
	struct fixture f;
	uint32_t start, size, uid;
	uint64_t seed;
	char name[32] = "", claims[128];
	unsigned i;

	(void)state;
	/* Two hundred ids: a name that collides with alice is soon found. */
	fixture_setup(&f, RULES
	    "[identity]\nuid_range = 1879048192-1879048391\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	uid = person->uid;
	person_free(person);
	start = f.config.identity.range_start;
	size = f.config.identity.range_end - start + 1;
	seed = snapshot_issuer_seed(FIXTURE_ISSUER);
	for (i = 0; i < 100000; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		if (snapshot_computed_id(seed, name, start, size) == uid)
			break;
	}
	assert_true(i < 100000);
	(void)snprintf(claims, sizeof(claims),
	    "{\"preferred_username\":\"%s\",\"groups\":[]}", name);
	assert_int_equal(fixture_resolve(&f, BOB_SUB, claims, name, NULL),
	    REASON_ID_COLLISION);
	fixture_teardown(&f);
}

static void
test_name_becomes_local(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	fixture_set_passwd(&f, "root:x:0:0::/:/bin/sh\n"
	    "alice:x:1001:1001::/home/alice:/bin/sh\n");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":[]}", "alice", NULL),
	    REASON_LOCAL_NAME);
	fixture_teardown(&f);
}

static void
test_groups_do_not_matter(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f, "[access]\nallow_users = alice\n");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\"}", "alice", NULL),
	    REASON_GRANTED);
	/* but what is no list is refused all the same */
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":7}", "alice", NULL),
	    REASON_GROUPS_MALFORMED);
	fixture_teardown(&f);
}

/* What was known of her groups is not lost to a token that is refused. */
static void
test_wrong_groups_change_nothing(void **state)
{
	struct person *person;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"staff\"]");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":[\"a\",1]}", "alice",
	    NULL), REASON_GROUPS_MALFORMED);
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	assert_int_equal(person->group_count, 1);
	assert_string_equal(person->groups[0], "staff");
	person_free(person);
	fixture_teardown(&f);
}

/* Name and groups from where other providers put them. */
static void
test_claims_elsewhere(void **state)
{
	struct person *person;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES "[identity]\nusername_claim = account.login\n"
	    "groups_claim = /resource_access/my.host/roles\n"
	    "groups_format = blanks\n");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"bob\",\"groups\":[\"root\"],"
	    "\"account\":{\"login\":\"alice\"},\"resource_access\":"
	    "{\"my.host\":{\"roles\":\" staff  admins \"}}}", "alice",
	    &person), REASON_GRANTED);
	assert_int_equal(person->group_count, 2);
	assert_string_equal(person->groups[0], "staff");
	assert_string_equal(person->groups[1], "admins");
	person_free(person);
	assert_int_equal(fixture_resolve(&f, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":[\"staff\"]}",
	    "alice", NULL), REASON_CLAIM_MISSING);
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_new_person),
		cmocka_unit_test(test_another_sub_is_refused),
		cmocka_unit_test(test_rename_keeps_name_and_uid),
		cmocka_unit_test(test_uid_collision_is_refused),
		cmocka_unit_test(test_name_becomes_local),
		cmocka_unit_test(test_groups_do_not_matter),
		cmocka_unit_test(test_wrong_groups_change_nothing),
		cmocka_unit_test(test_claims_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
