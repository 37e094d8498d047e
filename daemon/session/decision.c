/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST: REASON_GRANTED only where identity and policy both say so, and what
 * they said it of has been kept.
 */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "common/snapshot.h"
#include "daemon/adopt/adopt.h"
#include "daemon/identity/identity.h"
#include "daemon/oidc/flow.h"
#include "daemon/policy/policy.h"
#include "daemon/refresher/refresher.h"
#include "daemon/session/decision.h"
#include "daemon/snapshot/publish.h"
#include "daemon/trouble.h"
#include "daemon/world.h"

/* How long a publication may take, where it is not known how long it took. */
#define PUBLISH_SECONDS	10

/* Keep what the provider said of person. Somebody who may not enter is not
 * bound, but for somebody who is, the new groups count at once. Who signs in
 * again as she was does not have everybody written again. */
static enum reason
keep(struct world *world, const struct person *person, bool granted)
{
	struct person *known = NULL;
	int r;

	r = store_find_subject(world->store, person->issuer, person->subject,
	    &known);
	if (r < 0 && !granted)
		return REASON_GRANTED;
	if (r == 0 || r == -ENOENT)
		r = store_save(world->store, person);
	if (r == 0 && (known == NULL || !publish_tells(world, known, person)))
		r = publish_soon(world);
	person_free(known);
	if (r >= 0)
		return REASON_GRANTED;
	log_line(LOG_ERR, "cannot keep the account of %s: %s", person->name,
	    trouble_say(r));
	return trouble_reason(r);
}

/* She is let in either way: without a token she signs in again when the proof
 * of life has become too old. */
static void
keep_token(struct world *world, const struct person *person,
    struct flow_result *result)
{
	int r;

	r = world->refresher == NULL ? 0 :
	    refresher_keep(world->refresher, person, result);
	if (r < 0)
		log_line(LOG_ERR, "cannot keep the refresh token of %s: %s",
		    person->name, trouble_say(r));
}

static void
drop_token(struct world *world, const char *user,
    struct flow_result *result)
{
	if (world->refresher != NULL)
		refresher_refuse(world->refresher, user, result);
}

static int64_t
milliseconds(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* When a process was started (CLOCK_REALTIME). */
static int64_t
start_time(uint64_t ticks)
{
	return milliseconds(CLOCK_REALTIME) - milliseconds(CLOCK_BOOTTIME) +
	    (int64_t)(ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

/* When lookups began to tell of person, or a little later. */
static int64_t
shown_time(const struct world *world, const struct person *person)
{
	const int64_t listed = person->listed ?
	    adopt_shown(world->adopt, person->bound) : 0;

	if (listed != 0)
		return listed;
	if (person->bound == world->bound)
		return world->bound_shown;
	return (person->bound + PUBLISH_SECONDS) * 1000;
}

/*
 * sshd looks her up before it asks anything and stays with that uid, while the
 * module looks again each time it is called. So if her uid is not the computed
 * one, which sshd is told of names that nobody has yet (design D2), the
 * connection must have begun after she was bound.
 */
bool
decision_is_told(const struct world *world,
    const struct decision_request *request, const struct person *person)
{
	const struct config_identity *rules = &world->config->identity;
	uint32_t computed;

	if (request->uid != person->uid)
		return false;
	computed = snapshot_computed_id(snapshot_issuer_seed(
	    config_seed_issuer(world->config)), person->name,
	    rules->range_start, rules->range_end - rules->range_start + 1);
	/* A time to come means that the clock was set back. */
	return request->started == 0 || person->uid == computed ||
	    person->bound > time(NULL) ||
	    start_time(request->started) > shown_time(world, person);
}

enum reason
decision_make(struct world *world,
    const struct decision_request *request, struct flow_result *result,
    struct reason_detail *detail)
{
	const struct identity_context context = {
		.config = world->config, .files = world->files,
		.map = world->map, .store = world->store,
	};
	const struct identity_token token = {
		result->issuer, result->subject, result->claims
	};
	struct policy_subject subject;
	const int64_t now = time(NULL);
	struct person *person = NULL;
	enum reason reason, kept;

	reason = identity_resolve(&context, &token, request->user, now, detail,
	    &person);
	if (reason != REASON_GRANTED) {
		drop_token(world, request->user, result);
		return reason;
	}
	subject = policy_subject_of(world->config, person, now);
	reason = policy_decide(world->config, &subject, request->service, NULL,
	    NULL);
	kept = keep(world, person, reason == REASON_GRANTED);
	if (reason == REASON_GRANTED)
		reason = kept;
	if (reason == REASON_GRANTED)
		keep_token(world, person, result);
	else
		drop_token(world, request->user, result);
	if (reason == REASON_GRANTED && person->bound == now) {
		world->bound = now;
		world->bound_shown = world->unpublished ? WORLD_NOT_SHOWN :
		    milliseconds(CLOCK_REALTIME);
	}
	if (reason == REASON_GRANTED &&
	    !decision_is_told(world, request, person)) {
		reason_add(detail, "told uid %u, has %u", request->uid,
		    person->uid);
		reason = REASON_ACCOUNT_PREPARED;
	}
	person_free(person);
	return reason;
}
