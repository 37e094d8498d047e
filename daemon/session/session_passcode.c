/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST offer a passcode only at this host itself (nearby.h), and only where the
 *	provider could not decide; what it refused stays refused.
 * MUST take no answer to another question for a passcode.
 * MUST look at the account once more after the passcode was right.
 * MUST let nobody set one but who has just signed in with a passkey for it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "daemon/policy/account.h"
#include "daemon/session/nearby.h"
#include "daemon/session/passcode.h"
#include "daemon/session/passcode_hash.h"
#include "daemon/session/passcode_rules.h"
#include "daemon/session/session_passcode.h"
#include "daemon/session/session_private.h"
#include "daemon/trouble.h"

/* How often one sign-in may be wrong. */
#define WRONG_MAX	3
#define UNFIT_MAX	5

#define ASK_OFFLINE \
	"The sign-in service cannot be reached.\nPasscode: "
#define ASK_WRONG	"This is not your passcode.\nPasscode: "
#define ASK_NEW		"New passcode: "
#define ASK_AGAIN	"The same again: "
#define ASK_DIFFER	"These were not the same.\nNew passcode: "

/* The answer that is due, or looked at. */
enum step {
	STEP_CHECK,
	STEP_NEW,
	STEP_AGAIN,
};

struct passcode_dialog {
	enum step		 step;
	struct secret		 typed;
	struct passcode_job	*job;
	unsigned		 failures;
};

/* What PAM says may refuse her, but never proves that she is here. */
static bool
is_at_this_host(struct session *session)
{
	struct nearby asked = { "/proc", session->pid, session->service };
	const char *refusal;

	if ((session->conversation != PROTO_CONVERSATION_TERMINAL &&
	    session->conversation != PROTO_CONVERSATION_DESKTOP) ||
	    session->rhost[0] != '\0' || strcmp(session->service, "sshd") == 0)
		return false;
	refusal = nearby_refuses(&asked);
	if (refusal != NULL)
		reason_add(&session->detail, "no passcode: %s", refusal);
	return refusal == NULL;
}

static bool
may_be_asked(struct session *session, enum reason reason)
{
	return reason_may_pass(reason) && passcode_opens(session->world,
	    session->user, session->service) && is_at_this_host(session);
}

static void
ask(struct session *session, enum step step, const char *text)
{
	if (step != STEP_AGAIN)
		secret_free(&session->passcode->typed);
	session->passcode->step = step;
	session_ask(session, false, text);
}

bool
session_passcode_begin(struct session *session, enum reason reason)
{
	bool set = session->set_passcode && reason == REASON_GRANTED;

	/* There is nobody to ask. */
	if (!session->attached)
		return false;
	if (!set && (session->set_passcode || !may_be_asked(session, reason)))
		return false;
	if (!set && passcode_is_locked(session->world, session->user)) {
		session_settle(session, REASON_PASSCODE_LOCKED);
		return true;
	}
	/* One question at a time. */
	if (session->asking) {
		session->passcode_due = true;
		session->passcode_why = reason;
		session_keep(session);
		return true;
	}
	session->passcode = calloc(1, sizeof(*session->passcode));
	if (session->passcode == NULL) {
		session_settle(session, REASON_INTERNAL);
		return true;
	}
	session_keep(session);
	if (set)
		ask(session, STEP_NEW, ASK_NEW);
	else
		ask(session, STEP_CHECK, ASK_OFFLINE);
	return true;
}

void
session_passcode_go_ahead(struct session *session)
{
	session->passcode_due = false;
	if (!session_passcode_begin(session, session->passcode_why))
		session_settle(session, session->passcode_why);
}

void
session_passcode_free(struct session *session)
{
	if (session->passcode == NULL)
		return;
	passcode_hash_forget(session->passcode->job);
	secret_free(&session->passcode->typed);
	free(session->passcode);
	session->passcode = NULL;
}

/* --- asked for --- */

static void
say_wrong(struct session *session)
{
	log_line(LOG_NOTICE, "sign-in %llu: user=%s service=%s: a wrong "
	    "passcode", (unsigned long long)session->number, session->user,
	    session->service);
	if (passcode_is_locked(session->world, session->user))
		session_settle(session, REASON_PASSCODE_LOCKED);
	else if (++session->passcode->failures >= WRONG_MAX)
		session_settle(session, REASON_PASSCODE_WRONG);
	else
		ask(session, STEP_CHECK, ASK_WRONG);
}

