/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST forget somebody whole or not at all: one transaction.
 * MUST leave a tombstone of each id before the person is gone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/store/store_private.h"
#include "daemon/store/store_tombstone.h"

/* The tables that refer to people, whichever there are. */
#define TABLES_OF_PEOPLE \
	"SELECT DISTINCT m.name FROM sqlite_master AS m," \
	" pragma_foreign_key_list(m.name) AS f" \
	" WHERE m.type = 'table' AND f.\"table\" = 'person'"

void
tombstone_clear(struct tombstone *stone)
{
	free(stone->name);
	free(stone->issuer);
	free(stone->subject);
	*stone = (struct tombstone){ 0 };
}

/* Run sql, whose first variable is the text and whose second, if it has one,
 * the number. -ENOENT if no row was changed. */
static int
run(struct store *store, const char *sql, const char *text, int64_t number)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, text, -1, SQLITE_TRANSIENT);
	if (code == SQLITE_OK && sqlite3_bind_parameter_count(stmt) > 1)
		code = sqlite3_bind_int64(stmt, 2, number);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	(void)sqlite3_finalize(stmt);
	if (code != SQLITE_DONE)
		return store_error(code);
	return sqlite3_changes(store->db) == 0 ? -ENOENT : 0;
}

/* The names come from our own schema. */
static int
empty_tables(struct store *store, const char *name)
{
	sqlite3_stmt *stmt = NULL;
	char sql[256];
	int code, r;

	code = sqlite3_prepare_v2(store->db, TABLES_OF_PEOPLE, -1, &stmt, NULL);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		(void)snprintf(sql, sizeof(sql), "DELETE FROM \"%s\" WHERE"
		    " person = (SELECT id FROM person WHERE name = ?)",
		    (const char *)sqlite3_column_text(stmt, 0));
		r = run(store, sql, name, 0);
		if (r == -ENOENT)
			r = 0;
	}
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	return r;
}

static int
forget(struct store *store, const char *name, int64_t now)
{
	static const char by_uid[] = "INSERT OR REPLACE INTO tombstone"
	    " (id, name, issuer, subject, forgotten)"
	    " SELECT uid, name, issuer, subject, ?2 FROM person"
	    " WHERE name = ?1";
	static const char by_gid[] = "INSERT OR REPLACE INTO tombstone"
	    " (id, name, issuer, subject, forgotten)"
	    " SELECT gid, name, issuer, subject, ?2 FROM person"
	    " WHERE name = ?1";
	int r;

	if ((r = run(store, by_uid, name, now)) < 0 ||
	    (r = run(store, by_gid, name, now)) < 0 ||
	    (r = empty_tables(store, name)) < 0)
		return r;
	return run(store, "DELETE FROM person WHERE name = ?", name, 0);
}

int
store_forget(struct store *store, const char *name, int64_t now)
{
	int r;

	r = store_begin(store);
	if (r < 0)
		return r;
	return store_end(store, forget(store, name, now));
}

static int
read_stone(sqlite3_stmt *stmt, struct tombstone *ret_stone)
{
	struct tombstone stone = { 0 };
	int r;

	stone.id = (uint32_t)sqlite3_column_int64(stmt, 0);
	stone.forgotten = sqlite3_column_int64(stmt, 4);
	if ((r = store_column_string(stmt, 1, &stone.name)) < 0 ||
	    (r = store_column_string(stmt, 2, &stone.issuer)) < 0 ||
	    (r = store_column_string(stmt, 3, &stone.subject)) < 0) {
		tombstone_clear(&stone);
		return r;
	}
	*ret_stone = stone;
	return 0;
}

#define STONES	"SELECT id, name, issuer, subject, forgotten FROM tombstone "

int
store_find_tombstone(struct store *store, uint32_t id,
    struct tombstone *ret_stone)
{
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = store_prepare(store, STONES "WHERE id = ?", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, id);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		r = read_stone(stmt, ret_stone);
	else
		r = code == SQLITE_DONE ? -ENOENT : store_error(code);
	store_release(store, stmt);
	return r;
}

int
store_name_was_other(struct store *store, const char *name, uint32_t id)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store, "SELECT 1 FROM tombstone WHERE name = ?"
	    " AND id <> ?", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 2, id);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	store_release(store, stmt);
	if (code == SQLITE_ROW)
		return 0;
	return code == SQLITE_DONE ? -ENOENT : store_error(code);
}

int
store_tombstones(struct store *store, struct tombstone **ret_stones,
    size_t *ret_count)
{
	struct tombstone *stones = NULL;
	size_t count = 0, room = 0;
	sqlite3_stmt *stmt = NULL;
	int code, r;

	/* Whoever came back is not forgotten. */
	code = sqlite3_prepare_v2(store->db, STONES "WHERE NOT EXISTS (SELECT 1"
	    " FROM person WHERE uid = tombstone.id OR gid = tombstone.id)"
	    " ORDER BY id", -1, &stmt, NULL);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		r = store_grow(&stones, count, &room, sizeof(*stones));
		if (r == 0)
			r = read_stone(stmt, &stones[count]);
		if (r == 0)
			count++;
	}
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	if (r < 0) {
		store_free_tombstones(stones, count);
		return r;
	}
	*ret_stones = stones;
	*ret_count = count;
	return 0;
}

void
store_free_tombstones(struct tombstone *stones, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		tombstone_clear(&stones[i]);
	free(stones);
}
