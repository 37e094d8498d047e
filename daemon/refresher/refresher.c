/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose turn it is.
 *
 * MUST have one exchange at most on its way for a person.
 */
#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/flow.h"
#include "daemon/refresher/refresher_private.h"

/* The timer of the loop stands still while the host sleeps, so it is looked at
 * least so often whether something is due. */
#define LOOK_SECONDS	60

/* What is overdue at a start waits about so long at most: hosts may all have
 * been started at once. */
#define START_SECONDS	60

struct token_owner
refresher_owner(const struct refresher_entry *entry)
{
	struct token_owner owner = { entry->lane->issuer, entry->subject };

	return owner;
}

uint32_t
refresher_jitter(uint32_t seconds)
{
	uint32_t tenth = seconds / 10, noise;

	evutil_secure_rng_get_bytes(&noise, sizeof(noise));
	seconds = seconds - tenth + noise % (2 * tenth + 1);
	return seconds > 0 ? seconds : 1;
}

static struct refresher_lane *
find_lane(struct refresher *refresher, const char *issuer)
{
	struct refresher_lane *lane;

	for (lane = refresher->lanes; lane != NULL; lane = lane->next) {
		if (strcmp(lane->issuer, issuer) == 0)
			return lane;
	}
	lane = calloc(1, sizeof(*lane));
	if (lane == NULL)
		return NULL;
	lane->issuer = strdup(issuer);
	if (lane->issuer == NULL) {
		free(lane);
		return NULL;
	}
	lane->next = refresher->lanes;
	refresher->lanes = lane;
	return lane;
}

struct refresher_entry *
refresher_find(struct refresher *refresher, const struct person *person)
{
	struct refresher_entry *entry;

	TAILQ_FOREACH(entry, &refresher->entries, link) {
		if (strcmp(entry->subject, person->subject) == 0 &&
		    strcmp(entry->lane->issuer, person->issuer) == 0)
			return entry;
	}
	return NULL;
}

static struct refresher_entry *
new_entry(struct refresher *refresher, const char *issuer, const char *subject)
{
	struct refresher_entry *entry;

	entry = calloc(1, sizeof(*entry));
	if (entry == NULL)
		return NULL;
	entry->refresher = refresher;
	entry->lane = find_lane(refresher, issuer);
	entry->subject = strdup(subject);
	LIST_INIT(&entry->waits);
	if (entry->lane == NULL || entry->subject == NULL) {
		free(entry->subject);
		free(entry);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&refresher->entries, entry, link);
	refresher->count++;
	return entry;
}

void
refresher_drop(struct refresher_entry *entry, const struct refresh_end *end)
{
	refresher_tell(entry, end);
	TAILQ_REMOVE(&entry->refresher->entries, entry, link);
	entry->refresher->count--;
	secret_free(&entry->hint);
	token_pair_free(&entry->unsaved);
	free(entry->subject);
	free(entry->scope);
	free(entry);
}

/* When is it entry's turn? */
static uint64_t
turn(const struct refresher_entry *entry)
{
	uint64_t resume = entry->lane->resume;

	return entry->asked ? 0 : entry->due > resume ? entry->due : resume;
}

/* Who waits longest of all that may begin. */
static struct refresher_entry *
next_entry(struct refresher *refresher)
{
	struct refresher_entry *entry, *first = NULL;

	TAILQ_FOREACH(entry, &refresher->entries, link) {
		if (entry->refresh != NULL || (!entry->asked &&
		    entry->lane->failures > 0 && entry->lane->busy > 0))
			continue;
		if (first == NULL || turn(entry) < turn(first))
			first = entry;
	}
	return first;
}

/* How many are begun in a second: four times what it takes. */
static size_t
pace(const struct refresher *refresher)
{
	return 1 + 4 * refresher->count / refresher->world->config->refresh;
}

static void
look(struct refresher *refresher)
{
	uint64_t now = clock_steady(), wait = LOOK_SECONDS;
	struct refresher_entry *entry = NULL;
	size_t left = pace(refresher);
	void (*drained)(void *arg);

	if (refresher->draining) {
		drained = refresher->drained;
		if (refresher->busy > 0 || drained == NULL)
			return;
		refresher->drained = NULL;
		drained(refresher->drained_arg);
		return;
	}
	while (refresher->busy < REFRESHER_MOST && left > 0) {
		entry = next_entry(refresher);
		if (entry == NULL || turn(entry) > now)
			break;
		left--;
		refresher_begin(entry);
	}
	if (left == 0)
		wait = 1;
	else if (refresher->busy < REFRESHER_MOST && entry != NULL &&
	    turn(entry) < now + wait)
		wait = turn(entry) - now;
	if (clock_arm(refresher->timer, wait) < 0)
		log_line(LOG_ERR, "cannot set a timer");
}

static void
on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	look(arg);
}

/* Another may begin, at the next second so that the pace is kept. */
void
refresher_rest(struct refresher_entry *entry)
{
	struct refresher *refresher = entry->refresher;

	entry->refresh = NULL;
	entry->lane->busy--;
	refresher->busy--;
	secret_free(&entry->hint);
	if (clock_arm(refresher->timer, 1) < 0)
		log_line(LOG_ERR, "cannot set a timer");
}

