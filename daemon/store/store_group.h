/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The provider's groups that were ever shown here, or refused. Their ids may be
 * on files, and their names in sudoers, long after they are gone.
 */
#ifndef DAEMON_STORE_STORE_GROUP_H
#define DAEMON_STORE_STORE_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/store/store.h"

/* The strings belong to the caller. */
struct store_group {
	const char	*issuer;
	const char	*provider;	/* its name there */
	const char	*name;		/* ... and here */
	uint32_t	 gid;
	const char	*problem;	/* why it is not shown; "": it is */
};

/* Told of a group that is new, or whose problem is. */
typedef void store_group_fn(void *arg, const struct store_group *group);

/* Keep groups for ever, synced; news is called for each that was not there or
 * was there otherwise, before that is certain to be kept. 0 or -errno, and
 * then nothing was kept. */
int	store_keep_groups(struct store *store,
	    const struct store_group *groups, size_t count,
	    store_group_fn *news, void *arg) MUST_USE;

/* Has any of them ever had this name or this gid? 0 or -errno. */
int	store_has_group(struct store *store, const char *name, uint32_t gid,
	    bool *ret_has) MUST_USE;

/* The gids of all of them; the array must be freed. 0 or -errno. */
int	store_group_gids(struct store *store, uint32_t **ret_gids,
	    size_t *ret_count) MUST_USE;

/* Is this the id of somebody who was forgotten? 0 or -errno. */
int	store_id_was_somebodys(struct store *store, uint32_t id,
	    bool *ret_was) MUST_USE;

#endif
