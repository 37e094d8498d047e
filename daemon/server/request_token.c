/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person's own access token, for what she runs on this host.
 *
 * MUST give it to nobody but the uid that it is about (SO_PEERCRED), not even
 *	to root, and only to people of [token] who may use this host now: when
 *	it is asked for, and when it has come.
 * MUST ask for no scope that [token] does not list.
 * MUST log that it was given, and never the token.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/secret.h"
#include "daemon/policy/account.h"
#include "daemon/refresher/refresher.h"
#include "daemon/server/request_private.h"

/* As [access:token] may name it. */
#define SERVICE		"token"

#define STRANGER	"you do not sign in with a passkey here"

/* Is the word, len long, one of the list? */
static bool
is_listed(const struct config_list *list, const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (strlen(list->items[i]) == len &&
		    memcmp(list->items[i], word, len) == 0)
			return true;
	}
	return false;
}

/* One word at least, and none that is not in the list. */
static bool
scope_is_allowed(const struct config_list *scopes, const char *scope)
{
	const char *word = scope + strspn(scope, " ");
	size_t len;

	if (*word == '\0')
		return false;
	for (; *word != '\0'; word += strspn(word, " ")) {
		len = strcspn(word, " ");
		if (!is_listed(scopes, word, len))
			return false;
		word += len;
	}
	return true;
}

/* All of the list, with blanks between; NULL for want of memory. */
static char *
join(const struct config_list *scopes)
{
	size_t len = 1, i;
	char *scope;

	for (i = 0; i < scopes->count; i++)
		len += strlen(scopes->items[i]) + 1;
	scope = malloc(len);
	if (scope == NULL)
		return NULL;
	len = 0;
	for (i = 0; i < scopes->count; i++) {
		if (i > 0)
			scope[len++] = ' ';
		memcpy(scope + len, scopes->items[i],
		    strlen(scopes->items[i]));
		len += strlen(scopes->items[i]);
	}
	scope[len] = '\0';
	return scope;
}

/* Groups are a provider's own, as in [access]. */
static bool
is_in_group(const struct config *config, const struct person *person)
{
	const struct config_list *groups = &config->token.allow_groups;
	const struct config_provider *provider;
	const char *group;
	size_t i;

	provider = config_provider_of(config, person->issuer);
	for (i = 0; provider != NULL && i < groups->count; i++) {
		group = config_provider_group(provider, groups->items[i]);
		if (strcmp(groups->items[i], "*") == 0 ||
		    (group != NULL && person_in_group(person, group)))
			return true;
	}
	return false;
}

/* Why not; NULL if she may have a token. */
static const char *
objection(const struct world *world, const struct person *person)
{
	enum reason reason;

	if (world->config->token.allow_groups.count == 0)
		return "this host gives no tokens; an administrator can allow "
		    "them: allow_groups in [token] of hostpass.conf";
	if (!is_in_group(world->config, person))
		return "you are in no group of allow_groups in [token] of "
		    "hostpass.conf";
	reason = account_decide(world, person->name, SERVICE, NULL, NULL);
	return reason == REASON_GRANTED ? NULL : reason_person(reason);
}

static const char *
failure(const struct refresher_result *result)
{
	if (!result->kept)
		return "no refresh token of yours is kept here: sign in again";
	if (result->outcome != REFRESH_RENEWED)
		return reason_person(result->reason);
	return "the sign-in service gave no token; try again";
}

static void
refuse(struct connection *connection, const char *why)
{
	log_line(LOG_NOTICE, "token: uid=%u is refused one: %s",
	    (unsigned)connection->uid, why);
	connection_refuse(connection, why);
}

/* What the refresh has told of her counts already. */
static const char *
objection_now(const struct connection *connection)
{
	struct person *person = NULL;
	const char *why = STRANGER;

	if (store_find_uid(connection->world->store, connection->uid,
	    &person) == 0)
		why = objection(connection->world, person);
	person_free(person);
	return why;
}

static void
refreshed(void *arg, const struct refresher_result *result)
{
	struct connection *connection = arg;
	const char *why;
	struct frame f;

	connection->refresh = NULL;
	if (!result->kept || result->outcome != REFRESH_RENEWED ||
	    result->access_token == NULL || result->access_token->len == 0) {
		connection_refuse(connection, failure(result));
		return;
	}
	why = objection_now(connection);
	if (why != NULL) {
		refuse(connection, why);
		return;
	}
	log_line(LOG_INFO, "token: uid=%u was given an access token: scope=%s",
	    (unsigned)connection->uid, result->scope);
	frame_start(&f, PROTO_SECRET);
	frame_put_string(&f, result->access_token->data);
	connection_send(connection, &f, true);
}

/* scope is what she asks for, or NULL. */
static void
give(struct connection *connection, const struct person *person,
    const char *scope)
{
	const char *why;

	if (scope == NULL) {
		connection_refuse(connection, "memory is short");
		return;
	}
	why = objection(connection->world, person);
	if (why == NULL && !scope_is_allowed(
	    &connection->world->config->token.scopes, scope))
		why = "scopes in [token] of hostpass.conf does not have this "
		    "scope";
	if (why != NULL) {
		refuse(connection, why);
	} else if (refresher_ask_token(connection->world->refresher, person,
	    scope, refreshed, connection, &connection->refresh) < 0) {
		connection_refuse(connection, "memory is short");
	}
}

int
request_token(struct connection *connection, struct frame_reader *r)
{
	struct person *person = NULL;
	char *scope, *all = NULL;
	int error;

	scope = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error < 0)
		goto out;
	if (store_find_uid(connection->world->store, connection->uid,
	    &person) < 0) {
		connection_refuse(connection, STRANGER);
		goto out;
	}
	if (scope[0] == '\0')
		all = join(&connection->world->config->token.scopes);
	give(connection, person, scope[0] == '\0' ? all : scope);
out:
	person_free(person);
	free(all);
	free(scope);
	return error;
}
