/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups of the provider as groups of the host: their names, their numbers,
 * who is in them, and which are not shown.
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

#include "common/snapshot.h"
#include "daemon/oidc/json.h"
#include "daemon/report/report.h"
#include "daemon/snapshot/groupname.h"
#include "daemon/snapshot/owngroup.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_group.h"
#include "tests/unit/fixture.h"

#define RULES	"[access]\nallow_groups = staff\n[identity]\nown_groups = *\n"

/* The header's examples. */
#define DEVS	1928989599u

static const struct {
	const char	*group;
	const char	*name;
} names[] = {
	{ "devs", "devs" },
	{ "Devs", "devs" },
	{ "Site Admins", "site-admins" },
	{ "Site  Admins", "site--admins" },
	{ "a.b_c-9", "a.b_c-9" },
	{ "_x", "_x" },
	{ "Ops & Dev", "ops-_-dev-56cf63e3" },
	{ "2024", "_2024-8e74f6f5" },
	{ "/parent/child", "_parent_child-b710f80e" },
	{ ".hidden", "_.hidden-eb36516f" },
	{ "-dash", "_-dash-98a3bb25" },
	/* a character is one '_', however many bytes it has */
	{ "D\xc3\xa9veloppeurs", "d_veloppeurs-e0e881a8" },
	{ "Stra\xc3\x9f" "e", "stra_e-d3e3f912" },
	/* 32 bytes are a name, 33 are not */
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "aaaaaaaaaaaaaaaaaaaaaaa-690b136a" },
	{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	    "xxxxxxxxxxxxxxxxxxxxxxx-2180aff9" },
	{ "", "_-efd01f60" },
};

static void
test_names(void **state)
{
	char name[NAME_LIMIT + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		groupname_make(names[i].group, name);
		assert_string_equal(name, names[i].name);
		assert_true(name_is_valid(name));
	}
}

/* Whatever the bytes are, a name comes out, and none goes past its end. */
static void
test_names_of_any_bytes(void **state)
{
	char group[5] = "", name[NAME_LIMIT + 1];
	unsigned int a, b;

	(void)state;
	for (a = 1; a < 256; a++) {
		for (b = 0; b < 256; b++) {
			group[0] = (char)a;
			group[1] = (char)b;
			groupname_make(group, name);
			assert_true(name_is_valid(name));
		}
	}
}

static void
test_gids(void **state)
{
	const uint64_t seed = snapshot_issuer_seed(FIXTURE_ISSUER);
	const uint32_t start = 1879048192, size = 268435455;

	(void)state;
	assert_int_equal(snapshot_computed_gid(seed, "devs", start, size),
	    DEVS);
	assert_int_equal(snapshot_computed_gid(seed, "alice", start, size),
	    1987040868);
	assert_int_equal(snapshot_computed_gid(seed, "Ops & Dev", start, size),
	    1905199940);
	/* A user and a group of one name do not collide. */
	assert_int_not_equal(snapshot_computed_gid(seed, "alice", start, size),
	    snapshot_computed_id(seed, "alice", start, size));
}

static void
publish(struct fixture *f, struct snapshot *s)
{
	int64_t until;

	assert_int_equal(publish_snapshot(&f->config, f->files, f->store,
	    f->snapshot, FIXTURE_BOUND, &until), 0);
	assert_int_equal(snapshot_map(f->snapshot, s), 0);
}

static bool
has_gid(const struct snapshot *s, const char *name, uint32_t gid)
{
	struct snapshot_user user;
	uint32_t i;

	assert_int_equal(snapshot_user_by_name(s, name, &user), 0);
	for (i = 0; i < user.gid_count; i++) {
		if (snapshot_user_gid(&user, i) == gid)
			return true;
	}
	return false;
}

