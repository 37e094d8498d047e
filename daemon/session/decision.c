/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST: REASON_GRANTED only where identity and policy both say so, and what
 * they said it of has been kept.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "common/snapshot.h"
#include "daemon/adopt/adopt.h"
#include "daemon/identity/identity.h"
#include "daemon/oidc/flow.h"
#include "daemon/policy/account.h"
#include "daemon/policy/policy.h"
#include "daemon/refresher/refresher.h"
#include "daemon/session/decision.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_tombstone.h"
#include "daemon/trouble.h"
#include "daemon/world.h"

/* How long a publication may take, where it is not known how long it took. */
#define PUBLISH_SECONDS	10

/* Keep what the provider said of person. Somebody who may not enter is not
 * bound, but for somebody who is, the new groups count at once. Who signs in
 * again as she was does not have everybody written again. *ret_new says that
 * nobody had her name before. */
static enum reason
keep(struct world *world, const struct person *person, bool granted,
    bool *ret_new)
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
	*ret_new = known == NULL;
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

/* Is all that a program runs her with what lookups told of her name while
 * nobody had it (design D2)? */
static bool
is_as_unbound(const struct world *world, const struct person *person)
{
	const struct config_identity *rules = &world->config->identity;
	char home[SNAPSHOT_STRING_MAX + 1];
	uint32_t computed;
	size_t length;

	computed = snapshot_computed_id(snapshot_issuer_seed(
	    config_seed_issuer(world->config)), person->name,
	    rules->range_start, rules->range_end - rules->range_start + 1);
	return person->uid == computed && person->gid == computed &&
	    strcmp(person->shell, rules->shell) == 0 &&
	    snapshot_expand_home(rules->home, person->name, home,
	    sizeof(home), &length) == 0 && strcmp(person->home, home) == 0;
}

/*
 * sshd looks her up before it asks anything and stays with the uid, the shell
 * and the home that it was told, while the module looks again each time it is
 * called. So if they are not those of a name that nobody has yet, the
 * connection must have begun after she was bound.
 */
bool
decision_is_told(const struct world *world,
    const struct decision_request *request, const struct person *person)
{
	if (request->uid != person->uid)
		return false;
	/* A time to come means that the clock was set back. */
	if (request->started == 0 || person->bound > time(NULL) ||
	    start_time(request->started) > shown_time(world, person))
		return true;
	/* Nobody had it: also not somebody else, who was forgotten since. */
	return is_as_unbound(world, person) && store_name_was_other(
	    world->store, person->name, person->uid) == -ENOENT;
}

enum reason
decision_account(const struct world *world,
    const struct decision_request *request)
{
	struct person *person = NULL;
	enum reason reason;

	reason = account_decide(world, request->user, request->service, NULL,
	    NULL);
	if (reason != REASON_GRANTED)
		return reason;
	if (store_find_name(world->store, request->user, &person) < 0)
		return REASON_INTERNAL;
	if (!decision_is_told(world, request, person))
		reason = REASON_ACCOUNT_PREPARED;
	person_free(person);
	return reason;
}

/* The same right after a sign-in. What lookups told is over where nobody had
 * the name until now, whichever program asks. */
static bool
is_still_told(const struct world *world,
    const struct decision_request *request, const struct person *person,
    bool is_new)
{
	return decision_is_told(world, request, person) &&
	    (!is_new || is_as_unbound(world, person));
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
	bool is_new = false;

	reason = identity_resolve(&context, &token, request->user, now, detail,
	    &person);
	if (reason != REASON_GRANTED) {
		drop_token(world, request->user, result);
		return reason;
	}
	subject = policy_subject_of(world->config, person, now);
	reason = policy_decide(world->config, &subject, request->service, NULL,
	    NULL);
	kept = keep(world, person, reason == REASON_GRANTED, &is_new);
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
	    !is_still_told(world, request, person, is_new)) {
		reason_add(detail, "told uid %u, has %u:%u, %.64s, %.64s",
		    request->uid, person->uid, person->gid, person->home,
		    person->shell);
		reason = REASON_ACCOUNT_PREPARED;
	}
	person_free(person);
	return reason;
}
