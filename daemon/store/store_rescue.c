/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A damaged page takes rows with it. People are looked for one by one, and then
 * what is theirs; of the rest, what is before the first damage and behind the
 * last is found by reading from both ends.
 *
 * MUST keep the damaged file.
 * MUST NOT have somebody be in less groups than she is.
 * MUST NOT take the place of a store that is sound, or that a daemon has open.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/store/store_private.h"
#include "daemon/store/store_rescue.h"

/* How far beyond the highest row that can be read more are looked for. */
#define BEYOND	10000

#define COLUMNS_MAX	32

static const char *const of_people[] = {
	"person_key", "token", "remembered_key", "passcode",
};
static const char *const others[] = {
	"tombstone", "directory", "own_group", "subid",
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

struct rescue {
	struct store		*from;
	struct store		*store;		/* the new one */
	struct store_rescued	*told;
};

/* Of one table, from the damaged store to the new one. */
struct rows {
	struct rescue	*rescue;
	sqlite3_stmt	*select;
	sqlite3_stmt	*insert;
};

static int
rows_open(struct rescue *rescue, const char *table, const char *which,
    struct rows *rows)
{
	char sql[256], marks[2 * COLUMNS_MAX] = "?";
	int code, columns, i;

	*rows = (struct rows){ .rescue = rescue };
	(void)snprintf(sql, sizeof(sql), "SELECT * FROM %s NOT INDEXED %s",
	    table, which);
	code = sqlite3_prepare_v2(rescue->from->db, sql, -1, &rows->select,
	    NULL);
	if (code != SQLITE_OK)
		return store_error(code);
	columns = sqlite3_column_count(rows->select);
	if (columns > COLUMNS_MAX)
		return -E2BIG;
	for (i = 1; i < columns; i++)
		memcpy(marks + 2 * i - 1, ",?", 3);
	(void)snprintf(sql, sizeof(sql), "INSERT OR IGNORE INTO %s"
	    " VALUES (%s)", table, marks);
	return store_error(sqlite3_prepare_v2(rescue->store->db, sql, -1,
	    &rows->insert, NULL));
}

static void
rows_close(struct rows *rows)
{
	(void)sqlite3_finalize(rows->select);
	(void)sqlite3_finalize(rows->insert);
}

static int
copy_row(struct rows *rows)
{
	int code, i;

	for (i = 0; i < sqlite3_column_count(rows->select); i++) {
		code = sqlite3_bind_value(rows->insert, i + 1,
		    sqlite3_column_value(rows->select, i));
		if (code != SQLITE_OK)
			return store_error(code);
	}
	code = sqlite3_step(rows->insert);
	(void)sqlite3_reset(rows->insert);
	return store_error(code);
}

/* Copy the rows up to the first damage; number is the variable of what is
 * selected, if it has one. 0 or -errno. */
static int
copy_rows(struct rows *rows, int64_t number)
{
	int code = SQLITE_OK, r = 0;

	if (sqlite3_bind_parameter_count(rows->select) > 0)
		code = sqlite3_bind_int64(rows->select, 1, number);
	if (code != SQLITE_OK)
		return store_error(code);
	while (r == 0 && (code = sqlite3_step(rows->select)) == SQLITE_ROW)
		r = copy_row(rows);
	(void)sqlite3_reset(rows->select);
	if (r < 0)
		return r;
	if ((code & 0xff) == SQLITE_CORRUPT) {
		rows->rescue->told->failed++;
		return 0;
	}
	return store_error(code);
}

/* All that which selects. */
static int
copy_table(struct rescue *rescue, const char *table, const char *which)
{
	struct rows rows;
		int r;

	r = rows_open(rescue, table, which, &rows);
	if (r == 0)
		r = copy_rows(&rows, 0);
	rows_close(&rows);
	return r;
}

static bool
has_table(struct rescue *rescue, const char *table)
{
	char sql[128];
	int count;

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM"
	    " sqlite_master WHERE name = '%s'", table);
	return store_number(rescue->store, sql, &count) == 0 && count > 0;
}

static int
copy_others(struct rescue *rescue)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < COUNT(others); i++) {
		if (!has_table(rescue, others[i]))
			continue;
		r = copy_table(rescue, others[i], "ORDER BY 1");
		if (r == 0)
			r = copy_table(rescue, others[i], "ORDER BY 1 DESC");
	}
	return r;
}

/* People from both ends, to learn which numbers there are, then by number. */
static int
copy_people(struct rescue *rescue, int *ret_last)
{
	struct rows rows;
	int64_t id;
		int r;

	if ((r = copy_table(rescue, "person", "ORDER BY id")) < 0 ||
	    (r = copy_table(rescue, "person", "ORDER BY id DESC")) < 0 ||
	    (r = store_number(rescue->store, "SELECT max(id) FROM person",
	    ret_last)) < 0)
		return r;
	*ret_last += BEYOND;
	r = rows_open(rescue, "person", "WHERE id = ?", &rows);
	for (id = 1; r == 0 && id <= *ret_last; id++)
		r = copy_rows(&rows, id);
	rows_close(&rows);
	return r;
}

/* Was this person found? What is nobody's is left behind. */
static bool
is_person(struct rescue *rescue, int64_t id)
{
	sqlite3_stmt *stmt = NULL;
	bool found;

	found = store_prepare(rescue->store, "SELECT 1 FROM person"
	    " WHERE id = ?", &stmt) == SQLITE_OK &&
	    sqlite3_bind_int64(stmt, 1, id) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW;
	store_release(rescue->store, stmt);
	return found;
}

