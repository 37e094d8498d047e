/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements that were prepared before: SQLite takes longer to read one than to
 * run it, and a directory of many people runs the same few all the time.
 *
 * MUST hand out no statement that is in use, nor one that still has the values
 *	of the last time.
 */
#include <string.h>

#include "daemon/store/store_private.h"

int
store_prepare(struct store *store, const char *sql, sqlite3_stmt **ret_stmt)
{
	struct store_statement *statement;
	size_t i;

	for (i = 0; i < STORE_STATEMENTS; i++) {
		statement = &store->statements[i];
		if (statement->stmt == NULL || statement->used ||
		    strcmp(sqlite3_sql(statement->stmt), sql) != 0)
			continue;
		statement->used = true;
		*ret_stmt = statement->stmt;
		return SQLITE_OK;
	}
	return sqlite3_prepare_v2(store->db, sql, -1, ret_stmt, NULL);
}

/* The place where stmt is, or a free one; NULL if there is none. */
static struct store_statement *
find_place(struct store *store, const sqlite3_stmt *stmt)
{
	struct store_statement *place = NULL;
	size_t i;

	for (i = 0; i < STORE_STATEMENTS; i++) {
		if (store->statements[i].stmt == stmt)
			return &store->statements[i];
		if (place == NULL && store->statements[i].stmt == NULL)
			place = &store->statements[i];
	}
	return place;
}

void
store_release(struct store *store, sqlite3_stmt *stmt)
{
	struct store_statement *place;

	if (stmt == NULL)
		return;
	place = find_place(store, stmt);
	if (place == NULL) {
		(void)sqlite3_finalize(stmt);
		return;
	}
	(void)sqlite3_reset(stmt);
	(void)sqlite3_clear_bindings(stmt);
	*place = (struct store_statement){ .stmt = stmt };
}

void
store_forget_statements(struct store *store)
{
	size_t i;

	for (i = 0; i < STORE_STATEMENTS; i++)
		(void)sqlite3_finalize(store->statements[i].stmt);
	memset(store->statements, 0, sizeof(store->statements));
}
