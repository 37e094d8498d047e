/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The groups are those that people in the store have. Nothing is assigned:
 * name and gid follow from the provider's name alone, so that all hosts of a
 * fleet agree.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/snapshot.h"
#include "daemon/groupname.h"
#include "daemon/owngroup.h"
#include "daemon/publish.h"
#include "daemon/store_group.h"

/* Somebody's membership. */
struct membership {
	const char	*issuer;
	const char	*provider;
	size_t		 person;
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
same_group(const struct membership *a, const struct membership *b)
{
	int order = strcmp(a->issuer, b->issuer);

	return order != 0 ? order : strcmp(a->provider, b->provider);
}

static int
by_group(const void *a, const void *b)
{
	const struct membership *left = a, *right = b;
	int order = same_group(left, right);

	if (order != 0)
		return order;
	return (left->person > right->person) - (left->person < right->person);
}

/* Every membership in a group that is to be shown, by group and person. */
static int
collect(const struct config *config, struct person *const *people,
    size_t count, struct membership **ret_all, size_t *ret_count)
{
	const struct config_provider *provider;
	struct membership *all;
	size_t i, j, total = 0, used = 0;

	for (i = 0; i < count; i++)
		total += people[i]->group_count;
	all = calloc(total + 1, sizeof(*all));
	if (all == NULL)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		provider = config_provider_of(config, people[i]->issuer);
		if (provider == NULL)
			continue;
		for (j = 0; j < people[i]->group_count; j++) {
			if (!is_listed(&provider->identity.own_groups,
			    people[i]->groups[j]))
				continue;
			all[used++] = (struct membership){
				people[i]->issuer, people[i]->groups[j], i
			};
		}
	}
	qsort(all, used, sizeof(*all), by_group);
	*ret_all = all;
	*ret_count = used;
	return 0;
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

/* From memberships to groups; there is room for one each. */
static void
gather(const struct looking *look, struct person *const *people,
    const struct membership *all, size_t count, struct owngroups *groups)
{
	struct owngroup *group = NULL;
	size_t i, used = 0;

	for (i = 0; i < count; i++) {
		if (i == 0 || same_group(&all[i - 1], &all[i]) != 0) {
			group = &groups->groups[groups->count++];
			group->issuer = all[i].issuer;
			group->provider = all[i].provider;
			groupname_make(group->provider, group->name);
			group->gid = computed_gid(look->config, group->issuer,
			    group->provider);
			group->listed = has_item(&config_provider_of(
			    look->config, group->issuer)->identity.own_groups,
			    group->provider);
			group->members = groups->members + used;
		}
		if (counts(look, people[all[i].person])) {
			group->member_count++;
			groups->members[used++] = all[i].person;
		}
	}
}

int
owngroup_list(const struct config *config, const struct localfiles *files,
    struct store *store, struct person *const *people, size_t count,
    int64_t now, struct owngroups *ret_groups)
{
	const struct looking look = { config, files, now };
	struct owngroups groups = { 0 };
	struct membership *all = NULL;
	size_t total = 0;
	int r;

	r = collect(config, people, count, &all, &total);
	if (r < 0)
		return r;
	groups.groups = calloc(total + 1, sizeof(*groups.groups));
	groups.members = calloc(total + 1, sizeof(*groups.members));
	if (groups.groups == NULL || groups.members == NULL) {
		r = -ENOMEM;
	} else {
		gather(&look, people, all, total, &groups);
		r = owngroup_check(files, store, people, count, &groups);
	}
	free(all);
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
