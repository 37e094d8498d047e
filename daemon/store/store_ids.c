/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What belongs to one person alone, whoever she is: ids, homes.
 */
#include <errno.h>

#include "daemon/store/store_private.h"

int
store_find_id(struct store *store, uint32_t id, struct person **ret_person)
{
	sqlite3_stmt *stmt = NULL;
	int64_t uid = -1;
	int code;

	code = store_prepare(store, "SELECT uid FROM person"
	    " WHERE uid = ?1 UNION SELECT uid FROM person WHERE gid = ?1",
	    &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, id);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		uid = sqlite3_column_int64(stmt, 0);
	store_release(store, stmt);
	if (code == SQLITE_DONE)
		return -ENOENT;
	if (code != SQLITE_ROW)
		return store_error(code);
	return store_find_uid(store, (uint32_t)uid, ret_person);
}

int
store_has_home(struct store *store, const char *home)
{
	sqlite3_stmt *stmt = NULL;
	int code, has;

	code = store_prepare(store, "SELECT 1 FROM person WHERE"
	    " home = ? LIMIT 1", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, home, -1, SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	has = code == SQLITE_ROW;
	store_release(store, stmt);
	return store_error(code) < 0 ? store_error(code) : has;
}
