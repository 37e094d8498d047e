/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One client of the daemon, between the stream (server.c) and what she asks
 * (request.c).
 */
#ifndef DAEMON_SERVER_CONNECTION_H
#define DAEMON_SERVER_CONNECTION_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/frame.h"
#include "daemon/session/links.h"
#include "daemon/session/session.h"

struct audit_record;
struct bufferevent;
struct event;
struct refresher_wait;
struct server;

struct connection {
	struct server		*server;
	struct world		*world;
	struct connection	*next;
	struct bufferevent	*stream;
	struct event		*deadline;	/* for a whole request */
	struct session		*session;	/* while a sign-in runs */
	struct refresher_wait	*refresh;	/* while a refresh runs */
	struct links_reader	 reader;	/* of links */
	uid_t			 uid;		/* of the peer */
	pid_t			 pid;		/* likewise */
	bool			 asking;	/* an ANSWER may come */
	bool			 following;	/* what is decided */
	bool			 closing;	/* when the output has gone */
};

/* Finish, send and free f. After the last frame the connection closes as soon
 * as the client has it; it is not freed before this returns. */
void	connection_send(struct connection *connection, struct frame *f,
	    bool last);

/* Send PROTO_ERROR as the last frame. */
void	connection_refuse(struct connection *connection, const char *text);

/* From here on a person sets the pace: no time limit until the last frame. */
void	connection_expect_person(struct connection *connection);

/* When the daemon was started (CLOCK_REALTIME seconds). */
int64_t	connection_server_started(const struct connection *connection);

/* Bytes that the client has not read yet. */
size_t	connection_backlog(const struct connection *connection);

/* End it without waiting for the client; not before this returns. */
void	connection_cut(struct connection *connection);

/* Tell one that follows what was decided. */
void	request_follow(struct connection *connection,
	    const struct audit_record *record);

/* Act on a whole frame. 0, -EPERM if the peer may not send it, -EPROTO if it
 * makes no sense, or another -errno; then the caller closes. */
int	request_handle(struct connection *connection,
	    struct frame_reader *r) MUST_USE;

#endif
