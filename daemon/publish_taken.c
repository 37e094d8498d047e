/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ids that no lookup may compute for a name: the host's own, those of people
 * who are hidden by them, and those of people who were forgotten.
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
#include "daemon/publish.h"
#include "daemon/store_tombstone.h"

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

int
publish_taken_ids(const struct config *config, const struct localfiles *files,
    struct store *store, struct person *const *people, size_t people_count,
    uint32_t **ret_ids, size_t *ret_count)
{
	struct tombstone *stones;
	size_t stone_count, count, i;
	const uint32_t *local;
	uint32_t *ids;
	int r;

	r = store_tombstones(store, &stones, &stone_count);
	if (r < 0)
		return r;
	local = localfiles_ids(files, &count);
	ids = calloc(count + 2 * people_count + stone_count + 1, sizeof(*ids));
	if (ids != NULL) {
		for (i = 0; i < count; i++)
			ids[i] = local[i];
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
		*ret_ids = ids;
		*ret_count = count;
	}
	store_free_tombstones(stones, stone_count);
	return ids == NULL ? -ENOMEM : 0;
}
