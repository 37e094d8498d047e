/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is bound stays bound: over updates, over another process, and when the
 * file is not one that this version can read.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/store_directory.h"
#include "daemon/store/store_group.h"
#include "daemon/store/store_private.h"
#include "daemon/store/store_token.h"
#include "daemon/store/store_tombstone.h"
#include "tests/unit/fixture.h"

static struct person *
make_person(const char *subject, const char *name, uint32_t uid)
{
	struct person *person = person_new();

	assert_non_null(person);
	person->issuer = strdup(FIXTURE_ISSUER);
	person->subject = strdup(subject);
	person->name = strdup(name);
	person->uid = person->gid = uid;
	person->gecos = strdup("");
	person->home = strdup("/home/x");
	person->shell = strdup("/bin/sh");
	person->bound = person->last_proof = person->groups_told = 5000000000;
	assert_int_equal(person_add_group(person, "staff"), 0);
	assert_int_equal(person_add_group(person, "admins"), 0);
	return person;
}

static void
test_round_trip(void **state)
{
	struct person *person, **people;
	struct fixture f;
	size_t count;

	(void)state;
	fixture_setup(&f, "");
	assert_int_equal(store_find_name(f.store, "alice", &person), -ENOENT);
	person = make_person(ALICE_SUB, "alice", 2147483000u);
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	assert_int_equal(store_find_subject(f.store, FIXTURE_ISSUER, ALICE_SUB,
	    &person), 0);
	assert_string_equal(person->name, "alice");
	assert_int_equal(person->uid, 2147483000u);
	assert_int_equal(person->bound, 5000000000);
	assert_int_equal(person->group_count, 2);
	assert_string_equal(person->groups[0], "admins");
	assert_false(person->revoked);
	person_clear_groups(person);
	person->revoked = true;
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	assert_int_equal(store_find_uid(f.store, 2147483000u, &person), 0);
	assert_int_equal(person->group_count, 0);
	assert_true(person->revoked);
	person_free(person);
	assert_int_equal(store_all(f.store, &people, &count), 0);
	assert_int_equal(count, 1);
	store_free_all(people, count);
	fixture_teardown(&f);
}

/* Saved in another order than that of names, with and without lists. */
static void
test_everybody(void **state)
{
	static const struct {
		const char	*name;
		bool		 groups;
		bool		 keys;
	} rows[] = {
		{ "dave", true, false }, { "alice", false, true },
		{ "carol", true, true }, { "bob", false, false },
	};
	static const char *const names[] = { "alice", "bob", "carol", "dave" };
	struct person *person, *one, **people;
	struct fixture f;
	size_t count, i;

	(void)state;
	fixture_setup(&f, "");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		person = make_person(rows[i].name, rows[i].name,
		    1879050000u + (uint32_t)i);
		if (!rows[i].groups)
			person_clear_groups(person);
		else
			assert_int_equal(person_add_group(person,
			    rows[i].name), 0);
		if (rows[i].keys)
			assert_int_equal(person_add_ssh_key(person,
			    rows[i].name), 0);
		assert_int_equal(store_save(f.store, person), 0);
		person_free(person);
	}
	assert_int_equal(store_all(f.store, &people, &count), 0);
	assert_int_equal(count, 4);
	for (i = 0; i < count; i++) {
		person = people[i];
		assert_string_equal(person->name, names[i]);
		assert_int_equal(store_find_name(f.store, names[i], &one), 0);
		assert_int_equal(person->uid, one->uid);
		assert_string_equal(person->subject, one->subject);
		assert_int_equal(person->group_count, one->group_count);
		assert_int_equal(person->ssh_key_count, one->ssh_key_count);
		if (person->group_count > 0)
			assert_true(person_in_group(person, names[i]));
		if (person->ssh_key_count > 0)
			assert_string_equal(person->ssh_keys[0], names[i]);
		person_free(one);
	}
	assert_int_equal(people[0]->ssh_key_count, 1);
	assert_int_equal(people[2]->group_count, 3);
	store_free_all(people, count);
	fixture_teardown(&f);
}

static void
test_binding_is_for_ever(void **state)
{
	static const struct {
		const char	*subject;
		const char	*name;
		uint32_t	 uid;
	} others[] = {
		{ BOB_SUB, "alice", 1879050001 },	/* her name */
		{ BOB_SUB, "bob", 1879050000 },		/* her uid */
		{ ALICE_SUB, "alison", 1879050000 },	/* another name */
		{ ALICE_SUB, "alice", 1879050001 },	/* another uid */
	};
	struct person *person;
	struct fixture f;
	size_t i;

	(void)state;
	fixture_setup(&f, "");
	person = make_person(ALICE_SUB, "alice", 1879050000);
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		person = make_person(others[i].subject, others[i].name,
		    others[i].uid);
		assert_int_equal(store_save(f.store, person), -EEXIST);
		person_free(person);
	}
	/* A refusal leaves nothing behind, and no transaction open. */
	person = make_person(BOB_SUB, "bob", 1879050001);
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	assert_string_equal(person->subject, ALICE_SUB);
	assert_int_equal(person->uid, 1879050000);
	person_free(person);
	fixture_teardown(&f);
}

static void
test_survives_reopening(void **state)
{
	struct person *person;
	char path[PATH_MAX];
	struct fixture f;

	(void)state;
	fixture_setup(&f, "");
	fixture_bind(&f, ALICE_SUB, "alice", "[]");
	store_close(f.store);
	(void)snprintf(path, sizeof(path), "%s/store.db", f.dir);
	assert_int_equal(store_open(path, &f.store), 0);
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	person_free(person);
	fixture_teardown(&f);
}

