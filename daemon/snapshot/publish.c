/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's own names and ids always win: what /etc/passwd or /etc/group has
 * is never published, whatever the store says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/age.h"
#include "daemon/snapshot/owngroup.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_directory.h"
#include "daemon/store/store_group.h"

/* gid 0 is not given by a mapping, whatever the configuration says. */
static int
add_gid(uint32_t **gids, size_t *count, uint32_t gid)
{
	uint32_t *more;
	size_t i;

	if (gid == 0)
		return 0;
	for (i = 0; i < *count; i++) {
		if ((*gids)[i] == gid)
			return 0;
	}
	more = reallocarray(*gids, *count + 1, sizeof(**gids));
	if (more == NULL)
		return -ENOMEM;
	more[(*count)++] = gid;
	*gids = more;
	return 0;
}

bool
publish_in_group(const struct config *config, const struct config_group *group,
    const struct person *person)
{
	const struct config_provider *provider;

	provider = config_provider_of(config, person->issuer);
	if (provider == NULL)
		return false;
	if (strcmp(group->name, "*") != 0 || *group->provider != '\0') {
		if (strcmp(group->provider, provider->name) != 0)
			return false;
	}
	return person_in_group(person, group->name);
}

int
publish_local_gids(const struct config *config,
    const struct localfiles *files, const struct person *person,
    uint32_t **ret_gids, size_t *ret_count)
{
	const struct config_list *local;
	uint32_t *gids = NULL, gid;
	size_t count = 0, i, j;

	for (i = 0; i < config->group_count; i++) {
		if (!publish_in_group(config, &config->groups[i], person))
			continue;
		local = &config->groups[i].local;
		for (j = 0; j < local->count; j++) {
			if (localfiles_gid(files, local->items[j], &gid) < 0)
				continue;
			if (add_gid(&gids, &count, gid) < 0) {
				free(gids);
				return -ENOMEM;
			}
		}
	}
	*ret_gids = gids;
	*ret_count = count;
	return 0;
}

/* What the arrays of a snapshot_write_input are made of. */
struct publication {
	struct person			**people;
	size_t				  people_count;
	struct snapshot_write_user	 *users;
	struct snapshot_write_group	 *groups;
	uint32_t			**gids;
	size_t				 *shown;	/* by person, 1 more */
	size_t				  count;
	struct owngroups		  own;
	struct publish_local		  local;
	const char			**members;	/* of these groups */
	size_t				  group_count;
	uint32_t			 *taken;
	size_t				  taken_count;
	int64_t				  now;
	int64_t				  until;
};

static void
publication_free(struct publication *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		free(p->gids[i]);
	free(p->gids);
	free(p->shown);
	free(p->members);
	free(p->taken);
	owngroup_free(&p->own);
	publish_local_free(&p->local);
	free(p->users);
	free(p->groups);
	store_free_all(p->people, p->people_count);
}

static int64_t
later(int64_t one, int64_t other)
{
	return one > other ? one : other;
}

/* Do her groups count? That may change after p->until. */
static bool
is_alive(struct publication *p, const struct config *config,
    const struct person *person)
{
	int64_t last = person_alive_until(person, config->offline_max);
	bool alive = person_is_alive(person, p->now, config->offline_max);

	/* The clock was set back: they count again when it is right. */
	if (person_is_ahead(person, p->now))
		last = later(person->last_proof, person->groups_told) -
		    AGE_SKEW - 1;
	else if (!alive)
		return false;
	if (last < p->until)
		p->until = last;
	return alive;
}

static int
add_person(struct publication *p, const struct config *config,
    const struct localfiles *files, size_t index)
{
	const struct person *person = p->people[index];
	struct snapshot_write_user *user = &p->users[p->count];
	struct snapshot_write_group *group = &p->groups[p->count];
	uint32_t *gids = NULL;
	size_t gid_count = 0;
	int r;

	if (publish_is_hidden(files, person))
		return 0;
	if (is_alive(p, config, person)) {
		r = publish_local_gids(config, files, person, &gids,
		    &gid_count);
		if (r < 0)
			return r;
	}
	p->gids[p->count++] = gids;
	p->shown[index] = p->count;
	user->name = group->name = person->name;
	user->uid = person->uid;
	user->gid = group->gid = person->gid;
	user->gecos = person->gecos;
	user->home = person->home;
	user->shell = person->shell;
	user->gids = gids;
	user->gid_count = gid_count;
	return 0;
}

