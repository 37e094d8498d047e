/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A store that is damaged, wherever it is: what can be read of it is read,
 * nothing of it is written, and what can be read comes into a new one.
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

#include "daemon/store/seal.h"
#include "daemon/store/store_private.h"
#include "daemon/store/store_rescue.h"
#include "daemon/store/store_token.h"
#include "tests/unit/fixture.h"

#define PEOPLE	300
#define PAGE	4096
/* More than one page takes with it. */
#define LOST_MAX	60

/* A row in each of the tables that no person has one of. */
static const char rows[] =
    "INSERT INTO tombstone VALUES (7, 'gone', 'i', 's', 1);"
    "INSERT INTO directory VALUES ('i', 1, 'd', 1, 2, 3, 1);"
    "INSERT INTO own_group VALUES ('i', 'p', 'n', 8, '');"
    "INSERT INTO subid VALUES (9, 'i', 's');"
    "INSERT INTO person_key SELECT id, 'line' FROM person;"
    "INSERT INTO token SELECT id, x'01', x'02', 0, 1, 2, 3, '' FROM person;"
    "INSERT INTO remembered_key SELECT id, 'f', 's', 1, 2, 3, '', x''"
    " FROM person;"
    "INSERT INTO passcode SELECT id, x'03', 1, 2, 3 FROM person;";

static char directory[] = "/tmp/hostpass-rescue.XXXXXX";
static char path[PATH_MAX];
static char *sound;		/* the bytes of a store */
static size_t pages;
static int root;		/* page of the table of people, from 1 */
static struct store_rescued told;

static char *
read_file(const char *name, size_t *ret_size)
{
	FILE *in = fopen(name, "re");
	char *bytes;
	long size;

	assert_non_null(in);
	assert_int_equal(fseek(in, 0, SEEK_END), 0);
	size = ftell(in);
	assert_true(size >= 0);
	rewind(in);
	bytes = malloc((size_t)size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)size, in), size);
	assert_int_equal(fclose(in), 0);
	*ret_size = (size_t)size;
	return bytes;
}

static void
write_file(const char *bytes, size_t size)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, size, out), size);
	assert_int_equal(fclose(out), 0);
}

static void
save_people(struct store *store)
{
	struct person *person;
	char text[32];
	uint32_t i;

	for (i = 0; i < PEOPLE; i++) {
		person = person_new();
		assert_non_null(person);
		(void)snprintf(text, sizeof(text), "user%u", i);
		person->name = strdup(text);
		person->subject = strdup(text);
		person->issuer = strdup(FIXTURE_ISSUER);
		person->uid = person->gid = 10000 + i;
		person->gecos = strdup("");
		person->home = strdup(text);
		person->shell = strdup("/bin/sh");
		person->last_proof = 1;
		assert_int_equal(person_add_group(person, "staff"), 0);
		assert_int_equal(store_save(store, person), 0);
		person_free(person);
	}
}

static int
setup(void **state)
{
	struct store *store;
	size_t size;

	(void)state;
	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof(path), "%s/store.db", directory);
	assert_int_equal(store_open(path, &store), 0);
	assert_int_equal(store_exec(store, "PRAGMA synchronous = OFF"), 0);
	save_people(store);
	assert_int_equal(store_exec(store, rows), 0);
	assert_int_equal(store_number(store, "SELECT rootpage FROM"
	    " sqlite_master WHERE name = 'person'", &root), 0);
	store_close(store);
	sound = read_file(path, &size);
	pages = size / PAGE;
	assert_int_equal(size % PAGE, 0);
	return 0;
}

static int
teardown(void **state)
{
	char command[PATH_MAX];

	(void)state;
	free(sound);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", directory);
	return system(command);
}

/* The store, but for this page, from 0. */
static void
break_page(size_t page)
{
	char *bytes = malloc(pages * PAGE);

	assert_non_null(bytes);
	memcpy(bytes, sound, pages * PAGE);
	memset(bytes + page * PAGE, 0, PAGE);
	write_file(bytes, pages * PAGE);
	free(bytes);
}

/* Those who are found are who they were, and have their groups, or those are
 * not known. How many there are. */
