/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The set of those who were seen is a table in memory, for there may be a
 * hundred thousand of them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/store/store_directory.h"
#include "daemon/store/store_private.h"

int
store_directory_find(struct store *store, const char *issuer,
    struct store_directory *ret_directory)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store, "SELECT serial, issued, expires,"
	    " people, complete, digest FROM directory WHERE issuer = ?", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, issuer, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW) {
		ret_directory->serial = sqlite3_column_int64(stmt, 0);
		ret_directory->issued = sqlite3_column_int64(stmt, 1);
		ret_directory->expires = sqlite3_column_int64(stmt, 2);
		ret_directory->people = sqlite3_column_int64(stmt, 3);
		ret_directory->complete = sqlite3_column_int(stmt, 4) != 0;
		(void)snprintf(ret_directory->digest, STORE_DIGEST_SIZE, "%s",
		    (const char *)sqlite3_column_text(stmt, 5));
	}
	store_release(store, stmt);
	if (code == SQLITE_ROW)
		return 0;
	return code == SQLITE_DONE ? -ENOENT : store_error(code);
}

int
store_directory_save(struct store *store, const char *issuer,
    const struct store_directory *directory)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store, "INSERT OR REPLACE INTO directory"
	    " (issuer, serial, issued, expires, people, complete, digest)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)", &stmt);
	if (code == SQLITE_OK) {
		(void)sqlite3_bind_text(stmt, 1, issuer, -1, SQLITE_STATIC);
		(void)sqlite3_bind_int64(stmt, 2, directory->serial);
		(void)sqlite3_bind_int64(stmt, 3, directory->issued);
		(void)sqlite3_bind_int64(stmt, 4, directory->expires);
		(void)sqlite3_bind_int64(stmt, 5, directory->people);
		(void)sqlite3_bind_int(stmt, 6, directory->complete);
		(void)sqlite3_bind_text(stmt, 7, directory->digest, -1,
		    SQLITE_STATIC);
		code = sqlite3_step(stmt);
	}
	store_release(store, stmt);
	return store_error(code);
}

int
store_batch_begin(struct store *store)
{
	int r;

	r = store_exec(store, "BEGIN IMMEDIATE");
	if (r == 0)
		store->batch = true;
	return r;
}

int
store_batch_end(struct store *store, int r)
{
	store->batch = false;
	return store_end(store, r);
}

int
store_seen_clear(struct store *store)
{
	return store_exec(store, "PRAGMA temp_store = MEMORY;"
	    "DROP TABLE IF EXISTS temp.seen;"
	    "CREATE TEMP TABLE seen (subject TEXT PRIMARY KEY) WITHOUT ROWID");
}

int
store_seen_add(struct store *store, const char *subject)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store,
	    "INSERT OR IGNORE INTO temp.seen VALUES (?)", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, subject, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	store_release(store, stmt);
	return store_error(code);
}

/* In the order of rows, so that all questions together read each row once: the
 * plus keeps SQLite from going by issuer. */
int
store_seen_not(struct store *store, const char *issuer, int64_t before,
    int64_t *after, struct person **ret_person)
{
	sqlite3_stmt *stmt = NULL;
	char *subject = NULL;
	int code, r;

	code = store_prepare(store, "SELECT id, subject FROM person"
	    " WHERE id > ? AND +issuer = ? AND listed AND last_proof <= ?"
	    " AND subject NOT IN (SELECT subject FROM temp.seen)"
	    " ORDER BY id LIMIT 1", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, *after);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 2, issuer, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 3, before);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	r = code == SQLITE_ROW ? store_column_string(stmt, 1, &subject) :
	    code == SQLITE_DONE ? -ENOENT : store_error(code);
	if (r == 0)
		*after = sqlite3_column_int64(stmt, 0);
	store_release(store, stmt);
	if (r == 0)
		r = store_find_subject(store, issuer, subject, ret_person);
	free(subject);
	return r;
}