static void
assert_members(const struct snapshot *s, const char *name, uint32_t gid,
    const char *members)
{
	struct snapshot_group group;
	const char *member = NULL;
	char text[256] = "";
	size_t used = 0;

	assert_int_equal(snapshot_group_by_name(s, name, &group), 0);
	assert_int_equal(group.gid, gid);
	while ((member = snapshot_group_member(&group, member)) != NULL)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s ", member);
	assert_string_equal(text, members);
	assert_int_equal(snapshot_group_by_gid(s, gid, &group), 0);
	assert_string_equal(group.name, name);
}

static void
test_shown_with_members(void **state)
{
	struct fixture f;
	struct snapshot s;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, BOB_SUB, "bob", "[\"devs\",\"Ops & Dev\",\"staff\"]");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"devs\"]");
	publish(&f, &s);
	assert_members(&s, "devs", DEVS, "alice bob ");
	assert_members(&s, "ops-_-dev-56cf63e3", 1905199940, "bob ");
	assert_true(has_gid(&s, "alice", DEVS));
	assert_true(has_gid(&s, "bob", 1905199940));
	assert_false(has_gid(&s, "alice", 1905199940));
	snapshot_unmap(&s);
	/* ... and gone with the token that no longer says so */
	fixture_bind(&f, BOB_SUB, "bob", "[]");
	publish(&f, &s);
	assert_members(&s, "devs", DEVS, "alice ");
	assert_false(has_gid(&s, "bob", DEVS));
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

static void
test_only_those_that_are_listed(void **state)
{
	struct snapshot_group group;
	struct fixture f;
	struct snapshot s;

	(void)state;
	fixture_setup(&f, "[identity]\nown_groups = devs, Site Admins\n");
	fixture_bind(&f, ALICE_SUB, "alice",
	    "[\"devs\",\"Devs\",\"Site Admins\",\"ops\"]");
	publish(&f, &s);
	assert_members(&s, "devs", DEVS, "alice ");
	assert_int_equal(snapshot_group_by_name(&s, "site-admins", &group), 0);
	assert_int_equal(snapshot_group_by_name(&s, "ops", &group), -ENOENT);
	assert_int_equal(snapshot_group_count(&s), 3);
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

/* What `hostpass groups` says is wrong with a group; "" for one that is
 * shown. */
static void
assert_problem(struct fixture *f, const char *group,
    enum owngroup_problem problem)
{
	struct person **people;
	struct owngroups own;
	size_t count, i;

	assert_int_equal(store_all(f->store, &people, &count), 0);
	assert_int_equal(owngroup_list(&f->config, f->files, f->store, people,
	    count, FIXTURE_BOUND, &own), 0);
	for (i = 0; i < own.count; i++) {
		if (strcmp(own.groups[i].provider, group) == 0)
			break;
	}
	assert_true(i < own.count);
	assert_int_equal(own.groups[i].problem, problem);
	owngroup_free(&own);
	store_free_all(people, count);
}

static void
test_local_and_personal_groups_win(void **state)
{
	static const char *const hidden[] = { "sudo", "adm", "root", "lokal" };
	struct snapshot_group group;
	struct fixture f;
	struct snapshot s;
	size_t i;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, BOB_SUB, "bob", "[]");
	fixture_bind(&f, ALICE_SUB, "alice",
	    "[\"Sudo\",\"adm\",\"root\",\"lokal\",\"Bob\",\"ok\"]");
	publish(&f, &s);
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		assert_int_equal(snapshot_group_by_name(&s, hidden[i], &group),
		    -ENOENT);
	/* Bob's own group has nobody in it but himself. */
	assert_int_equal(snapshot_group_by_name(&s, "bob", &group), 0);
	assert_int_equal(group.member_count, 0);
	assert_int_equal(snapshot_group_by_name(&s, "ok", &group), 0);
	assert_true(has_gid(&s, "alice", group.gid));
	snapshot_unmap(&s);
	assert_problem(&f, "Sudo", OWNGROUP_LOCAL);
	assert_problem(&f, "lokal", OWNGROUP_LOCAL);
	assert_problem(&f, "root", OWNGROUP_RESERVED);
	assert_problem(&f, "Bob", OWNGROUP_PERSON);
	assert_problem(&f, "ok", OWNGROUP_SHOWN);
	fixture_teardown(&f);
}

