/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's own names and ids always win: what /etc/passwd or /etc/group has
 * is never published, whatever the store says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/publish.h"
#include "daemon/snapshot_write.h"

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
	size_t				  count;
};

static void
publication_free(struct publication *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		free(p->gids[i]);
	free(p->gids);
	free(p->users);
	free(p->groups);
	store_free_all(p->people, p->people_count);
}

static int
add_person(struct publication *p, const struct config *config,
    const struct localfiles *files, const struct person *person)
{
	struct snapshot_write_user *user = &p->users[p->count];
	struct snapshot_write_group *group = &p->groups[p->count];
	uint32_t *gids = NULL;
	size_t gid_count = 0;
	int r;

	if (publish_is_hidden(files, person))
		return 0;
	if (!person->revoked) {
		r = publish_local_gids(config, files, person, &gids,
		    &gid_count);
		if (r < 0)
			return r;
	}
	p->gids[p->count++] = gids;
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

static int
collect(struct publication *p, const struct config *config,
    const struct localfiles *files, struct store *store)
{
	size_t i;
	int r;

	r = store_all(store, &p->people, &p->people_count);
	if (r < 0)
		return r;
	p->users = calloc(p->people_count + 1, sizeof(*p->users));
	p->groups = calloc(p->people_count + 1, sizeof(*p->groups));
	p->gids = calloc(p->people_count + 1, sizeof(*p->gids));
	if (p->users == NULL || p->groups == NULL || p->gids == NULL)
		return -ENOMEM;
	for (i = 0; i < p->people_count; i++) {
		r = add_person(p, config, files, p->people[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

int
publish_snapshot(const struct config *config, const struct localfiles *files,
    struct store *store, const char *path)
{
	const struct config_identity *identity = &config->identity;
	struct publication p = { 0 };
	struct snapshot_write_input in = { 0 };
	uint32_t *taken = NULL;
	int r;

	r = collect(&p, config, files, store);
	if (r == 0)
		r = publish_taken_ids(config, files, store, p.people,
		    p.people_count, &taken, &in.taken_id_count);
	if (r < 0)
		goto out;
	in.issuer = config_seed_issuer(config);
	in.range_start = identity->range_start;
	in.range_size = identity->range_end - identity->range_start + 1;
	in.home = identity->home;
	in.shell = identity->shell;
	in.enumerate = config->enumerate;
	in.sign_in = true;
	in.callers = (const char *const *)config->callers.items;
	in.caller_count = config->callers.count;
	in.local_names = localfiles_user_names(files, &in.local_name_count);
	in.taken_ids = taken;
	in.users = p.users;
	in.user_count = p.count;
	in.groups = p.groups;
	in.group_count = p.count;
	r = snapshot_write(path, &in);
out:
	free(taken);
	publication_free(&p);
	return r;
}
