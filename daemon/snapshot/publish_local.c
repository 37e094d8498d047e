/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The groups of /etc/group that people are in by a group of the provider, with
 * these people as members, for the C library to merge (design D9).
 *
 * MUST publish none unless nsswitch.conf merges: elsewhere our part of a local
 *	group could be taken for the whole of it.
 * MUST NOT name anybody whose record has not got the gid.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "daemon/snapshot/publish.h"

static int
by_gid(const void *a, const void *b)
{
	const struct snapshot_write_group *x = a, *y = b;

	if (x->gid != y->gid)
		return x->gid < y->gid ? -1 : 1;
	return strcmp(x->name, y->name);
}

static bool
is_listed(const struct publish_local *local, const char *name)
{
	size_t i;

	for (i = 0; i < local->count; i++) {
		if (strcmp(local->groups[i].name, name) == 0)
			return true;
	}
	return false;
}

static void
list_group(struct publish_local *local, const struct localfiles *files,
    const char *name)
{
	struct snapshot_write_group *group = &local->groups[local->count];
	uint32_t gid;

	if (!name_is_valid(name) || strcmp(name, "root") == 0 ||
	    localfiles_gid(files, name, &gid) < 0 ||
	    !gid_may_be_extended(gid) || is_listed(local, name))
		return;
	group->name = name;
	group->gid = gid;
	local->count++;
}

/* All that the configuration extends, by gid. */
static int
list_groups(struct publish_local *local, const struct config *config,
    const struct localfiles *files)
{
	size_t total = 0, i, j;

	for (i = 0; i < config->group_count; i++)
		total += config->groups[i].local.count;
	local->groups = calloc(total + 1, sizeof(*local->groups));
	if (local->groups == NULL)
		return -ENOMEM;
	for (i = 0; i < config->group_count; i++) {
		for (j = 0; j < config->groups[i].local.count; j++)
			list_group(local, files,
			    config->groups[i].local.items[j]);
	}
	qsort(local->groups, local->count, sizeof(*local->groups), by_gid);
	return 0;
}

/* The first group of this gid, of which there may be several. */
static size_t
first_of(const struct publish_local *local, uint32_t gid)
{
	size_t low = 0, high = local->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (local->groups[middle].gid < gid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whoever has the gid is counted as a member, and named where there is room for
 * her name. Whom /etc/group names itself is not named again. */
static void
add_members(struct publish_local *local, const struct localfiles *files,
    const struct snapshot_write_user *user, const char ***room)
{
	struct snapshot_write_group *group;
	size_t i, j;

	for (i = 0; i < user->gid_count; i++) {
		for (j = first_of(local, user->gids[i]); j < local->count &&
		    local->groups[j].gid == user->gids[i]; j++) {
			group = &local->groups[j];
			if (localfiles_is_member(files, group->name,
			    user->name))
				continue;
			if (room != NULL)
				room[j][group->member_count] = user->name;
			group->member_count++;
		}
	}
}

/* Count, give each group its part of one array, and fill that. */
static int
find_members(struct publish_local *local, const struct localfiles *files,
    const struct snapshot_write_user *users, size_t count)
{
	const char ***room;
	size_t total = 0, i;

	for (i = 0; i < count; i++)
		add_members(local, files, &users[i], NULL);
	for (i = 0; i < local->count; i++)
		total += local->groups[i].member_count;
	local->members = calloc(total + 1, sizeof(*local->members));
	room = calloc(local->count + 1, sizeof(*room));
	if (local->members == NULL || room == NULL) {
		free(room);
		return -ENOMEM;
	}
	for (i = 0, total = 0; i < local->count; i++) {
		room[i] = local->members + total;
		total += local->groups[i].member_count;
		local->groups[i].members = room[i];
		local->groups[i].member_count = 0;
	}
	for (i = 0; i < count; i++)
		add_members(local, files, &users[i], room);
	free(room);
	return 0;
}

int
publish_local_groups(const struct config *config,
    const struct localfiles *files, const struct snapshot_write_user *users,
    size_t count, struct publish_local *ret_local)
{
	struct publish_local local = { 0 };
	int r;

	if (!localfiles_merges(files)) {
		*ret_local = local;
		return 0;
	}
	r = list_groups(&local, config, files);
	if (r == 0)
		r = find_members(&local, files, users, count);
	if (r < 0)
		publish_local_free(&local);
	else
		*ret_local = local;
	return r;
}

void
publish_local_free(struct publish_local *local)
{
	free(local->groups);
	free(local->members);
	*local = (struct publish_local){ 0 };
}
