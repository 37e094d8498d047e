/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which groups of the provider must not be shown here.
 *
 * MUST refuse a group whose name or gid the host's own files have, or which is
 *	a person's or ever was, for her own group has both.
 * MUST refuse a name that sudoers(5), polkit or a socket of many a host takes
 *	for root's, unless the configuration has that very group: "*" is what
 *	anybody who can make groups at the provider can fill.
 * MUST refuse each of two groups that have one name or one gid here, whichever
 *	was first: who can make groups at the provider must not get what another
 *	group was given.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/snapshot/owngroup.h"
#include "daemon/store/store_group.h"

/* What people have, each sorted. */
struct taken {
	const char	**names;
	uint32_t	 *ids;
	size_t		  name_count;
	size_t		  id_count;
};

const char *
owngroup_why(enum owngroup_problem problem)
{
	switch (problem) {
	case OWNGROUP_SHOWN:
		return "";
	case OWNGROUP_LOCAL:
		return "this host has a user or group of that name or number";
	case OWNGROUP_PERSON:
		return "a person has that name or number, or had it";
	case OWNGROUP_TWINS:
		return "another group of the provider gets the same name or "
		    "number; rename one of them";
	case OWNGROUP_POWER:
		return "a group of that name is as good as root on many "
		    "hosts; name it in own_groups, where it is meant";
	case OWNGROUP_RESERVED:
		break;
	}
	return "that name or number is reserved";
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
by_id(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static int
collect(struct person *const *people, size_t count, struct taken *taken)
{
	size_t i;

	taken->names = calloc(count + 1, sizeof(*taken->names));
	taken->ids = calloc(2 * count + 1, sizeof(*taken->ids));
	if (taken->names == NULL || taken->ids == NULL)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		taken->names[taken->name_count++] = people[i]->name;
		taken->ids[taken->id_count++] = people[i]->uid;
		taken->ids[taken->id_count++] = people[i]->gid;
	}
	qsort(taken->names, taken->name_count, sizeof(*taken->names), by_name);
	qsort(taken->ids, taken->id_count, sizeof(*taken->ids), by_id);
	return 0;
}

static bool
is_somebodys(const struct taken *taken, const char *name, uint32_t id)
{
	return bsearch(&name, taken->names, taken->name_count,
	    sizeof(*taken->names), by_name) != NULL ||
	    bsearch(&id, taken->ids, taken->id_count, sizeof(*taken->ids),
	    by_id) != NULL;
}

/* Rules that come with distributions speak of them, whether or not the host
 * has such a group. */
static bool
is_powerful(const char *name)
{
	static const char *const names[] = {
		"adm", "admin", "disk", "docker", "incus", "incus-admin",
		"kmem", "libvirt", "libvirtd", "lxd", "podman", "shadow",
		"sudo", "wheel",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static int
check_group(const struct localfiles *files, struct store *store,
    const struct taken *taken, struct owngroup *group)
{
	bool was = false;
	int r;

	if (!id_is_allowed(group->gid) || !name_is_valid(group->name) ||
	    strcmp(group->name, "root") == 0) {
		group->problem = OWNGROUP_RESERVED;
		return 0;
	}
	if (localfiles_claim(files, group->name, group->gid)) {
		group->problem = OWNGROUP_LOCAL;
		return 0;
	}
	if (!group->listed && is_powerful(group->name)) {
		group->problem = OWNGROUP_POWER;
		return 0;
	}
	if (!is_somebodys(taken, group->name, group->gid)) {
		r = store_id_was_somebodys(store, group->gid, &was);
		if (r < 0 || !was)
			return r;
	}
	group->problem = OWNGROUP_PERSON;
	return 0;
}

static int
groups_by_name(const void *a, const void *b)
{
	const struct owngroup *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static int
groups_by_gid(const void *a, const void *b)
{
	const struct owngroup *const *left = a, *const *right = b;

	return ((*left)->gid > (*right)->gid) - ((*left)->gid < (*right)->gid);
}

/* Of those that are equal in this order, refuse all. */
static void
refuse_equals(struct owngroup **groups, size_t count,
    int (*order)(const void *, const void *))
{
	size_t i;

	qsort(groups, count, sizeof(struct owngroup *), order);
	for (i = 1; i < count; i++) {
		if (order(&groups[i - 1], &groups[i]) == 0)
			groups[i - 1]->problem = groups[i]->problem =
			    OWNGROUP_TWINS;
	}
}

static int
check_twins(struct owngroups *groups)
{
	struct owngroup **all;
	size_t i;

	all = calloc(groups->count + 1, sizeof(struct owngroup *));
	if (all == NULL)
		return -ENOMEM;
	for (i = 0; i < groups->count; i++)
		all[i] = &groups->groups[i];
	refuse_equals(all, groups->count, groups_by_name);
	refuse_equals(all, groups->count, groups_by_gid);
	free(all);
	return 0;
}

int
owngroup_check(const struct localfiles *files, struct store *store,
    struct person *const *people, size_t count, struct owngroups *groups)
{
	struct taken taken = { 0 };
	size_t i;
	int r;

	if (groups->count == 0)
		return 0;
	r = check_twins(groups);
	if (r == 0)
		r = collect(people, count, &taken);
	for (i = 0; r == 0 && i < groups->count; i++)
		r = check_group(files, store, &taken, &groups->groups[i]);
	free(taken.names);
	free(taken.ids);
	return r;
}
