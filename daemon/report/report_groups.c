/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass groups`: what each group of the provider is here. Own groups come
 * from the list that the snapshot is made of.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/oidc/json.h"
#include "daemon/report/report.h"
#include "daemon/snapshot/owngroup.h"
#include "daemon/snapshot/publish.h"

/* Everybody, and the groups that they make. */
struct look {
	const struct world		*world;
	struct person			**people;
	size_t				  count;
	struct owngroups		  own;
};

static struct json *
describe_local(const struct look *look, const struct config_group *group)
{
	struct json *local = json_new_array(), *entry;
	uint32_t gid;
	size_t i;
	bool exists;

	for (i = 0; i < group->local.count; i++) {
		exists = localfiles_gid(look->world->files,
		    group->local.items[i], &gid) == 0;
		entry = json_new_object();
		json_set_string(entry, "name", group->local.items[i]);
		json_set_integer(entry, "gid", exists ? (int64_t)gid : -1);
		json_set_boolean(entry, "exists", exists);
		json_append(local, entry);
	}
	return local;
}

static struct json *
describe_members(const struct look *look, const struct config_group *group)
{
	struct json *members = json_new_array();
	size_t i;

	for (i = 0; i < look->count; i++) {
		if (person_is_alive(look->people[i], time(NULL),
		    look->world->config->offline_max) &&
		    publish_in_group(look->world->config, group,
		    look->people[i]))
			json_append_string(members, look->people[i]->name);
	}
	return members;
}

static struct json *
describe_own(const struct owngroup *own)
{
	struct json *document = json_new_object();

	json_set_string(document, "name", own->name);
	json_set_integer(document, "gid", own->gid);
	json_set_string(document, "problem", owngroup_why(own->problem));
	return document;
}

/* Is this line of [groups] about that group? */
static bool
is_about(const struct config *config, const struct config_group *group,
    const struct owngroup *own)
{
	const struct config_provider *provider;

	provider = config_provider_of(config, own->issuer);
	return provider != NULL &&
	    strcmp(provider->name, group->provider) == 0 &&
	    strcmp(own->provider, group->name) == 0;
}

/* A line of [groups], with the own group of that name, if there is one. */
static struct json *
describe_mapped(const struct look *look, const struct config_group *group)
{
	struct json *document = json_new_object();
	size_t i;

	json_set_string(document, "name", group->name);
	json_set_string(document, "provider", group->provider);
	for (i = 0; i < look->own.count; i++) {
		if (!is_about(look->world->config, group,
		    &look->own.groups[i]))
			continue;
		json_set(document, "own", describe_own(&look->own.groups[i]));
		break;
	}
	json_set(document, "local", describe_local(look, group));
	json_set(document, "members", describe_members(look, group));
	return document;
}

/* An own group that no line of [groups] has. */
static struct json *
describe_unmapped(const struct look *look, const struct owngroup *own)
{
	struct json *document = json_new_object(), *members = json_new_array();
	const struct config_provider *provider;
	size_t i;

	provider = config_provider_of(look->world->config, own->issuer);
	for (i = 0; i < own->member_count; i++)
		json_append_string(members,
		    look->people[own->members[i]]->name);
	json_set_string(document, "name", own->provider);
	json_set_string(document, "provider",
	    provider != NULL ? provider->name : "");
	json_set(document, "own", describe_own(own));
	json_set(document, "local", json_new_array());
	json_set(document, "members", members);
	return document;
}

static bool
is_mapped(const struct config *config, const struct owngroup *own)
{
	size_t i;

	for (i = 0; i < config->group_count; i++) {
		if (is_about(config, &config->groups[i], own))
			return true;
	}
	return false;
}

struct json *
report_groups(const struct world *world)
{
	const struct config *config = world->config;
	struct look look = { .world = world };
	struct json *document = NULL, *groups;
	size_t i;

	if (store_all(world->store, &look.people, &look.count) < 0)
		return NULL;
	if (owngroup_list(config, world->files, world->store, look.people,
	    look.count, time(NULL), &look.own) < 0)
		goto out;
	groups = json_new_array();
	for (i = 0; i < config->group_count; i++)
		json_append(groups, describe_mapped(&look,
		    &config->groups[i]));
	for (i = 0; i < look.own.count; i++) {
		if (!is_mapped(config, &look.own.groups[i]))
			json_append(groups, describe_unmapped(&look,
			    &look.own.groups[i]));
	}
	document = json_new_object();
	json_set(document, "groups", groups);
	owngroup_free(&look.own);
out:
	store_free_all(look.people, look.count);
	return document;
}
