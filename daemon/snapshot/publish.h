/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the store to the snapshot: who is shown to the host, with which groups.
 */
#ifndef DAEMON_SNAPSHOT_PUBLISH_H
#define DAEMON_SNAPSHOT_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/config/config.h"
#include "daemon/local/localfiles.h"
#include "daemon/snapshot/snapshot_write.h"
#include "daemon/store/store.h"

struct world;

/* Write the snapshot at path from all that store knows. People whose name or
 * id has become the host's own are left out; people who are revoked, or whose
 * last proof of life is older than offline_max at now (CLOCK_REALTIME), stay,
 * so that their files have an owner, without groups. 0 and the time at which
 * that would next be true of somebody (INT64_MAX: nobody), or -errno. */
int	publish_snapshot(const struct config *config,
	    const struct localfiles *files, struct store *store,
	    const char *path, int64_t now, int64_t *ret_until) MUST_USE;

/* The same for all that the daemon has, now; world->unpublished says whether
 * it has to be done again, and sessions that wait for it go on. 0 or -errno. */
int	publish_world(struct world *world) MUST_USE;

/* Let publish_soon() wait. publish_stop() may be called without it. 0 or
 * -ENOMEM. */
int	publish_start(struct world *world) MUST_USE;
void	publish_stop(struct world *world);

/* What the store has is to be in the snapshot: now, or, if it was written
 * within the last second, once for all that comes until that is over. 0 if it
 * is there now, 1 if it will be, or -errno. */
int	publish_soon(struct world *world) MUST_USE;

/* Does the snapshot that is there tell of a person, whom the store had as
 * before, what one that is written now would tell of her as after? false if
 * that is not certain. */
bool	publish_tells(const struct world *world,
	    const struct person *before, const struct person *after);

/* Is the snapshot not what it would be now? Something could not be published,
 * somebody passed offline_max since, or the clock was set back. */
bool	publish_is_due(const struct world *world);

/* Is person, as her provider last told, one of those whom a line of [groups] or
 * [groups:PROVIDER] is about? */
bool	publish_in_group(const struct config *config,
	    const struct config_group *group, const struct person *person);

/* The gids of the local groups that person's groups are mapped to (design D9),
 * each once. 0 and an array that must be freed, or -ENOMEM. */
int	publish_local_gids(const struct config *config,
	    const struct localfiles *files, const struct person *person,
	    uint32_t **ret_gids, size_t *ret_count) MUST_USE;

/* Is person left out because her name or an id has become the host's own? */
bool	publish_is_hidden(const struct localfiles *files,
	    const struct person *person);

/* Groups of /etc/group with those of our people who are in them. */
struct publish_local {
	struct snapshot_write_group	 *groups;
	const char			**members;
	size_t				  count;
};

/* What there is to be merged into /etc/group: every local group that [groups]
 * names, and those of users who have its gid; nothing unless nsswitch.conf
 * merges. The names belong to config and users. 0, and it must be freed, or
 * -ENOMEM. */
int	publish_local_groups(const struct config *config,
	    const struct localfiles *files,
	    const struct snapshot_write_user *users, size_t count,
	    struct publish_local *ret_local) MUST_USE;
void	publish_local_free(struct publish_local *local);

/* People, and what is about to be published of them. */
struct publish_people {
	struct person *const		*people;
	size_t				 count;
	const size_t			*shown;	/* by person: 0, or 1 more */
						/* than the index of her user */
	struct snapshot_write_user	*users;
	size_t				 user_count;
	const uint32_t			*taken;	/* ids that are others' */
	size_t				 taken_count;
};

/* Set subid_start of users who own subordinate ids; people who have none yet,
 * are alive at now and have signed in here are given some, for ever. Nothing
 * happens without subid_range. 0 or -errno. */
int	publish_subids(const struct config *config,
	    const struct localfiles *files, struct store *store,
	    const struct publish_people *people, int64_t now) MUST_USE;

/* Is person one who should own some at now? Somebody of the directory who never
 * came here needs none. */
bool	publish_wants_subids(const struct config *config,
	    const struct person *person, int64_t now);

/* The ids that no lookup may compute for a name; people are all there are. 0
 * and an array that must be freed, or -errno. */
int	publish_taken_ids(const struct config *config,
	    const struct localfiles *files, struct store *store,
	    struct person *const *people, size_t people_count,
	    uint32_t **ret_ids, size_t *ret_count) MUST_USE;

#endif