/* sudoers(5) of some distributions speaks of groups that they do not make. */
static void
test_no_power_by_an_asterisk(void **state)
{
	struct snapshot_group group;
	struct fixture f;
	struct snapshot s;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"Wheel\",\"admin\"]");
	publish(&f, &s);
	assert_int_equal(snapshot_group_by_name(&s, "wheel", &group), -ENOENT);
	snapshot_unmap(&s);
	assert_problem(&f, "Wheel", OWNGROUP_POWER);
	assert_problem(&f, "admin", OWNGROUP_POWER);
	fixture_teardown(&f);
	fixture_setup(&f, "[access]\nallow_groups = staff\n"
	    "[identity]\nown_groups = *, Wheel\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"Wheel\",\"admin\"]");
	publish(&f, &s);
	assert_int_equal(snapshot_group_by_name(&s, "wheel", &group), 0);
	assert_true(has_gid(&s, "alice", group.gid));
	snapshot_unmap(&s);
	assert_problem(&f, "Wheel", OWNGROUP_SHOWN);
	assert_problem(&f, "admin", OWNGROUP_POWER);
	fixture_teardown(&f);
}

/* A group gets a gid that a local file has, or a person. */
static void
test_gid_is_taken(void **state)
{
	const uint64_t seed = snapshot_issuer_seed(FIXTURE_ISSUER);
	const uint32_t start = 1879048192, size = 200;
	char line[128], other[32] = "";
	struct fixture f;
	unsigned int i;

	(void)state;
	fixture_setup(&f, RULES "uid_range = 1879048192-1879048391\n");
	for (i = 0; i < 100000; i++) {
		(void)snprintf(other, sizeof(other), "g%u", i);
		if (snapshot_computed_gid(seed, other, start, size) ==
		    snapshot_computed_id(seed, "alice", start, size))
			break;
	}
	assert_true(i < 100000);
	(void)snprintf(line, sizeof(line), "[\"%s\"]", other);
	fixture_bind(&f, ALICE_SUB, "alice", line);
	assert_problem(&f, other, OWNGROUP_PERSON);
	fixture_teardown(&f);

	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"devs\"]");
	assert_problem(&f, "devs", OWNGROUP_SHOWN);
	(void)snprintf(line, sizeof(line),
	    "root:x:0:0::/:/bin/sh\nx:x:1002:%u::/:/bin/sh\n", DEVS);
	fixture_set_passwd(&f, line);
	assert_problem(&f, "devs", OWNGROUP_LOCAL);
	fixture_teardown(&f);
}

static void
test_twins_are_both_refused(void **state)
{
	struct snapshot_group group;
	struct fixture f;
	struct snapshot s;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"devs\",\"ops\"]");
	publish(&f, &s);
	assert_members(&s, "devs", DEVS, "alice ");
	snapshot_unmap(&s);
	fixture_bind(&f, BOB_SUB, "bob", "[\"DEVS\"]");
	publish(&f, &s);
	assert_int_equal(snapshot_group_by_name(&s, "devs", &group), -ENOENT);
	assert_int_equal(snapshot_group_by_gid(&s, DEVS, &group), -ENOENT);
	assert_false(has_gid(&s, "alice", DEVS));
	assert_int_equal(snapshot_group_by_name(&s, "ops", &group), 0);
	snapshot_unmap(&s);
	assert_problem(&f, "devs", OWNGROUP_TWINS);
	assert_problem(&f, "DEVS", OWNGROUP_TWINS);
	assert_problem(&f, "ops", OWNGROUP_SHOWN);
	fixture_bind(&f, BOB_SUB, "bob", "[]");
	assert_problem(&f, "devs", OWNGROUP_SHOWN);
	fixture_teardown(&f);
}

#define WORK	"https://work.example.org"

