/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A store whose file is damaged: what can be read of it is read.
 *
 * MUST NOT write to it: that could take the rest, and an admin may have a
 *	better tool than ours.
 */
#include <string.h>

#include "daemon/store/store_private.h"

static int
may_read(void *arg UNUSED, int action, const char *one UNUSED,
    const char *two UNUSED, const char *database UNUSED,
    const char *trigger UNUSED)
{
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		return SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

/* Any other error shows again when the store is used. */
static bool
is_sound(struct store *store)
{
	sqlite3_stmt *stmt = NULL;
	const char *said = "ok";
	bool sound;
	int code;

	code = sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1,
	    &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		said = (const char *)sqlite3_column_text(stmt, 0);
	sound = code != SQLITE_CORRUPT && said != NULL &&
	    strcmp(said, "ok") == 0;
	(void)sqlite3_finalize(stmt);
	return sound;
}

/* Closing would write what is in the log of writes into the file. */
void
store_keep_log(struct store *store)
{
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
	    NULL);
}

void
store_look_for_damage(struct store *store)
{
	store->damaged = !is_sound(store);
}

int
store_only_read(struct store *store)
{
	store_keep_log(store);
	return store_error(sqlite3_set_authorizer(store->db, may_read, NULL));
}

bool
store_is_damaged(const struct store *store)
{
	return store->damaged;
}
