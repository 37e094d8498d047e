/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decisions for whoever watches, and numbers for who draws graphs.
 *
 * MUST keep no more than FOLLOW_BACKLOG for somebody who does not read.
 */
#include <errno.h>
#include <stdlib.h>

#include "daemon/oidc/json.h"
#include "daemon/report/report.h"
#include "daemon/server/request_private.h"

/* Bytes: what was decided before is sent in one piece. */
#define FOLLOW_BACKLOG	PROTO_REPLY_MAX

int
request_events(struct connection *connection, struct frame_reader *r)
{
	uint32_t follow = frame_get_u32(r);

	if (frame_close(r) < 0 || follow > 1)
		return -EPROTO;
	if (follow == 0)
		request_send_json(connection,
		    report_events(connection->world));
	else if (request_send_part(connection,
	    report_events(connection->world)) == 0)
		connection->following = true;
	return 0;
}

void
request_follow(struct connection *connection,
    const struct audit_record *record)
{
	if (connection->closing)
		return;
	if (connection_backlog(connection) > FOLLOW_BACKLOG ||
	    request_send_part(connection, report_event(record)) < 0)
		connection_cut(connection);
}

int
request_metrics(struct connection *connection, struct frame_reader *r)
{
	if (frame_close(r) < 0)
		return -EPROTO;
	request_send_json(connection, report_metrics(connection->world,
	    connection_server_started(connection)));
	return 0;
}
