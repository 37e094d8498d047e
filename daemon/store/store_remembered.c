/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See store_remembered.h. A person is found by (issuer, subject), as
 * everywhere; names are for those who ask by name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/store_private.h"
#include "daemon/store/store_remembered.h"

#define OF_PERSON \
	"(SELECT id FROM person WHERE issuer = ? AND subject = ?)"
#define KEY_COLUMNS \
	"SELECT k.fingerprint, k.service, k.remembered, k.until, k.used," \
	" k.rhost, k.seal, p.name FROM remembered_key k" \
	" JOIN person p ON p.id = k.person "

void
remembered_key_free(struct remembered_key *key)
{
	free(key->service);
	free(key->rhost);
	free(key->name);
	secret_free(&key->seal);
	*key = (struct remembered_key){ 0 };
}

/* Prepare sql and bind count texts to its first parameters. */
static int
prepare(struct store *store, sqlite3_stmt **stmt, const char *sql,
    const char *const *texts, int count)
{
	int code, i;

	code = sqlite3_prepare_v2(store->db, sql, -1, stmt, NULL);
	for (i = 0; code == SQLITE_OK && i < count; i++)
		code = sqlite3_bind_text(*stmt, i + 1, texts[i], -1,
		    SQLITE_TRANSIENT);
	return code;
}

/* Run a statement that selects nothing; how many rows it changed. */
static int
run(struct store *store, sqlite3_stmt *stmt, int code, int *ret_changed)
{
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	(void)sqlite3_finalize(stmt);
	if (code == SQLITE_DONE && ret_changed != NULL)
		*ret_changed = sqlite3_changes(store->db);
	return store_error(code);
}

int
store_remember_key(struct store *store, const struct person *person,
    const struct remembered_key *key)
{
	const char *const texts[] = {
		person->issuer, person->subject, key->fingerprint, key->service
	};
	sqlite3_stmt *stmt = NULL;
	int code, r, changed = 0;

	code = prepare(store, &stmt, "INSERT OR REPLACE INTO remembered_key"
	    " (person, fingerprint, service, remembered, until, used, rhost,"
	    " seal) SELECT id, ?3, ?4, ?5, ?6, 0, ?7, ?8 FROM person"
	    " WHERE issuer = ?1 AND subject = ?2", texts, 4);
	if (code == SQLITE_OK) {
		(void)sqlite3_bind_int64(stmt, 5, key->remembered);
		(void)sqlite3_bind_int64(stmt, 6, key->until);
		(void)sqlite3_bind_text(stmt, 7, key->rhost, -1,
		    SQLITE_TRANSIENT);
		code = sqlite3_bind_blob(stmt, 8, key->seal.data,
		    (int)key->seal.len, SQLITE_TRANSIENT);
	}
	r = run(store, stmt, code, &changed);
	return r == 0 && changed == 0 ? -ENOENT : r;
}

/* The row that stmt, made from KEY_COLUMNS, stands on. */
static int
read_key(sqlite3_stmt *stmt, struct remembered_key *ret_key)
{
	struct remembered_key key = { 0 };
	const char *fingerprint = (const char *)sqlite3_column_text(stmt, 0);
	int r = -EUCLEAN;

	if (fingerprint == NULL || strlen(fingerprint) >= FINGERPRINT_SIZE)
		return r;
	memcpy(key.fingerprint, fingerprint, strlen(fingerprint) + 1);
	key.remembered = sqlite3_column_int64(stmt, 2);
	key.until = sqlite3_column_int64(stmt, 3);
	key.used = sqlite3_column_int64(stmt, 4);
	if ((r = store_column_string(stmt, 1, &key.service)) < 0 ||
	    (r = store_column_string(stmt, 5, &key.rhost)) < 0 ||
	    (r = store_column_string(stmt, 7, &key.name)) < 0 ||
	    (r = secret_set(&key.seal, sqlite3_column_blob(stmt, 6),
	    (size_t)sqlite3_column_bytes(stmt, 6))) < 0) {
		remembered_key_free(&key);
		return r;
	}
	*ret_key = key;
	return 0;
}

int
store_find_remembered(struct store *store, const struct person *person,
    const char *fingerprint, const char *service,
    struct remembered_key *ret_key)
{
	const char *const texts[] = {
		person->issuer, person->subject, fingerprint, service
	};
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = prepare(store, &stmt, KEY_COLUMNS "WHERE k.person = " OF_PERSON
	    " AND k.fingerprint = ? AND k.service = ?", texts, 4);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		r = read_key(stmt, ret_key);
	else
		r = code == SQLITE_DONE ? -ENOENT : store_error(code);
	(void)sqlite3_finalize(stmt);
	return r;
}

int
store_use_remembered(struct store *store, const struct person *person,
    const char *fingerprint, const char *service, int64_t now)
{
	const char *const texts[] = {
		person->issuer, person->subject, fingerprint, service
	};
	sqlite3_stmt *stmt = NULL;
	int code;

	code = prepare(store, &stmt, "UPDATE remembered_key SET used = ?5"
	    " WHERE person = (SELECT id FROM person WHERE issuer = ?1"
	    " AND subject = ?2) AND fingerprint = ?3 AND service = ?4",
	    texts, 4);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 5, now);
	return run(store, stmt, code, NULL);
}

int
store_each_remembered(struct store *store, const char *name,
    store_key_fn *tell, void *arg)
{
	struct remembered_key key;
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = prepare(store, &stmt, KEY_COLUMNS "WHERE ?1 IS NULL OR"
	    " p.name = ?1 ORDER BY p.name, k.remembered, k.fingerprint",
	    &name, 1);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		r = read_key(stmt, &key);
		if (r == 0) {
			tell(arg, &key);
			remembered_key_free(&key);
		}
	}
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	return r;
}

int
store_forget_keys(struct store *store, const char *name,
    const char *fingerprint, int *ret_count)
{
	const char *const texts[] = { name, fingerprint };
	sqlite3_stmt *stmt = NULL;
	int code;

	code = prepare(store, &stmt, "DELETE FROM remembered_key WHERE"
	    " person = (SELECT id FROM person WHERE name = ?1)"
	    " AND (?2 IS NULL OR fingerprint = ?2)", texts, 2);
	return run(store, stmt, code, ret_count);
}

int
store_expire_keys(struct store *store, int64_t now)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = prepare(store, &stmt, "DELETE FROM remembered_key WHERE"
	    " until <= ?1", NULL, 0);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, now);
	return run(store, stmt, code, NULL);
}
