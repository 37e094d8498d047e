/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST give one verdict, and REASON_GRANTED only from decide(), after the
 *	store and the snapshot are on the disk.
 */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "common/names.h"
#include "daemon/account.h"
#include "daemon/audit.h"
#include "daemon/decision.h"
#include "daemon/links.h"
#include "daemon/oidc/attempt.h"
#include "daemon/oidc/provider.h"
#include "daemon/policy.h"
#include "daemon/prompt.h"
#include "daemon/route.h"
#include "daemon/session_passcode.h"
#include "daemon/session_private.h"

/* sshd pads what is held for less than 5 s; more would hide from it that the
 * client is gone. */
#define HOLD_SECONDS	5

/* How long a sign-in outlives its connection, waiting for a retry; it is
 * looked every second whether there is still somebody who could retry. */
#define LINGER_SECONDS	30

/* What a question may take longer than the whole sign-in: nobody is there. */
#define UNANSWERED_SECONDS	60

/* At a terminal nothing limits the wait but the program's own patience: login
 * ends itself after LOGIN_TIMEOUT (login.defs(5)), which is 60 s and counts
 * from its question for the name. */
#define TERMINAL_WAIT	300
#define LOGIN_WAIT	45

/* An answer that comes faster than a person can press a key was given by a
 * program; after so many of them there is nobody who could approve. */
#define AUTOMATIC_ANSWER_MS	500
#define AUTOMATIC_ANSWERS_MAX	3

/* How often a person may paste something that is not it. */
#define PASTES_MAX	3

static uint64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static void
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
		.milliseconds = now_ms() - session->started,
	};

	audit_note(session->world->audit, &event);
}

/* Say the verdict and go. */
static void
finish(struct session *session, enum reason reason)
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

void
session_set_timer(struct session *session, time_t seconds)
{
	struct timeval tv = { seconds, 0 };

	(void)event_add(session->timer, &tv);
}

/* Seconds that the program behind a session will wait. */
static uint32_t
patience(const struct session *session)
{
	if (session->conversation == PROTO_CONVERSATION_PROMPT)
		return session->world->config->wait;
	return strcmp(session->service, "login") == 0 ? LOGIN_WAIT :
	    TERMINAL_WAIT;
}

void
session_ask(struct session *session, bool echo, const char *text)
{
	session->asking = true;
	session->asked = now_ms();
	session_set_timer(session, patience(session) + UNANSWERED_SECONDS);
	session->peer.ask(session->peer.arg, echo, text);
}

/* Does the person answer a question, or only watch? */
static bool
is_asked(const struct session *session)
{
	return session->paste ||
	    session->conversation == PROTO_CONVERSATION_PROMPT;
}

static bool
is_late(const struct session *session)
{
	return now_ms() - session->started >=
	    (uint64_t)patience(session) * 1000;
}

/* A decision waits for the ANSWER that is due: sshd cannot show anything
 * before it. What happens meanwhile, such as a revocation, counts. */
static void
settle(struct session *session)
{
	if (!session->attached || !session->decided || session->asking)
		return;
	finish(session, session->decision != REASON_GRANTED ?
	    session->decision : account_decide(session->world, session->user,
	    session->service, NULL, NULL));
}

void
session_settle(struct session *session, enum reason reason)
{
	session->decided = true;
	session->decision = reason;
	settle(session);
}

void
session_refuse(struct session *session, enum reason reason)
{
	finish(session, reason);
}

void
session_forget(struct session *session)
{
	log_verdict(session, REASON_CANCELLED);
	session_free(session);
}

/* A process of root's says EPERM, which is as good as being there. */
static bool
may_retry(const struct session *session)
{
	return session->parked < LINGER_SECONDS &&
	    (kill((pid_t)session->retry_pid, 0) == 0 || errno != ESRCH);
}

static void
on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct session *session = arg;

	if (session->passcode != NULL && !session->asking) {
		session_passcode_go_on(session);
	} else if (!session->attached) {
		session->parked++;
		if (may_retry(session))
			session_set_timer(session, 1);
		else
			session_forget(session);
	} else if (session->asking) {
		finish(session, REASON_TIMED_OUT);
	} else if (!is_asked(session) || is_late(session)) {
		session_settle(session, REASON_TIMED_OUT);
	} else {
		session_ask(session, true, session->pasted ?
		    prompt_checking() : prompt_again());
	}
}

/* Tell the person what to open. */
static void
show_prompt(struct session *session)
{
	if (session->pasted) {
		session_set_timer(session, HOLD_SECONDS);
	} else if (is_asked(session)) {
		session_ask(session, true, session->prompt);
	} else {
		session->peer.show(session->peer.arg, session->prompt);
		session_set_timer(session, patience(session));
	}
}

