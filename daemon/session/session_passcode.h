/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The passcode within a sign-in: asked for where the provider could not be,
 * or set after the provider has said who it is.
 */
#ifndef DAEMON_SESSION_SESSION_PASSCODE_H
#define DAEMON_SESSION_SESSION_PASSCODE_H

#include <stdbool.h>

#include "common/attr.h"
#include "daemon/reason.h"

struct session;

/* The attempt ended with reason. False: that is the decision. True: a passcode
 * is asked for, now or once the ANSWER that is due has come, and decides; or
 * that was decided: session may be gone. */
bool	session_passcode_begin(struct session *session, enum reason reason);

/* The ANSWER for which session->passcode_due waited has come. Session may be
 * gone. */
void	session_passcode_go_ahead(struct session *session);

/* The person typed something. */
void	session_passcode_answer(struct session *session, const char *text);

/* The timer of a session that asks nothing now: a delay is over. */
void	session_passcode_go_on(struct session *session);

/* Wipe it. There may be none. */
void	session_passcode_free(struct session *session);

#endif
