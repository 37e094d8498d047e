/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking the provider about somebody now, and letting go of her now.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "daemon/oidc/json.h"
#include "daemon/refresher/refresher.h"
#include "daemon/server/request_private.h"
#include "daemon/store/store_token.h"
#include "daemon/trouble.h"

/* So often may somebody have the provider asked about herself: a refresh is
 * work for it, and if it has had enough, nobody on the host is refreshed. */
#define ASKED_SECONDS	10

/* The codes of `hostpass refresh`. */
static const char *const outcomes[] = {
	[REFRESH_RENEWED] = "renewed", [REFRESH_REVOKED] = "revoked",
	[REFRESH_TRY_LATER] = "later", [REFRESH_LOST] = "lost",
};

static void
tell(struct connection *connection, const struct refresher_result *result)
{
	struct json *document = json_new_object();

	if (result->kept) {
		json_set_string(document, "outcome", outcomes[result->outcome]);
		json_set_string(document, "reason",
		    reason_code(result->reason));
		json_set_string(document, "sentence",
		    reason_admin(result->reason));
		json_set_string(document, "detail", result->detail);
	} else {
		json_set_string(document, "outcome", "no-token");
	}
	request_send_json(connection, document);
}

static void
refreshed(void *arg, const struct refresher_result *result)
{
	struct connection *connection = arg;

	connection->refresh = NULL;
	tell(connection, result);
}

/* Was the provider asked about her just now? Then that answer is hers. */
static bool
is_answered(struct connection *connection, const struct person *person)
{
	const struct token_owner owner = { person->issuer, person->subject };
	const struct refresher_result renewed = {
		.kept = true, .outcome = REFRESH_RENEWED,
		.reason = REASON_GRANTED, .detail = "",
	};
	const int64_t now = time(NULL);
	struct token_state state;

	if (connection->uid == 0 || store_token_state(connection->world->store,
	    &owner, &state) < 0 || state.told > now ||
	    now - state.told >= ASKED_SECONDS)
		return false;
	if (strcmp(state.outcome, outcomes[REFRESH_RENEWED]) == 0 ||
	    strcmp(state.outcome, "signed-in") == 0)
		tell(connection, &renewed);
	else
		connection_refuse(connection, "the provider was asked about "
		    "you just now; try again in a few seconds");
	return true;
}

static void
refresh_everybody(struct connection *connection)
{
	struct json *document = json_new_object();

	json_set_string(document, "outcome", "begun");
	json_set_integer(document, "people", (int64_t)
	    refresher_hurry(connection->world->refresher));
	request_send_json(connection, document);
}

/* Whom the request names: *ret_person must be freed. */
static int
find(struct connection *connection, const char *user,
    struct person **ret_person)
{
	struct store *store = connection->world->store;

	return user[0] != '\0' ? store_find_name(store, user, ret_person) :
	    store_find_uid(store, (uint32_t)connection->uid, ret_person);
}

static void
refresh_person(struct connection *connection, const char *user)
{
	struct person *person = NULL;
	int r;

	r = find(connection, user, &person);
	if (r == -ENOENT)
		connection_refuse(connection,
		    "nobody of this name has signed in on this host");
	else if (r < 0 || (!is_answered(connection, person) &&
	    refresher_ask(connection->world->refresher, person, refreshed,
	    connection, &connection->refresh) < 0))
		connection_refuse(connection, "the store cannot be read");
	person_free(person);
}

int
request_refresh(struct connection *connection, struct frame_reader *r)
{
	char *user;
	int error;

	user = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0 && user[0] != '\0' &&
	    !request_speaks_for(connection, user))
		error = -EPERM;
	if (error == 0 && user[0] == '\0' && connection->uid == 0)
		refresh_everybody(connection);
	else if (error == 0)
		refresh_person(connection, user);
	free(user);
	return error;
}

static void
revoke_person(struct connection *connection, const char *user)
{
	struct person *person = NULL;
	struct json *document;
	int r;

	r = store_find_name(connection->world->store, user, &person);
	if (r == -ENOENT) {
		connection_refuse(connection,
		    "nobody of this name has signed in on this host");
		return;
	}
	if (r < 0) {
		connection_refuse(connection, "the store cannot be read; "
		    "nothing was changed");
		return;
	}
	r = refresher_revoke(connection->world->refresher, person, true);
	person_free(person);
	if (r < 0) {
		log_line(LOG_ERR, "cannot write that %s is revoked: %s", user,
		    trouble_say(r));
		connection_refuse(connection, "revoked, but the store cannot "
		    "be written: see the log, and run this again, for "
		    "otherwise it is forgotten when hostpassd ends");
		return;
	}
	document = json_new_object();
	json_set_string(document, "user", user);
	json_set_boolean(document, "revoked", true);
	json_set_boolean(document, "sessions_end",
	    connection->world->config->end_sessions);
	request_send_json(connection, document);
}

int
request_revoke(struct connection *connection, struct frame_reader *r)
{
	char *user;
	int error;

	user = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0)
		revoke_person(connection, user);
	free(user);
	return error;
}
