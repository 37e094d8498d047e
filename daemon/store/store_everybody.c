/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All people at once. Each table is read once, from its start to its end, in
 * the order of people's row numbers, and what belongs together is put together
 * on the way: a statement for each person would take seconds for a hundred
 * thousand of them, and this is done whenever the snapshot is written.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "daemon/store/store_private.h"

/* People whose memory is some megabytes. */
#define MANY	10000

typedef int add_fn(struct person *person, const char *text);

/* A list of texts, by person. */
struct texts {
	sqlite3_stmt	*stmt;
	add_fn		*add;
	int64_t		 person;	/* of the row it stands on */
	bool		 ended;
};

static int
next_text(struct texts *texts)
{
	int code = sqlite3_step(texts->stmt);

	texts->ended = code != SQLITE_ROW;
	if (!texts->ended)
		texts->person = sqlite3_column_int64(texts->stmt, 0);
	return store_error(code);
}

static int
start_texts(struct store *store, const char *sql, add_fn *add,
    struct texts *texts)
{
	int r;

	texts->add = add;
	r = store_error(sqlite3_prepare_v2(store->db, sql, -1, &texts->stmt,
	    NULL));
	return r < 0 ? r : next_text(texts);
}

/* Give person, whose row number is id, what is hers. */
static int
take_texts(struct texts *texts, int64_t id, struct person *person)
{
	int r = 0;

	while (r == 0 && !texts->ended && texts->person <= id) {
		if (texts->person == id)
			r = texts->add(person, (const char *)
			    sqlite3_column_text(texts->stmt, 1));
		if (r == 0)
			r = next_text(texts);
	}
	return r;
}

struct everybody {
	struct texts	  groups;
	struct texts	  keys;
	struct person	**people;
	size_t		  count;
	size_t		  room;
};

/* The person of the row that stmt stands on. */
static int
take_person(struct store *store, struct everybody *all, sqlite3_stmt *stmt)
{
	int64_t id = sqlite3_column_int64(stmt, 0);
	struct person *person;
	int r;

	r = store_grow(&all->people, all->count, &all->room,
	    sizeof(*all->people));
	if (r == 0)
		r = store_person_row(store, stmt, &person);
	if (r < 0)
		return r;
	all->people[all->count++] = person;
	r = take_texts(&all->groups, id, person);
	return r < 0 ? r : take_texts(&all->keys, id, person);
}

static int
by_name(const void *a, const void *b)
{
	const struct person *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static int
read_all(struct store *store, struct everybody *all)
{
	sqlite3_stmt *stmt = NULL;
	int code, r;

	if ((r = start_texts(store, "SELECT person, name FROM person_group"
	    " ORDER BY person, name", person_add_group, &all->groups)) < 0 ||
	    (r = start_texts(store, "SELECT person, line FROM person_key"
	    " ORDER BY person, line", person_add_ssh_key, &all->keys)) < 0)
		return r;
	code = sqlite3_prepare_v2(store->db, STORE_PERSON_COLUMNS
	    "ORDER BY id", -1, &stmt, NULL);
	r = store_error(code);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		r = take_person(store, all, stmt);
	if (r == 0)
		r = store_error(code);
	(void)sqlite3_finalize(stmt);
	return r;
}

int
store_all(struct store *store, struct person ***ret_people, size_t *ret_count)
{
	struct everybody all = { 0 };
	int r;

	r = read_all(store, &all);
	(void)sqlite3_finalize(all.groups.stmt);
	(void)sqlite3_finalize(all.keys.stmt);
	if (r < 0) {
		store_free_all(all.people, all.count);
		return r;
	}
	if (all.count > 0)
		qsort(all.people, all.count, sizeof(struct person *), by_name);
	*ret_people = all.people;
	*ret_count = all.count;
	return 0;
}

void
store_free_all(struct person **people, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		person_free(people[i]);
	free(people);
#ifdef __GLIBC__
	/* A daemon that waits would keep their memory, because a little that
	 * came after them is still in use. */
	if (count >= MANY)
		(void)malloc_trim(0);
#endif
}