static int
copy_theirs(struct rescue *rescue, const char *table, int last)
{
	struct rows rows;
	int64_t id;
		int r;

	if (!has_table(rescue, table))
		return 0;
	r = rows_open(rescue, table, "WHERE person = ?", &rows);
	for (id = 1; r == 0 && id <= last; id++) {
		if (is_person(rescue, id))
			r = copy_rows(&rows, id);
	}
	rows_close(&rows);
	return r;
}

/* Whose groups are not all there may be one whom deny_groups keeps out: nobody
 * is, until the provider tells again. */
static int
copy_groups(struct rescue *rescue, int last)
{
	size_t failed = rescue->told->failed;
	int r;

	r = copy_theirs(rescue, "person_group", last);
	if (r == 0 && rescue->told->failed > failed)
		r = store_exec(rescue->store,
		    "UPDATE person SET last_proof = 0");
	return r;
}

static int
copy_all(struct rescue *rescue)
{
	int last = 0, r;
	size_t i;

	r = copy_people(rescue, &last);
	if (r == 0)
		r = copy_groups(rescue, last);
	for (i = 0; r == 0 && i < COUNT(of_people); i++)
		r = copy_theirs(rescue, of_people[i], last);
	return r < 0 ? r : copy_others(rescue);
}

/* --- the files --- */

static const char *const suffixes[] = { "", "-wal", "-shm" };

/* Move the store and what SQLite keeps beside it. All of it, or -errno. */
static int
move(const char *from, const char *to)
{
	char old[PATH_MAX + 8], new[PATH_MAX + 8];
	size_t i;

	for (i = 0; i < COUNT(suffixes); i++) {
		(void)snprintf(old, sizeof(old), "%s%s", from, suffixes[i]);
		(void)snprintf(new, sizeof(new), "%s%s", to, suffixes[i]);
		if (rename(old, new) < 0 && (i == 0 || errno != ENOENT))
			return -errno;
	}
	return 0;
}

static int
name_aside(const char *path, char aside[PATH_MAX])
{
	time_t now = time(NULL);
	char when[32];
	struct tm tm;

	if (gmtime_r(&now, &tm) == NULL || strftime(when, sizeof(when),
	    "%Y%m%dT%H%M%SZ", &tm) == 0)
		return -EOVERFLOW;
	if (snprintf(aside, PATH_MAX, "%s.damaged-%s", path, when) >= PATH_MAX)
		return -ENAMETOOLONG;
	return access(aside, F_OK) == 0 ? -EAGAIN : 0;
}

static struct store *
open_file(const char *path, int flags, int *ret_error)
{
	struct store *store = calloc(1, sizeof(*store));

	*ret_error = -ENOMEM;
	if (store == NULL)
		return NULL;
	LIST_INIT(&store->condemned);
	*ret_error = store_error(sqlite3_open_v2(path, &store->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | flags, NULL));
	if (*ret_error == 0) {
		store_keep_log(store);
		return store;
	}
	store_close(store);
	return NULL;
}

/* 0 and the version of the damaged store, as far as it can be read; -EEXIST:
 * it is sound; -EBUSY: somebody has it open. */
static int
examine(const char *path, int *ret_version)
{
	struct store *store;
	int r;

	store = open_file(path, 0, &r);
	if (store == NULL)
		return r;
	r = store_exec(store, "PRAGMA locking_mode = EXCLUSIVE;"
	    "BEGIN IMMEDIATE; ROLLBACK");
	if (r == 0 || r == -EUCLEAN) {
		store_look_for_damage(store);
		r = r == 0 && !store->damaged ? -EEXIST : 0;
		*ret_version = 0;
		if (store_number(store, "PRAGMA user_version",
		    ret_version) < 0)
			*ret_version = 0;
	}
	store_close(store);
	return r;
}

/* In one transaction. What is no database at all has nobody in it. */
static int
fill(struct rescue *rescue)
{
	struct store_rescued *told = rescue->told;
	int people = 0, tokens = 0, r;

	if (store_number(rescue->from, "SELECT count(*) FROM sqlite_master",
	    &people) < 0) {
		told->failed++;
		return 0;
	}
	r = store_begin(rescue->store);
	if (r == 0)
		r = store_end(rescue->store, copy_all(rescue));
	if (r == 0)
		r = store_number(rescue->store, "SELECT count(*) FROM person",
		    &people);
	if (r == 0 && has_table(rescue, "token"))
		r = store_number(rescue->store, "SELECT count(*) FROM token"
		    " WHERE length(refresh) > 0", &tokens);
	told->people = (size_t)people;
	told->tokens = (size_t)tokens;
	return r;
}

static int
make_new(const char *path, int version, struct store_rescued *told)
{
	struct rescue rescue = { .told = told };
	int r;

	rescue.from = open_file(told->aside, 0, &r);
	if (rescue.from == NULL)
		return r;
	rescue.store = open_file(path, SQLITE_OPEN_CREATE, &r);
	if (rescue.store != NULL)
		r = store_make(rescue.store, version);
	if (r == 0)
		r = fill(&rescue);
	store_close(rescue.store);
	store_close(rescue.from);
	return r;
}

int
store_rescue(const char *path, struct store_rescued *ret_rescued)
{
	int version = 0, r;

	memset(ret_rescued, 0, sizeof(*ret_rescued));
	if ((r = examine(path, &version)) < 0 ||
	    (r = name_aside(path, ret_rescued->aside)) < 0)
		return r;
	r = move(path, ret_rescued->aside);
	if (r == 0)
		r = make_new(path, version, ret_rescued);
	if (r < 0) {
		(void)unlink(path);
		(void)move(ret_rescued->aside, path);
	}
	return r;
}
