/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is in which group: each id that is a member somewhere has the groups that
 * name it, and one goes up from there.
 *
 * MUST give nobody a group by a name or an id that two have.
 * MUST end, whatever groups are in each other.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/directory/scim.h"
#include "daemon/oidc/json.h"

#define NO_GROUP	SIZE_MAX

/* Somebody or something with an id. */
struct entry {
	size_t	*parents;	/* the groups that name it */
	size_t	 count, room;
	size_t	 group;		/* that it is, or NO_GROUP */
	bool	 asked;		/* it is a user */
};

struct group {
	char	*name;
	size_t	 entry;
	size_t	 seen;		/* by the question of this number */
};

struct scim_groups {
	struct json	*ids;		/* to the numbers of entries */
	struct json	*names;		/* of groups, to true */
	struct entry	*entries;
	size_t		 entry_count, entry_room;
	struct group	*groups;
	size_t		 count, room;
	size_t		*queue;		/* room for all groups */
	size_t		 questions;
};

struct scim_groups *
scim_groups_new(void)
{
	struct scim_groups *groups = calloc(1, sizeof(*groups));

	if (groups == NULL)
		return NULL;
	groups->ids = json_new_object();
	groups->names = json_new_object();
	if (groups->ids == NULL || groups->names == NULL) {
		scim_groups_free(groups);
		return NULL;
	}
	return groups;
}

void
scim_groups_free(struct scim_groups *groups)
{
	size_t i;

	if (groups == NULL)
		return;
	for (i = 0; i < groups->entry_count; i++)
		free(groups->entries[i].parents);
	for (i = 0; i < groups->count; i++)
		free(groups->groups[i].name);
	free(groups->entries);
	free(groups->groups);
	free(groups->queue);
	json_free(groups->ids);
	json_free(groups->names);
	free(groups);
}

/* Make room for one more. */
static int
grow(void **array, size_t count, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 16 : 2 * *room;
	void *longer;

	if (count < *room)
		return 0;
	longer = reallocarray(*array, more, size);
	if (longer == NULL)
		return -ENOMEM;
	*array = longer;
	*room = more;
	return 0;
}

/* 0, -ENOENT or -ENOMEM. */
static int
find_entry(const struct scim_groups *groups, const char *id,
    size_t *ret_entry)
{
	int64_t number;
	char *key;
	int r;

	/* No id begins with a slash, which would make it a path. */
	if (asprintf(&key, "=%s", id) < 0)
		return -ENOMEM;
	r = json_integer(json_get(groups->ids, key), &number);
	free(key);
	if (r < 0)
		return -ENOENT;
	*ret_entry = (size_t)number;
	return 0;
}

/* The same, but one that is not there is made. */
static int
need_entry(struct scim_groups *groups, const char *id, size_t *ret_entry)
{
	void *entries = groups->entries;
	char *key;
	int r;

	r = find_entry(groups, id, ret_entry);
	if (r != -ENOENT)
		return r;
	r = grow(&entries, groups->entry_count, &groups->entry_room,
	    sizeof(*groups->entries));
	groups->entries = entries;
	if (r < 0 || asprintf(&key, "=%s", id) < 0)
		return -ENOMEM;
	json_set_integer(groups->ids, key, (int64_t)groups->entry_count);
	free(key);
	*ret_entry = groups->entry_count;
	groups->entries[groups->entry_count++] =
	    (struct entry){ .group = NO_GROUP };
	return 0;
}

static int
add_member(struct scim_groups *groups, size_t group, const char *id)
{
	struct entry *entry;
	void *parents;
	size_t number;
	int r;

	r = need_entry(groups, id, &number);
	if (r < 0)
		return r;
	entry = &groups->entries[number];
	parents = entry->parents;
	r = grow(&parents, entry->count, &entry->room,
	    sizeof(*entry->parents));
	entry->parents = parents;
	if (r == 0)
		entry->parents[entry->count++] = group;
	return r;
}