static void
on_compared(void *arg, int r, struct secret *verifier UNUSED)
{
	struct session *session = arg;
	enum reason reason;

	session->passcode->job = NULL;
	if (r == -EACCES) {
		say_wrong(session);
		return;
	}
	/* What an admin, or she herself, did meanwhile counts. */
	reason = r < 0 ? REASON_INTERNAL : account_decide(session->world,
	    session->user, session->service, NULL, NULL);
	if (reason == REASON_GRANTED && !passcode_opens(session->world,
	    session->user, session->service))
		reason = REASON_PASSCODE_WRONG;
	if (reason == REASON_GRANTED &&
	    passcode_forgive(session->world, session->user) < 0)
		reason = REASON_INTERNAL;
	reason_add(&session->detail, "by passcode");
	session_settle(session, reason);
}

void
session_passcode_go_on(struct session *session)
{
	struct passcode_dialog *dialog = session->passcode;
	struct secret verifier = SECRET_INIT;
	enum reason reason;
	uint32_t wait = 0;

	/* A hash is on its way, and settles it. */
	if (dialog->job != NULL || dialog->step != STEP_CHECK)
		return;
	reason = passcode_try(session->world, session->user, time(NULL),
	    &verifier, &wait);
	if (reason == REASON_TOO_MANY) {
		session_set_timer(session, wait);
		return;
	}
	if (reason == REASON_GRANTED && passcode_hash_start(
	    session->world->hasher, &dialog->typed, &verifier, on_compared,
	    session, &dialog->job) < 0)
		reason = REASON_INTERNAL;
	secret_free(&verifier);
	secret_free(&dialog->typed);
	if (reason != REASON_GRANTED)
		session_settle(session, reason);
}

/* --- set --- */

static void
on_made(void *arg, int r, struct secret *verifier)
{
	struct session *session = arg;

	enum reason reason = session_look_again(session);

	session->passcode->job = NULL;
	/* Nothing is kept for whoever was revoked while she typed. */
	if (r == 0 && reason != REASON_GRANTED) {
		session_settle(session, reason);
		return;
	}
	if (r == 0)
		r = passcode_keep(session->world, session->user, verifier,
		    time(NULL));
	if (r < 0)
		log_line(LOG_ERR, "the passcode of %s cannot be kept: %s",
		    session->user, trouble_say(r));
	else
		log_line(LOG_INFO, "sign-in %llu: %s has set a passcode",
		    (unsigned long long)session->number, session->user);
	session_settle(session, r < 0 ? REASON_INTERNAL : REASON_GRANTED);
}

/* Ask once more for a new one, unless it was often enough. */
static void
ask_new(struct session *session, const char *text)
{
	if (++session->passcode->failures >= UNFIT_MAX)
		session_settle(session, REASON_PASSCODE_UNFIT);
	else
		ask(session, STEP_NEW, text);
}

static void
take_new(struct session *session)
{
	char why[PASSCODE_RULE_MAX], text[PASSCODE_RULE_MAX + 64];
	int r;

	r = passcode_rules_check(&session->passcode->typed, session->user,
	    session->world->config->passcode.min_length, why);
	if (r == -EPERM) {
		(void)snprintf(text, sizeof(text), "%s.\n" ASK_NEW, why);
		ask_new(session, text);
	} else if (r < 0) {
		session_settle(session, REASON_INTERNAL);
	} else {
		ask(session, STEP_AGAIN, ASK_AGAIN);
	}
}

static void
take_again(struct session *session, const struct secret *again)
{
	struct passcode_dialog *dialog = session->passcode;
	int r;

	if (!secret_equal(&dialog->typed, again)) {
		ask_new(session, ASK_DIFFER);
		return;
	}
	r = passcode_hash_start(session->world->hasher, &dialog->typed, NULL,
	    on_made, session, &dialog->job);
	secret_free(&dialog->typed);
	if (r < 0)
		session_settle(session, REASON_INTERNAL);
}

void
session_passcode_answer(struct session *session, const char *text)
{
	struct passcode_dialog *dialog = session->passcode;
	struct secret typed = SECRET_INIT;

	/* One answer at a time. */
	if (dialog->job != NULL)
		return;
	if (secret_set(&typed, text, strlen(text)) < 0) {
		session_settle(session, REASON_INTERNAL);
		return;
	}
	switch (dialog->step) {
	case STEP_CHECK:
		secret_move(&dialog->typed, &typed);
		session_passcode_go_on(session);
		break;
	case STEP_NEW:
		secret_move(&dialog->typed, &typed);
		take_new(session);
		break;
	case STEP_AGAIN:
		take_again(session, &typed);
		break;
	}
	secret_free(&typed);
}