/* Make room for the gids of the groups that each person is in. */
static int
grow_gids(struct publication *p)
{
	const struct owngroup *group;
	size_t *more, i, j;
	uint32_t *gids;
	int r = 0;

	more = calloc(p->people_count + 1, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	for (i = 0; i < p->own.count; i++) {
		group = &p->own.groups[i];
		for (j = 0; j < group->member_count; j++)
			more[group->members[j]]++;
	}
	for (i = 0; i < p->people_count && r == 0; i++) {
		if (more[i] == 0 || p->shown[i] == 0)
			continue;
		j = p->shown[i] - 1;
		gids = reallocarray(p->gids[j], p->users[j].gid_count +
		    more[i], sizeof(*gids));
		if (gids == NULL)
			r = -ENOMEM;
		else
			p->users[j].gids = p->gids[j] = gids;
	}
	free(more);
	return r;
}

/* Who is in a group of the provider gets its gid, and its members are told;
 * both are made of one list. */
static void
add_own_group(struct publication *p, const struct owngroup *group,
    const char **members)
{
	struct snapshot_write_group *to = &p->groups[p->group_count++];
	size_t i, user;

	to->name = group->name;
	to->gid = group->gid;
	to->members = members;
	for (i = 0; i < group->member_count; i++) {
		if (p->shown[group->members[i]] == 0)
			continue;
		user = p->shown[group->members[i]] - 1;
		p->gids[user][p->users[user].gid_count++] = group->gid;
		members[to->member_count++] = p->users[user].name;
	}
}

static int
add_own_groups(struct publication *p)
{
	size_t i, used = 0;
	int r;

	for (i = 0; i < p->own.count; i++)
		used += p->own.groups[i].member_count;
	p->members = calloc(used + 1, sizeof(*p->members));
	if (p->members == NULL)
		return -ENOMEM;
	r = grow_gids(p);
	if (r < 0)
		return r;
	for (i = 0, used = 0; i < p->own.count; i++) {
		if (p->own.groups[i].problem == OWNGROUP_SHOWN)
			add_own_group(p, &p->own.groups[i],
			    p->members + used);
		used += p->own.groups[i].member_count;
	}
	return 0;
}

static int
add_subids(struct publication *p, const struct config *config,
    const struct localfiles *files, struct store *store)
{
	const struct publish_people people = {
		.people = p->people,
		.count = p->people_count,
		.shown = p->shown,
		.users = p->users,
		.user_count = p->count,
		.taken = p->taken,
		.taken_count = p->taken_count,
	};

	return publish_subids(config, files, store, &people, p->now);
}

static int
collect(struct publication *p, const struct config *config,
    const struct localfiles *files, struct store *store)
{
	size_t i;
	int r;

	r = store_all(store, &p->people, &p->people_count);
	if (r < 0)
		return r;
	r = owngroup_list(config, files, store, p->people, p->people_count,
	    p->now, &p->own);
	if (r < 0)
		return r;
	p->users = calloc(p->people_count + 1, sizeof(*p->users));
	p->groups = calloc(p->people_count + p->own.count + 1,
	    sizeof(*p->groups));
	p->gids = calloc(p->people_count + 1, sizeof(*p->gids));
	p->shown = calloc(p->people_count + 1, sizeof(*p->shown));
	if (p->users == NULL || p->groups == NULL || p->gids == NULL ||
	    p->shown == NULL)
		return -ENOMEM;
	for (i = 0; i < p->people_count; i++) {
		r = add_person(p, config, files, i);
		if (r < 0)
			return r;
	}
	p->group_count = p->count;
	r = add_own_groups(p);
	if (r == 0)
		r = owngroup_keep(store, &p->own);
	if (r == 0)
		r = publish_local_groups(config, files, p->users, p->count,
		    &p->local);
	if (r < 0)
		return r;
	r = publish_taken_ids(config, files, store, p->people,
	    p->people_count, &p->taken, &p->taken_count);
	return r < 0 ? r : add_subids(p, config, files, store);
}

/* Is everybody listed whom the provider knows? Where there are several of them,
 * one's directory says nothing of the others (design D2, D8). */
static bool
is_complete(const struct config *config, struct store *store)
{
	struct store_directory directory;

	return config->directory.url != NULL && config->provider_count == 1 &&
	    store_directory_find(store, config->providers[0].issuer,
	    &directory) == 0 && directory.complete;
}

int
publish_snapshot(const struct config *config, const struct localfiles *files,
    struct store *store, const char *path, int64_t now, int64_t *ret_until)
{
	const struct config_identity *identity = &config->identity;
	struct publication p = { .now = now, .until = INT64_MAX };
	struct snapshot_write_input in = { 0 };
	int r;

	r = collect(&p, config, files, store);
	if (r < 0)
		goto out;
	in.issuer = config_seed_issuer(config);
	in.range_start = identity->range_start;
	in.range_size = identity->range_end - identity->range_start + 1;
	in.home = identity->home;
	in.shell = identity->shell;
	in.enumerate = config->enumerate;
	in.sign_in = !is_complete(config, store);
	in.callers = (const char *const *)config->callers.items;
	in.caller_count = config->callers.count;
	in.local_names = localfiles_user_names(files, &in.local_name_count);
	in.taken_ids = p.taken;
	in.taken_id_count = p.taken_count;
	in.users = p.users;
	in.user_count = p.count;
	in.groups = p.groups;
	in.group_count = p.group_count;
	in.local_groups = p.local.groups;
	in.local_group_count = p.local.count;
	r = snapshot_write(path, &in);
	if (r == 0)
		*ret_until = p.until;
out:
	publication_free(&p);
	return r;
}
