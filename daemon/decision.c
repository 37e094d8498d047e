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
	if (r == 0) {
		r = publish_snapshot(world->config, world->files, world->store,
		    world->snapshot);
		world->unpublished = r < 0;
	}
	if (r == 0)
		return REASON_GRANTED;
	log_line(LOG_ERR, "cannot keep the account of %s: %s", person->name,
	    trouble_say(r));
	return trouble_reason(r);
}

enum reason
decision_make(struct session_world *world, const char *user,
    const char *service, const struct flow_result *result)
{
	struct identity_context context = {
		.config = world->config,
		.files = world->files,
		.store = world->store,
	};
	struct identity_token token = {
		result->issuer, result->subject, result->claims
	};
	struct policy_subject subject = { 0 };
	struct person *person = NULL;
	enum reason reason, kept;

	reason = identity_resolve(&context, &token, user, time(NULL),
	    &person);
	if (reason != REASON_GRANTED)
		return reason;
	subject.user = person->name;
	subject.provider = config_provider_of(world->config, person->issuer);
	subject.groups = (const char *const *)person->groups;
	subject.group_count = person->group_count;
	reason = policy_decide(world->config, &subject, service, NULL,
	    NULL);
	kept = keep(world, person, reason == REASON_GRANTED);
	person_free(person);
	return reason == REASON_GRANTED ? kept : reason;
}
