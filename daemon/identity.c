/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST compare the person who approved with the name that was asked for, byte
 *	by byte, whatever else is true.
 * MUST key people on (issuer, subject): the name is the provider's to change
 *	and to give to somebody else.
 * MUST refuse a name that the host's own files know, and every name outside
 *	the grammar of common/names.h.
 * MUST let a provider bind those names only that are sent to it.
 * MUST leave uid, gid and name of a bound person alone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/identity.h"
#include "daemon/idmap.h"
#include "daemon/oidc/claims.h"
#include "daemon/oidc/json.h"
#include "daemon/owngroup.h"
#include "daemon/passkey.h"

/* A display name longer than this is cut. */
#define GECOS_MAX	128

/* The name that the token asks for, if it may be one here. */
static enum reason
claimed_name(const struct identity_context *context, const struct json *claims,
    const char **ret_name)
{
	const char *path = context->provider->identity.username_claim;
	const char *name = json_string(claims_get(claims, path));

	if (name == NULL)
		return REASON_CLAIM_MISSING;
	if (!name_is_valid(name) || strcmp(name, "root") == 0 ||
	    localfiles_has_user(context->files, name))
		return REASON_CLAIM_NOT_A_NAME;
	*ret_name = name;
	return REASON_GRANTED;
}

/* Is a claim that is not there a mistake that the admin must hear of? */
static int
groups_matter(const struct identity_context *context)
{
	const struct config *config = context->config;
	size_t i;

	for (i = 0; i < config->access_count; i++) {
		if (config->access[i].allow_groups.count > 0 ||
		    config->access[i].deny_groups.count > 0)
			return 1;
	}
	return config->group_count > 0 ||
	    context->provider->identity.own_groups.count > 0;
}

/* Why there is no groups claim, as far as the configuration tells. */
static enum reason
missing_groups(const struct config_provider *provider)
{
	const char *scopes = provider->scopes, *p = scopes;

	if (provider->preset != CONFIG_PRESET_POCKETID)
		return REASON_GROUPS_MAPPER;
	while ((p = strstr(p, "groups")) != NULL) {
		if ((p == scopes || p[-1] == ' ') &&
		    (p[6] == ' ' || p[6] == '\0'))
			return REASON_GROUPS_MISSING;
		p += 6;
	}
	return REASON_GROUPS_SCOPE;
}

/* A name that no terminal can show is no group here: claims_item_fn. */
static int
take_group(void *arg, const char *group)
{
	struct person *person = arg;

	if (group[0] == '\0' || !text_is_plain(group))
		return 0;
	return person_add_group(person, group);
}

/* A claim that is missing is not an empty one, and a list that is not all
 * group names is not believed in part. */
static enum reason
take_groups(const struct identity_context *context, const struct json *claims,
    struct person *person)
{
	const struct config_identity *identity = &context->provider->identity;
	const struct json *groups;
	int r;

	groups = claims_get(claims, identity->groups_claim);
	if (groups == NULL)
		return groups_matter(context) ?
		    missing_groups(context->provider) : REASON_GRANTED;
	r = claims_each(groups, identity->groups_separator, take_group, person);
	if (r == -EBADMSG)
		return REASON_GROUPS_MALFORMED;
	return r < 0 ? REASON_INTERNAL : REASON_GRANTED;
}

/* The field of passwd(5) that shows a name: no separator may come from it. */
static char *
make_gecos(const struct json *claims, const char *name)
{
	const char *display = json_get_string(claims, "name");
	char gecos[GECOS_MAX], *p;

	text_copy_plain(gecos, sizeof(gecos),
	    display != NULL && display[0] != '\0' ? display : name);
	for (p = gecos; *p != '\0'; p++) {
		if (*p == ':' || *p == ',' || *p == '=')
			*p = ' ';
	}
	return strdup(gecos);
}

static char *
make_home(const char *pattern, const char *name)
{
	char home[SNAPSHOT_STRING_MAX + 1];
	size_t length;

	if (snapshot_expand_home(pattern, name, home, sizeof(home),
	    &length) < 0)
		return NULL;
	return strdup(home);
}

/* Somebody whom this host has not seen: the name must be free. */
static enum reason
new_person(const struct identity_context *context,
    const struct identity_token *token, const char *name, int64_t now,
    struct person *person)
{
	struct person *other = NULL;
	enum reason reason;
	int r;

