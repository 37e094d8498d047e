/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST compare the person who approved with the name that was asked for, byte
 *	by byte, whatever else is true.
 * MUST key people on (issuer, subject): the name is the provider's to change
 *	and to give to somebody else.
 * MUST let a provider bind those names only that are sent to it.
 * MUST leave uid, gid, name and home of a bound person alone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/age.h"
#include "daemon/identity/identity_private.h"
#include "daemon/identity/idmap.h"
#include "daemon/identity/mapfile.h"
#include "daemon/identity/passkey.h"
#include "daemon/snapshot/owngroup.h"

static enum reason
other_person(const struct identity_case *found, const char *requested,
    const char *name)
{
	reason_add(found->detail, "%s was asked for, %s approved", requested,
	    name);
	return REASON_OTHER_PERSON;
}

const struct map_line *
identity_map_line(const struct identity_case *found, const char *name)
{
	const struct identity_context *context = found->context;

	return mapfile_find(context->map, context->config->provider_count == 1 ?
	    found->token->subject : NULL, name);
}

/* With provision = off, an account is made only for whom the admin or the
 * directory named. */
static enum reason
check_provision(const struct identity_case *found, const char *name)
{
	if (found->rules->provision || found->user != NULL ||
	    found->context->listed || identity_map_line(found, name) != NULL)
		return REASON_GRANTED;
	reason_add(found->detail, "%s, sub %.64s", name,
	    found->token->subject);
	return REASON_NOT_PROVISIONED;
}

/* The name must be nobody's, nor that of a local group. */
static enum reason
check_free(const struct identity_case *found, const char *name)
{
	struct person *other = NULL;
	int r;

	r = store_find_name(found->context->store, name, &other);
	if (r == 0) {
		reason_add(found->detail, "%s is bound to sub %.64s at %.64s, "
		    "not to sub %.64s; to give the name away: hostpass forget "
		    "%s", name, other->subject, other->issuer,
		    found->token->subject, name);
		person_free(other);
		return REASON_NAME_BOUND;
	}
	if (r != -ENOENT)
		return REASON_INTERNAL;
	if (config_provider_for(found->context->config, name) !=
	    found->provider) {
		reason_add(found->detail, "%s is not a name of %s", name,
		    found->provider->issuer);
		return REASON_NO_PROVIDER;
	}
	if (localfiles_has_group(found->context->files, name)) {
		reason_add(found->detail, "%s is a local group", name);
		return REASON_CLAIM_NOT_A_NAME;
	}
	return check_provision(found, name);
}

/* Somebody whom this host has not seen. */
static enum reason
new_person(const struct identity_case *found, const char *name, int64_t now,
    struct person *person)
{
	enum reason reason;
	int r;

	reason = check_free(found, name);
	if (reason == REASON_GRANTED)
		reason = idmap_assign(found, name, &person->uid, &person->gid);
	if (reason != REASON_GRANTED)
		return reason;
	r = owngroup_reserves(found->context->config, found->context->store,
	    name, person->uid);
	if (r == 0)
		r = owngroup_reserves(found->context->config,
		    found->context->store, name, person->gid);
	if (r != 0)
		return r < 0 ? REASON_INTERNAL : REASON_NAME_IS_GROUP;
	person->bound = now;
	person->issuer = strdup(found->token->issuer);
	person->subject = strdup(found->token->subject);
	person->name = strdup(name);
	person->home = identity_home(found, name);
	if (person->issuer == NULL || person->subject == NULL ||
	    person->name == NULL || person->home == NULL)
		return REASON_INTERNAL;
	return REASON_GRANTED;
}

/* Is she, who is bound, the one who is asked for? */
static enum reason
check_known(const struct identity_case *found, const struct person *person,
    const char *requested)
{
	const struct localfiles *files = found->context->files;

	if (strcmp(person->name, requested) != 0)
		return other_person(found, requested, person->name);
	return localfiles_claim(files, person->name, person->uid) ||
	    localfiles_has_gid(files, person->gid) ?
	    REASON_LOCAL_NAME : REASON_GRANTED;
}