/* Give up what is on its way: another token takes its place. */
static void
cancel(struct refresher_entry *entry)
{
	if (entry->refresh == NULL)
		return;
	refresh_free(entry->refresh);
	refresher_rest(entry);
}

/* A token of the last run: store_token_fn. A clock that was set meanwhile
 * makes nobody wait longer than one interval. */
static int
take_up(void *arg, const struct token_owner *owner, int64_t next)
{
	struct refresher *refresher = arg;
	uint32_t most = refresher->world->config->refresh;
	struct refresher_entry *entry;
	int64_t wait = next - clock_wall();

	entry = new_entry(refresher, owner->issuer, owner->subject);
	if (entry == NULL)
		return -ENOMEM;
	if (wait < 0)
		wait = refresher_jitter(most / 10 < START_SECONDS ?
		    most / 10 : START_SECONDS);
	if (wait > (int64_t)most)
		wait = refresher_jitter(most);
	entry->due = clock_steady() + (uint64_t)wait;
	return 0;
}

static int
take_up_all(struct refresher *refresher, size_t *ret_lost)
{
	struct store *store = refresher->world->store;
	int r;

	r = store_token_drop_used(store, "lost: restart", clock_wall(),
	    ret_lost);
	return r < 0 ? r : store_token_each(store, take_up, refresher);
}

int
refresher_new(struct world *world, struct refresher **ret_refresher)
{
	struct refresher *refresher;
	size_t lost = 0;
	int r;

	refresher = calloc(1, sizeof(*refresher));
	if (refresher == NULL)
		return -ENOMEM;
	refresher->world = world;
	TAILQ_INIT(&refresher->entries);
	LIST_INIT(&refresher->endings);
	refresher->timer = event_new(world->base, -1, 0, on_timer, refresher);
	r = refresher->timer == NULL ? -ENOMEM : 0;
	/* A token that cannot be marked cannot be sent. */
	if (r == 0 && !store_is_damaged(world->store))
		r = take_up_all(refresher, &lost);
	if (r == 0)
		r = clock_arm(refresher->timer, 1);
	if (r < 0) {
		refresher_free(refresher);
		return r;
	}
	refresher->ended[REFRESH_LOST] = lost;
	if (lost > 0)
		log_line(LOG_WARNING, "%zu refresh tokens were on their way "
		    "when the daemon ended, and are lost: these people must "
		    "sign in again within offline_max", lost);
	*ret_refresher = refresher;
	return 0;
}

void
refresher_free(struct refresher *refresher)
{
	struct refresher_lane *lane;

	if (refresher == NULL)
		return;
	while (!TAILQ_EMPTY(&refresher->entries)) {
		refresh_free(TAILQ_FIRST(&refresher->entries)->refresh);
		refresher_drop(TAILQ_FIRST(&refresher->entries), NULL);
	}
	while (!LIST_EMPTY(&refresher->endings))
		refresher_end_free(LIST_FIRST(&refresher->endings));
	while ((lane = refresher->lanes) != NULL) {
		refresher->lanes = lane->next;
		free(lane->issuer);
		free(lane);
	}
	if (refresher->timer != NULL)
		event_free(refresher->timer);
	free(refresher);
}

void
refresher_drain(struct refresher *refresher, void (*drained)(void *arg),
    void *arg)
{
	refresher->draining = true;
	refresher->drained = drained;
	refresher->drained_arg = arg;
	look(refresher);
}

int
refresher_keep(struct refresher *refresher, const struct person *person,
    struct flow_result *result)
{
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct token_state state = { .kept = true };
	struct token_owner owner = { person->issuer, person->subject };
	uint32_t wait = refresher_jitter(refresher->world->config->refresh);
	struct refresher_entry *entry;
	int r;

	if (result->refresh_token.len == 0)
		return 0;
	entry = refresher_find(refresher, person);
	if (entry != NULL)
		cancel(entry);
	else
		entry = new_entry(refresher, owner.issuer, owner.subject);
	if (entry == NULL)
		return -ENOMEM;
	secret_move(&pair.refresh, &result->refresh_token);
	secret_move(&pair.hint, &result->id_token);
	token_pair_free(&entry->unsaved);
	state.obtained = state.told = clock_wall();
	state.next = state.obtained + wait;
	memcpy(state.outcome, "signed-in", sizeof("signed-in"));
	r = store_token_save(refresher->world->store, refresher->world->seal,
	    &owner, &pair, &state);
	entry->failures = 0;
	entry->revoked = entry->condemned = false;
	entry->due = clock_steady() + wait;
	if (r < 0) {
		entry->unsaved = pair;
		entry->due = clock_steady() + REFRESHER_RETRY;
	} else {
		token_pair_free(&pair);
	}
	refresher_tell(entry, &(struct refresh_end){
	    .outcome = REFRESH_RENEWED, .reason = REASON_GRANTED,
	    .detail = "" });
	if (clock_arm(refresher->timer, 1) < 0)
		return -ENOMEM;
	return r;
}

uint64_t
refresher_count(const struct refresher *refresher,
    enum refresh_outcome outcome)
{
	return refresher->ended[outcome];
}

size_t
refresher_hurry(struct refresher *refresher)
{
	struct refresher_entry *entry;
	uint64_t now = clock_steady();

	TAILQ_FOREACH(entry, &refresher->entries, link) {
		if (entry->due > now)
			entry->due = now;
	}
	look(refresher);
	return refresher->count;
}
