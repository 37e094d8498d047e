/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows SQLite. A person is written in one transaction,
 * and that is on the disk when store_save() returns.
 *
 * MUST never delete, move or rewrite a store that it does not understand: the
 *	uids in it are the owners of people's files.
 * MUST never change the name, uid or gid of a person who is bound.
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store.h"

/* PRAGMA application_id, so that no other program's database is taken for
 * ours ("hpss"), and the number of the schema below. */
#define STORE_APPLICATION	0x68707373
#define STORE_SCHEMA		1

struct store {
	sqlite3	*db;
};

static const char schema[] =
    "CREATE TABLE person ("
    " id INTEGER PRIMARY KEY,"
    " issuer TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " name TEXT NOT NULL UNIQUE,"
    " uid INTEGER NOT NULL UNIQUE,"
    " gid INTEGER NOT NULL,"
    " gecos TEXT NOT NULL,"
    " home TEXT NOT NULL,"
    " shell TEXT NOT NULL,"
    " bound INTEGER NOT NULL,"
    " last_proof INTEGER NOT NULL,"
    " revoked INTEGER NOT NULL,"
    " UNIQUE (issuer, subject));"
    "CREATE TABLE person_group ("
    " person INTEGER NOT NULL REFERENCES person (id),"
    " name TEXT NOT NULL,"
    " PRIMARY KEY (person, name)) WITHOUT ROWID;";

#define PERSON_COLUMNS \
	"SELECT id, issuer, subject, name, uid, gid, gecos, home, shell," \
	" bound, last_proof, revoked FROM person "

/* What SQLite says, as -errno. */
static int
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
		return -EUCLEAN;
	default:
		return -EIO;
	}
}

static int
store_exec(struct store *store, const char *sql)
{
	return store_error(sqlite3_exec(store->db, sql, NULL, NULL, NULL));
}

static int
store_number(struct store *store, const char *sql, int *ret_value)
{
	sqlite3_stmt *stmt = NULL;
	int code, value = 0;

	code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	(void)sqlite3_finalize(stmt);
	if (store_error(code) == 0)
		*ret_value = value;
	return store_error(code);
}

/* Make the schema in a new file; refuse what is not ours or from the future. */
static int
store_prepare_schema(struct store *store)
{
	int application, version, tables, r;
	char sql[sizeof(schema) + 128];

	if ((r = store_number(store, "PRAGMA application_id", &application)) < 0 ||
	    (r = store_number(store, "PRAGMA user_version", &version)) < 0 ||
	    (r = store_number(store, "SELECT count(*) FROM sqlite_master",
	    &tables)) < 0)
		return r;
	if (application == 0 && version == 0 && tables == 0) {
		(void)snprintf(sql, sizeof(sql), "BEGIN IMMEDIATE; %s"
		    "PRAGMA application_id = %d; PRAGMA user_version = %d;"
		    "COMMIT;", schema, STORE_APPLICATION, STORE_SCHEMA);
		return store_exec(store, sql);
	}
	if (application != STORE_APPLICATION)
		return -EUCLEAN;
	return version == STORE_SCHEMA ? 0 : -EPROTONOSUPPORT;
}

int
store_open(const char *path, struct store **ret_store)
{
	struct store *store;
	int r;

	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return -ENOMEM;
	r = store_error(sqlite3_open_v2(path, &store->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
	    NULL));
	if (r == 0)
		r = store_prepare_schema(store);
	if (r == 0)
		r = store_exec(store, "PRAGMA journal_mode = WAL;"
		    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
		    "PRAGMA trusted_schema = OFF;");
	if (r < 0) {
		store_close(store);
		return r;
	}
	*ret_store = store;
	return 0;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	(void)sqlite3_close(store->db);
	free(store);
}

static int
column_string(sqlite3_stmt *stmt, int column, char **ret)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	*ret = strdup(text == NULL ? "" : text);
	return *ret == NULL ? -ENOMEM : 0;
}

static int
read_groups(struct store *store, int64_t id, struct person *person)
{
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = sqlite3_prepare_v2(store->db, "SELECT name FROM person_group "
	    "WHERE person = ? ORDER BY name", -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, id);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		r = person_add_group(person,
		    (const char *)sqlite3_column_text(stmt, 0));
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	return r;
}

