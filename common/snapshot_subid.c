/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Subordinate ids out of a snapshot. Two indices and no record: each answer is
 * checked against the other one.
 *
 * MUST: never answer with ids that belong to the system, whatever the file
 * says, nor with those of a range that both indices do not agree about.
 */
#include <errno.h>

#include "common/names.h"
#include "common/snapshot_index.h"

bool
snapshot_subid_is_start(uint32_t start)
{
	return start % SNAPSHOT_SUBID_COUNT == 0 && start != 0 &&
	    start != UINT32_MAX - (SNAPSHOT_SUBID_COUNT - 1);
}

int
snapshot_subid_start(const struct snapshot *s, uint32_t uid,
    uint32_t *ret_start)
{
	uint32_t start, owner;
	int r;

	r = snapshot_find_id(s, SNAPSHOT_SUBID_STARTS, uid, &start);
	if (r < 0)
		return r;
	if (!id_is_allowed(uid) || !snapshot_subid_is_start(start))
		return -EUCLEAN;
	r = snapshot_find_id(s, SNAPSHOT_SUBID_OWNERS, start, &owner);
	if (r < 0 || owner != uid)
		return -EUCLEAN;
	*ret_start = start;
	return 0;
}

int
snapshot_subid_owner(const struct snapshot *s, uint32_t id, uint32_t *ret_uid)
{
	const uint32_t start = id - id % SNAPSHOT_SUBID_COUNT;
	uint32_t uid, other;
	int r;

	r = snapshot_find_id(s, SNAPSHOT_SUBID_OWNERS, start, &uid);
	if (r < 0)
		return r;
	r = snapshot_subid_start(s, uid, &other);
	if (r < 0 || other != start)
		return -EUCLEAN;
	*ret_uid = uid;
	return 0;
}