static int
add_group(struct scim_groups *groups, const char *name, size_t entry)
{
	void *array = groups->groups;
	size_t room = groups->room, *queue;
	char *copy;
	int r;

	r = grow(&array, groups->count, &room, sizeof(*groups->groups));
	groups->groups = array;
	if (r < 0)
		return r;
	queue = reallocarray(groups->queue, room, sizeof(*queue));
	copy = strdup(name);
	if (queue != NULL)
		groups->queue = queue;
	if (queue == NULL || copy == NULL) {
		free(copy);
		return -ENOMEM;
	}
	groups->room = room;
	groups->entries[entry].group = groups->count;
	groups->groups[groups->count++] =
	    (struct group){ .name = copy, .entry = entry };
	json_set_boolean(groups->names, name, true);
	return 0;
}

int
scim_groups_add(struct scim_groups *groups, const struct json *group,
    char error[EXPORT_ERROR_MAX])
{
	const char *id = NULL, *name = NULL, *member;
	const struct json *members = NULL;
	size_t entry, i, number;
	int r;

	if (json_is_object(group)) {
		id = json_get_string(group, "id");
		name = json_get_string(group, "displayName");
		members = json_get(group, "members");
	}
	if (id == NULL || *id == '\0' || name == NULL || *name == '\0' ||
	    (members != NULL && !json_is_array(members)))
		return export_say(error, -EBADMSG, "a group has no id, no "
		    "displayName, or no list of members");
	r = need_entry(groups, id, &entry);
	if (r == 0 && groups->entries[entry].group != NO_GROUP)
		return export_say(error, -EAGAIN, "the list changed while it "
		    "was read; run this again");
	if (r == 0 && json_has(groups->names, name))
		return export_say(error, -EBADMSG, "two groups have the name "
		    "%.64s; hosts could not tell them apart", name);
	number = groups->count;
	if (r == 0)
		r = add_group(groups, name, entry);
	for (i = 0; r == 0 && i < json_length(members); i++) {
		member = json_is_object(json_at(members, i)) ?
		    json_get_string(json_at(members, i), "value") : NULL;
		if (member == NULL || *member == '\0')
			return export_say(error, -EBADMSG, "a member of the "
			    "group %.64s has no value", name);
		r = add_member(groups, number, member);
	}
	return r < 0 ? export_say(error, r, "out of memory") : 0;
}

/* Add the groups that name this entry, and that were not seen yet. */
static size_t
go_up(struct scim_groups *groups, size_t number, size_t queued)
{
	const struct entry *entry = &groups->entries[number];
	struct group *group;
	size_t i;

	for (i = 0; i < entry->count; i++) {
		group = &groups->groups[entry->parents[i]];
		if (group->seen == groups->questions)
			continue;
		group->seen = groups->questions;
		groups->queue[queued++] = entry->parents[i];
	}
	return queued;
}

int
scim_groups_of(struct scim_groups *groups, const char *id,
    struct json **ret_names, char error[EXPORT_ERROR_MAX])
{
	const struct group *group;
	struct json *names;
	size_t number, queued, i;
	int r;

	r = find_entry(groups, id, &number);
	if (r == -ENOMEM)
		return export_say(error, r, "out of memory");
	if (r == 0 && groups->entries[number].group != NO_GROUP)
		return export_say(error, -EBADMSG, "a user and a group have "
		    "the id %.64s", id);
	names = json_new_array();
	groups->questions++;
	queued = 0;
	if (r == 0) {
		groups->entries[number].asked = true;
		queued = go_up(groups, number, 0);
	}
	for (i = 0; i < queued; i++) {
		group = &groups->groups[groups->queue[i]];
		json_append_string(names, group->name);
		queued = go_up(groups, group->entry, queued);
	}
	if (names == NULL)
		return export_say(error, -ENOMEM, "out of memory");
	*ret_names = names;
	return 0;
}

size_t
scim_groups_strangers(const struct scim_groups *groups)
{
	size_t count = 0, i;

	for (i = 0; i < groups->entry_count; i++) {
		if (groups->entries[i].group == NO_GROUP &&
		    !groups->entries[i].asked)
			count++;
	}
	return count;
}