/* The person in the row that stmt, made from PERSON_COLUMNS, stands on. */
static int
read_person(struct store *store, sqlite3_stmt *stmt, struct person **ret_person)
{
	struct person *person;
	int r;

	person = person_new();
	if (person == NULL)
		return -ENOMEM;
	if ((r = column_string(stmt, 1, &person->issuer)) < 0 ||
	    (r = column_string(stmt, 2, &person->subject)) < 0 ||
	    (r = column_string(stmt, 3, &person->name)) < 0 ||
	    (r = column_string(stmt, 6, &person->gecos)) < 0 ||
	    (r = column_string(stmt, 7, &person->home)) < 0 ||
	    (r = column_string(stmt, 8, &person->shell)) < 0)
		goto out;
	person->uid = (uint32_t)sqlite3_column_int64(stmt, 4);
	person->gid = (uint32_t)sqlite3_column_int64(stmt, 5);
	person->bound = sqlite3_column_int64(stmt, 9);
	person->last_proof = sqlite3_column_int64(stmt, 10);
	person->revoked = sqlite3_column_int(stmt, 11) != 0;
	r = read_groups(store, sqlite3_column_int64(stmt, 0), person);
	if (r < 0)
		goto out;
	*ret_person = person;
	person = NULL;
out:
	person_free(person);
	return r;
}

/* The one person that stmt finds; stmt is finalized. */
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
	(void)sqlite3_finalize(stmt);
	return r;
}

int
store_find_name(struct store *store, const char *name,
    struct person **ret_person)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = sqlite3_prepare_v2(store->db, PERSON_COLUMNS "WHERE name = ?", -1,
	    &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_TRANSIENT);
	return find_person(store, stmt, code, ret_person);
}

int
store_find_uid(struct store *store, uint32_t uid, struct person **ret_person)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	code = sqlite3_prepare_v2(store->db, PERSON_COLUMNS "WHERE uid = ?", -1,
	    &stmt, NULL);
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

	code = sqlite3_prepare_v2(store->db, PERSON_COLUMNS
	    "WHERE issuer = ? AND subject = ?", -1, &stmt, NULL);
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

int
store_all(struct store *store, struct person ***ret_people, size_t *ret_count)
{
	struct person **people = NULL, **more;
	size_t count = 0, room = 0;
	sqlite3_stmt *stmt = NULL;
	int code, r;

	code = sqlite3_prepare_v2(store->db, PERSON_COLUMNS "ORDER BY name", -1,
	    &stmt, NULL);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (count == room) {
			room = room == 0 ? 64 : 2 * room;
			more = reallocarray(people, room, sizeof(*people));
			if (more == NULL) {
				r = -ENOMEM;
				break;
			}
			people = more;
		}
		r = read_person(store, stmt, &people[count]);
		if (r == 0)
			count++;
	}
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	if (r < 0) {
		store_free_all(people, count);
		return r;
	}
	*ret_people = people;
	*ret_count = count;
	return 0;
}

void
store_free_all(struct person **people, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		person_free(people[i]);
	free(people);
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

	code = sqlite3_prepare_v2(store->db,
	    "INSERT INTO person (issuer, subject, name, uid, gid, gecos, home,"
	    " shell, bound, last_proof, revoked)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (issuer, subject) DO UPDATE SET gecos = excluded.gecos,"
	    " home = excluded.home, shell = excluded.shell,"
	    " last_proof = excluded.last_proof, revoked = excluded.revoked"
	    " WHERE name = excluded.name AND uid = excluded.uid"
	    " AND gid = excluded.gid RETURNING id", -1, &stmt, NULL);
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
	code = sqlite3_step(stmt);
	if (code == SQLITE_DONE)
		code = SQLITE_CONSTRAINT;
	if (code == SQLITE_ROW)
		*ret_id = sqlite3_column_int64(stmt, 0);
out:
	(void)sqlite3_finalize(stmt);
	return store_error(code);
}

static int
write_groups(struct store *store, int64_t id, const struct person *person)
{
	sqlite3_stmt *stmt = NULL;
	size_t i;
	int code;

	code = sqlite3_prepare_v2(store->db,
	    "DELETE FROM person_group WHERE person = ?", -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, id);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	(void)sqlite3_finalize(stmt);
	if (code != SQLITE_DONE)
		return store_error(code);
	stmt = NULL;
	code = sqlite3_prepare_v2(store->db,
	    "INSERT OR IGNORE INTO person_group (person, name) VALUES (?, ?)",
	    -1, &stmt, NULL);
	for (i = 0; code == SQLITE_OK && i < person->group_count; i++) {
		(void)sqlite3_bind_int64(stmt, 1, id);
		(void)sqlite3_bind_text(stmt, 2, person->groups[i], -1,
		    SQLITE_STATIC);
		code = sqlite3_step(stmt);
		if (code == SQLITE_DONE)
			code = sqlite3_reset(stmt);
	}
	(void)sqlite3_finalize(stmt);
	return store_error(code);
}

int
store_save(struct store *store, const struct person *person)
{
	int64_t id = 0;
	int r;

	r = store_exec(store, "BEGIN IMMEDIATE");
	if (r < 0)
		return r;
	r = write_person(store, person, &id);
	if (r == 0)
		r = write_groups(store, id, person);
	if (r == 0)
		r = store_exec(store, "COMMIT");
	if (r < 0)
		(void)store_exec(store, "ROLLBACK");
	return r;
}
