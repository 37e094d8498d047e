/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever tokens, claims, map lines, local accounts and forgetting come in
 * whatever order: no two people share an id, nobody has two, nobody has one
 * that is reserved, an id never passes from one to another, and a name of the
 * host's own is never answered. The numbers are pseudo-random and always the
 * same.
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
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_tombstone.h"
#include "tests/unit/fixture.h"

#define CASES	6000
#define PEOPLE	24
#define ROUND	100	/* cases between two looks at the snapshot */

/* Few computed ids, so that they collide. */
#define RULES \
	"[access]\nallow_users = /.*/\n[identity]\nuid_claim = uid\n" \
	"gid_claim = gid\nname_case = lower\n" \
	"uid_range = 1879048192-1879048231\n" \
	"[user:dora]\nmatch = sub:s3\nuid = 5003\n[user:erna]\n"

#define MAP	"carol 5001:5002\nsub:s5 5005\nn7 1879048193\n"

/* Who was the first to have an id, for ever. */
#define OWNERS	4096
static struct {
	uint32_t	id;
	char		subject[8];
} owners[OWNERS];
static size_t owner_count;
static uint64_t seed = 20261121;
static unsigned granted, refused, forgotten;

static uint32_t
pick(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static void
own(uint32_t id, const char *subject)
{
	size_t i;

	for (i = 0; i < owner_count; i++) {
		if (owners[i].id != id)
			continue;
		if (strcmp(owners[i].subject, subject) != 0)
			fail_msg("%u was of %s and is of %s", id,
			    owners[i].subject, subject);
		return;
	}
	assert_true(owner_count < OWNERS);
	owners[owner_count].id = id;
	(void)snprintf(owners[owner_count++].subject,
	    sizeof(owners[0].subject), "%s", subject);
}

static void
make_name(char *buf, size_t size)
{
	static const char *const odd[] = {
		"root", "lokal", "daemon", "sudo", "0", "Carol", "carol",
		"dora", "erna", "a b", "late", "users", "",
	};
	uint32_t n = pick(60);

	if (n < sizeof(odd) / sizeof(odd[0]))
		(void)snprintf(buf, size, "%s", odd[n]);
	else
		(void)snprintf(buf, size, "n%u", n % 30);
}

/* Sometimes there is none, sometimes it is text. */
static void
make_claim(char *buf, size_t size, const char *name)
{
	static const uint32_t odd[] = {
		0, 1, 27, 999, 1000, 1001, 1005, 5001, 5002, 5003, 61184,
		65519, 65534, 65535, 524288, 1879048191, 1879048192,
		1879048200, 1879048231, 2147483647, 4294967294, 4294967295,
	};
	uint32_t n = pick(60);
	uint32_t id = n < 22 ? odd[n] : 5000 + n;

	if (n > 40)
		*buf = '\0';
	else
		(void)snprintf(buf, size, n % 2 == 0 ? ",\"%s\":%u" :
		    ",\"%s\":\"%u\"", name, id);
}

static void
sign_in(struct fixture *f)
{
	char subject[8], name[40], asked[40], uid[40], gid[40], claims[256];
	struct person *person;
	uint32_t n = pick(PEOPLE);

	(void)snprintf(subject, sizeof(subject), "s%u", n);
	if (pick(2) == 0)
		make_name(name, sizeof(name));
	else
		(void)snprintf(name, sizeof(name), "n%u", n);
	make_name(asked, sizeof(asked));
	make_claim(uid, sizeof(uid), "uid");
	make_claim(gid, sizeof(gid), "gid");
	(void)snprintf(claims, sizeof(claims),
	    "{\"preferred_username\":\"%s\"%s%s}", name, uid, gid);
	if (fixture_resolve(f, subject, claims, pick(4) == 0 ? asked : name,
	    &person) != REASON_GRANTED) {
		refused++;
		return;
	}
	assert_int_equal(store_save(f->store, person), 0);
	assert_true(id_is_allowed(person->uid) && id_is_allowed(person->gid));
	own(person->uid, subject);
	own(person->gid, subject);
	person_free(person);
	granted++;
}

/* Local accounts come and go, some with ids and names of people. */
static void
change_local(struct fixture *f)
{
	char users[256], groups[128];

	(void)snprintf(users, sizeof(users), "late:x:%u:%u:::\nn%u:x:1005:"
	    "1005:::\n", 5000 + pick(80), 5000 + pick(80), pick(30));
	(void)snprintf(groups, sizeof(groups), "n%u:x:%u:\n", pick(30),
	    1879048192u + pick(40));
	fixture_add_local(f, pick(3) == 0 ? "" : users,
	    pick(3) == 0 ? "" : groups);
}

static void
check_store(struct fixture *f)
{
	struct person **people;
	size_t count, i, j;

	assert_int_equal(store_all(f->store, &people, &count), 0);
	for (i = 0; i < count; i++) {
		assert_true(name_is_valid(people[i]->name));
		assert_string_not_equal(people[i]->name, "root");
		own(people[i]->uid, people[i]->subject);
		own(people[i]->gid, people[i]->subject);
		for (j = 0; j < i; j++) {
			assert_int_not_equal(people[i]->uid, people[j]->uid);
			assert_int_not_equal(people[i]->uid, people[j]->gid);
			assert_int_not_equal(people[i]->gid, people[j]->uid);
			assert_int_not_equal(people[i]->gid, people[j]->gid);
			assert_string_not_equal(people[i]->name,
			    people[j]->name);
			assert_string_not_equal(people[i]->subject,
			    people[j]->subject);
		}
	}
	store_free_all(people, count);
}

/* A name that is answered is no local one, and its id is nobody's there. */
static void
check_name(struct fixture *f, const struct snapshot *s, const char *name)
{
	struct snapshot_user user;
	struct person *person;
	uint32_t uid;

	if (snapshot_user_by_name(s, name, &user) == 0) {
		assert_int_equal(store_find_name(f->store, name, &person), 0);
		assert_int_equal(user.uid, person->uid);
		person_free(person);
		uid = user.uid;
		assert_false(localfiles_has_gid(f->files, user.gid));
	} else if (snapshot_sign_in_uid(s, name, &uid) < 0) {
		return;
	} else {
		assert_int_not_equal(store_find_id(f->store, uid, &person), 0);
	}
	assert_true(id_is_allowed(uid));
	assert_false(localfiles_has_user(f->files, name));
	assert_false(localfiles_has_uid(f->files, uid));
}

static void
check_snapshot(struct fixture *f)
{
	struct snapshot s;
	char name[40];
	int64_t until;
	unsigned i;

	assert_int_equal(publish_snapshot(&f->config, f->files, f->store,
	    f->snapshot, 1, &until), 0);
	assert_int_equal(snapshot_map(f->snapshot, &s), 0);
	for (i = 0; i < 200; i++) {
		make_name(name, sizeof(name));
		check_name(f, &s, name);
	}
	snapshot_unmap(&s);
}

static void
test_nobody_shares_an_id(void **state)
{
	struct fixture f;
	char name[40];
	unsigned i;

	(void)state;
	fixture_setup(&f, RULES);
	fixture_set_map(&f, MAP);
	for (i = 0; i < CASES; i++) {
		if (i % ROUND == 0) {
			change_local(&f);
			check_snapshot(&f);
		}
		if (pick(40) == 0) {
			make_name(name, sizeof(name));
			forgotten += store_forget(f.store, name, i) == 0;
		} else {
			sign_in(&f);
		}
		if (i % 10 == 0)
			check_store(&f);
	}
	check_snapshot(&f);
	print_message("# %u cases: %u granted, %u refused, %u forgotten, %zu "
	    "ids\n", CASES, granted, refused, forgotten, owner_count);
	/* Or it was no test. */
	assert_true(granted > 200 && refused > 1000 && forgotten > 20);
	fixture_teardown(&f);
}

/* Signing in twice with one token changes nothing. */
static void
test_twice_is_once(void **state)
{
	static const char claims[] = "{\"preferred_username\":\"alice\","
	    "\"uid\":5000,\"gid\":5001,\"name\":\"Alice\",\"groups\":[\"b\","
	    "\"a\"]}";
	struct person *first, *second;
	struct fixture f;

	(void)state;
	fixture_setup(&f, RULES);
	assert_int_equal(fixture_resolve(&f, "s1", claims, "alice", &first),
	    REASON_GRANTED);
	assert_int_equal(store_save(f.store, first), 0);
	assert_int_equal(fixture_resolve(&f, "s1", claims, "alice", &second),
	    REASON_GRANTED);
	assert_int_equal(first->uid, second->uid);
	assert_int_equal(first->gid, second->gid);
	assert_string_equal(first->name, second->name);
	assert_string_equal(first->home, second->home);
	assert_string_equal(first->shell, second->shell);
	assert_string_equal(first->gecos, second->gecos);
	assert_int_equal(first->bound, second->bound);
	assert_int_equal(first->group_count, second->group_count);
	person_free(first);
	person_free(second);
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_shares_an_id),
		cmocka_unit_test(test_twice_is_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
