/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST seal what is written, each value for its own row and column.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/store_private.h"
#include "daemon/store/store_token.h"

#define OF_OWNER " person = (SELECT id FROM person WHERE issuer = ?1 AND" \
	" subject = ?2)"

void
token_pair_free(struct token_pair *pair)
{
	secret_free(&pair->refresh);
	secret_free(&pair->hint);
}

/* Prepare sql, whose first two parameters are the owner. */
static int
prepare(struct store *store, const char *sql, const struct token_owner *owner,
    sqlite3_stmt **ret_stmt)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, owner->issuer, -1,
		    SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 2, owner->subject, -1,
		    SQLITE_STATIC);
	if (code != SQLITE_OK) {
		(void)sqlite3_finalize(stmt);
		return store_error(code);
	}
	*ret_stmt = stmt;
	return 0;
}

/* Run what changes one row. */
static int
finish(struct store *store, sqlite3_stmt *stmt)
{
	int code;

	code = sqlite3_step(stmt);
	(void)sqlite3_finalize(stmt);
	if (code == SQLITE_DONE && sqlite3_changes(store->db) == 0)
		return -ENOENT;
	return store_error(code);
}

static struct seal_place
place_of(const struct token_owner *owner, const char *column)
{
	struct seal_place place = {
		"token", column, owner->issuer, owner->subject, ""
	};

	return place;
}

static int
bind_sealed(sqlite3_stmt *stmt, int at, const struct seal *seal,
    const struct token_owner *owner, const char *column,
    const struct secret *value)
{
	struct seal_place place = place_of(owner, column);
	struct secret sealed = SECRET_INIT;
	int r;

	r = seal_close(seal, &place, value, &sealed);
	if (r == 0)
		r = store_error(sqlite3_bind_blob(stmt, at, sealed.data,
		    (int)sealed.len, SQLITE_TRANSIENT));
	secret_free(&sealed);
	return r;
}

static void
bind_state(sqlite3_stmt *stmt, const struct token_state *state)
{
	(void)sqlite3_bind_int(stmt, 3, state->in_use);
	(void)sqlite3_bind_int64(stmt, 4, state->obtained);
	(void)sqlite3_bind_int64(stmt, 5, state->next);
	(void)sqlite3_bind_int64(stmt, 6, state->told);
	(void)sqlite3_bind_text(stmt, 7, state->outcome, -1, SQLITE_STATIC);
}

int
store_token_save(struct store *store, const struct seal *seal,
    const struct token_owner *owner, const struct token_pair *pair,
    const struct token_state *state)
{
	sqlite3_stmt *stmt;
	int r;

	r = prepare(store, "INSERT OR REPLACE INTO token (person, in_use,"
	    " obtained, next, told, outcome, refresh, hint)"
	    " SELECT id, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM person"
	    " WHERE issuer = ?1 AND subject = ?2", owner, &stmt);
	if (r < 0)
		return r;
	bind_state(stmt, state);
	r = bind_sealed(stmt, 8, seal, owner, "refresh", &pair->refresh);
	if (r == 0)
		r = bind_sealed(stmt, 9, seal, owner, "hint", &pair->hint);
	if (r < 0) {
		(void)sqlite3_finalize(stmt);
		return r;
	}
	return finish(store, stmt);
}

static int
open_sealed(sqlite3_stmt *stmt, int column, const struct seal *seal,
    const struct token_owner *owner, const char *name,
    struct secret *ret_value)
{
	struct seal_place place = place_of(owner, name);
	const void *sealed = sqlite3_column_blob(stmt, column);

	return sealed == NULL ? -EBADMSG : seal_open(seal, &place, sealed,
	    (size_t)sqlite3_column_bytes(stmt, column), ret_value);
}

int
store_token_open(struct store *store, const struct seal *seal,
    const struct token_owner *owner, struct token_pair *ret_pair)
{
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	sqlite3_stmt *stmt;
	int code, r;

	r = prepare(store, "SELECT refresh, hint FROM token WHERE" OF_OWNER
	    " AND length(refresh) > 0", owner, &stmt);
	if (r < 0)
		return r;
	code = sqlite3_step(stmt);
	r = code == SQLITE_DONE ? -ENOENT : store_error(code);
	if (r == 0)
		r = open_sealed(stmt, 0, seal, owner, "refresh",
		    &pair.refresh);
	/* Without the hint only the provider's end of it is missing. */
	if (r == 0 && open_sealed(stmt, 1, seal, owner, "hint",
	    &pair.hint) < 0)
		secret_free(&pair.hint);
	(void)sqlite3_finalize(stmt);
	if (r == 0)
		*ret_pair = pair;
	return r;
}