	r = store_find_name(context->store, name, &other);
	person_free(other);
	if (r == 0)
		return REASON_NAME_BOUND;
	if (r != -ENOENT)
		return REASON_INTERNAL;
	if (config_provider_for(context->config, name) != context->provider)
		return REASON_NO_PROVIDER;
	if (localfiles_has_group(context->files, name))
		return REASON_CLAIM_NOT_A_NAME;
	reason = idmap_assign(context->config, context->files, context->store,
	    name, &person->uid);
	if (reason != REASON_GRANTED)
		return reason;
	r = owngroup_reserves(context->config, context->store, name,
	    person->uid);
	if (r != 0)
		return r < 0 ? REASON_INTERNAL : REASON_NAME_IS_GROUP;
	person->gid = person->uid;
	person->bound = now;
	person->issuer = strdup(token->issuer);
	person->subject = strdup(token->subject);
	person->name = strdup(name);
	person->home = make_home(context->provider->identity.home, name);
	person->shell = strdup(context->provider->identity.shell);
	if (person->issuer == NULL || person->subject == NULL ||
	    person->name == NULL || person->home == NULL ||
	    person->shell == NULL)
		return REASON_INTERNAL;
	return REASON_GRANTED;
}

/* Find the person whom token speaks of, or make her. */
static enum reason
find_or_make(const struct identity_context *context,
    const struct identity_token *token, const char *requested, int64_t now,
    struct person **ret_person)
{
	struct person *person = NULL;
	enum reason reason;
	const char *name;
	int r;

	r = store_find_subject(context->store, token->issuer, token->subject,
	    ret_person);
	if (r == 0) {
		name = (*ret_person)->name;
		if (strcmp(name, requested) != 0)
			return REASON_OTHER_PERSON;
		return localfiles_claim(context->files, name,
		    (*ret_person)->uid) ? REASON_LOCAL_NAME : REASON_GRANTED;
	}
	if (r != -ENOENT)
		return REASON_INTERNAL;
	reason = claimed_name(context, token->claims, &name);
	if (reason != REASON_GRANTED)
		return reason;
	if (strcmp(name, requested) != 0)
		return REASON_OTHER_PERSON;
	person = person_new();
	if (person == NULL)
		return REASON_INTERNAL;
	*ret_person = person;
	return new_person(context, token, name, now, person);
}

/* What the token says of a person replaces what was known. */
static enum reason
refresh_person(const struct identity_context *context,
    const struct json *claims, int64_t now, struct person *person)
{
	enum reason reason;
	int64_t used;

	person_clear_groups(person);
	reason = take_groups(context, claims, person);
	if (reason != REASON_GRANTED)
		return reason;
	free(person->gecos);
	person->gecos = make_gecos(claims, person->name);
	if (person->gecos == NULL)
		return REASON_INTERNAL;
	person->last_proof = now;
	used = passkey_time(claims, now);
	if (used > person->last_passkey)
		person->last_passkey = used;
	person->revoked = false;
	return REASON_GRANTED;
}

enum reason
identity_resolve(const struct identity_context *given,
    const struct identity_token *token, const char *requested, int64_t now,
    struct person **ret_person)
{
	struct identity_context context = *given;
	struct person *person = NULL;
	enum reason reason;

	context.provider = config_provider_of(given->config, token->issuer);
	if (context.provider == NULL)
		return REASON_PROVIDER_GONE;
	reason = find_or_make(&context, token, requested, now, &person);
	if (reason == REASON_GRANTED)
		reason = refresh_person(&context, token->claims, now, person);
	if (reason == REASON_GRANTED) {
		*ret_person = person;
		person = NULL;
	}
	person_free(person);
	return reason;
}

enum reason
identity_refresh(const struct identity_context *given,
    const struct json *claims, int64_t now, struct person *person)
{
	struct identity_context context = *given;
	bool revoked = person->revoked;
	enum reason reason = REASON_GRANTED;

	context.provider = config_provider_of(given->config, person->issuer);
	if (context.provider == NULL)
		return REASON_PROVIDER_GONE;
	if (claims != NULL)
		reason = refresh_person(&context, claims, now, person);
	person->last_proof = now;
	/* Only a sign-in undoes it. */
	person->revoked = revoked;
	return reason;
}

enum reason
identity_find_name(const struct identity_context *given,
    const struct identity_token *token, char ret_name[NAME_LIMIT + 1])
{
	struct identity_context context = *given;
	struct person *person = NULL;
	const char *name = NULL;
	enum reason reason;
	int r;

	context.provider = config_provider_of(given->config, token->issuer);
	if (context.provider == NULL)
		return REASON_PROVIDER_GONE;
	r = store_find_subject(given->store, token->issuer, token->subject,
	    &person);
	if (r < 0 && r != -ENOENT)
		return REASON_INTERNAL;
	reason = REASON_GRANTED;
	if (r == 0)
		name = person->name;
	else
		reason = claimed_name(&context, token->claims, &name);
	if (reason == REASON_GRANTED)
		(void)snprintf(ret_name, NAME_LIMIT + 1, "%s", name);
	person_free(person);
	return reason;
}