/* Find the person whom the token speaks of, or make her. */
static enum reason
find_or_make(struct identity_case *found, const char *requested, int64_t now,
    struct person **ret_person)
{
	char name[NAME_LIMIT + 1];
	struct person *person;
	enum reason reason;
	int r;

	r = store_find_subject(found->context->store, found->token->issuer,
	    found->token->subject, ret_person);
	if (r == 0)
		return check_known(found, *ret_person, requested);
	if (r != -ENOENT)
		return REASON_INTERNAL;
	reason = identity_name(found, name);
	if (reason != REASON_GRANTED)
		return reason;
	if (strcmp(name, requested) != 0)
		return other_person(found, requested, name);
	person = person_new();
	if (person == NULL)
		return REASON_INTERNAL;
	*ret_person = person;
	return new_person(found, name, now, person);
}

static enum reason
open_case(struct identity_case *found, const struct identity_context *context,
    const struct identity_token *token, struct reason_detail *detail)
{
	const struct config_provider *provider;

	provider = config_provider_of(context->config, token->issuer);
	if (provider == NULL) {
		reason_add(detail, "%.128s", token->issuer);
		return REASON_PROVIDER_GONE;
	}
	*found = (struct identity_case){
		.context = context,
		.provider = provider,
		.rules = &provider->identity,
		.token = token,
		.detail = detail,
	};
	return REASON_GRANTED;
}

/* What the token says of her takes the place of what was known. */
static enum reason
follow(struct identity_case *found, int64_t now, struct person *person)
{
	enum reason reason;
	int64_t used;

	found->user = config_user_for(found->context->config, person->name);
	reason = identity_profile(found, person);
	if (reason != REASON_GRANTED)
		return reason;
	person->last_proof = person->groups_told = now;
	used = passkey_time(found->token->claims, now);
	/* A time that a clock of the past ran ahead to says nothing. */
	if (used > person->last_passkey ||
	    age_is_unknown(person->last_passkey, now))
		person->last_passkey = used;
	person->revoked = false;
	return REASON_GRANTED;
}

enum reason
identity_resolve(const struct identity_context *context,
    const struct identity_token *token, const char *requested, int64_t now,
    struct reason_detail *detail, struct person **ret_person)
{
	struct identity_case found;
	struct person *person = NULL;
	enum reason reason;

	reason = open_case(&found, context, token, detail);
	if (reason != REASON_GRANTED)
		return reason;
	reason = find_or_make(&found, requested, now, &person);
	if (reason == REASON_GRANTED)
		reason = follow(&found, now, person);
	if (reason == REASON_GRANTED) {
		*ret_person = person;
		person = NULL;
	}
	person_free(person);
	return reason;
}

enum reason
identity_refresh(const struct identity_context *context,
    const struct json *claims, int64_t now, struct person *person)
{
	const struct identity_token token = {
		person->issuer, person->subject, claims
	};
	bool revoked = person->revoked;
	struct identity_case found;
	enum reason reason;

	reason = open_case(&found, context, &token, NULL);
	if (reason != REASON_GRANTED)
		return reason;
	if (claims != NULL)
		reason = follow(&found, now, person);
	else if (!identity_groups_matter(&found))
		person->groups_told = now;
	person->last_proof = now;
	/* Only a sign-in undoes it. */
	person->revoked = revoked;
	return reason;
}

enum reason
identity_find_name(const struct identity_context *context,
    const struct identity_token *token, struct reason_detail *detail,
    char ret_name[NAME_LIMIT + 1])
{
	struct identity_case found;
	struct person *person = NULL;
	enum reason reason;
	int r;

	reason = open_case(&found, context, token, detail);
	if (reason != REASON_GRANTED)
		return reason;
	r = store_find_subject(context->store, token->issuer, token->subject,
	    &person);
	if (r == -ENOENT)
		return identity_name(&found, ret_name);
	if (r < 0)
		return REASON_INTERNAL;
	(void)snprintf(ret_name, NAME_LIMIT + 1, "%s", person->name);
	person_free(person);
	return REASON_GRANTED;
}