int
store_token_note(struct store *store, const struct token_owner *owner,
    const struct token_state *state)
{
	sqlite3_stmt *stmt;
	int r;

	r = prepare(store, state->kept ?
	    "UPDATE token SET in_use = ?3, obtained = ?4, next = ?5, told = ?6,"
	    " outcome = ?7 WHERE" OF_OWNER :
	    "UPDATE token SET in_use = ?3, obtained = ?4, next = ?5, told = ?6,"
	    " outcome = ?7, refresh = x'', hint = x'' WHERE" OF_OWNER,
	    owner, &stmt);
	if (r < 0)
		return r;
	bind_state(stmt, state);
	return finish(store, stmt);
}

int
store_token_state(struct store *store, const struct token_owner *owner,
    struct token_state *ret_state)
{
	struct token_state state = { 0 };
	sqlite3_stmt *stmt;
	const char *outcome;
	int code, r;

	r = prepare(store, "SELECT length(refresh) > 0, in_use, obtained, next,"
	    " told, outcome FROM token WHERE" OF_OWNER, owner, &stmt);
	if (r < 0)
		return r;
	code = sqlite3_step(stmt);
	r = code == SQLITE_DONE ? -ENOENT : store_error(code);
	if (r == 0) {
		state.kept = sqlite3_column_int(stmt, 0) != 0;
		state.in_use = sqlite3_column_int(stmt, 1) != 0;
		state.obtained = sqlite3_column_int64(stmt, 2);
		state.next = sqlite3_column_int64(stmt, 3);
		state.told = sqlite3_column_int64(stmt, 4);
		outcome = (const char *)sqlite3_column_text(stmt, 5);
		(void)snprintf(state.outcome, sizeof(state.outcome), "%s",
		    outcome == NULL ? "" : outcome);
		*ret_state = state;
	}
	(void)sqlite3_finalize(stmt);
	return r;
}

int
store_token_drop_used(struct store *store, const char *outcome, int64_t now,
    size_t *ret_count)
{
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = sqlite3_prepare_v2(store->db, "UPDATE token SET in_use = 0,"
	    " refresh = x'', hint = x'', outcome = ?1, told = ?2"
	    " WHERE in_use <> 0", -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, outcome, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 2, now);
	if (code != SQLITE_OK) {
		(void)sqlite3_finalize(stmt);
		return store_error(code);
	}
	r = finish(store, stmt);
	if (r < 0 && r != -ENOENT)
		return r;
	*ret_count = r < 0 ? 0 : (size_t)sqlite3_changes(store->db);
	return 0;
}

int
store_token_count(struct store *store, size_t *ret_count)
{
	int count, r;

	r = store_number(store, "SELECT count(*) FROM token"
	    " WHERE length(refresh) > 0", &count);
	if (r == 0)
		*ret_count = (size_t)count;
	return r;
}

int
store_token_each(struct store *store, store_token_fn *each, void *arg)
{
	struct token_owner owner;
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = sqlite3_prepare_v2(store->db, "SELECT issuer, subject, next"
	    " FROM token JOIN person ON person.id = token.person"
	    " WHERE length(refresh) > 0 ORDER BY next", -1, &stmt, NULL);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		owner.issuer = (const char *)sqlite3_column_text(stmt, 0);
		owner.subject = (const char *)sqlite3_column_text(stmt, 1);
		r = each(arg, &owner, sqlite3_column_int64(stmt, 2));
	}
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	return r;
}

static int
change_owner(struct store *store, const char *sql,
    const struct token_owner *owner)
{
	sqlite3_stmt *stmt;
	int r;

	r = prepare(store, sql, owner, &stmt);
	return r < 0 ? r : finish(store, stmt);
}

/* All of it, or nothing. */
static int
revoke(struct store *store, const struct token_owner *owner)
{
	static const char *const tables[] = {
		"DELETE FROM token WHERE" OF_OWNER,
		"DELETE FROM remembered_key WHERE" OF_OWNER,
		"DELETE FROM passcode WHERE" OF_OWNER,
	};
	size_t i;
	int r;

	r = store_begin(store);
	if (r < 0)
		return r;
	r = change_owner(store, "UPDATE person SET revoked = 1"
	    " WHERE issuer = ?1 AND subject = ?2", owner);
	for (i = 0; r == 0 && i < sizeof(tables) / sizeof(tables[0]); i++) {
		r = change_owner(store, tables[i], owner);
		if (r == -ENOENT)
			r = 0;
	}
	return store_end(store, r);
}

int
store_revoke(struct store *store, const struct token_owner *owner)
{
	int r;

	r = revoke(store, owner);
	if ((r == -ENOSPC || r == -EDQUOT) && store_give_up_reserve(store)) {
		r = revoke(store, owner);
		store_reserve(store);
	}
	if (r == 0)
		store_acquit(store, owner);
	else if (r != -ENOENT && store_condemn(store, owner) < 0)
		r = -ENOMEM;
	return r;
}
