/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People in the store. Somebody is written in one transaction, and that is on
 * the disk when store_save() returns.
 *
 * MUST never change the name, uid or gid of a person who is bound.
 * MUST show nobody as she was before a revocation that cannot be written.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/store_private.h"
#include "daemon/store/store_token.h"

typedef int add_fn(struct person *person, const char *text);

/* Add each text that sql, with the person's row number in it, selects. */
static int
read_texts(struct store *store, const char *sql, int64_t id, add_fn *add,
    struct person *person)
{
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = store_prepare(store, sql, &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, id);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		r = add(person, (const char *)sqlite3_column_text(stmt, 0));
	if (r == 0)
		r = store_error(code);
	store_release(store, stmt);
	return r;
}

static int
read_lists(struct store *store, int64_t id, struct person *person)
{
	int r;

	r = read_texts(store, "SELECT name FROM person_group WHERE person = ?"
	    " ORDER BY name", id, person_add_group, person);
	if (r == 0)
		r = read_texts(store, "SELECT line FROM person_key WHERE"
		    " person = ? ORDER BY line", id, person_add_ssh_key,
		    person);
	return r;
}

static struct token_owner
owner_of(const struct person *person)
{
	struct token_owner owner = { person->issuer, person->subject };

	return owner;
}

int
store_person_row(struct store *store, sqlite3_stmt *stmt,
    struct person **ret_person)
{
	struct token_owner owner;
	struct person *person;
	int r;

	person = person_new();
	if (person == NULL)
		return -ENOMEM;
	if ((r = store_column_string(stmt, 1, &person->issuer)) < 0 ||
	    (r = store_column_string(stmt, 2, &person->subject)) < 0 ||
	    (r = store_column_string(stmt, 3, &person->name)) < 0 ||
	    (r = store_column_string(stmt, 6, &person->gecos)) < 0 ||
	    (r = store_column_string(stmt, 7, &person->home)) < 0 ||
	    (r = store_column_string(stmt, 8, &person->shell)) < 0)
		goto out;
	person->uid = (uint32_t)sqlite3_column_int64(stmt, 4);
	person->gid = (uint32_t)sqlite3_column_int64(stmt, 5);
	person->bound = sqlite3_column_int64(stmt, 9);
	person->last_proof = sqlite3_column_int64(stmt, 10);
	owner = owner_of(person);
	person->revoked = sqlite3_column_int(stmt, 11) != 0 ||
	    store_is_condemned(store, &owner);
	person->last_passkey = sqlite3_column_int64(stmt, 12);
	person->listed = sqlite3_column_int(stmt, 13) != 0;
	person->groups_told = sqlite3_column_int64(stmt, 14);
	*ret_person = person;
	person = NULL;
out:
	person_free(person);
	return r;
}

/* The same, with all that she has. */
static int
read_person(struct store *store, sqlite3_stmt *stmt, struct person **ret_person)
{
	struct person *person;
	int r;

	r = store_person_row(store, stmt, &person);
	if (r < 0)
		return r;
	r = read_lists(store, sqlite3_column_int64(stmt, 0), person);
	if (r < 0)
		person_free(person);
	else
		*ret_person = person;
	return r;
}

/* The one person that stmt finds; stmt is released. */
static int
find_person(struct store *store, sqlite3_stmt *stmt, int code,
    struct person **ret_person)
{
	int r;

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		r = read_person(store, stmt, ret_person);
	else
		r = code == SQLITE_DONE ? -ENOENT : store_error(code);
	store_release(store, stmt);
	return r;
}

int
store_find_name(struct store *store, const char *name,
    struct person **ret_person)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store, STORE_PERSON_COLUMNS "WHERE name = ?", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_TRANSIENT);
	return find_person(store, stmt, code, ret_person);
}

int
store_find_uid(struct store *store, uint32_t uid, struct person **ret_person)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store, STORE_PERSON_COLUMNS "WHERE uid = ?", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, uid);
	return find_person(store, stmt, code, ret_person);
}

int
store_find_subject(struct store *store, const char *issuer,
    const char *subject, struct person **ret_person)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store, STORE_PERSON_COLUMNS
	    "WHERE issuer = ? AND subject = ?", &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, issuer, -1, SQLITE_TRANSIENT);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 2, subject, -1,
		    SQLITE_TRANSIENT);
	return find_person(store, stmt, code, ret_person);
}