static void
set_pragma(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* All that a file holds; to be freed. */
static char *
bytes_of(const char *path, size_t *ret_len)
{
	FILE *in = fopen(path, "r");
	char *bytes;
	long len;

	assert_non_null(in);
	assert_int_equal(fseek(in, 0, SEEK_END), 0);
	len = ftell(in);
	assert_true(len > 0);
	rewind(in);
	bytes = malloc((size_t)len);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)len, in), len);
	assert_int_equal(fclose(in), 0);
	*ret_len = (size_t)len;
	return bytes;
}

/* It is not opened, and no byte of it changes: an admin may still want what is
 * in it. */
static void
assert_refused(const char *path, int wanted)
{
	struct store *store = NULL;
	size_t len, left;
	char *before, *after;

	before = bytes_of(path, &len);
	assert_int_equal(store_open(path, &store), wanted);
	assert_null(store);
	after = bytes_of(path, &left);
	assert_int_equal(left, len);
	assert_memory_equal(after, before, len);
	free(before);
	free(after);
}

static void
test_refuses_what_it_does_not_know(void **state)
{
	char path[PATH_MAX];
	struct fixture f;
	FILE *out;

	(void)state;
	fixture_setup(&f, "");
	(void)snprintf(path, sizeof(path), "%s/store.db", f.dir);
	store_close(f.store);
	set_pragma(path, "PRAGMA user_version = 99");
	assert_refused(path, -EPROTONOSUPPORT);
	set_pragma(path, "PRAGMA user_version = 1; PRAGMA application_id = 7");
	assert_refused(path, -EUCLEAN);
	out = fopen(path, "w");
	assert_non_null(out);
	(void)fputs("this is not a database, and it is longer than a header of "
	    "one hundred bytes, which is what SQLite reads first of all\n", out);
	assert_int_equal(fclose(out), 0);
	assert_refused(path, -EUCLEAN);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(store_open(path, &f.store), 0);
	fixture_teardown(&f);
}

/* A sign-in that was granted is on the disk, not on its way to it; and what is
 * kept of people belongs to people that there are. */
static void
test_each_write_is_synced(void **state)
{
	static const struct {
		const char	*sql;
		int		 wanted;
	} settings[] = {
		{ "PRAGMA synchronous", 2 },	/* FULL */
		{ "PRAGMA foreign_keys", 1 }, { "PRAGMA trusted_schema", 0 },
		{ "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1 },
	};
	struct fixture f;
	int value;
	size_t i;

	(void)state;
	fixture_setup(&f, "");
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		assert_int_equal(store_number(f.store, settings[i].sql,
		    &value), 0);
		assert_int_equal(value, settings[i].wanted);
	}
	fixture_teardown(&f);
}

static void
no_news(void *arg, const struct store_group *group)
{
	(void)arg;
	(void)group;
}

/* What has parts of its own is a part of a batch; one that fails is taken back
 * alone, and all of them with the batch. */
static void
test_parts_of_a_batch(void **state)
{
	const struct token_owner alice = { FIXTURE_ISSUER, ALICE_SUB };
	const struct token_owner nobody = { FIXTURE_ISSUER, "nobody" };
	const struct store_group group = {
		.issuer = FIXTURE_ISSUER, .provider = "staff",
		.name = "staff", .gid = 70000, .problem = "",
	};
	struct person *person;
	struct fixture f;
	bool has;
	int end;

	(void)state;
	for (end = -EIO; end <= 0; end += EIO) {
		fixture_setup(&f, "");
		fixture_bind(&f, ALICE_SUB, "alice", "[]");
		fixture_bind(&f, BOB_SUB, "bob", "[]");
		assert_int_equal(store_batch_begin(f.store), 0);
		assert_int_equal(store_revoke(f.store, &alice), 0);
		assert_int_equal(store_revoke(f.store, &nobody), -ENOENT);
		assert_int_equal(store_forget(f.store, "bob", 1), 0);
		assert_int_equal(store_keep_groups(f.store, &group, 1, no_news,
		    NULL), 0);
		assert_int_equal(store_batch_end(f.store, end), end);
		assert_int_equal(store_find_name(f.store, "alice", &person),
		    0);
		assert_int_equal(person->revoked, end == 0);
		person_free(person);
		assert_int_equal(store_find_name(f.store, "bob", &person),
		    end == 0 ? -ENOENT : 0);
		if (end < 0)
			person_free(person);
		assert_int_equal(store_has_group(f.store, "staff", 70000,
		    &has), 0);
		assert_int_equal(has, end == 0);
		fixture_teardown(&f);
	}
}

/* More of them than there is room for at first. */
static void
test_many_tombstones(void **state)
{
	struct tombstone *stones;
	struct person *person;
	struct fixture f;
	char name[16];
	size_t count;
	uint32_t i;

	(void)state;
	fixture_setup(&f, "");
	for (i = 0; i < 40; i++) {
		(void)snprintf(name, sizeof(name), "p%u", i);
		person = make_person(name, name, 2147483000u + i);
		assert_int_equal(store_save(f.store, person), 0);
		person_free(person);
		assert_int_equal(store_forget(f.store, name, i), 0);
	}
	assert_int_equal(store_tombstones(f.store, &stones, &count), 0);
	assert_int_equal(count, 40);
	for (i = 0; i < 40; i++)
		assert_int_equal(stones[i].id, 2147483000u + i);
	store_free_tombstones(stones, count);
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_everybody),
		cmocka_unit_test(test_binding_is_for_ever),
		cmocka_unit_test(test_survives_reopening),
		cmocka_unit_test(test_refuses_what_it_does_not_know),
		cmocka_unit_test(test_each_write_is_synced),
		cmocka_unit_test(test_parts_of_a_batch),
		cmocka_unit_test(test_many_tombstones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
