/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The groups are those that people in the store have. Nothing is assigned:
 * name and gid follow from the provider's name alone, so that all hosts of a
 * fleet agree.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/snapshot.h"
#include "daemon/snapshot/groupname.h"
#include "daemon/snapshot/owngroup.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_group.h"

/* A group that somebody has, by the name that her provider tells. */
struct found {
	const struct config_provider	*provider;
	const char			*issuer;	/* the people's */
	const char			*name;
	bool				 wanted;	/* as a group here */
	size_t				 people;
	struct owngroup			*group;
};

/* Somebody's membership in a group that is wanted. */
struct membership {
	struct found	*found;
	size_t		 person;
};

/* All that people have; the tree finds a group among them. */
struct having {
	void			 *tree;
	struct found		**groups;
	size_t			  group_count;
	size_t			  group_room;
	struct membership	 *all;		/* by person */
	size_t			  count;
};

static bool
has_item(const struct config_list *list, const char *item)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], item) == 0)
			return true;
	}
	return false;
}

static bool
is_listed(const struct config_list *list, const char *group)
{
	return has_item(list, "*") || has_item(list, group);
}

static int
by_key(const void *a, const void *b)
{
	const struct found *left = a, *right = b;

	if (left->provider != right->provider)
		return left->provider < right->provider ? -1 : 1;
	return strcmp(left->name, right->name);
}

static int
by_issuer_and_name(const void *a, const void *b)
{
	const struct found *const *left = a, *const *right = b;
	int order = strcmp((*left)->issuer, (*right)->issuer);

	return order != 0 ? order : strcmp((*left)->name, (*right)->name);
}

/* Keep key, which nobody had before, as a group of its own. */
static int
add_found(struct having *having, const struct found *key)
{
	size_t room = having->group_room == 0 ? 64 : 2 * having->group_room;
	struct found **more, *found;

	if (having->group_count == having->group_room) {
		more = reallocarray(having->groups, room, sizeof(*more));
		if (more == NULL)
			return -ENOMEM;
		having->groups = more;
		having->group_room = room;
	}
	found = malloc(sizeof(*found));
	if (found == NULL)
		return -ENOMEM;
	*found = *key;
	found->wanted = is_listed(&key->provider->identity.own_groups,
	    key->name);
	if (tsearch(found, &having->tree, by_key) == NULL) {
		free(found);
		return -ENOMEM;
	}
	having->groups[having->group_count++] = found;
	return 0;
}

/* Many people have few groups, so each is only looked at once. */
static int
add_membership(struct having *having, const struct found *key, size_t person)
{
	struct found *const *node = tfind(key, &having->tree, by_key);
	int r;

	if (node == NULL) {
		r = add_found(having, key);
		if (r < 0)
			return r;
		node = tfind(key, &having->tree, by_key);
	}
	if (node != NULL && (*node)->wanted) {
		(*node)->people++;
		having->all[having->count++] =
		    (struct membership){ *node, person };
	}
	return 0;
}

/* Every membership in a group that is to be shown, by person. */
static int
collect(const struct config *config, struct person *const *people,
    size_t count, struct having *having)
{
	struct found key = { 0 };
	size_t i, j, total = 0;
	int r = 0;

	for (i = 0; i < count; i++)
		total += people[i]->group_count;
	having->all = calloc(total + 1, sizeof(*having->all));
	if (having->all == NULL)
		return -ENOMEM;
	for (i = 0; i < count && r == 0; i++) {
		key.issuer = people[i]->issuer;
		key.provider = config_provider_of(config, key.issuer);
		if (key.provider == NULL ||
		    key.provider->identity.own_groups.count == 0)
			continue;
		for (j = 0; j < people[i]->group_count && r == 0; j++) {
			key.name = people[i]->groups[j];
			r = add_membership(having, &key, i);
		}
	}
	return r;
}

static void
leave_alone(void *node)
{
	(void)node;
}

static void
having_free(struct having *having)
{
	size_t i;

	tdestroy(having->tree, leave_alone);
	for (i = 0; i < having->group_count; i++)
		free(having->groups[i]);
	free(having->groups);
	free(having->all);
}

static uint32_t
computed_gid(const struct config *config, const char *issuer,
    const char *provider)
{
	const struct config_identity *identity = &config->identity;

	return snapshot_computed_gid(snapshot_issuer_seed(issuer), provider,
	    identity->range_start,
	    identity->range_end - identity->range_start + 1);
}

/* What decides whether a person is a member, or only known. */
struct looking {
	const struct config	*config;
	const struct localfiles	*files;
	int64_t			 now;
};

static bool
counts(const struct looking *look, const struct person *person)
{
	return person_is_alive(person, look->now,
	    look->config->offline_max) &&
	    !publish_is_hidden(look->files, person);
}

static void
describe(const struct config *config, const struct found *found,
    struct owngroup *group)
{
	group->issuer = found->issuer;
	group->provider = found->name;
	groupname_make(group->provider, group->name);
	group->gid = computed_gid(config, group->issuer, group->provider);
	group->listed = has_item(&found->provider->identity.own_groups,
	    group->provider);
}

