/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * initgroups: the supplementary gids of one user. Local gids are among them;
 * that is how provider groups extend local ones (design D9).
 *
 * MUST: never add gid 0, (gid_t)-1, the primary gid, or one gid twice.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "common/names.h"
#include "nss/nss_pack.h"

/* glibc's array, as initgroups_dyn passes it. */
struct gid_list {
	gid_t	**array;
	long	*used;
	long	*size;
	long	 limit;		/* not positive: none */
};

static bool
is_full(const struct gid_list *list)
{
	return list->limit > 0 && *list->used >= list->limit;
}

/* Double the array, but not beyond the limit. */
static int
grow(struct gid_list *list)
{
	gid_t *array;
	long size;
	int saved;

	if (*list->size > LONG_MAX / (2 * (long)sizeof(*array)))
		return -ENOMEM;
	size = *list->size > 0 ? 2 * *list->size : 1;
	if (list->limit > 0 && size > list->limit)
		size = list->limit;
	saved = errno;
	array = realloc(*list->array, (size_t)size * sizeof(*array));
	errno = saved;
	if (array == NULL)
		return -ENOMEM;
	*list->array = array;
	*list->size = size;
	return 0;
}

static int
append(struct gid_list *list, gid_t gid)
{
	int r;

	if (*list->used >= *list->size) {
		r = grow(list);
		if (r < 0)
			return r;
	}
	(*list->array)[(*list->used)++] = gid;
	return 0;
}

/* At the limit the list ends, without an error: so does glibc's own. */
static int
append_all(struct gid_list *list, const struct snapshot_user *user,
    gid_t primary)
{
	uint32_t gid, last = 0, i;
	int r;

	for (i = 0; i < user->gid_count && !is_full(list); i++) {
		gid = snapshot_user_gid(user, i);
		/* They ascend, so this leaves out 0 and repetitions. */
		if (gid <= last || gid == UINT32_MAX)
			continue;
		last = gid;
		if (gid == primary)
			continue;
		r = append(list, gid);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
add_groups(const struct snapshot *map, const char *name, gid_t primary,
    struct gid_list *list)
{
	struct snapshot_user user;
	uint32_t uid;
	int r;

	r = snapshot_user_by_name(map, name, &user);
	/* Who signs in for the first time has no groups yet. */
	if (r == -ENOENT && snapshot_caller_may_sign_in(map))
		return snapshot_sign_in_uid(map, name, &uid);
	if (r < 0)
		return r;
	return append_all(list, &user, primary);
}

enum nss_status
_nss_hostpass_initgroups_dyn(const char *user, gid_t group, long *start,
    long *size, gid_t **groupsp, long limit, int *errnop)
{
	struct gid_list list = {
		.array = groupsp,
		.used = start,
		.size = size,
		.limit = limit,
	};
	struct snapshot_reader reader;
	int r;

	if (!name_is_valid(user))
		return nss_result(-ENOENT, errnop);
	if (snapshot_cache_acquire(&nss_snapshot, &reader) < 0)
		return nss_unavailable(errnop);
	r = add_groups(&reader.map, user, group, &list);
	snapshot_cache_release(&reader);
	return nss_result(r, errnop);
}