static void
on_ready(void *arg, const struct attempt_prompt *prompt)
{
	struct session *session = arg;
	const struct config *config = session->world->config;
	struct prompt_input in = { 0 };
	char host[65] = "this host";

	(void)gethostname(host, sizeof(host) - 1);
	in.conversation = session->conversation;
	in.host = host;
	in.user = session->user;
	in.service = session->service;
	in.rhost = session->rhost;
	in.uri = prompt->uri;
	in.code = prompt->code;
	in.paste = prompt->paste;
	in.seconds = patience(session);
	if (in.seconds > prompt->expires_in)
		in.seconds = prompt->expires_in;
	in.qr = config->qr;
	session->paste = prompt->paste;
	links_show(session->world, session->screen, prompt->uri);
	session->prompt = prompt_compose(&in);
	if (session->prompt == NULL)
		session_settle(session, REASON_INTERNAL);
	else if (session->attached)
		show_prompt(session);
}

static void
on_done(void *arg, enum reason reason, const char *detail,
    struct flow_result *result)
{
	struct session *session = arg;
	const struct decision_request request = {
		session->user, session->service, session->uid,
		session->retry_start,
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
	if (!session_passcode_begin(session, reason))
		session_settle(session, reason);
}

static struct session *
new_session(struct session_world *world, const struct session_request *request)
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
	session->started = now_ms();
	session->peer_uid = request->peer;
	session_source(request, session->source);
	session->user = strdup(request->user);
	session->service = strdup(request->service);
	session->rhost = strdup(request->rhost);
	session->timer = event_new(world->base, -1, 0, on_timer, session);
	if (session->user == NULL || session->service == NULL ||
	    session->rhost == NULL || session->timer == NULL) {
		session_free(session);
		return NULL;
	}
	return session;
}

static void
refuse(const struct session_world *world,
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
		show_prompt(session);
}

/* Nobody may sign in with this name, or nobody else now. */
static enum reason
check_name(struct session_world *world, const struct session_request *request,
    const struct session_provider **ret_provider)
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
	return session_admit(world, request, source, now_ms());
}

static int
start_attempt(struct session *session)
{
	const struct session_provider *provider = session->provider;
	struct attempt_request request = { 0 };

	request.kind = provider->config->flow;
	policy_sign_in(session->world->config, provider->config,
	    session->service, &request.policy);
	request.user = session->user;
	request.local = session->conversation ==
	    PROTO_CONVERSATION_DESKTOP && session->rhost[0] == '\0';
	request.ready = on_ready;
	request.done = on_done;
	request.arg = session;
	return attempt_start(provider->oidc, &request, &session->attempt);
}

void
session_begin(struct session_world *world,
    const struct session_request *request, const struct session_peer *peer,
    struct session **ret_session)
{
	const struct session_provider *provider = NULL;
	struct session *session;
	char key[FINGERPRINT_SIZE];
	enum reason reason;

	*ret_session = NULL;
	session = session_find_parked(world, request);
	if (session != NULL) {
		attach(session, peer);
		*ret_session = session->decided ? NULL : session;
		settle(session);
		return;
	}
	if (session_is_spared(world, request, key)) {
		peer->verdict(peer->arg, REASON_GRANTED, request->user);
		return;
	}
	reason = check_name(world, request, &provider);
	if (reason != REASON_GRANTED) {
		refuse(world, request, peer, reason);
		return;
	}
	session = new_session(world, request);
	if (session == NULL) {
		refuse(world, request, peer, REASON_INTERNAL);
		return;
	}
	memcpy(session->key, key, sizeof(key));
	session->provider = provider;
	attach(session, peer);
	if (start_attempt(session) < 0) {
		finish(session, REASON_INTERNAL);
		return;
	}
	log_line(LOG_INFO, "sign-in %llu: user=%s service=%s from=%s begins",
	    (unsigned long long)session->number, session->user,
	    session->service,
	    session->rhost[0] == '\0' ? "-" : session->rhost);
	*ret_session = session;
}

/* The person pasted something where an address was asked for. */
static void
take_paste(struct session *session, const char *text)
{
	enum reason reason = attempt_answer(session->attempt, text);

	if (reason == REASON_GRANTED) {
		session->pasted = true;
		session_set_timer(session, HOLD_SECONDS);
	} else if (++session->pastes >= PASTES_MAX) {
		session_settle(session, reason);
	} else {
		session_ask(session, true, prompt_paste_again(reason));
	}
}

void
session_answer(struct session *session, const char *text)
{
	if (now_ms() - session->asked < AUTOMATIC_ANSWER_MS)
		session->automatic++;
	else
		session->automatic = 0;
	session->asking = false;
	(void)event_del(session->timer);
	if (session->decided)
		settle(session);
	else if (session->passcode != NULL)
		session_passcode_answer(session, text);
	else if (session->automatic >= AUTOMATIC_ANSWERS_MAX)
		session_settle(session, REASON_NO_PERSON);
	else if (is_late(session))
		session_settle(session, REASON_TIMED_OUT);
	else if (session->paste && !session->pasted)
		take_paste(session, text);
	else
		session_set_timer(session, HOLD_SECONDS);
}

void
session_detach(struct session *session)
{
	session->attached = false;
	session->asking = false;
	if (session->retry_pid != 0 && session->passcode == NULL &&
	    !is_late(session) && (!session->decided ||
	    session->decision == REASON_GRANTED)) {
		session_set_timer(session, 1);
		return;
	}
	session_forget(session);
}

void
session_end_all(struct session_world *world)
{
	while (world->sessions != NULL)
		session_free(world->sessions);
}
