/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sign-in begins, loses its connection and finds it again, and is freed.
 */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/names.h"
#include "daemon/oidc/attempt.h"
#include "daemon/oidc/provider.h"
#include "daemon/policy/policy.h"
#include "daemon/route.h"
#include "daemon/session/links.h"
#include "daemon/session/session_passcode.h"
#include "daemon/session/session_private.h"

/* How long a sign-in outlives its connection, waiting for a retry; it is
 * looked every second whether there is still somebody who could retry. */
#define LINGER_SECONDS	30

void
session_free(struct session *session)
{
	struct session **link;

	for (link = &session->world->sessions; *link != NULL;
	    link = &(*link)->next) {
		if (*link == session) {
			*link = session->next;
			session->world->pending--;
			break;
		}
	}
	session_keep_no_more(session);
	attempt_free(session->attempt,
	    session->decided ? session->decision : REASON_CANCELLED);
	session_passcode_free(session);
	if (session->timer != NULL)
		event_free(session->timer);
	free(session->user);
	free(session->subject);
	free(session->service);
	free(session->rhost);
	free(session->prompt);
	free(session);
}

struct session *
session_new(struct world *world, const struct session_request *request)
{
	struct session *session;

	session = calloc(1, sizeof(*session));
	if (session == NULL)
		return NULL;
	session->world = world;
	session->next = world->sessions;
	world->sessions = session;
	world->pending++;
	session->number = ++world->last_number;
	session->conversation = request->conversation;
	session->uid = request->uid;
	session->screen = links_screen(world, request);
	session->retry_pid = request->retry_pid;
	session->retry_start = request->retry_start;
	session->set_passcode = request->set_passcode;
	session->started = session_now();
	session->peer_uid = request->peer;
	session->pid = request->pid;
	session_source(request, session->source);
	session->user = strdup(request->user);
	session->service = strdup(request->service);
	session->rhost = strdup(request->rhost);
	session->timer = event_new(world->base, -1, 0, session_on_timer,
	    session);
	if (session->user == NULL || session->service == NULL ||
	    session->rhost == NULL || session->timer == NULL) {
		session_free(session);
		return NULL;
	}
	return session;
}

static void
attach(struct session *session, const struct session_peer *peer)
{
	session->peer = *peer;
	session->attached = true;
	session->asking = false;
	session->automatic = 0;
	session->parked = 0;
	(void)event_del(session->timer);
	if (session->prompt != NULL && !session->decided)
		session_show(session);
}

/* Nobody may sign in with this name, or nobody else now. */
static enum reason
check_name(struct world *world, const struct session_request *request,
    const struct world_provider **ret_provider)
{
	char source[SESSION_SOURCE_SIZE];
	enum reason reason;

	if (!name_is_valid(request->user))
		return REASON_BAD_NAME;
	if (localfiles_has_user(world->files, request->user))
		return REASON_LOCAL_NAME;
	reason = route_user(world, request->user, ret_provider);
	if (reason != REASON_GRANTED)
		return reason;
	session_source(request, source);
	return session_admit(world, request, source, session_now());
}

int
session_start_attempt(struct session *session, const struct flow_state *state)
{
	const struct world_provider *provider = session->provider;
	struct attempt_request request = { 0 };

	request.kind = provider->config->flow;
	request.resume = state;
	policy_sign_in(session->world->config, provider->config,
	    session->service, &request.policy);
	request.user = session->user;
	request.local = session->conversation ==
	    PROTO_CONVERSATION_DESKTOP && session->rhost[0] == '\0';
	request.ready = session_on_ready;
	request.done = session_on_done;
	request.arg = session;
	return attempt_start(provider->oidc, &request, &session->attempt);
}

void
session_begin(struct world *world,
    const struct session_request *request, const struct session_peer *peer,
    struct session **ret_session)
{
	const struct world_provider *provider = NULL;
	struct session *session;
	char key[FINGERPRINT_SIZE];
	enum reason reason;

	*ret_session = NULL;
	session = session_find_parked(world, request);
	if (session != NULL) {
		session->pid = request->pid;
		attach(session, peer);
		*ret_session = session->decided && !session->unpublished ?
		    NULL : session;
		session_say(session);
		return;
	}
	if (session_is_spared(world, request, key)) {
		peer->verdict(peer->arg, REASON_GRANTED, request->user);
		return;
	}
	reason = check_name(world, request, &provider);
	if (reason != REASON_GRANTED) {
		session_turn_away(world, request, peer, reason);
		return;
	}
	session = session_new(world, request);
	if (session == NULL) {
		session_turn_away(world, request, peer, REASON_INTERNAL);
		return;
	}
	memcpy(session->key, key, sizeof(key));
	session->provider = provider;
	attach(session, peer);
	if (session_start_attempt(session, NULL) < 0) {
		session_finish(session, REASON_INTERNAL);
		return;
	}
	log_line(LOG_INFO, "sign-in %llu: user=%s service=%s from=%s begins",
	    (unsigned long long)session->number, session->user,
	    session->service,
	    session->rhost[0] == '\0' ? "-" : session->rhost);
	*ret_session = session;
}

/* Is whoever could come back there? After another daemon, sshd finds out only
 * when the person presses Enter. A process of root's says EPERM, which is as
 * good as being there. */
static bool
may_retry(const struct session *session)
{
	bool waits = session->parked < LINGER_SECONDS;

	if (session->retry_pid == 0)
		return waits;
	if (session->resumed)
		waits = !session_is_late(session);
	return waits &&
	    (kill((pid_t)session->retry_pid, 0) == 0 || errno != ESRCH);
}

void
session_linger(struct session *session)
{
	session->parked++;
	if (may_retry(session))
		session_set_timer(session, 1);
	else
		session_forget(session);
}

void
session_detach(struct session *session)
{
	session->attached = false;
	session->asking = false;
	if (session->world->leaving && session->slot != 0) {
		session_free(session);
		return;
	}
	if (session->retry_pid != 0 && session->passcode == NULL &&
	    !session->passcode_due && !session_is_late(session) &&
	    (!session->decided || session->decision == REASON_GRANTED)) {
		session_set_timer(session, 1);
		return;
	}
	session_forget(session);
}

void
session_end_all(struct world *world)
{
	while (world->sessions != NULL)
		session_free(world->sessions);
}
