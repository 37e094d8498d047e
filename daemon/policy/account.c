/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No network and no wait: the store alone is asked.
 *
 * MUST deny whom it does not know, and of whose life the last proof is too old
 *	or of a time to come.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "daemon/age.h"
#include "daemon/trouble.h"
#include "daemon/policy/account.h"

#define RULE_MAX	512

/* A rule that is not the configuration's, told like one. */
static bool
holds(bool fact, const char *rule, policy_trace_fn *trace, void *arg)
{
	if (trace != NULL)
		trace(arg, rule, fact);
	return fact;
}

static enum reason
account_of(const struct world *world, const struct person *person,
    const char *service, policy_trace_fn *trace, void *arg)
{
	struct policy_subject subject;
	char rule[RULE_MAX];
	uint32_t oldest = world->config->offline_max;
	bool fresh;

	subject = policy_subject_of(world->config, person, time(NULL));
	if (!holds(!localfiles_claim(world->files, person->name, person->uid) &&
	    !localfiles_has_gid(world->files, person->gid),
	    "neither name nor uid is the host's own", trace, arg))
		return REASON_LOCAL_NAME;
	(void)snprintf(rule, sizeof(rule), "her provider is in hostpass.conf "
	    "(%s)", person->issuer);
	if (!holds(subject.provider != NULL, rule, trace, arg))
		return REASON_PROVIDER_GONE;
	if (!holds(!person->revoked, "not revoked", trace, arg))
		return REASON_REVOKED;
	fresh = age_is_within(person->last_proof, subject.now, oldest);
	if (!holds(fresh, "last proof of life is younger than offline_max",
	    trace, arg))
		return REASON_PROOF_TOO_OLD;
	fresh = age_is_within(person->groups_told, subject.now, oldest);
	if (!holds(fresh, "the provider told of her groups within offline_max",
	    trace, arg))
		return REASON_GROUPS_TOO_OLD;
	return policy_decide(world->config, &subject, service, trace, arg);
}

enum reason
account_decide(const struct world *world, const char *user,
    const char *service, policy_trace_fn *trace, void *arg)
{
	struct person *person = NULL;
	enum reason reason;
	int r;

	if (!holds(!localfiles_has_user(world->files, user),
	    "not a local account", trace, arg))
		return REASON_LOCAL_NAME;
	r = store_find_name(world->store, user, &person);
	if (r < 0 && r != -ENOENT)
		return trouble_reason(r);
	if (!holds(r == 0, "has signed in on this host", trace, arg))
		return REASON_UNKNOWN_PERSON;
	reason = account_of(world, person, service, trace, arg);
	person_free(person);
	return reason;
}
