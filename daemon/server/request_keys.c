/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Remembered keys: seen and forgotten by root, or by a person her own.
 */
#include <errno.h>
#include <stdlib.h>

#include "common/log.h"
#include "daemon/oidc/json.h"
#include "daemon/server/request_private.h"
#include "daemon/session/remembered.h"
#include "daemon/store/store_remembered.h"

int
request_keys(struct connection *connection, struct frame_reader *r)
{
	char *user;
	int error;

	user = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0 && !request_speaks_for(connection, user))
		error = -EPERM;
	if (error == 0)
		request_send_json(connection,
		    remembered_report(connection->world, user));
	free(user);
	return error;
}

static void
forget(struct connection *connection, const char *user,
    const char *fingerprint)
{
	struct json *document;
	int count, r;

	r = store_forget_keys(connection->world->store, user,
	    fingerprint[0] != '\0' ? fingerprint : NULL, &count);
	if (r < 0) {
		request_send_json(connection, NULL);
		return;
	}
	log_line(LOG_INFO, "uid %u had %d remembered keys of %s forgotten",
	    (unsigned)connection->uid, count, user);
	document = json_new_object();
	json_set_string(document, "user", user);
	json_set_integer(document, "forgotten", count);
	request_send_json(connection, document);
}

int
request_key_forget(struct connection *connection, struct frame_reader *r)
{
	char *user, *fingerprint;
	int error;

	user = frame_get_string(r, PROTO_STRING_MAX);
	fingerprint = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0 && !request_speaks_for(connection, user))
		error = -EPERM;
	if (error == 0)
		forget(connection, user, fingerprint);
	free(user);
	free(fingerprint);
	return error;
}
