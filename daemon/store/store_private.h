/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SQLite, for the files whose names begin with store; nobody else sees it.
 */
#ifndef DAEMON_STORE_STORE_PRIVATE_H
#define DAEMON_STORE_STORE_PRIVATE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "common/attr.h"
#include "daemon/store/store.h"

struct store_condemned;
struct token_owner;

/* More than the few that are run for each person of a directory. */
#define STORE_STATEMENTS	32

/* One that is kept. */
struct store_statement {
	sqlite3_stmt	*stmt;	/* NULL: none yet */
	bool		 used;
};

struct store {
	sqlite3			*db;
	bool			 batch;	/* a transaction of many is open */
	bool			 damaged;
	struct store_statement	 statements[STORE_STATEMENTS];
	LIST_HEAD(, store_condemned) condemned;
	char			*reserve;	/* path, or NULL; see
						 * store_reserve.c */
};

/* Like sqlite3_prepare_v2(), whose codes are returned, for sql that is run
 * often and has the same text each time; store_release() takes the place of
 * sqlite3_finalize(). stmt may be NULL there. */
int	store_prepare(struct store *store, const char *sql,
	    sqlite3_stmt **ret_stmt) MUST_USE;
void	store_release(struct store *store, sqlite3_stmt *stmt);

/* Before the store is closed. */
void	store_forget_statements(struct store *store);

/* What SQLite says, as -errno. */
int	store_error(int code);

/* Run sql, which returns no rows. 0 or -errno. */
int	store_exec(struct store *store, const char *sql) MUST_USE;

/* The number that sql selects; 0 where it selects none. 0 or -errno. */
int	store_number(struct store *store, const char *sql,
	    int *ret_value) MUST_USE;

/* Begin what store_end() ends: a transaction, or a part of one of many. 0 or
 * -errno. */
int	store_begin(struct store *store) MUST_USE;

/* End what store_begin() began: keep it if r is 0, else take all of it back. A
 * part is on the disk when the whole is. 0 or -errno: r, or why it could not be
 * kept. */
int	store_end(struct store *store, int r) MUST_USE;

/* Make the tables in a new file, or bring those of an older version up to
 * date, in one transaction. 0; -EUCLEAN if the file is not ours;
 * -EPROTONOSUPPORT if it is from the future; another -errno. */
int	store_migrate(struct store *store) MUST_USE;

/* Make the tables of this version in a new file; 0 and what is too new stand
 * for the present one. 0 or -errno. */
int	store_make(struct store *store, int version) MUST_USE;

/* --- store_damage.c --- */

/* Is the file damaged? Then it is to be read only. */
void	store_look_for_damage(struct store *store);

/* Leave the log of writes as it is when the store is closed. */
void	store_keep_log(struct store *store);

/* Whatever would write is -EUCLEAN from now on. 0 or -errno. */
int	store_only_read(struct store *store) MUST_USE;

/* --- store_condemned.c --- */

/* The person is revoked for whoever reads the store until it is closed, or she
 * is acquitted. 0 or -ENOMEM. */
int	store_condemn(struct store *store,
	    const struct token_owner *owner) MUST_USE;
void	store_acquit(struct store *store, const struct token_owner *owner);
void	store_acquit_all(struct store *store);

/* --- store_reserve.c --- */

/* Where the reserve of an open store is. 0 or -ENOMEM. */
int	store_reserve_name(struct store *store) MUST_USE;

/* Make it, if it is not there and there is room. */
void	store_reserve(struct store *store);

/* Give it up, so that there is room: was it there? */
bool	store_give_up_reserve(struct store *store) MUST_USE;

/* --- store.c and store_person.c --- */

/* A copy of the text in a column, "" for NULL. 0 or -ENOMEM. */
int	store_column_string(sqlite3_stmt *stmt, int column,
	    char **ret_text) MUST_USE;

/* Make room for one more item of an array of count items: items is a pointer
 * to the array, *room how many items it has room for. 0, or -ENOMEM, which
 * changes nothing. */
int	store_grow(void *items, size_t count, size_t *room,
	    size_t size) MUST_USE;

/* What store_person_row() reads a person from. */
#define STORE_PERSON_COLUMNS \
	"SELECT id, issuer, subject, name, uid, gid, gecos, home, shell," \
	" bound, last_proof, revoked, last_passkey, listed," \
	" groups_told FROM person "

/* The person in the row that stmt stands on, without her groups and keys, which
 * have rows of their own. 0 and a person that must be freed, or -ENOMEM. */
int	store_person_row(struct store *store, sqlite3_stmt *stmt,
	    struct person **ret_person) MUST_USE;

#endif