int
store_count(struct store *store, size_t *ret_count)
{
	int count, r;

	r = store_number(store, "SELECT count(*) FROM person", &count);
	if (r == 0)
		*ret_count = (size_t)count;
	return r;
}

/*
 * Insert or update the row. The conflict target is the subject alone: a name
 * or uid that is somebody else's is a constraint error, and for a known
 * subject the WHERE refuses (no row comes back) if its name or ids differ.
 */
static int
write_person(struct store *store, const struct person *person, int64_t *ret_id)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = store_prepare(store,
	    "INSERT INTO person (issuer, subject, name, uid, gid, gecos, home,"
	    " shell, bound, last_proof, revoked, last_passkey, listed,"
	    " groups_told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (issuer, subject) DO UPDATE SET gecos = excluded.gecos,"
	    " home = excluded.home, shell = excluded.shell,"
	    " last_proof = excluded.last_proof, revoked = excluded.revoked,"
	    " last_passkey = excluded.last_passkey, listed = excluded.listed,"
	    " groups_told = excluded.groups_told"
	    " WHERE name = excluded.name AND uid = excluded.uid"
	    " AND gid = excluded.gid RETURNING id", &stmt);
	if (code != SQLITE_OK)
		goto out;
	(void)sqlite3_bind_text(stmt, 1, person->issuer, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 2, person->subject, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 3, person->name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 4, person->uid);
	(void)sqlite3_bind_int64(stmt, 5, person->gid);
	(void)sqlite3_bind_text(stmt, 6, person->gecos, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 7, person->home, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 8, person->shell, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 9, person->bound);
	(void)sqlite3_bind_int64(stmt, 10, person->last_proof);
	(void)sqlite3_bind_int(stmt, 11, person->revoked);
	(void)sqlite3_bind_int64(stmt, 12, person->last_passkey);
	(void)sqlite3_bind_int(stmt, 13, person->listed);
	(void)sqlite3_bind_int64(stmt, 14, person->groups_told);
	code = sqlite3_step(stmt);
	if (code == SQLITE_DONE)
		code = SQLITE_CONSTRAINT;
	if (code == SQLITE_ROW)
		*ret_id = sqlite3_column_int64(stmt, 0);
out:
	store_release(store, stmt);
	return store_error(code);
}

/* Put texts in the place of what a table had for the person. */
static int
write_texts(struct store *store, const char *clear, const char *insert,
    int64_t id, char *const *texts, size_t count)
{
	sqlite3_stmt *stmt = NULL;
	size_t i;
	int code;

	code = store_prepare(store, clear, &stmt);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, id);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	store_release(store, stmt);
	if (code != SQLITE_DONE)
		return store_error(code);
	stmt = NULL;
	code = store_prepare(store, insert, &stmt);
	for (i = 0; code == SQLITE_OK && i < count; i++) {
		(void)sqlite3_bind_int64(stmt, 1, id);
		(void)sqlite3_bind_text(stmt, 2, texts[i], -1, SQLITE_STATIC);
		code = sqlite3_step(stmt);
		if (code == SQLITE_DONE)
			code = sqlite3_reset(stmt);
	}
	store_release(store, stmt);
	return store_error(code);
}

static int
write_lists(struct store *store, int64_t id, const struct person *person)
{
	int r;

	r = write_texts(store, "DELETE FROM person_group WHERE person = ?",
	    "INSERT OR IGNORE INTO person_group (person, name) VALUES (?, ?)",
	    id, person->groups, person->group_count);
	if (r == 0)
		r = write_texts(store, "DELETE FROM person_key WHERE"
		    " person = ?", "INSERT OR IGNORE INTO person_key"
		    " (person, line) VALUES (?, ?)", id, person->ssh_keys,
		    person->ssh_key_count);
	return r;
}

int
store_save(struct store *store, const struct person *person)
{
	struct token_owner owner = owner_of(person);
	int64_t id = 0;
	int r;

	r = store_begin(store);
	if (r < 0)
		return r;
	r = write_person(store, person, &id);
	if (r == 0)
		r = write_lists(store, id, person);
	r = store_end(store, r);
	if (r == 0 && !person->revoked)
		store_acquit(store, &owner);
	return r;
}