static int
look_for_people(struct store *store)
{
	struct person *person;
	char name[32];
	int found = 0, r;
	uint32_t i;

	for (i = 0; i < PEOPLE; i++) {
		(void)snprintf(name, sizeof(name), "user%u", i);
		r = store_find_name(store, name, &person);
		assert_true(r == 0 || r == -EUCLEAN || r == -ENOENT);
		if (r < 0)
			continue;
		found++;
		assert_int_equal(person->uid, 10000 + i);
		assert_string_equal(person->subject, name);
		assert_true(person->last_proof == 0 ||
		    person_in_group(person, "staff"));
		person_free(person);
	}
	return found;
}

/* Nothing of the file changes, whatever is tried. */
static void
look_at_damaged(void)
{
	static const struct token_owner user7 = { FIXTURE_ISSUER, "user7" };
	struct person *person;
	struct store *store;
	size_t before_size, after_size;
	char *before, *after;
	int r;

	before = read_file(path, &before_size);
	r = store_open(path, &store);
	if (r == 0) {
		assert_true(store_is_damaged(store));
		(void)look_for_people(store);
		if (store_find_name(store, "user7", &person) == 0) {
			assert_int_equal(store_save(store, person), -EUCLEAN);
			person_free(person);
		}
		assert_int_equal(store_revoke(store, &user7), -EUCLEAN);
		store_close(store);
	} else {
		assert_int_equal(r, -EUCLEAN);
	}
	after = read_file(path, &after_size);
	assert_int_equal(before_size, after_size);
	assert_memory_equal(before, after, before_size);
	free(before);
	free(after);
}

static void
expect_moved(void)
{
	char *new, *aside;
	size_t size, aside_size;

	aside = read_file(told.aside, &aside_size);
	new = read_file(path, &size);
	assert_true(aside_size != size || memcmp(aside, new, size) != 0);
	free(aside);
	free(new);
	assert_int_equal(unlink(told.aside), 0);
}

static void
test_each_page(void **state)
{
	struct store *store;
	unsigned lost_some = 0;
	size_t page, least;
	int found;

	(void)state;
	assert_true(pages > 20);
	for (page = 1; page < pages; page++) {
		break_page(page);
		look_at_damaged();
		assert_int_equal(store_rescue(path, &told), 0);
		expect_moved();
		/* Without its root, all of a table is lost to us. */
		least = (int)page + 1 == root ? 0 : PEOPLE - LOST_MAX;
		assert_true(told.people >= least);
		lost_some += told.people < PEOPLE;
		assert_int_equal(store_open(path, &store), 0);
		assert_int_equal(store_exec(store, "PRAGMA synchronous = OFF"),
		    0);
		assert_false(store_is_damaged(store));
		found = look_for_people(store);
		assert_int_equal(found, told.people);
		save_people(store);
		assert_int_equal(look_for_people(store), PEOPLE);
		store_close(store);
	}
	assert_true(lost_some > 0);
}

/* What SQLite had not put into the file yet stays beside it. */
static void
test_log_of_writes(void **state)
{
	char log_path[PATH_MAX + 8];
	struct store *store;
	char *log, *after;
	size_t size, after_size;
	FILE *out;

	(void)state;
	(void)snprintf(log_path, sizeof(log_path), "%s-wal", path);
	write_file(sound, pages * PAGE);
	assert_int_equal(store_open(path, &store), 0);
	assert_int_equal(store_exec(store, "UPDATE person SET gecos = 'x'"
	    " WHERE id = 1"), 0);
	log = read_file(log_path, &size);
	store_close(store);
	break_page(pages - 1);
	out = fopen(log_path, "we");
	assert_non_null(out);
	assert_int_equal(fwrite(log, 1, size, out), size);
	assert_int_equal(fclose(out), 0);
	look_at_damaged();
	after = read_file(log_path, &after_size);
	assert_int_equal(after_size, size);
	assert_memory_equal(after, log, size);
	free(after);
	free(log);
	assert_int_equal(store_rescue(path, &told), 0);
	expect_moved();
	assert_int_equal(told.people, PEOPLE);
}

