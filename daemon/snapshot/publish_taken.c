/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ids that no lookup may compute for a name: the host's own, those of people
 * who are hidden by them, those of people who were forgotten, and those of
 * groups that were ever shown.
 *
 * The id of a tombstone is left out where it is what its own name computes to.
 * sshd has to be answered for that name, or neither the person herself nor
 * whoever has her name now could ever be asked to sign in; which uid she then
 * gets, and whether, is decided by the daemon (idmap.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_group.h"
#include "daemon/store/store_tombstone.h"

static bool
is_computed(const struct config *config, const struct tombstone *stone)
{
	const struct config_identity *identity = &config->identity;

	return snapshot_computed_id(snapshot_issuer_seed(
	    config_seed_issuer(config)), stone->name, identity->range_start,
	    identity->range_end - identity->range_start + 1) == stone->id;
}

bool
publish_is_hidden(const struct localfiles *files, const struct person *person)
{
	return localfiles_claim(files, person->name, person->uid) ||
	    localfiles_has_gid(files, person->gid);
}

/* Room for all that can follow. */
static uint32_t *
start_list(const struct localfiles *files, size_t more, size_t *ret_count)
{
	const uint32_t *local = localfiles_ids(files, ret_count);
	uint32_t *ids = calloc(*ret_count + more + 1, sizeof(*ids));
	size_t i;

	for (i = 0; ids != NULL && i < *ret_count; i++)
		ids[i] = local[i];
	return ids;
}

int
publish_taken_ids(const struct config *config, const struct localfiles *files,
    struct store *store, struct person *const *people, size_t people_count,
    uint32_t **ret_ids, size_t *ret_count)
{
	size_t stone_count = 0, group_count = 0, count, i;
	uint32_t *ids = NULL, *groups = NULL;
	struct tombstone *stones = NULL;
	int r;

	r = store_tombstones(store, &stones, &stone_count);
	if (r == 0)
		r = store_group_gids(store, &groups, &group_count);
	if (r == 0 && (ids = start_list(files, 2 * people_count + stone_count +
	    group_count, &count)) == NULL)
		r = -ENOMEM;
	if (r < 0)
		goto out;
	for (i = 0; i < people_count; i++) {
		if (!publish_is_hidden(files, people[i]))
			continue;
		ids[count++] = people[i]->uid;
		ids[count++] = people[i]->gid;
	}
	for (i = 0; i < stone_count; i++) {
		if (!is_computed(config, &stones[i]))
			ids[count++] = stones[i].id;
	}
	for (i = 0; i < group_count; i++)
		ids[count++] = groups[i];
	*ret_ids = ids;
	*ret_count = count;
out:
	store_free_tombstones(stones, stone_count);
	free(groups);
	return r;
}
