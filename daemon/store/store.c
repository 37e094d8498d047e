/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of the store, and what all that is kept in it needs.
 *
 * MUST never delete, move or rewrite a store that it does not understand: the
 *	uids in it are the owners of people's files.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/store_private.h"

int
store_error(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_CONSTRAINT:
		return -EEXIST;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_AUTH:		/* see store_damage.c */
		return -EUCLEAN;
	default:
		return -EIO;
	}
}

static bool
is_cause(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EROFS;
}

/* A disk that is full or read-only can look like one that is broken, or like a
 * file that may not be opened. The error of the connection may be that of what
 * was tidied up afterwards; the log of writes has its own. */
static int
find_cause(const struct store *store, int r)
{
	sqlite3_file *log = NULL;
	int cause;

	if (r != -EIO && r != -EACCES)
		return r;
	cause = sqlite3_system_errno(store->db);
	if (!is_cause(cause) && sqlite3_file_control(store->db, "main",
	    SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
	    log != NULL && log->pMethods != NULL)
		(void)log->pMethods->xFileControl(log,
		    SQLITE_FCNTL_LAST_ERRNO, &cause);
	return is_cause(cause) ? -cause : r;
}

int
store_exec(struct store *store, const char *sql)
{
	return find_cause(store, store_error(sqlite3_exec(store->db, sql, NULL,
	    NULL, NULL)));
}

int
store_number(struct store *store, const char *sql, int *ret_value)
{
	sqlite3_stmt *stmt = NULL;
	int code, r, value = 0;

	code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	r = find_cause(store, store_error(code));
	(void)sqlite3_finalize(stmt);
	if (r == 0)
		*ret_value = value;
	return r;
}

/* Run sql, of one statement, which returns no rows and is run often. */
static int
run(struct store *store, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = store_prepare(store, sql, &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	r = find_cause(store, store_error(code));
	store_release(store, stmt);
	return r;
}

int
store_begin(struct store *store)
{
	return run(store, store->batch ? "SAVEPOINT part" :
	    "BEGIN IMMEDIATE");
}

/* A part that failed is taken back alone. */
static int
end_part(struct store *store, int r)
{
	int end;

	end = r < 0 ? store_exec(store, "ROLLBACK TO part; RELEASE part") :
	    run(store, "RELEASE part");
	return r < 0 ? r : end;
}

int
store_end(struct store *store, int r)
{
	if (store->batch)
		return end_part(store, r);
	if (r == 0)
		r = store_exec(store, "COMMIT");
	else
		r = find_cause(store, r);
	if (r < 0)
		(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

int
store_column_string(sqlite3_stmt *stmt, int column, char **ret_text)
{
	bool none = sqlite3_column_type(stmt, column) == SQLITE_NULL;
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	char *copy = NULL;

	/* NULL is also what SQLite says when it has no memory. */
	if (text != NULL || none)
		copy = strdup(none ? "" : text);
	if (copy == NULL)
		return -ENOMEM;
	*ret_text = copy;
	return 0;
}

int
store_grow(void *items, size_t count, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 16 : 2 * *room;
	void *old, *array;

	if (count < *room)
		return 0;
	/* The caller's pointer has a type of its own. */
	memcpy(&old, items, sizeof(old));
	array = reallocarray(old, more, size);
	if (array == NULL)
		return -ENOMEM;
	memcpy(items, &array, sizeof(array));
	*room = more;
	return 0;
}

int
store_open(const char *path, struct store **ret_store)
{
	struct store *store;
	int r;

	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return -ENOMEM;
	LIST_INIT(&store->condemned);
	r = store_error(sqlite3_open_v2(path, &store->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
	    NULL));
	if (r == 0)
		r = store_reserve_name(store);
	if (r == 0) {
		store_look_for_damage(store);
		r = store_migrate(store);
	}
	if (r == 0 && store->damaged)
		r = store_only_read(store);
	else if (r == 0)
		r = store_exec(store, "PRAGMA journal_mode = WAL;"
		    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
		    "PRAGMA trusted_schema = OFF;");
	if (r < 0) {
		store_close(store);
		return r;
	}
	if (!store->damaged)
		store_reserve(store);
	*ret_store = store;
	return 0;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	store_forget_statements(store);
	(void)sqlite3_close(store->db);
	store_acquit_all(store);
	free(store->reserve);
	free(store);
}
