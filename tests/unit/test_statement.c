/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements of the store that are kept.
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

#include "daemon/store/store_private.h"

#define ECHO	"SELECT ?1"

static struct store *store;

static int
setup(void **state UNUSED)
{
	return store_open(":memory:", &store);
}

static int
teardown(void **state UNUSED)
{
	store_close(store);
	return 0;
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(store_prepare(store, sql, &stmt), SQLITE_OK);
	assert_non_null(stmt);
	return stmt;
}

/* The same one comes again, and brings nothing of the last time. */
static void
test_again(void **state UNUSED)
{
	sqlite3_stmt *stmt = prepare(ECHO);

	assert_int_equal(sqlite3_bind_int(stmt, 1, 7), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(stmt, 0), 7);
	store_release(store, stmt);
	assert_ptr_equal(prepare(ECHO), stmt);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_column_type(stmt, 0), SQLITE_NULL);
	store_release(store, stmt);
	store_release(store, NULL);
}

/* One that is in use is nobody else's. */
static void
test_in_use(void **state UNUSED)
{
	sqlite3_stmt *outer = prepare(ECHO), *inner;

	store_release(store, outer);
	outer = prepare(ECHO);
	assert_int_equal(sqlite3_bind_int(outer, 1, 1), SQLITE_OK);
	assert_int_equal(sqlite3_step(outer), SQLITE_ROW);
	inner = prepare(ECHO);
	assert_ptr_not_equal(inner, outer);
	assert_int_equal(sqlite3_bind_int(inner, 1, 2), SQLITE_OK);
	assert_int_equal(sqlite3_step(inner), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(outer, 0), 1);
	store_release(store, inner);
	assert_int_equal(sqlite3_column_int(outer, 0), 1);
	store_release(store, outer);
}

/* More than are kept, and one that is wrong, are no harm. */
static void
test_many(void **state UNUSED)
{
	sqlite3_stmt *stmts[STORE_STATEMENTS + 3], *wrong = NULL;
	char sql[32];
	size_t i, round;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < STORE_STATEMENTS + 3; i++) {
			(void)snprintf(sql, sizeof(sql), "SELECT %zu", i);
			stmts[i] = prepare(sql);
		}
		for (i = 0; i < STORE_STATEMENTS + 3; i++) {
			assert_int_equal(sqlite3_step(stmts[i]), SQLITE_ROW);
			assert_int_equal(sqlite3_column_int(stmts[i], 0), i);
			store_release(store, stmts[i]);
		}
	}
	assert_int_equal(store_prepare(store, "SELEKT", &wrong),
	    SQLITE_ERROR);
	assert_null(wrong);
}

/* A text for which SQLite has no memory is not an empty one. */
static void
test_no_memory(void **state UNUSED)
{
	static char large[100000];
	sqlite3_stmt *stmt = prepare(ECHO);
	char *text = NULL;
	int r;

	memset(large, 'x', sizeof(large));
	assert_int_equal(sqlite3_bind_text(stmt, 1, large, sizeof(large),
	    SQLITE_STATIC), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	(void)sqlite3_hard_heap_limit64(sqlite3_memory_used() + 1000);
	r = store_column_string(stmt, 0, &text);
	(void)sqlite3_hard_heap_limit64(0);
	assert_int_equal(r, -ENOMEM);
	assert_null(text);
	store_release(store, stmt);
	stmt = prepare(ECHO);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(store_column_string(stmt, 0, &text), 0);
	assert_string_equal(text, "");
	free(text);
	store_release(store, stmt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_again),
		TEST(test_in_use),
		TEST(test_many),
		TEST(test_no_memory),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
