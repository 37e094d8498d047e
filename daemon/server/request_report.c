/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an admin asks. Every answer is a document of report.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/json.h"
#include "daemon/report/report.h"
#include "daemon/server/request_private.h"

int
request_status(struct connection *connection, struct frame_reader *r)
{
	struct json *status;

	if (frame_close(r) < 0)
		return -EPROTO;
	status = report_status(connection->world,
	    connection_server_started(connection));
	/* They tell of people, and cost a look at everybody. */
	if (status != NULL && connection->uid == 0)
		json_set(status, "warnings",
		    report_warnings(connection->world));
	request_send_json(connection, status);
	return 0;
}

int
request_users(struct connection *connection, struct frame_reader *r)
{
	if (frame_close(r) < 0)
		return -EPROTO;
	request_send_json(connection, report_users(connection->world));
	return 0;
}

int
request_groups(struct connection *connection, struct frame_reader *r)
{
	if (frame_close(r) < 0)
		return -EPROTO;
	request_send_json(connection, report_groups(connection->world));
	return 0;
}

int
request_why(struct connection *connection, struct frame_reader *r)
{
	char *user, *service;
	int error;

	user = frame_get_string(r, PROTO_STRING_MAX);
	service = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0 && !request_speaks_for(connection, user))
		error = -EPERM;
	if (error == 0)
		request_send_json(connection, report_why(connection->world,
		    user, service));
	free(user);
	free(service);
	return error;
}

int
request_why_claims(struct connection *connection, struct frame_reader *r)
{
	struct json *document = NULL;
	char *user, *service, *claims;
	int error;

	user = frame_get_string(r, PROTO_STRING_MAX);
	service = frame_get_string(r, PROTO_STRING_MAX);
	claims = frame_get_string(r, PROTO_CLAIMS_MAX);
	error = frame_close(r);
	if (error < 0)
		goto out;
	if (json_parse(claims, strlen(claims), &document) < 0 ||
	    !json_is_object(document))
		connection_refuse(connection, "the claims are not a JSON "
		    "object, such as {\"sub\": \"1\", \"preferred_username\": "
		    "\"alice\"}");
	else
		request_send_json(connection, report_why_claims(
		    connection->world, user, service, document));
out:
	json_free(document);
	free(user);
	free(service);
	free(claims);
	return error;
}