/* From what people have to groups, each with its part of all members. */
static int
gather(const struct looking *look, struct having *having,
    struct owngroups *groups)
{
	struct owngroup *group;
	struct found *found;
	size_t i, used = 0;

	groups->groups = calloc(having->group_count + 1,
	    sizeof(*groups->groups));
	groups->members = calloc(having->count + 1, sizeof(*groups->members));
	if (groups->groups == NULL || groups->members == NULL)
		return -ENOMEM;
	if (having->group_count > 0)
		qsort(having->groups, having->group_count,
		    sizeof(struct found *), by_issuer_and_name);
	for (i = 0; i < having->group_count; i++) {
		found = having->groups[i];
		if (!found->wanted)
			continue;
		group = found->group = &groups->groups[groups->count++];
		describe(look->config, found, group);
		group->members = groups->members + used;
		used += found->people;
	}
	return 0;
}

static void
add_members(const struct looking *look, struct person *const *people,
    const struct having *having)
{
	const struct membership *one;
	struct owngroup *group;
	bool counted = false;
	size_t i;

	for (i = 0; i < having->count; i++) {
		one = &having->all[i];
		if (i == 0 || one->person != one[-1].person)
			counted = counts(look, people[one->person]);
		group = one->found->group;
		if (counted)
			group->members[group->member_count++] = one->person;
	}
}

int
owngroup_list(const struct config *config, const struct localfiles *files,
    struct store *store, struct person *const *people, size_t count,
    int64_t now, struct owngroups *ret_groups)
{
	const struct looking look = { config, files, now };
	struct owngroups groups = { 0 };
	struct having having = { 0 };
	int r;

	r = collect(config, people, count, &having);
	if (r == 0)
		r = gather(&look, &having, &groups);
	if (r == 0) {
		add_members(&look, people, &having);
		r = owngroup_check(files, store, people, count, &groups);
	}
	having_free(&having);
	if (r < 0)
		owngroup_free(&groups);
	else
		*ret_groups = groups;
	return r;
}

void
owngroup_free(struct owngroups *groups)
{
	free(groups->groups);
	free(groups->members);
	*groups = (struct owngroups){ 0 };
}

static void
log_refused(void *arg UNUSED, const struct store_group *group)
{
	if (group->problem[0] != '\0')
		log_line(LOG_WARNING, "the group '%s' of %s is not shown as "
		    "%s (%u): %s", group->provider, group->issuer, group->name,
		    group->gid, group->problem);
}

int
owngroup_keep(struct store *store, const struct owngroups *groups)
{
	const struct owngroup *group;
	struct store_group *rows;
	size_t i;
	int r;

	rows = calloc(groups->count + 1, sizeof(*rows));
	if (rows == NULL)
		return -ENOMEM;
	for (i = 0; i < groups->count; i++) {
		group = &groups->groups[i];
		rows[i] = (struct store_group){
			group->issuer, group->provider, group->name,
			group->gid, owngroup_why(group->problem)
		};
	}
	r = store_keep_groups(store, rows, groups->count, log_refused, NULL);
	free(rows);
	return r;
}

/* A name and an id that somebody would like to have. */
struct wish {
	const struct config	*config;
	const char		*name;
	uint32_t		 id;
};

/* Does a group of provider, which may not have been seen yet, have them? */
static bool
clashes(const struct wish *wish, const struct config_provider *provider,
    const char *group)
{
	char own[NAME_LIMIT + 1];

	if (group == NULL || strcmp(group, "*") == 0 ||
	    !is_listed(&provider->identity.own_groups, group))
		return false;
	groupname_make(group, own);
	return strcmp(own, wish->name) == 0 ||
	    computed_gid(wish->config, provider->issuer, group) == wish->id;
}

/* Does any group that the configuration names? */
static bool
clashes_with_any(const struct wish *wish,
    const struct config_provider *provider)
{
	const struct config *config = wish->config;
	const struct config_list *list = &provider->identity.own_groups;
	size_t i, j;

	for (i = 0; i < list->count; i++) {
		if (clashes(wish, provider, list->items[i]))
			return true;
	}
	for (i = 0; i < config->access_count; i++) {
		list = &config->access[i].allow_groups;
		for (j = 0; j < list->count; j++) {
			if (clashes(wish, provider, config_provider_group(
			    provider, list->items[j])))
				return true;
		}
	}
	for (i = 0; i < config->group_count; i++) {
		if (strcmp(config->groups[i].provider, provider->name) == 0 &&
		    clashes(wish, provider, config->groups[i].name))
			return true;
	}
	return false;
}

int
owngroup_reserves(const struct config *config, struct store *store,
    const char *name, uint32_t id)
{
	const struct wish wish = { config, name, id };
	bool has;
	size_t i;
	int r;

	r = store_has_group(store, name, id, &has);
	if (r < 0 || has)
		return r < 0 ? r : 1;
	for (i = 0; i < config->provider_count; i++) {
		if (clashes_with_any(&wish, &config->providers[i]))
			return 1;
	}
	return 0;
}
