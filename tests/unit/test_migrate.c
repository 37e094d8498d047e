/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stores of former versions, in stores/, become what a new store is, and what
 * they held stays as it was.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/store.h"
#include "tests/unit/fixture.h"

#define SQL_MAX	65536

static struct fixture host;
static char fresh[PATH_MAX], old[PATH_MAX], migrated[PATH_MAX];

static int
setup(void **state)
{
	(void)state;
	fixture_setup(&host, "");
	(void)snprintf(fresh, sizeof(fresh), "%s/store.db", host.dir);
	(void)snprintf(old, sizeof(old), "%s/old.db", host.dir);
	(void)snprintf(migrated, sizeof(migrated), "%s/migrated.db", host.dir);
	return 0;
}

static int
teardown(void **state)
{
	char reserve[PATH_MAX + 16];

	(void)state;
	(void)snprintf(reserve, sizeof(reserve), "%s.reserve", migrated);
	(void)unlink(reserve);
	(void)unlink(migrated);
	(void)unlink(old);
	fixture_teardown(&host);
	return 0;
}

static void
exec(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* The first column of the first row; to be freed. */
static char *
first_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	char *text;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	text = strdup((const char *)sqlite3_column_text(stmt, 0));
	assert_non_null(text);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return text;
}

/* The SQL of that version makes a store. */
static void
make_store(const char *path, int version)
{
	static char sql[SQL_MAX];
	char name[PATH_MAX];
	sqlite3 *db;
	size_t len;
	FILE *in;

	(void)snprintf(name, sizeof(name), "%s/tests/unit/stores/%d.sql",
	    getenv("TOP_SRCDIR"), version);
	in = fopen(name, "r");
	assert_non_null(in);
	len = fread(sql, 1, sizeof(sql), in);
	assert_true(len > 0 && len < sizeof(sql));
	sql[len] = '\0';
	assert_int_equal(fclose(in), 0);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	exec(db, sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Every row that this query finds here is among those of the other, and there
 * are no more. */
static void
assert_same_rows(sqlite3 *db, const char *here, const char *there)
{
	char sql[2048], *count;

	(void)snprintf(sql, sizeof(sql), "SELECT (SELECT count(*) FROM (%s "
	    "EXCEPT %s)) + abs((SELECT count(*) FROM (%s)) - "
	    "(SELECT count(*) FROM (%s)))", here, there, here, there);
	count = first_of(db, sql);
	if (strcmp(count, "0") != 0)
		fail_msg("%s is not %s", here, there);
	free(count);
}

static void
assert_table_kept(sqlite3 *db, const char *table)
{
	char sql[256], here[512], there[512], *columns;

	(void)snprintf(sql, sizeof(sql), "SELECT group_concat(name) FROM "
	    "pragma_table_info('%s', 'old')", table);
	columns = first_of(db, sql);
	(void)snprintf(here, sizeof(here), "SELECT %s FROM old.%s", columns,
	    table);
	(void)snprintf(there, sizeof(there), "SELECT %s FROM main.%s", columns,
	    table);
	assert_same_rows(db, here, there);
	free(columns);
}

static void
assert_all_kept(sqlite3 *db, unsigned wanted)
{
	sqlite3_stmt *stmt = NULL;
	unsigned tables = 0;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM "
	    "old.sqlite_master WHERE type = 'table'", -1, &stmt, NULL),
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		assert_table_kept(db, (const char *)sqlite3_column_text(stmt,
		    0));
		tables++;
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(tables, wanted);
}

static void
migrate(int version)
{
	struct store *store;

	make_store(old, version);
	make_store(migrated, version);
	assert_int_equal(store_open(migrated, &store), 0);
	store_close(store);
}

static sqlite3 *
open_all(void)
{
	char sql[2 * PATH_MAX + 64];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(migrated, &db), SQLITE_OK);
	(void)snprintf(sql, sizeof(sql), "ATTACH '%s' AS old; "
	    "ATTACH '%s' AS fresh", old, fresh);
	exec(db, sql);
	return db;
}

/* Those of a version have so many tables. */
static const struct former {
	int		version;
	unsigned	tables;
} formers[] = { { 1, 2 }, { 2, 9 } };

static void
test_migrates(void **state)
{
	const struct former *former = *state;
	char *version, *wanted;
	sqlite3 *db;

	migrate(former->version);
	db = open_all();
	assert_same_rows(db, "SELECT type, name, tbl_name, sql FROM "
	    "main.sqlite_master", "SELECT type, name, tbl_name, sql FROM "
	    "fresh.sqlite_master");
	version = first_of(db, "PRAGMA main.user_version");
	wanted = first_of(db, "PRAGMA fresh.user_version");
	assert_string_equal(version, wanted);
	free(version);
	free(wanted);
	assert_all_kept(db, former->tables);
	/* A refresh told of groups and life at one time then. */
	assert_same_rows(db, "SELECT id, last_proof FROM old.person",
	    "SELECT id, groups_told FROM main.person");
	if (former->version == 1)
		assert_same_rows(db, "SELECT id, 0, 0 FROM old.person",
		    "SELECT id, last_passkey, listed FROM main.person");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* And the daemon finds people in it. */
static void
test_people_are_found(void **state)
{
	const struct former *former = *state;
	struct person *person;
	struct store *store;

	make_store(migrated, former->version);
	assert_int_equal(store_open(migrated, &store), 0);
	assert_int_equal(store_find_subject(store, FIXTURE_ISSUER, ALICE_SUB,
	    &person), 0);
	assert_string_equal(person->name, "alice");
	assert_int_equal(person->uid, 1907802556);
	assert_true(person_in_group(person, "admins"));
	assert_true(person->groups_told == 1700000500);
	assert_int_equal(person->ssh_key_count, former->version - 1);
	/* Something new can be kept for her. */
	person->last_passkey = 7;
	assert_int_equal(person_add_ssh_key(person, "ssh-ed25519 BBBB"), 0);
	assert_int_equal(store_save(store, person), 0);
	person_free(person);
	assert_int_equal(store_find_name(store, "alice", &person), 0);
	assert_int_equal(person->last_passkey, 7);
	assert_int_equal(person->ssh_key_count, former->version);
	person_free(person);
	assert_int_equal(store_find_name(store, "bob", &person), 0);
	assert_true(person->revoked);
	person_free(person);
	store_close(store);
}

#define TEST(function, former) { .name = #function " of version " #former, \
	.test_func = function, .setup_func = setup, \
	.teardown_func = teardown, \
	.initial_state = (void *)(uintptr_t)&formers[(former) - 1] }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_migrates, 1), TEST(test_migrates, 2),
		TEST(test_people_are_found, 1), TEST(test_people_are_found, 2),
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
