/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST: REASON_GRANTED only where identity and policy both say so, and what
 * they said it of has been kept.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "daemon/decision.h"
#include "daemon/identity.h"
#include "daemon/oidc/flow.h"
#include "daemon/policy.h"
#include "daemon/publish.h"
#include "daemon/refresher.h"
#include "daemon/session.h"
#include "daemon/trouble.h"

/* Keep what the provider said of person. Somebody who may not enter is not
 * bound, but for somebody who is, the new groups count at once. */
static enum reason
keep(struct session_world *world, const struct person *person, bool granted)
{
	struct person *known = NULL;
	int r;

	if (!granted) {
		r = store_find_subject(world->store, person->issuer,
		    person->subject, &known);
		person_free(known);
		if (r < 0)
			return REASON_GRANTED;
	}
	r = store_save(world->store, person);
	if (r == 0)
		r = publish_world(world);
	if (r == 0)
		return REASON_GRANTED;
	log_line(LOG_ERR, "cannot keep the account of %s: %s", person->name,
	    trouble_say(r));
	return trouble_reason(r);
}

/* She is let in either way: without a token she signs in again when the proof
 * of life has become too old. */
static void
keep_token(struct session_world *world, const struct person *person,
    struct flow_result *result)
{
	int r;

	r = world->refresher == NULL ? 0 :
	    refresher_keep(world->refresher, person, result);
	if (r < 0)
		log_line(LOG_ERR, "cannot keep the refresh token of %s: %s",
		    person->name, strerror(-r));
}

enum reason
decision_make(struct session_world *world, const char *user,
    const char *service, struct flow_result *result)
{
	struct identity_context context = {
		.config = world->config,
		.files = world->files,
		.store = world->store,
	};
	struct identity_token token = {
		result->issuer, result->subject, result->claims
	};
	struct policy_subject subject;
	struct person *person = NULL;
	enum reason reason, kept;

	reason = identity_resolve(&context, &token, user, time(NULL),
	    &person);
	if (reason != REASON_GRANTED)
		return reason;
	subject = policy_subject_of(world->config, person, time(NULL));
	reason = policy_decide(world->config, &subject, service, NULL,
	    NULL);
	kept = keep(world, person, reason == REASON_GRANTED);
	if (reason == REASON_GRANTED && kept == REASON_GRANTED)
		keep_token(world, person, result);
	person_free(person);
	return reason == REASON_GRANTED ? kept : reason;
}
