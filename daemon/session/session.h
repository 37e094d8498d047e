/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One sign-in, from the request of a PAM module to its verdict: it runs the
 * OIDC flow, holds the conversation that fits the program (design D7), and
 * says what decision.h decides.
 */
#ifndef DAEMON_SESSION_SESSION_H
#define DAEMON_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/attr.h"
#include "common/proto.h"
#include "daemon/reason.h"
#include "daemon/world.h"

struct session;

/* Room for a source as the limits tell them apart. */
#define SESSION_SOURCE_SIZE	64

/* What the module asked; see PROTO_AUTHENTICATE. Copied. */
struct session_request {
	const char		*user;
	const char		*service;
	const char		*tty;
	const char		*rhost;
	const char		*ruser;		/* who called the program */
	uint32_t		 uid;		/* that the caller was told */
	uid_t			 peer;		/* whose process asks */
	pid_t			 pid;		/* that process */
	const char		*ssh_auth_info;	/* sshd's, may be empty */
	enum proto_conversation	 conversation;
	uint32_t		 retry_pid;
	uint64_t		 retry_start;
	bool			 set_passcode;	/* ask for a new one then */
};

/* The connection that a session speaks to. */
struct session_peer {
	void	(*show)(void *arg, const char *text);
	void	(*ask)(void *arg, bool echo, const char *text);
	/* The last call; the session is gone when it returns. */
	void	(*verdict)(void *arg, enum reason reason, const char *user);
	void	*arg;
};

/* Begin, or go on with the sign-in that another call of the same connection
 * began: it has the same user, service and retry key, and shows the same
 * code. *ret_session is the peer's handle until verdict() is called, which may
 * happen before this returns; then it is NULL. */
void	session_begin(struct world *world,
	    const struct session_request *request,
	    const struct session_peer *peer, struct session **ret_session);

/* The person answered what ask() asked. What she typed is looked at where an
 * address is to be pasted; it is a secret. */
void	session_answer(struct session *session, const char *text);

/* The connection is gone; nothing is called back any more. Where retries are
 * told apart by a process, the sign-in waits a little for one. */
void	session_detach(struct session *session);

/* The daemon is about to end: nobody is asked anything new. True while a
 * provider's answer is on its way that would be lost. */
bool	session_rest_all(struct world *world);

/* The daemon ends: what the sessions need to go on stays in world->slots, and
 * those that can go on are not logged as cancelled. */
void	session_leave_all(struct world *world);

/* Go on with the sessions that a daemon before this one left in the file fd:
 * they wait for their connections again. */
void	session_resume_all(struct world *world, int fd);

/* The snapshot was written, or could not be if r is -errno: whoever is granted
 * and waited for it hears so soon, or why not. */
void	session_published(struct world *world, int r);

/* End all sessions without a verdict. */
void	session_end_all(struct world *world);

#endif
