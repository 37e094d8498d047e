/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon must never forget: which (issuer, subject) is which name and
 * uid on this host, and what the provider last said of that person. SQLite in
 * WAL mode with full sync stays behind this header.
 */
#ifndef DAEMON_STORE_STORE_H
#define DAEMON_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/store/person.h"

struct store;

/* Open or make the store at path. 0; -EUCLEAN if the file is not ours, or so
 * damaged that nothing of it can be read, -EPROTONOSUPPORT if a newer version
 * of hostpass wrote it (neither is touched); another -errno. */
int	store_open(const char *path, struct store **ret_store) MUST_USE;

/* Was the file found damaged when it was opened? Then what can be read of it
 * is, and all else is -EUCLEAN, writing too; see store_rescue(). */
bool	store_is_damaged(const struct store *store) MUST_USE;

/* store may be NULL. */
void	store_close(struct store *store);

/* 0 and a person that must be freed, -ENOENT, or another -errno. */
int	store_find_name(struct store *store, const char *name,
	    struct person **ret_person) MUST_USE;
int	store_find_uid(struct store *store, uint32_t uid,
	    struct person **ret_person) MUST_USE;
int	store_find_subject(struct store *store, const char *issuer,
	    const char *subject, struct person **ret_person) MUST_USE;

/* The person whose uid or gid it is: 0 and a person that must be freed,
 * -ENOENT, or another -errno. */
int	store_find_id(struct store *store, uint32_t id,
	    struct person **ret_person) MUST_USE;

/* Is this somebody's home? 1, 0, or -errno. */
int	store_has_home(struct store *store, const char *home) MUST_USE;

/* How many people there are. 0 or -errno. */
int	store_count(struct store *store, size_t *ret_count) MUST_USE;

/* Everybody, in order of name. 0 and an array of *ret_count people that
 * store_free_all() frees, or -errno. */
int	store_all(struct store *store, struct person ***ret_people,
	    size_t *ret_count) MUST_USE;
void	store_free_all(struct person **people, size_t count);

/* Write person, synced to disk when it returns. Somebody new is bound; for
 * somebody known everything is updated but issuer, subject, name, uid, gid and
 * bound, which never change. 0; -EEXIST if the name, the uid or the subject is
 * bound otherwise; another -errno. */
int	store_save(struct store *store, const struct person *person) MUST_USE;

#endif
