/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Implements daemon/store/store_group.h. All that is to be kept is kept in one
 * transaction, which writes nothing if everything is there already.
 */
#include <stdlib.h>

#include "daemon/store/store_group.h"
#include "daemon/store/store_private.h"

/* One row; SQLITE_ROW if it is new or another one now, else SQLITE_DONE. */
static int
keep_group(sqlite3_stmt *stmt, const struct store_group *group)
{
	(void)sqlite3_reset(stmt);
	(void)sqlite3_bind_text(stmt, 1, group->issuer, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 2, group->provider, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 3, group->name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 4, group->gid);
	(void)sqlite3_bind_text(stmt, 5, group->problem, -1, SQLITE_STATIC);
	return sqlite3_step(stmt);
}

static int
keep_all(struct store *store, const struct store_group *groups, size_t count,
    store_group_fn *news, void *arg)
{
	sqlite3_stmt *stmt = NULL;
	size_t i;
	int code;

	code = sqlite3_prepare_v2(store->db,
	    "INSERT INTO own_group (issuer, provider, name, gid, problem)"
	    " VALUES (?, ?, ?, ?, ?) ON CONFLICT (issuer, provider) DO UPDATE"
	    " SET name = excluded.name, gid = excluded.gid,"
	    " problem = excluded.problem WHERE name <> excluded.name"
	    " OR gid <> excluded.gid OR problem <> excluded.problem"
	    " RETURNING 1", -1, &stmt, NULL);
	for (i = 0; i < count && (code == SQLITE_OK || code == SQLITE_DONE ||
	    code == SQLITE_ROW); i++) {
		code = keep_group(stmt, &groups[i]);
		if (code == SQLITE_ROW)
			news(arg, &groups[i]);
	}
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		code = sqlite3_reset(stmt);
	(void)sqlite3_finalize(stmt);
	return store_error(code);
}

int
store_keep_groups(struct store *store, const struct store_group *groups,
    size_t count, store_group_fn *news, void *arg)
{
	int r;

	if (count == 0)
		return 0;
	r = store_begin(store);
	if (r < 0)
		return r;
	return store_end(store, keep_all(store, groups, count, news, arg));
}

/* Does sql, whose parameters are an id and perhaps a name, find a row? */
static int
finds(struct store *store, const char *sql, uint32_t id, const char *name,
    bool *ret_found)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, id);
	if (code == SQLITE_OK && name != NULL)
		code = sqlite3_bind_text(stmt, 2, name, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW || code == SQLITE_DONE) {
		*ret_found = code == SQLITE_ROW;
		code = SQLITE_DONE;
	}
	(void)sqlite3_finalize(stmt);
	return store_error(code);
}

int
store_has_group(struct store *store, const char *name, uint32_t gid,
    bool *ret_has)
{
	return finds(store, "SELECT 1 FROM own_group WHERE gid = ? OR"
	    " name = ?", gid, name, ret_has);
}

int
store_id_was_somebodys(struct store *store, uint32_t id, bool *ret_was)
{
	return finds(store, "SELECT 1 FROM tombstone WHERE id = ?", id, NULL,
	    ret_was);
}

int
store_group_gids(struct store *store, uint32_t **ret_gids, size_t *ret_count)
{
	uint32_t *gids = NULL;
	size_t count = 0, room = 0;
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = sqlite3_prepare_v2(store->db, "SELECT DISTINCT gid FROM"
	    " own_group", -1, &stmt, NULL);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		r = store_grow(&gids, count, &room, sizeof(*gids));
		if (r == 0)
			gids[count++] = (uint32_t)sqlite3_column_int64(stmt,
			    0);
	}
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	if (r < 0) {
		free(gids);
		return r;
	}
	*ret_gids = gids;
	*ret_count = count;
	return 0;
}
