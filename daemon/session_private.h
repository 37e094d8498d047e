/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session is made of, for session.c and session_queue.c.
 */
#ifndef DAEMON_SESSION_PRIVATE_H
#define DAEMON_SESSION_PRIVATE_H

#include <stdbool.h>

#include "daemon/session.h"

struct attempt;
struct event;

struct session {
	struct session_world	*world;
	struct session		*next;
	uint64_t		 number;	/* for the log */
	char			*user;
	char			*service;
	char			*rhost;
	char			*prompt;	/* NULL until there is a code */
	enum proto_conversation	 conversation;
	uint32_t		 uid;		/* that the caller was told */
	uid_t			 screen;	/* see links_screen() */
	uint32_t		 retry_pid;
	uint64_t		 retry_start;
	struct session_peer	 peer;
	const struct session_provider *provider;
	struct attempt		*attempt;
	struct event		*timer;		/* hold, or linger */
	uint64_t		 started;	/* monotonic milliseconds */
	uint64_t		 asked;
	unsigned		 automatic;	/* answers in a row */
	unsigned		 pastes;	/* that were wrong */
	unsigned		 parked;	/* seconds unconnected */
	bool			 paste;		/* an address is asked for */
	bool			 pasted;	/* and was given */
	bool			 attached;
	bool			 asking;	/* an ANSWER is due */
	bool			 decided;
	enum reason		 decision;
	struct reason_detail	 detail;	/* for the log */
};

/* Log that it was cancelled, and free it. */
void	session_forget(struct session *session);

/* The sign-in that this request is a retry of, or NULL. */
struct session *session_find_parked(const struct session_world *world,
	    const struct session_request *request);

/* True if one more may wait. Somebody who only might come back is forgotten
 * for it. */
bool	session_make_room(struct session_world *world,
	    const struct session_request *request);

#endif