static void
bind_at_work(struct fixture *f, const char *name, const char *groups)
{
	struct person *person;
	char claims[256];

	(void)snprintf(claims, sizeof(claims),
	    "{\"preferred_username\":\"%s\",\"groups\":%s}", name, groups);
	assert_int_equal(fixture_resolve_at(f, WORK, name, claims, name,
	    &person), REASON_GRANTED);
	assert_int_equal(store_save(f->store, person), 0);
	person_free(person);
}

/* Another provider's group has another gid, and never the name of the first
 * one's. */
static void
test_two_providers(void **state)
{
	struct snapshot_group group;
	struct fixture f;
	struct snapshot s;

	(void)state;
	fixture_setup_text(&f, "[provider:home]\nissuer = " FIXTURE_ISSUER "\n"
	    "client_id = a\nnames = /[^w].*/\nown_groups = devs, ops\n"
	    "[provider:work]\nissuer = " WORK "\nclient_id = b\n"
	    "own_groups = devs, sales\n[access]\nallow_users = /.*/\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"ops\",\"sales\"]");
	bind_at_work(&f, "walter", "[\"ops\",\"sales\",\"devs\"]");
	publish(&f, &s);
	assert_int_equal(snapshot_group_by_name(&s, "ops", &group), 0);
	assert_true(has_gid(&s, "alice", group.gid));
	assert_false(has_gid(&s, "walter", group.gid));
	assert_int_equal(snapshot_group_by_name(&s, "sales", &group), 0);
	assert_true(has_gid(&s, "walter", group.gid));
	assert_false(has_gid(&s, "alice", group.gid));
	assert_int_equal(snapshot_group_by_name(&s, "devs", &group), 0);
	assert_int_not_equal(group.gid, DEVS);
	snapshot_unmap(&s);
	fixture_bind(&f, BOB_SUB, "bob", "[\"devs\"]");
	publish(&f, &s);
	assert_int_equal(snapshot_group_by_name(&s, "devs", &group), -ENOENT);
	snapshot_unmap(&s);
	/* Nor can anybody be called like a group of either. */
	assert_int_equal(fixture_resolve(&f, "x", "{\"preferred_username\":"
	    "\"sales\",\"groups\":[]}", "sales", NULL),
	    REASON_NAME_IS_GROUP);
	fixture_teardown(&f);
}

/* Two hundred ids: groups soon have one gid. */
static void
test_gid_twins(void **state)
{
	const uint64_t seed = snapshot_issuer_seed(FIXTURE_ISSUER);
	const uint32_t start = 1879048192, size = 200;
	char other[32] = "", groups[64];
	uint32_t gid = snapshot_computed_gid(seed, "devs", start, size);
	struct fixture f;
	unsigned int i;

	(void)state;
	fixture_setup(&f, RULES "uid_range = 1879048192-1879048391\n");
	for (i = 0; i < 100000; i++) {
		(void)snprintf(other, sizeof(other), "g%u", i);
		if (snapshot_computed_gid(seed, other, start, size) == gid)
			break;
	}
	assert_true(i < 100000);
	(void)snprintf(groups, sizeof(groups), "[\"devs\",\"%s\"]", other);
	fixture_bind(&f, ALICE_SUB, "alice", groups);
	assert_problem(&f, "devs", OWNGROUP_TWINS);
	assert_problem(&f, other, OWNGROUP_TWINS);
	fixture_teardown(&f);
}

/* CVE-2026-34397: somebody calls herself as a group that sudoers knows, and
 * her own group is it. */
