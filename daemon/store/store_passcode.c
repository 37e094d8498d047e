/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See store_passcode.h. Each change is a transaction of its own, and full sync
 * (store.c) has it on the disk when it returns.
 */
#include <errno.h>

#include "daemon/store/store_passcode.h"
#include "daemon/store/store_private.h"

#define OF_PERSON \
	"(SELECT id FROM person WHERE issuer = ?1 AND subject = ?2)"

static int
prepare(struct store *store, const char *sql, const struct person *person,
    sqlite3_stmt **stmt)
{
	int code;

	code = sqlite3_prepare_v2(store->db, sql, -1, stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(*stmt, 1, person->issuer, -1,
		    SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(*stmt, 2, person->subject, -1,
		    SQLITE_TRANSIENT);
	return code;
}

/* Run a statement that selects nothing. -ENOENT if it changed nothing. */
static int
run(struct store *store, sqlite3_stmt *stmt, int code)
{
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	(void)sqlite3_finalize(stmt);
	if (code == SQLITE_DONE && sqlite3_changes(store->db) == 0)
		return -ENOENT;
	return store_error(code);
}

int
store_find_passcode(struct store *store, const struct person *person,
    struct passcode_row *ret_row)
{
	struct passcode_row row = { 0 };
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = prepare(store, "SELECT verifier, changed, tries, tried FROM"
	    " passcode WHERE person = " OF_PERSON, person, &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW) {
		row.changed = sqlite3_column_int64(stmt, 1);
		row.tries = sqlite3_column_int64(stmt, 2);
		row.tried = sqlite3_column_int64(stmt, 3);
		r = secret_set(&row.verifier, sqlite3_column_blob(stmt, 0),
		    (size_t)sqlite3_column_bytes(stmt, 0));
	} else {
		r = code == SQLITE_DONE ? -ENOENT : store_error(code);
	}
	(void)sqlite3_finalize(stmt);
	if (r == 0)
		*ret_row = row;
	return r;
}

int
store_set_passcode(struct store *store, const struct person *person,
    const struct secret *verifier, int64_t now)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = prepare(store, "INSERT OR REPLACE INTO passcode"
	    " (person, verifier, changed, tries, tried) SELECT id, ?3, ?4, 0, 0"
	    " FROM person WHERE issuer = ?1 AND subject = ?2", person, &stmt);
	if (code == SQLITE_OK) {
		(void)sqlite3_bind_blob(stmt, 3, verifier->data,
		    (int)verifier->len, SQLITE_TRANSIENT);
		code = sqlite3_bind_int64(stmt, 4, now);
	}
	return run(store, stmt, code);
}

int
store_count_passcode(struct store *store, const struct person *person,
    int64_t now)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = prepare(store, "UPDATE passcode SET tries = tries + 1,"
	    " tried = ?3 WHERE person = " OF_PERSON, person, &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 3, now);
	return run(store, stmt, code);
}

int
store_clear_passcode(struct store *store, const struct person *person)
{
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = prepare(store, "UPDATE passcode SET tries = 0 WHERE tries > 0"
	    " AND person = " OF_PERSON, person, &stmt);
	r = run(store, stmt, code);
	return r == -ENOENT ? 0 : r;
}

int
store_drop_passcode(struct store *store, const struct person *person)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = prepare(store, "DELETE FROM passcode WHERE person = " OF_PERSON,
	    person, &stmt);
	return run(store, stmt, code);
}

int
store_count_passcodes(struct store *store, size_t *ret_count)
{
	int count, r;

	r = store_number(store, "SELECT count(*) FROM passcode", &count);
	if (r == 0)
		*ret_count = (size_t)count;
	return r;
}
