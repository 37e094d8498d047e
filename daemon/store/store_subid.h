/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which ranges of subordinate ids were ever given to whom. They are on files of
 * containers, so that no range is given to another person, not even when the
 * first one was forgotten.
 */
#ifndef DAEMON_STORE_STORE_SUBID_H
#define DAEMON_STORE_STORE_SUBID_H

#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/store/store.h"

struct store_subid {
	uint32_t	 start;		/* of SNAPSHOT_SUBID_COUNT ids */
	char		*issuer;
	char		*subject;
};

/* All of them, by issuer, subject and start. 0, and they must be freed, or
 * -errno. */
int	store_subids(struct store *store, struct store_subid **ret_rows,
	    size_t *ret_count) MUST_USE;
void	store_free_subids(struct store_subid *rows, size_t count);

/* Keep more of them for ever, synced. 0; -EEXIST if one is somebody's already;
 * another -errno. Unless it is 0, none is kept. */
int	store_keep_subids(struct store *store, const struct store_subid *rows,
	    size_t count) MUST_USE;

#endif
