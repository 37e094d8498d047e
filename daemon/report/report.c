/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon tells an admin. Each document is made from the same calls
 * that decide, so that it cannot say anything else.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/snapshot.h"
#include "daemon/adopt/adopt.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/report/report.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_passcode.h"
#include "daemon/store/store_token.h"

/* Does any section let anybody in? */
static bool
has_rules(const struct config *config)
{
	return config->access[0].allow_groups.count > 0 ||
	    config->access[0].allow_users.count > 0;
}

static struct json *
provider_state(const struct world_provider *provider)
{
	const struct config_provider *config = provider->config;
	struct json *state = json_new_object();

	json_set_string(state, "name", config->name);
	json_set_string(state, "issuer", config->issuer);
	json_set_string(state, "client_id", config->client_id);
	json_set_integer(state, "last_answer",
	    provider_last_answer(provider->oidc));
	json_set_string(state, "state",
	    reason_code(provider_last_reason(provider->oidc)));
	json_set_string(state, "detail",
	    provider_last_detail(provider->oidc));
	return state;
}

/* What the host is shown, as the host sees it. */
static struct json *
snapshot_state(const struct world *world)
{
	struct json *state = json_new_object();
	struct snapshot snapshot;

	json_set_string(state, "path", world->snapshot);
	if (snapshot_map(world->snapshot, &snapshot) < 0) {
		json_set_integer(state, "written", 0);
		return state;
	}
	json_set_integer(state, "written",
	    (int64_t)snapshot_written(&snapshot));
	json_set_integer(state, "users", snapshot_user_count(&snapshot));
	json_set_integer(state, "groups", snapshot_group_count(&snapshot));
	snapshot_unmap(&snapshot);
	return state;
}

struct json *
report_status(const struct world *world, int64_t started)
{
	struct json *status, *providers;
	size_t count = 0, tokens = 0, passcodes = 0, i;

	/* What cannot be read of a damaged store is none. */
	if ((store_count(world->store, &count) < 0 ||
	    store_token_count(world->store, &tokens) < 0 ||
	    store_count_passcodes(world->store, &passcodes) < 0) &&
	    !store_is_damaged(world->store))
		return NULL;
	status = json_new_object();
	json_set_string(status, "version", PACKAGE_VERSION);
	providers = json_new_array();
	for (i = 0; i < world->provider_count; i++)
		json_append(providers, provider_state(&world->providers[i]));
	json_set(status, "providers", providers);
	json_set_boolean(status, "rules", has_rules(world->config));
	json_set_integer(status, "people", (int64_t)count);
	json_set_integer(status, "tokens", (int64_t)tokens);
	json_set_integer(status, "passcodes", (int64_t)passcodes);
	json_set_integer(status, "pending", (int64_t)world->pending);
	json_set(status, "snapshot", snapshot_state(world));
	json_set_integer(status, "started", started);
	if (world->adopt != NULL)
		json_set(status, "directory", adopt_report(world->adopt));
	return status;
}

/* The local groups that a person has, by name, as the snapshot gives them. */
static struct json *
local_groups(const struct world *world, const struct person *person)
{
	const struct config *config = world->config;
	struct json *names = json_new_array();
	uint32_t gid;
	size_t i, j;

	if (!person_is_alive(person, time(NULL), config->offline_max))
		return names;
	for (i = 0; i < config->group_count; i++) {
		if (!publish_in_group(config, &config->groups[i], person))
			continue;
		for (j = 0; j < config->groups[i].local.count; j++) {
			if (localfiles_gid(world->files,
			    config->groups[i].local.items[j], &gid) == 0)
				json_append_string(names,
				    config->groups[i].local.items[j]);
		}
	}
	return names;
}

/* The refresh token, but for itself; NULL: there never was one. */
static struct json *
token_state(const struct world *world, const struct person *person)
{
	struct token_owner owner = { person->issuer, person->subject };
	struct token_state state;
	struct json *token;

	if (store_token_state(world->store, &owner, &state) < 0)
		return NULL;
	token = json_new_object();
	json_set_boolean(token, "kept", state.kept);
	json_set_integer(token, "next", state.kept ? state.next : 0);
	json_set_integer(token, "told", state.told);
	json_set_string(token, "outcome", state.outcome);
	return token;
}

/* That she has a passcode, but nothing of it; NULL: she has none. */
static struct json *
passcode_state(const struct world *world, const struct person *person)
{
	struct passcode_row row;
	struct json *passcode;

	if (store_find_passcode(world->store, person, &row) < 0)
		return NULL;
	secret_free(&row.verifier);
	passcode = json_new_object();
	json_set_integer(passcode, "set", row.changed);
	json_set_integer(passcode, "tries", row.tries);
	json_set_boolean(passcode, "locked",
	    row.tries >= (int64_t)world->config->passcode.tries);
	return passcode;
}

struct json *
report_person(const struct world *world, const struct person *person)
{
	struct json *user = json_new_object(), *groups = json_new_array();
	struct json *token = token_state(world, person);
	struct json *passcode = passcode_state(world, person);
	size_t i;

	for (i = 0; i < person->group_count; i++)
		json_append_string(groups, person->groups[i]);
	json_set_string(user, "name", person->name);
	json_set_integer(user, "uid", person->uid);
	json_set_integer(user, "gid", person->gid);
	json_set_string(user, "sub", person->subject);
	json_set_string(user, "issuer", person->issuer);
	json_set_string(user, "gecos", person->gecos);
	json_set_string(user, "home", person->home);
	json_set_string(user, "shell", person->shell);
	json_set(user, "groups", groups);
	json_set(user, "local_groups", local_groups(world, person));
	json_set_integer(user, "last_proof", person->last_proof);
	json_set_integer(user, "groups_told", person->groups_told);
	json_set_integer(user, "bound", person->bound);
	json_set_boolean(user, "revoked", person->revoked);
	if (token != NULL)
		json_set(user, "token", token);
	if (passcode != NULL)
		json_set(user, "passcode", passcode);
	return user;
}

struct json *
report_users(const struct world *world)
{
	struct json *document, *users;
	struct person **people;
	size_t count, i;

	if (store_all(world->store, &people, &count) < 0)
		return NULL;
	users = json_new_array();
	for (i = 0; i < count; i++)
		json_append(users, report_person(world, people[i]));
	store_free_all(people, count);
	document = json_new_object();
	json_set(document, "users", users);
	return document;
}
