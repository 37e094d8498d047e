/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each request of common/proto.h does.
 *
 * MUST read a request whole, and find nothing left over, before acting on it.
 * MUST ask the table at the end who may send it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/oidc/json.h"
#include "daemon/server/request_private.h"

/* What a frame needs besides the document. */
#define JSON_ROOM	64

static int
send_json(struct connection *connection, struct json *document, bool last)
{
	char *text = document == NULL ? NULL : json_write(document);
	struct frame f;

	json_free(document);
	if (text == NULL) {
		connection_refuse(connection, "the store cannot be read");
		return -EIO;
	}
	if (strlen(text) > PROTO_REPLY_MAX - JSON_ROOM) {
		free(text);
		connection_refuse(connection, "these are too many to list; "
		    "see hostpass dump");
		return -EMSGSIZE;
	}
	frame_start(&f, PROTO_JSON);
	frame_put_string(&f, text);
	free(text);
	connection_send(connection, &f, last);
	return 0;
}

void
request_send_json(struct connection *connection, struct json *document)
{
	(void)send_json(connection, document, true);
}

int
request_send_part(struct connection *connection, struct json *document)
{
	return send_json(connection, document, false);
}

bool
request_speaks_for(struct connection *connection, const char *user)
{
	struct person *person = NULL;
	bool same;

	if (connection->uid == 0)
		return true;
	if (store_find_name(connection->world->store, user,
	    &person) < 0)
		return false;
	same = person->uid == connection->uid;
	person_free(person);
	return same;
}

/* Who may send what. DAEMON's may come from root and from the daemon's own
 * user, as whom sshd runs `hostpass ssh-keys`. ANYBODY's requests that name a
 * user are checked again by request_speaks_for(). */
static const struct request {
	uint16_t	type;
	enum { ROOT, DAEMON, ANYBODY } peer;
	request_fn	*handle;
} requests[] = {
	{ PROTO_AUTHENTICATE,	ANYBODY,	request_authenticate },
	{ PROTO_ACCOUNT,	ANYBODY,	request_account },
	{ PROTO_WHY,		ANYBODY,	request_why },
	{ PROTO_STATUS,		ANYBODY,	request_status },
	{ PROTO_PASSCODE,	ANYBODY,	request_passcode },
	{ PROTO_PASSCODE_REMOVE, ANYBODY,	request_passcode_remove },
	{ PROTO_KEYS,		ANYBODY,	request_keys },
	{ PROTO_KEY_FORGET,	ANYBODY,	request_key_forget },
	{ PROTO_USERS,		ROOT,		request_users },
	{ PROTO_GROUPS,		ROOT,		request_groups },
	{ PROTO_EVENTS,		ROOT,		request_events },
	{ PROTO_METRICS,	ANYBODY,	request_metrics },
	{ PROTO_FORGET,		ROOT,		request_forget },
	{ PROTO_SSH_KEYS,	DAEMON,		request_ssh_keys },
	{ PROTO_REVOKE,		ROOT,		request_revoke },
	{ PROTO_REFRESH,	ANYBODY,	request_refresh },
	{ PROTO_TOKEN,		ANYBODY,	request_token },
	{ PROTO_WHY_CLAIMS,	ROOT,		request_why_claims },
	{ PROTO_LINKS,		ANYBODY,	request_links },
};

static bool
may_send(const struct connection *connection, const struct request *request)
{
	if (request->peer == ANYBODY || connection->uid == 0)
		return true;
	return request->peer == DAEMON && connection->uid == geteuid();
}

int
request_handle(struct connection *connection, struct frame_reader *r)
{
	size_t i;

	if (r->type == PROTO_ANSWER && connection->session != NULL)
		return request_answer(connection, r);
	if (connection->session != NULL || connection->refresh != NULL ||
	    connection->following ||
	    (connection->reader.open != NULL && r->type != PROTO_LINKS))
		return -EPROTO;
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		if (requests[i].type != r->type)
			continue;
		if (!may_send(connection, &requests[i]))
			return -EPERM;
		connection_expect_person(connection);
		return requests[i].handle(connection, r);
	}
	return -EPROTO;
}
