/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People who were forgotten: what is left of them is that their ids are not
 * given to anybody else, because their files may still be there.
 */
#ifndef DAEMON_STORE_STORE_TOMBSTONE_H
#define DAEMON_STORE_STORE_TOMBSTONE_H

#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/store/store.h"

/* An id that was a uid, a gid, or both. */
struct tombstone {
	uint32_t	 id;
	char		*name;
	char		*issuer;
	char		*subject;
	int64_t		 forgotten;	/* CLOCK_REALTIME seconds */
};

void	tombstone_clear(struct tombstone *stone);

/* Remove the person of this name and everything that refers to her, and leave
 * tombstones; synced when it returns. 0, -ENOENT, or another -errno. */
int	store_forget(struct store *store, const char *name,
	    int64_t now) MUST_USE;

/* 0 and a tombstone to be cleared, -ENOENT, or another -errno. */
int	store_find_tombstone(struct store *store, uint32_t id,
	    struct tombstone *ret_stone) MUST_USE;

/* Was somebody forgotten who had this name, with another id than this? 0 if so,
 * -ENOENT, or another -errno. */
int	store_name_was_other(struct store *store, const char *name,
	    uint32_t id) MUST_USE;

/* All whose ids nobody has, in order of id. 0 and an array that
 * store_free_tombstones() frees, or -errno. */
int	store_tombstones(struct store *store, struct tombstone **ret_stones,
	    size_t *ret_count) MUST_USE;
void	store_free_tombstones(struct tombstone *stones, size_t count);

#endif
