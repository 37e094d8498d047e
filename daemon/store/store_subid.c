/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Implements daemon/store/store_subid.h.
 *
 * MUST never give a row to another person, nor drop one.
 */
#include <errno.h>
#include <stdlib.h>

#include "daemon/store/store_private.h"
#include "daemon/store/store_subid.h"

static void
clear_row(struct store_subid *row)
{
	free(row->issuer);
	free(row->subject);
	*row = (struct store_subid){ 0 };
}

static int
read_row(sqlite3_stmt *stmt, struct store_subid *ret_row)
{
	struct store_subid row = { 0 };
	int r;

	row.start = (uint32_t)sqlite3_column_int64(stmt, 0);
	if ((r = store_column_string(stmt, 1, &row.issuer)) < 0 ||
	    (r = store_column_string(stmt, 2, &row.subject)) < 0) {
		clear_row(&row);
		return r;
	}
	*ret_row = row;
	return 0;
}

int
store_subids(struct store *store, struct store_subid **ret_rows,
    size_t *ret_count)
{
	struct store_subid *rows = NULL, *more;
	size_t count = 0, room = 0;
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = sqlite3_prepare_v2(store->db, "SELECT start, issuer, subject"
	    " FROM subid ORDER BY issuer, subject, start", -1, &stmt, NULL);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (count == room) {
			room = room == 0 ? 64 : 2 * room;
			more = reallocarray(rows, room, sizeof(*rows));
			if (more == NULL) {
				r = -ENOMEM;
				break;
			}
			rows = more;
		}
		r = read_row(stmt, &rows[count]);
		if (r == 0)
			count++;
	}
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	if (r < 0) {
		store_free_subids(rows, count);
		return r;
	}
	*ret_rows = rows;
	*ret_count = count;
	return 0;
}

void
store_free_subids(struct store_subid *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		clear_row(&rows[i]);
	free(rows);
}

static int
keep_all(struct store *store, const struct store_subid *rows, size_t count)
{
	sqlite3_stmt *stmt = NULL;
	size_t i;
	int code;

	code = sqlite3_prepare_v2(store->db, "INSERT INTO subid (start,"
	    " issuer, subject) VALUES (?, ?, ?)", -1, &stmt, NULL);
	for (i = 0; i < count && (code == SQLITE_OK || code == SQLITE_DONE);
	    i++) {
		(void)sqlite3_reset(stmt);
		(void)sqlite3_bind_int64(stmt, 1, rows[i].start);
		(void)sqlite3_bind_text(stmt, 2, rows[i].issuer, -1,
		    SQLITE_STATIC);
		(void)sqlite3_bind_text(stmt, 3, rows[i].subject, -1,
		    SQLITE_STATIC);
		code = sqlite3_step(stmt);
	}
	(void)sqlite3_finalize(stmt);
	return store_error(code);
}

int
store_keep_subids(struct store *store, const struct store_subid *rows,
    size_t count)
{
	int r;

	if (count == 0)
		return 0;
	r = store_begin(store);
	if (r < 0)
		return r;
	return store_end(store, keep_all(store, rows, count));
}