static void
test_cve_2026_34397_name_of_a_group(void **state)
{
	static const char claims[] =
	    "{\"preferred_username\":\"%s\",\"groups\":[\"staff\"]}";
	static const char *const taken[] = { "devs", "site-admins", "ops",
		"people", "wheel-admins" };
	char text[256];
	struct snapshot s;
	struct fixture f;
	uint32_t uid;
	size_t i;

	(void)state;
	fixture_setup(&f, "[access]\nallow_groups = people\n[groups]\n"
	    "Wheel Admins = adm\n[identity]\nown_groups = *, Site Admins, ops\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"devs\"]");
	publish(&f, &s);
	assert_int_equal(snapshot_sign_in_uid(&s, "devs", &uid), -ENOENT);
	assert_int_equal(snapshot_sign_in_uid(&s, "carol", &uid), 0);
	snapshot_unmap(&s);
	/* Gone, but its gid is on files and its name in sudoers. */
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	publish(&f, &s);
	snapshot_unmap(&s);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		(void)snprintf(text, sizeof(text), claims, taken[i]);
		assert_int_equal(fixture_resolve(&f, BOB_SUB, text, taken[i],
		    NULL), REASON_NAME_IS_GROUP);
	}
	(void)snprintf(text, sizeof(text), claims, "bob");
	assert_int_equal(fixture_resolve(&f, BOB_SUB, text, "bob", NULL),
	    REASON_GRANTED);
	fixture_teardown(&f);
}

/* CVE-2025-59044: a name is made for its number. */
static void
test_cve_2025_59044_number_of_a_group(void **state)
{
	const uint64_t seed = snapshot_issuer_seed(FIXTURE_ISSUER);
	const uint32_t start = 1879048192, size = 200;
	uint32_t gid = snapshot_computed_gid(seed, "devs", start, size), uid;
	char name[32] = "", claims[128];
	struct snapshot s;
	struct fixture f;
	unsigned int i;

	(void)state;
	fixture_setup(&f, RULES "uid_range = 1879048192-1879048391\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"devs\"]");
	publish(&f, &s);
	snapshot_unmap(&s);
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	publish(&f, &s);
	for (i = 0; i < 100000; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		if (snapshot_computed_id(seed, name, start, size) == gid)
			break;
	}
	assert_true(i < 100000);
	assert_int_equal(snapshot_sign_in_uid(&s, name, &uid), -ENOENT);
	snapshot_unmap(&s);
	(void)snprintf(claims, sizeof(claims),
	    "{\"preferred_username\":\"%s\",\"groups\":[]}", name);
	assert_int_equal(fixture_resolve(&f, BOB_SUB, claims, name, NULL),
	    REASON_NAME_IS_GROUP);
	fixture_teardown(&f);
}

/* The groups of somebody who may not enter any more, or is hidden. */
static void
test_who_does_not_count(void **state)
{
	struct person *person;
	struct fixture f;
	struct snapshot s;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_bind(&f, ALICE_SUB, "alice", "[\"devs\"]");
	fixture_bind(&f, BOB_SUB, "bob", "[\"devs\"]");
	assert_int_equal(store_find_name(f.store, "bob", &person), 0);
	person->revoked = true;
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	publish(&f, &s);
	assert_members(&s, "devs", DEVS, "alice ");
	assert_false(has_gid(&s, "bob", DEVS));
	snapshot_unmap(&s);
	fixture_set_passwd(&f, "root:x:0:0::/:/bin/sh\n"
	    "alice:x:1001:1001::/:/bin/sh\n");
	publish(&f, &s);
	assert_members(&s, "devs", DEVS, "");
	snapshot_unmap(&s);
	fixture_teardown(&f);
}

#define MANY	1000

static void
test_a_thousand_groups(void **state)
{
	size_t size = MANY * 64, used;
	char *claims = malloc(size);
	struct snapshot_user user;
	struct person *person;
	struct fixture f;
	struct snapshot s;
	unsigned int i;

	(void)state;
	assert_non_null(claims);
	used = (size_t)snprintf(claims, size,
	    "{\"preferred_username\":\"alice\",\"groups\":[\"Everybody\"");
	for (i = 1; i < MANY; i++)
		used += (size_t)snprintf(claims + used, size - used,
		    ",\"Project %u of the department\"", i);
	(void)snprintf(claims + used, size - used, "]}");
	fixture_setup(&f, RULES);
	assert_int_equal(fixture_resolve(&f, ALICE_SUB, claims, "alice",
	    &person), REASON_GRANTED);
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	publish(&f, &s);
	assert_int_equal(snapshot_group_count(&s), MANY + 1);
	assert_int_equal(snapshot_user_by_name(&s, "alice", &user), 0);
	assert_int_equal(user.gid_count, MANY);
	snapshot_unmap(&s);
	free(claims);
	fixture_teardown(&f);
}

