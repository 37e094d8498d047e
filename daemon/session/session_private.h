/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session is made of, for the files that are called session*.c alone.
 */
#ifndef DAEMON_SESSION_SESSION_PRIVATE_H
#define DAEMON_SESSION_SESSION_PRIVATE_H

#include <event2/util.h>
#include <stdbool.h>
#include <time.h>

#include "daemon/report/audit.h"
#include "daemon/session/session.h"
#include "daemon/store/fingerprint.h"

struct attempt;
struct attempt_prompt;
struct event;
struct flow_result;
struct flow_state;
struct passcode_dialog;

struct session {
	struct world		*world;
	struct session		*next;
	uint64_t		 number;	/* for the log */
	char			*user;
	char			*subject;	/* who approved; may be NULL */
	char			*service;
	char			*rhost;
	char			 source[SESSION_SOURCE_SIZE];
	uid_t			 peer_uid;
	pid_t			 pid;		/* that asks */
	char			*prompt;	/* NULL until there is a code */
	enum proto_conversation	 conversation;
	uint32_t		 uid;		/* that the caller was told */
	uid_t			 screen;	/* see links_screen() */
	uint32_t		 retry_pid;
	uint64_t		 retry_start;
	struct session_peer	 peer;
	const struct world_provider *provider;
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
	bool			 resumed;	/* of a daemon before this */
	bool			 attached;
	bool			 asking;	/* an ANSWER is due */
	bool			 set_passcode;	/* once it is granted */
	bool			 online;	/* the provider was asked */
	bool			 unpublished;	/* not to be said before the
						 * snapshot tells of her */
	bool			 decided;
	enum reason		 decision;
	size_t			 slot;		/* of its copy; 0: none */
	struct reason_detail	 detail;	/* for the log */
	const char		*flow;		/* likewise; NULL: none */
	char			 key[FINGERPRINT_SIZE];	/* that sshd saw, or
							 * empty */
};

/*
 * session.c
 */

/* One that nobody is connected to. NULL when memory is short. */
struct session *session_new(struct world *world,
	    const struct session_request *request);

/* Ask its provider, or go on from state if that is not NULL. 0 or -errno. */
int	session_start_attempt(struct session *session,
	    const struct flow_state *state) MUST_USE;

/* Log nothing, and say nothing. */
void	session_free(struct session *session);

/* A second more without a connection: wait on for a retry, or forget it. */
void	session_linger(struct session *session);

/*
 * session_talk.c
 */

/* Monotonic milliseconds. */
uint64_t session_now(void);

/* Did it take as long as the program behind it waits? */
bool	session_is_late(const struct session *session);

/* Ask the person; the answer comes by session_answer(). */
void	session_ask(struct session *session, bool echo, const char *text);

/* Tell the person what to open. There is a prompt. */
void	session_show(struct session *session);

/* Arm the session's timer. */
void	session_set_timer(struct session *session, uint32_t seconds);

/* What the timer calls, with the session. */
void	session_on_timer(evutil_socket_t fd, short what, void *arg);

/* What the attempt calls, with the session. */
void	session_on_ready(void *arg, const struct attempt_prompt *prompt);

/*
 * session_verdict.c
 */

/* What the attempt calls at its end, with the session. */
void	session_on_done(void *arg, enum reason reason, const char *detail,
	    struct flow_result *result);

/* What is decided of a grant at the moment that it goes out: still
 * REASON_GRANTED, or what happened meanwhile, such as a revocation, or that the
 * name is somebody else's now. */
enum reason session_look_again(const struct session *session);

/* Decide. The verdict goes out now, or after the ANSWER that is due: sshd
 * cannot show anything before it. */
void	session_settle(struct session *session, enum reason reason);

/* Say what was decided, if it was and can be said now; the session is gone
 * then. */
void	session_say(struct session *session);

/* Say this verdict to whoever waits for one, and free it. */
void	session_finish(struct session *session, enum reason reason);

/* Log that it was cancelled, and free it. */
void	session_forget(struct session *session);

/* Refuse a request that no session was made for. */
void	session_turn_away(const struct world *world,
	    const struct session_request *request,
	    const struct session_peer *peer, enum reason reason);

/*
 * session_keep.c
 */

/* Put a copy where the next daemon finds it, or none if there is nothing that
 * it could go on with. Whether it could be kept changes nothing here. */
void	session_keep(struct session *session);

/* Wipe the copy, unless the daemon is leaving. */
void	session_keep_no_more(struct session *session);

/*
 * session_spare.c
 */

/* True if an earlier sign-in stands for this one, which is written down then.
 * ret_key is the key that this one can be remembered by, or empty. */
bool	session_is_spared(const struct world *world,
	    const struct session_request *request,
	    char ret_key[FINGERPRINT_SIZE]);

/* The provider let somebody in: keep what spares her the next sign-in. */
void	session_spare_next(const struct session *session);

/*
 * session_queue.c and session_source.c
 */

/* The sign-in that this request is a retry of, or NULL. */
struct session *session_find_parked(const struct world *world,
	    const struct session_request *request);

/* Where a sign-in comes from, as far as limits go: the address, or the network
 * of an IPv6 address, or the user who called the program, or "" for the
 * console. */
void	session_source(const struct session_request *request,
	    char source[SESSION_SOURCE_SIZE]);

/* REASON_GRANTED if one more from that source may wait now (monotonic
 * milliseconds), or which of [limits] it is. Somebody who only might come back
 * is forgotten for it, and whoever has the most places is refused for whoever
 * has fewer. */
enum reason session_admit(struct world *world,
	    const struct session_request *request, const char *source,
	    uint64_t now) MUST_USE;

#endif
