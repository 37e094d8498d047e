/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sign-in says to the person, what she answers, and how long it waits
 * for her. It fits what the program can show (design D7).
 *
 * MUST give up on who does not answer, and on who answers faster than a person
 *	could.
 */
#include <event2/event.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/oidc/attempt.h"
#include "daemon/session/links.h"
#include "daemon/session/prompt.h"
#include "daemon/session/session_passcode.h"
#include "daemon/session/session_private.h"

/* sshd pads what is held for less than 5 s; more would hide from it that the
 * client is gone. */
#define HOLD_SECONDS	5

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

uint64_t
session_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void
session_set_timer(struct session *session, uint32_t seconds)
{
	struct timeval tv = { (time_t)seconds, 0 };

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
	session->asked = session_now();
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

bool
session_is_late(const struct session *session)
{
	return session_now() - session->started >=
	    (uint64_t)patience(session) * 1000;
}

void
session_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct session *session = arg;

	if (session->passcode != NULL && !session->asking &&
	    !session->decided) {
		session_passcode_go_on(session);
	} else if (!session->attached) {
		session_linger(session);
	} else if (session->asking) {
		session_finish(session, REASON_TIMED_OUT);
	} else if (session->decided) {
		session_say(session);
	} else if (!is_asked(session) || session_is_late(session)) {
		session_settle(session, REASON_TIMED_OUT);
	} else if (session->resumed) {
		session->resumed = false;
		session_ask(session, true, session->prompt);
	} else {
		session_ask(session, true, session->pasted ?
		    prompt_checking() : prompt_again());
	}
}

/* After another daemon she has seen the prompt already: an Enter at it is what
 * brought her here, and a text stands there still. */
static void
show_again(struct session *session)
{
	session_set_timer(session, is_asked(session) ? HOLD_SECONDS :
	    patience(session));
}

void
session_show(struct session *session)
{
	if (session->pasted) {
		session_set_timer(session, HOLD_SECONDS);
	} else if (session->resumed && !session->paste) {
		show_again(session);
	} else if (is_asked(session)) {
		session_ask(session, true, session->prompt);
	} else {
		session->peer.show(session->peer.arg, session->prompt);
		session_set_timer(session, patience(session));
	}
}

void
session_on_ready(void *arg, const struct attempt_prompt *prompt)
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
	if (!session->resumed)
		links_show(session->world, session->screen, prompt->uri);
	session_keep(session);
	session->prompt = prompt_compose(&in);
	if (session->prompt == NULL)
		session_settle(session, REASON_INTERNAL);
	else if (session->attached)
		session_show(session);
}

/* The person pasted something where an address was asked for. */
static void
take_paste(struct session *session, const char *text)
{
	enum reason reason = attempt_answer(session->attempt, text);

	if (reason == REASON_GRANTED) {
		session->pasted = true;
		session_keep(session);
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
	if (session_now() - session->asked < AUTOMATIC_ANSWER_MS)
		session->automatic++;
	else
		session->automatic = 0;
	session->asking = false;
	(void)event_del(session->timer);
	if (session->decided)
		session_say(session);
	else if (session->passcode_due)
		session_passcode_go_ahead(session);
	else if (session->passcode != NULL)
		session_passcode_answer(session, text);
	else if (session->automatic >= AUTOMATIC_ANSWERS_MAX)
		session_settle(session, REASON_NO_PERSON);
	else if (session_is_late(session))
		session_settle(session, REASON_TIMED_OUT);
	else if (session->paste && !session->pasted)
		take_paste(session, text);
	else
		session_set_timer(session, HOLD_SECONDS);
}