static void
test_missing_claim_names_the_remedy(void **state)
{
	static const char claims[] = "{\"preferred_username\":\"alice\"}";
	static const struct {
		const char	*rules;
		enum reason	 reason;
		const char	*says;
	} rows[] = {
		{ "", REASON_GROUPS_MISSING, "check groups_claim" },
		{ "scopes = openid groups_x profile\n", REASON_GROUPS_SCOPE,
		    "add groups to scopes" },
		{ "scopes = openid xgroups groups\n", REASON_GROUPS_MISSING,
		    "check groups_claim" },
		{ "preset = generic\n", REASON_GROUPS_MAPPER,
		    "Group Membership" },
	};
	char rules[256];
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(rules, sizeof(rules), "%s[identity]\n"
		    "own_groups = devs\n", rows[i].rules);
		fixture_setup(&f, rules);
		assert_int_equal(fixture_resolve(&f, ALICE_SUB, claims,
		    "alice", NULL), rows[i].reason);
		assert_non_null(strstr(reason_admin(rows[i].reason),
		    rows[i].says));
		/* An empty list is an answer. */
		fixture_bind(&f, ALICE_SUB, "alice", "[]");
		fixture_teardown(&f);
	}
}

static bool
warns_of(const struct fixture *f, const char *text)
{
	const struct world world = {
		.config = &f->config, .files = f->files, .store = f->store,
	};
	struct json *warnings = report_warnings(&world);
	bool found = false;
	size_t i;

	for (i = 0; i < json_length(warnings); i++) {
		if (strstr(json_string(json_at(warnings, i)), text) != NULL)
			found = true;
	}
	json_free(warnings);
	return found;
}

static void
test_warnings(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES "[groups]\nstaff = adm\n");
	fixture_bind(&f, ALICE_SUB, "alice", "[\"devs\"]");
	assert_false(warns_of(&f, ""));
	fixture_bind(&f, BOB_SUB, "bob", "[\"Devs\"]");
	assert_true(warns_of(&f, "group 'Devs' is not shown as devs"));
	assert_true(warns_of(&f, "group 'devs' is not shown as devs"));
	fixture_set_passwd(&f, "root:x:0:0::/:/bin/sh\n"
	    "alice:x:1001:1001::/:/bin/sh\n");
	assert_true(warns_of(&f, "alice (1907802556) cannot sign in and is not "
	    "shown: /etc/passwd"));
	fixture_teardown(&f);
	fixture_setup(&f, RULES "[groups]\nstaff = adm, nosuchgroup\n");
	assert_true(warns_of(&f, "there is no local group nosuchgroup"));
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_of_any_bytes),
		cmocka_unit_test(test_gids),
		cmocka_unit_test(test_shown_with_members),
		cmocka_unit_test(test_only_those_that_are_listed),
		cmocka_unit_test(test_local_and_personal_groups_win),
		cmocka_unit_test(test_no_power_by_an_asterisk),
		cmocka_unit_test(test_gid_is_taken),
		cmocka_unit_test(test_twins_are_both_refused),
		cmocka_unit_test(test_gid_twins),
		cmocka_unit_test(test_two_providers),
		cmocka_unit_test(test_cve_2026_34397_name_of_a_group),
		cmocka_unit_test(test_cve_2025_59044_number_of_a_group),
		cmocka_unit_test(test_who_does_not_count),
		cmocka_unit_test(test_a_thousand_groups),
		cmocka_unit_test(test_missing_claim_names_the_remedy),
		cmocka_unit_test(test_warnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
