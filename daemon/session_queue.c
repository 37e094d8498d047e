/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sign-ins wait, and for whom.
 *
 * MUST never hand a pending sign-in to another connection, user or service.
 * MUST let no name, and nobody at the network's door, keep others out.
 */
#include <string.h>

#include "daemon/session_private.h"

/* Sign-ins that may wait at one time, in all and for one name. */
#define PENDING_MAX		1024
#define PENDING_PER_USER_MAX	8

struct session *
session_find_parked(const struct session_world *world,
    const struct session_request *request)
{
	struct session *session;

	if (request->retry_pid == 0 || request->retry_start == 0)
		return NULL;
	for (session = world->sessions; session != NULL;
	    session = session->next) {
		if (!session->attached &&
		    session->retry_pid == request->retry_pid &&
		    session->retry_start == request->retry_start &&
		    session->conversation == request->conversation &&
		    strcmp(session->user, request->user) == 0 &&
		    strcmp(session->service, request->service) == 0 &&
		    strcmp(session->rhost, request->rhost) == 0)
			return session;
	}
	return NULL;
}

/* Those at a door of the network must not keep anybody from a terminal. */
static bool
is_counted(const struct session *session,
    const struct session_request *request)
{
	return strcmp(session->user, request->user) == 0 &&
	    (session->conversation == PROTO_CONVERSATION_PROMPT) ==
	    (request->conversation == PROTO_CONVERSATION_PROMPT);
}

static bool
is_full(const struct session_world *world,
    const struct session_request *request)
{
	const struct session *session;
	size_t same = 0;

	for (session = world->sessions; session != NULL;
	    session = session->next)
		same += is_counted(session, request);
	return world->pending >= PENDING_MAX || same >= PENDING_PER_USER_MAX;
}

/* Whoever is there goes before whoever might come back: let go of the oldest
 * that is parked, of this name if it is the name that is full. */
bool
session_make_room(struct session_world *world,
    const struct session_request *request)
{
	struct session *session, *oldest = NULL;

	if (!is_full(world, request))
		return true;
	for (session = world->sessions; session != NULL;
	    session = session->next) {
		if (!session->attached && (world->pending >= PENDING_MAX ||
		    is_counted(session, request)))
			oldest = session;
	}
	if (oldest == NULL)
		return false;
	session_forget(oldest);
	return !is_full(world, request);
}
