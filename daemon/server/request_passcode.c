/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person sets her passcode, or has it forgotten. Who she is says the kernel
 * (SO_PEERCRED), and that it is she who sits there says a sign-in with her
 * passkey, each time that she sets one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "daemon/oidc/json.h"
#include "daemon/server/request_private.h"
#include "daemon/session/passcode.h"
#include "daemon/store/store_passcode.h"

/* The PAM service that [access:passcode] would be about. */
#define SERVICE		"passcode"

static void
begin(struct connection *connection, const struct person *person,
    enum proto_conversation conversation)
{
	struct session_peer peer = request_peer(connection);
	struct session_request request = {
		.user = person->name,
		.service = SERVICE,
		.tty = "",
		.rhost = "",
		.ruser = person->name,
		.uid = person->uid,
		.peer = connection->uid,
		.pid = connection->pid,
		.ssh_auth_info = "",
		.conversation = conversation,
		.set_passcode = true,
	};

	session_begin(connection->world, &request, &peer,
	    &connection->session);
}

int
request_passcode(struct connection *connection, struct frame_reader *r)
{
	enum proto_conversation conversation;
	struct person *person;
	int error;

	conversation = frame_get_u32(r);
	error = frame_close(r);
	if (error < 0)
		return error;
	if (conversation != PROTO_CONVERSATION_TERMINAL &&
	    conversation != PROTO_CONVERSATION_DESKTOP)
		return -EPROTO;
	if (!passcode_is_enabled(connection->world)) {
		connection_refuse(connection, "this host has no passcodes; an "
		    "administrator can allow them: enabled in [passcode] of "
		    "hostpass.conf");
		return 0;
	}
	error = store_find_uid(connection->world->store, connection->uid,
	    &person);
	if (error < 0) {
		connection_refuse(connection, error == -ENOENT ? "you do not "
		    "sign in with a passkey here" :
		    "the store cannot be read");
		return 0;
	}
	begin(connection, person, conversation);
	person_free(person);
	return 0;
}

static void
remove_passcode(struct connection *connection, const struct person *person)
{
	struct json *document;
	int r;

	r = store_drop_passcode(connection->world->store, person);
	if (r < 0 && r != -ENOENT) {
		log_line(LOG_ERR, "cannot remove the passcode of %s: %s",
		    person->name, strerror(-r));
		connection_refuse(connection, "the store cannot be written; "
		    "nothing was changed");
		return;
	}
	if (r == 0)
		log_line(LOG_NOTICE, "the passcode of %s was removed by uid "
		    "%u", person->name, (unsigned)connection->uid);
	document = json_new_object();
	json_set_string(document, "user", person->name);
	json_set_boolean(document, "removed", r == 0);
	request_send_json(connection, document);
}

int
request_passcode_remove(struct connection *connection, struct frame_reader *r)
{
	struct store *store = connection->world->store;
	struct person *person = NULL;
	int error, found;
	char *user;

	user = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0 && user[0] != '\0' &&
	    !request_speaks_for(connection, user))
		error = -EPERM;
	if (error < 0)
		goto out;
	found = user[0] != '\0' ? store_find_name(store, user, &person) :
	    store_find_uid(store, connection->uid, &person);
	if (found == 0)
		remove_passcode(connection, person);
	else
		connection_refuse(connection, found == -ENOENT ?
		    "nobody of this name has signed in on this host" :
		    "the store cannot be read");
out:
	person_free(person);
	free(user);
	return error;
}
