/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a sign-in ends: what was decided waits until it can be said, is said
 * once, and is written down.
 *
 * MUST give one verdict, and REASON_GRANTED only where decision_make() or a
 *	passcode that was right said so, and account_decide() says so again when
 *	it goes out.
 */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/attempt.h"
#include "daemon/policy/account.h"
#include "daemon/report/audit.h"
#include "daemon/session/decision.h"
#include "daemon/session/session_passcode.h"
#include "daemon/session/session_private.h"
#include "daemon/trouble.h"

static void
log_verdict(const struct session *session, enum reason reason)
{
	const struct audit_event event = {
		.kind = AUDIT_SIGN_IN, .number = session->number,
		.user = session->user, .subject = session->subject,
		.service = session->service, .source = session->rhost[0] !=
		    '\0' ? session->rhost : session->source,
		.reason = reason, .detail = session->detail.text,
		.flow = session->flow, .key = session->key,
		.milliseconds = session_now() - session->started,
	};

	audit_note(session->world->audit, &event);
}

void
session_turn_away(const struct world *world,
    const struct session_request *request, const struct session_peer *peer,
    enum reason reason)
{
	char source[SESSION_SOURCE_SIZE];
	const struct audit_event event = {
		.kind = AUDIT_SIGN_IN, .user = request->user,
		.service = request->service, .reason = reason,
		.source = request->rhost[0] != '\0' ? request->rhost : source,
	};

	session_source(request, source);
	audit_note(world->audit, &event);
	peer->verdict(peer->arg, reason, request->user);
}

void
session_finish(struct session *session, enum reason reason)
{
	struct session_peer peer = session->peer;
	char *user = session->user;

	log_verdict(session, reason);
	if (reason == REASON_GRANTED && session->online)
		session_spare_next(session);
	session->user = NULL;
	session_free(session);
	peer.verdict(peer.arg, reason, user);
	free(user);
}

/* Is the name still that of who approved? It can be forgotten, and bound
 * anew. */
static bool
is_hers(const struct session *session)
{
	struct person *person = NULL;
	bool hers;

	hers = session->subject != NULL && store_find_name(
	    session->world->store, session->user, &person) == 0 &&
	    strcmp(person->subject, session->subject) == 0 &&
	    strcmp(person->issuer, session->provider->config->issuer) == 0;
	person_free(person);
	return hers;
}

enum reason
session_look_again(const struct session *session)
{
	if (session->online && !is_hers(session))
		return REASON_OTHER_PERSON;
	return account_decide(session->world, session->user, session->service,
	    NULL, NULL);
}

/* A denial waits for nothing. */
static bool
must_wait(const struct session *session)
{
	return session->unpublished && (session->decision == REASON_GRANTED ||
	    session->decision == REASON_ACCOUNT_PREPARED);
}

void
session_say(struct session *session)
{
	if (!session->attached || !session->decided || session->asking)
		return;
	if (must_wait(session)) {
		(void)event_del(session->timer);
		return;
	}
	session_finish(session, session->decision != REASON_GRANTED ?
	    session->decision : session_look_again(session));
}

void
session_settle(struct session *session, enum reason reason)
{
	session->decided = true;
	session->decision = reason;
	session_keep(session);
	session_say(session);
}

/* Not at once: whoever had it written may be going through sessions. */
void
session_published(struct world *world, int r)
{
	struct session *session;

	for (session = world->sessions; session != NULL;
	    session = session->next) {
		if (!session->unpublished || (r < 0 && !session->decided))
			continue;
		session->unpublished = false;
		if (r < 0)
			session->decision = trouble_reason(r);
		if (session->attached && session->decided && !session->asking)
			session_set_timer(session, 0);
	}
}

void
session_forget(struct session *session)
{
	log_verdict(session, REASON_CANCELLED);
	session_free(session);
}

void
session_on_done(void *arg, enum reason reason, const char *detail,
    struct flow_result *result)
{
	struct session *session = arg;
	const struct decision_request request = {
		session->user, session->service, session->uid,
		session->retry_pid != 0 ? session->retry_start : 0,
	};

	reason_say(&session->detail, "%s", detail);
	session->flow = attempt_flow(session->attempt);
	if (result != NULL)
		session->subject = strdup(result->subject);
	if (reason == REASON_GRANTED)
		reason = result == NULL ? REASON_INTERNAL :
		    decision_make(session->world, &request, result,
		    &session->detail);
	attempt_free(session->attempt, reason);
	session->attempt = NULL;
	session->online = reason == REASON_GRANTED;
	session->unpublished = session->world->unpublished &&
	    (reason == REASON_GRANTED || reason == REASON_ACCOUNT_PREPARED);
	if (!session_passcode_begin(session, reason))
		session_settle(session, reason);
}
