/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the store knows of the signed directory (design D8): which one is in
 * force, and who of those it listed is gone.
 */
#ifndef DAEMON_STORE_STORE_DIRECTORY_H
#define DAEMON_STORE_STORE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/store/store.h"

/* Room for a digest as texts have it, with the NUL. */
#define STORE_DIGEST_SIZE	64

/* The document that is in force for one issuer. */
struct store_directory {
	int64_t	serial;
	int64_t	issued;		/* CLOCK_REALTIME seconds, by its maker */
	int64_t	expires;
	int64_t	people;		/* how many it listed */
	bool	complete;
	char	digest[STORE_DIGEST_SIZE];
};

/* 0, -ENOENT, or another -errno. */
int	store_directory_find(struct store *store, const char *issuer,
	    struct store_directory *ret_directory) MUST_USE;
int	store_directory_save(struct store *store, const char *issuer,
	    const struct store_directory *directory) MUST_USE;

/* Everything that is saved between these two is on the disk together, or not
 * at all if r is negative. Nothing else is to write meanwhile. 0 or -errno;
 * r is passed on. */
int	store_batch_begin(struct store *store) MUST_USE;
int	store_batch_end(struct store *store, int r) MUST_USE;

/* A set of subjects that lives as long as the store is open. 0 or -errno. */
int	store_seen_clear(struct store *store) MUST_USE;
int	store_seen_add(struct store *store, const char *subject) MUST_USE;

/* The next one of issuer who was listed, is not in the set, and has given no
 * proof of life since before. *after is 0 for the first, and is moved on. 0 and
 * a person that must be freed, -ENOENT, or another -errno. */
int	store_seen_not(struct store *store, const char *issuer,
	    int64_t before, int64_t *after,
	    struct person **ret_person) MUST_USE;

#endif
