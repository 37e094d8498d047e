/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handlers of requests, for the table in request.c. Each reads its fields,
 * and finds nothing left over, before it acts.
 */
#ifndef DAEMON_SERVER_REQUEST_PRIVATE_H
#define DAEMON_SERVER_REQUEST_PRIVATE_H

#include <stdbool.h>

#include "common/attr.h"
#include "common/proto.h"
#include "daemon/server/connection.h"
#include "daemon/session/session.h"

struct json;

/* Answer with document, which is freed here; NULL: the store failed. */
void	request_send_json(struct connection *connection,
	    struct json *document);

/* The same, and more will follow. 0, or -errno: then the connection ends. */
int	request_send_part(struct connection *connection,
	    struct json *document) MUST_USE;

/* May this peer ask about user? Root speaks for anybody, a person for herself
 * alone. */
bool	request_speaks_for(struct connection *connection, const char *user);

/* What a session of this connection speaks to. */
struct session_peer request_peer(struct connection *connection);

/* All as request_handle(). */
typedef int request_fn(struct connection *connection,
	    struct frame_reader *r);

/* request_sign_in.c */
request_fn request_authenticate;
request_fn request_answer;
request_fn request_account;
/* request_keys.c */
request_fn request_keys;
request_fn request_key_forget;
/* request_passcode.c */
request_fn request_passcode;
request_fn request_passcode_remove;
/* request_token.c */
request_fn request_token;
/* request_links.c */
request_fn request_links;
/* request_person.c */
request_fn request_forget;
request_fn request_ssh_keys;
/* request_report.c */
request_fn request_status;
request_fn request_users;
request_fn request_groups;
request_fn request_why;
/* request_events.c */
request_fn request_events;
request_fn request_metrics;
/* request_refresh.c */
request_fn request_refresh;
request_fn request_revoke;
request_fn request_why_claims;

#endif
