/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sign-ins wait, and for whom.
 *
 * MUST never hand a pending sign-in to another connection, user or service.
 * MUST let no name, no source, and nobody at the network's door, keep others
 *	out: whoever has the most places gives one up for whoever has fewer.
 */
#include <string.h>

#include "daemon/session/session_private.h"

/* Of the rough count of sources. */
#define SLOTS	1024

struct session *
session_find_parked(const struct world *world,
    const struct session_request *request)
{
	struct session *session;

	if (request->retry_start == 0)
		return NULL;
	for (session = world->sessions; session != NULL;
	    session = session->next) {
		if (!session->attached &&
		    session->retry_pid == request->retry_pid &&
		    session->retry_start == request->retry_start &&
		    session->peer_uid == request->peer &&
		    session->conversation == request->conversation &&
		    strcmp(session->user, request->user) == 0 &&
		    strcmp(session->service, request->service) == 0 &&
		    strcmp(session->rhost, request->rhost) == 0)
			return session;
	}
	return NULL;
}

/* Somebody who wants to come in. */
struct newcomer {
	const struct session_request	*request;
	const char			*source;
};

/* Does this sign-in stand in the same line? */
typedef bool same_line_fn(const struct session *session,
	    const struct newcomer *newcomer);

static bool
any_line(const struct session *session UNUSED,
    const struct newcomer *newcomer UNUSED)
{
	return true;
}

/* Those at a door of the network must not keep anybody from a terminal. */
static bool
line_of_user(const struct session *session, const struct newcomer *newcomer)
{
	return strcmp(session->user, newcomer->request->user) == 0 &&
	    (session->conversation == PROTO_CONVERSATION_PROMPT) ==
	    (newcomer->request->conversation == PROTO_CONVERSATION_PROMPT);
}

static bool
line_of_source(const struct session *session, const struct newcomer *newcomer)
{
	return newcomer->source[0] != '\0' &&
	    strcmp(session->source, newcomer->source) == 0;
}

static bool
line_of_uid(const struct session *session, const struct newcomer *newcomer)
{
	return newcomer->request->peer != 0 &&
	    session->peer_uid == newcomer->request->peer;
}

/* How many stand in this line, of this source or of any (NULL). */
static size_t
count(const struct world *world, const struct newcomer *newcomer,
    same_line_fn *same_line, const char *source)
{
	const struct session *session;
	size_t same = 0;

	for (session = world->sessions; session != NULL;
	    session = session->next)
		same += same_line(session, newcomer) && (source == NULL ||
		    strcmp(session->source, source) == 0);
	return same;
}

/* The oldest one of a line that only might come back, and is not approved. */
static struct session *
find_gone(const struct world *world, const struct newcomer *newcomer,
    same_line_fn *same_line)
{
	struct session *session, *oldest = NULL;

	for (session = world->sessions; session != NULL;
	    session = session->next) {
		if (!session->attached && same_line(session, newcomer) &&
		    !(session->decided &&
		    session->decision == REASON_GRANTED))
			oldest = session;
	}
	return oldest;
}

static size_t
slot(const char *source)
{
	size_t hash = 0;

	while (*source != '\0')
		hash = hash * 31 + (unsigned char)*source++;
	return hash % SLOTS;
}

/* The latest one of the source that has more places in a line than the
 * newcomer's would have with one more; nobody who is approved already. A rough
 * count, which is never too low, says whose places are worth counting. */
static struct session *
find_greediest(const struct world *world,
    const struct newcomer *newcomer, same_line_fn *same_line)
{
	struct session *session, *greediest = NULL;
	size_t rough[SLOTS] = { 0 }, most, places;

	for (session = world->sessions; session != NULL;
	    session = session->next)
		rough[slot(session->source)] += same_line(session, newcomer);
	most = count(world, newcomer, same_line, newcomer->source) + 1;
	for (session = world->sessions; session != NULL;
	    session = session->next) {
		if (session->decided || !same_line(session, newcomer) ||
		    rough[slot(session->source)] <= most)
			continue;
		places = count(world, newcomer, same_line, session->source);
		if (places > most) {
			most = places;
			greediest = session;
		}
	}
	return greediest;
}

/* Whoever is there goes before whoever might come back. */
static bool
make_room(struct world *world, const struct newcomer *newcomer,
    same_line_fn *same_line, size_t limit, enum reason reason)
{
	struct session *session;

	while (count(world, newcomer, same_line, NULL) >= limit) {
		session = find_gone(world, newcomer, same_line);
		if (session != NULL) {
			session_forget(session);
			continue;
		}
		session = find_greediest(world, newcomer, same_line);
		if (session == NULL)
			return false;
		session_finish(session, reason);
	}
	return true;
}

enum reason
session_admit(struct world *world,
    const struct session_request *request, const char *source, uint64_t now)
{
	const struct config_limits *limits = &world->config->limits;
	const struct newcomer newcomer = { request, source };
	const struct {
		same_line_fn	*same_line;
		uint32_t	 limit;
		enum reason	 reason;
	} lines[] = {
		{ line_of_uid, limits->pending_uid, REASON_TOO_MANY_UID },
		{ line_of_source, limits->pending_source,
		    REASON_TOO_MANY_SOURCE },
		{ line_of_user, limits->pending_user, REASON_TOO_MANY_USER },
		{ any_line, limits->pending, REASON_TOO_MANY },
	};
	size_t i;

	if (source[0] != '\0' && !rate_take(&world->rate, "", source,
	    limits->rate_source, now))
		return REASON_TOO_FAST_SOURCE;
	if (!rate_take(&world->rate, request->user, source, limits->rate_user,
	    now))
		return REASON_TOO_FAST_USER;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!make_room(world, &newcomer, lines[i].same_line,
		    lines[i].limit, lines[i].reason))
			return lines[i].reason;
	}
	return REASON_GRANTED;
}
