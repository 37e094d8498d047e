/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session is made of, for session.c and session_queue.c.
 */
#ifndef DAEMON_SESSION_PRIVATE_H
#define DAEMON_SESSION_PRIVATE_H

#include <stdbool.h>
#include <time.h>

#include "daemon/audit.h"
#include "daemon/fingerprint.h"
#include "daemon/session.h"

struct attempt;
struct event;
struct passcode_dialog;

/* Room for a source as the limits tell them apart. */
#define SESSION_SOURCE_SIZE	64

struct session {
	struct session_world	*world;
	struct session		*next;
	uint64_t		 number;	/* for the log */
	char			*user;
	char			*subject;	/* who approved; may be NULL */
	char			*service;
	char			*rhost;
	char			 source[SESSION_SOURCE_SIZE];
	uid_t			 peer_uid;
	char			*prompt;	/* NULL until there is a code */
	enum proto_conversation	 conversation;
	uint32_t		 uid;		/* that the caller was told */
	uid_t			 screen;	/* see links_screen() */
	uint32_t		 retry_pid;
	uint64_t		 retry_start;
	struct session_peer	 peer;
	const struct session_provider *provider;
	struct attempt		*attempt;
	struct passcode_dialog	*passcode;	/* NULL: none is asked for */
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
	bool			 set_passcode;	/* once it is granted */
	bool			 online;	/* the provider was asked */
	bool			 decided;
	enum reason		 decision;
	struct reason_detail	 detail;	/* for the log */
	const char		*flow;		/* likewise; NULL: none */
	char			 key[FINGERPRINT_SIZE];	/* that sshd saw, or
							 * empty */
};

/* Ask the person; the answer comes by session_answer(). */
void	session_ask(struct session *session, bool echo, const char *text);

/* Decide. The verdict goes out now, or after the ANSWER that is due. */
void	session_settle(struct session *session, enum reason reason);

/* Arm the session's timer. */
void	session_set_timer(struct session *session, time_t seconds);

/* True if an earlier sign-in stands for this one, which is logged. ret_key is
 * the key that this one can be remembered by, or empty. */
bool	session_is_spared(const struct session_world *world,
	    const struct session_request *request,
	    char ret_key[FINGERPRINT_SIZE]);

/* The provider let somebody in: keep what spares her the next sign-in. */
void	session_spare_next(const struct session *session);

/* Log that it was cancelled, and free it. */
void	session_forget(struct session *session);

/* The sign-in that this request is a retry of, or NULL. */
struct session *session_find_parked(const struct session_world *world,
	    const struct session_request *request);

/* Say this verdict to whoever waits for one, and free it. */
void	session_refuse(struct session *session, enum reason reason);

/* Where a sign-in comes from, as far as limits go: the address, or the network
 * of an IPv6 address, or the user who called the program, or "" for the
 * console. */
void	session_source(const struct session_request *request,
	    char source[SESSION_SOURCE_SIZE]);

/* REASON_GRANTED if one more from that source may wait now (monotonic
 * milliseconds), or which of [limits] it is. Somebody who only might come back
 * is forgotten for it, and whoever has the most places is refused for whoever
 * has fewer. */
enum reason session_admit(struct session_world *world,
	    const struct session_request *request, const char *source,
	    uint64_t now) MUST_USE;

#endif