static int
count(struct store *store, const char *table)
{
	char sql[128];
	int n;

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM \"%s\"", table);
	assert_int_equal(store_number(store, sql, &n), 0);
	return n;
}

/* Where only an index is damaged, everything of every table comes over. */
static void
test_every_table(void **state)
{
	struct store *store;
	sqlite3_stmt *stmt;
	int page, tables = 0;
	const char *name;

	(void)state;
	write_file(sound, pages * PAGE);
	assert_int_equal(store_open(path, &store), 0);
	assert_int_equal(store_number(store, "SELECT rootpage FROM"
	    " sqlite_master WHERE name = 'person_home'", &page), 0);
	store_close(store);
	break_page((size_t)page - 1);
	assert_int_equal(store_rescue(path, &told), 0);
	expect_moved();
	assert_int_equal(told.people, PEOPLE);
	assert_int_equal(told.tokens, PEOPLE);
	assert_int_equal(store_open(path, &store), 0);
	assert_int_equal(sqlite3_prepare_v2(store->db, "SELECT name FROM"
	    " sqlite_master WHERE type = 'table'", -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		name = (const char *)sqlite3_column_text(stmt, 0);
		if (count(store, name) == 0)
			fail_msg("%s is empty", name);
		tables++;
	}
	assert_int_equal(tables, 10);
	(void)sqlite3_finalize(stmt);
	store_close(store);
}

static void
test_leaves_alone(void **state)
{
	struct store *store;
	size_t size;
	char *bytes;

	(void)state;
	write_file(sound, pages * PAGE);
	assert_int_equal(store_rescue(path, &told), -EEXIST);
	bytes = read_file(path, &size);
	assert_int_equal(size, pages * PAGE);
	assert_memory_equal(bytes, sound, size);
	free(bytes);
	break_page(pages - 1);
	assert_int_equal(store_open(path, &store), 0);
	assert_int_equal(look_for_people(store), PEOPLE);
	assert_int_equal(store_rescue(path, &told), -EBUSY);
	store_close(store);
	assert_int_equal(unlink(path), 0);
	assert_true(store_rescue(path, &told) < 0);
	assert_int_equal(access(path, F_OK), -1);
}

/* Nothing of it is a store: then there is a new one, and it is kept. */
static void
test_garbage(void **state)
{
	char bytes[3 * PAGE];
	struct store *store;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	write_file(bytes, sizeof(bytes));
	assert_int_equal(store_open(path, &store), -EUCLEAN);
	assert_int_equal(store_rescue(path, &told), 0);
	expect_moved();
	assert_int_equal(told.people, 0);
	assert_int_equal(store_open(path, &store), 0);
	save_people(store);
	store_close(store);
}

/* One of an older version becomes a new one of the same, which is brought up
 * to date as any other. */
static void
test_older(void **state)
{
	struct store *store;
	int page;

	(void)state;
	assert_int_equal(unlink(path), 0);
	store = calloc(1, sizeof(*store));
	assert_non_null(store);
	assert_int_equal(sqlite3_open(path, &store->db), SQLITE_OK);
	assert_int_equal(store_make(store, 1), 0);
	assert_int_equal(store_exec(store, "INSERT INTO person VALUES (1, 'i',"
	    " 's', 'old', 5, 5, '', '/', '/', 1, 1, 0)"), 0);
	assert_int_equal(store_number(store, "SELECT rootpage FROM"
	    " sqlite_master WHERE name = 'person_group'", &page), 0);
	assert_int_equal(sqlite3_close(store->db), SQLITE_OK);
	free(store);
	free(sound);
	sound = read_file(path, &pages);
	pages /= PAGE;
	break_page((size_t)page - 1);
	assert_int_equal(store_open(path, &store), -EUCLEAN);
	assert_int_equal(store_rescue(path, &told), 0);
	expect_moved();
	assert_int_equal(told.people, 1);
	assert_int_equal(store_open(path, &store), 0);
	assert_int_equal(count(store, "person"), 1);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_page),
		cmocka_unit_test(test_log_of_writes),
		cmocka_unit_test(test_every_table),
		cmocka_unit_test(test_leaves_alone),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_older),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("rescue", tests, setup, teardown);
}
