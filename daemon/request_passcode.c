/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person sets her passcode. Who she is says the kernel (SO_PEERCRED), and
 * that it is she who sits there says a sign-in with her passkey, each time.
 */
#include <errno.h>
#include <string.h>

#include "daemon/passcode.h"
#include "daemon/request_private.h"

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
