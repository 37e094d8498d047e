/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * It defines refresh_start(), revoke_start() and the clock, in place of
 * daemon/oidc's.
 */
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/flow.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/revoke.h"
#include "daemon/store/seal.h"
#include "tests/unit/refresher_host.h"

#define RULES "[access]\nallow_groups = staff\n" \
	"[groups]\nadmins = sudo\n" \
	"[cache]\nrefresh = 1h\noffline_max = 7d\non_revoke = end-sessions\n"

/* --- time --- */

uint64_t host_steady = 1000000;
int64_t host_wall;
static uint64_t awake = 500000;	/* what timers go by: CLOCK_MONOTONIC */
static uint64_t armed;		/* when the timer fires; 0: never */
static struct event *timer;

uint64_t
clock_steady(void)
{
	return host_steady;
}

int64_t
clock_wall(void)
{
	return host_wall;
}

int
clock_arm(struct event *event, uint64_t seconds)
{
	timer = event;
	armed = awake + seconds;
	return 0;
}

void
host_sleep(unsigned seconds)
{
	host_steady += seconds;
	host_wall += seconds;
}

/* --- the provider --- */

struct refresh *host_flying;
unsigned host_begun, host_most_flying, host_now_flying;
unsigned host_revoked_there;
char host_revoked_token[64];

int
refresh_start(struct provider *provider, const struct refresh_request *request,
    struct refresh **ret_refresh)
{
	struct refresh *refresh = calloc(1, sizeof(*refresh));

	(void)provider;
	assert_non_null(refresh);
	refresh->request = *request;
	(void)snprintf(refresh->token, sizeof(refresh->token), "%s",
	    request->refresh_token->data);
	refresh->next = host_flying;
	host_flying = refresh;
	host_begun++;
	if (++host_now_flying > host_most_flying)
		host_most_flying = host_now_flying;
	*ret_refresh = refresh;
	return 0;
}

void
refresh_free(struct refresh *refresh)
{
	struct refresh **link;

	if (refresh == NULL)
		return;
	for (link = &host_flying; *link != refresh; link = &(*link)->next)
		assert_non_null(*link);
	*link = refresh->next;
	host_now_flying--;
	free(refresh);
}

struct revoke {
	int unused;
};

int
revoke_start(struct provider *provider, const struct revoke_request *request,
    struct revoke **ret_revoke)
{
	(void)provider;
	host_revoked_there++;
	(void)snprintf(host_revoked_token, sizeof(host_revoked_token), "%s",
	    request->refresh_token->data);
	*ret_revoke = calloc(1, sizeof(**ret_revoke));
	assert_non_null(*ret_revoke);
	return 0;
}

void
revoke_free(struct revoke *revoke)
{
	free(revoke);
}

/* --- a host --- */

void
host_start(struct host *h)
{
	assert_int_equal(refresher_new(&h->world, &h->world.refresher), 0);
}

/* Ends as a daemon does that was killed: what flies is not waited for. */
void
host_stop(struct host *h)
{
	refresher_free(h->world.refresher);
	h->world.refresher = NULL;
	armed = 0;
}

int
host_setup(void **state)
{
	struct host *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	host_wall = time(NULL);
	host_begun = host_most_flying = host_revoked_there = 0;
	fixture_setup(&h->f, RULES);
	(void)snprintf(h->ending, sizeof(h->ending), "%s/ending", h->f.dir);
	h->world = fixture_world(&h->f);
	/* It is only handed to refresh_start() above. */
	h->f.provider.oidc = (struct provider *)(uintptr_t)&h->f;
	h->world.base = event_base_new();
	assert_non_null(h->world.base);
	h->world.seal = fixture_seal(1);
	h->world.ending = h->ending;
	host_start(h);
	*state = h;
	return 0;
}

int
host_teardown(void **state)
{
	struct host *h = *state;
	char path[256];

	host_stop(h);
	assert_int_equal(host_now_flying, 0);
	(void)snprintf(path, sizeof(path), "rm -rf '%s'", h->ending);
	assert_int_equal(system(path), 0);
	seal_free(h->world.seal);
	event_base_free(h->world.base);
	fixture_teardown(&h->f);
	free(h);
	return 0;
}

/* name signs in, and the provider gives token. */
void
host_sign_in(struct host *h, const char *subject, const char *name,
    const char *groups, const char *token)
{
	struct flow_result result = { 0 };
	struct person *person;

	fixture_bind(&h->f, subject, name, groups);
	assert_int_equal(store_find_name(h->f.store, name, &person), 0);
	person->last_proof = person->groups_told = host_wall;
	assert_int_equal(store_save(h->f.store, person), 0);
	assert_int_equal(secret_set(&result.refresh_token, token,
	    strlen(token)), 0);
	assert_int_equal(secret_set(&result.id_token, "hint", 4), 0);
	assert_int_equal(refresher_keep(h->world.refresher, person, &result),
	    0);
	assert_int_equal(result.refresh_token.len, 0);
	person_free(person);
}

static void
stay_awake(uint64_t seconds)
{
	awake += seconds;
	host_steady += seconds;
	host_wall += (int64_t)seconds;
}

/* Let so many seconds pass, in which nothing that flies lands. */
void
host_pass(unsigned seconds)
{
	uint64_t until = awake + seconds;

	while (armed != 0 && armed <= until) {
		stay_awake(armed > awake ? armed - awake : 0);
		armed = 0;
		event_active(timer, EV_TIMEOUT, 0);
		(void)event_del(timer);
		event_active(timer, EV_TIMEOUT, 0);
		(void)event_base_loop(event_get_base(timer), EVLOOP_NONBLOCK);
	}
	stay_awake(until - awake);
}

/* What flies lands so. claims and token may be NULL. */
void
host_land_one(struct refresh *refresh, enum refresh_outcome outcome,
    const char *claims, const char *token)
{
	struct refresh_end end = {
		.outcome = outcome, .detail = "",
		.reason = outcome == REFRESH_RENEWED ? REASON_GRANTED :
		    outcome == REFRESH_REVOKED ? REASON_GRANT_INVALID :
		    REASON_PROVIDER_UNREACHABLE,
	};
	struct json *json = NULL;

	if (claims != NULL)
		assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	end.claims = json;
	if (token != NULL)
		assert_int_equal(secret_set(&end.refresh_token, token,
		    strlen(token)), 0);
	refresh->request.done(refresh->request.arg, &end);
	secret_free(&end.refresh_token);
	secret_free(&end.id_token);
	json_free(json);
}

void
host_land(enum refresh_outcome outcome, const char *claims, const char *token)
{
	assert_non_null(host_flying);
	host_land_one(host_flying, outcome, claims, token);
}

struct person *
host_person_of(struct host *h, const char *name)
{
	struct person *person;

	assert_int_equal(store_find_name(h->f.store, name, &person), 0);
	return person;
}

void
host_state_of(struct host *h, const char *subject, struct token_state *state)
{
	struct token_owner owner = { FIXTURE_ISSUER, subject };

	assert_int_equal(store_token_state(h->f.store, &owner, state), 0);
}

bool
host_is_revoked(struct host *h, const char *name)
{
	struct person *person = host_person_of(h, name);
	bool revoked = person->revoked;

	person_free(person);
	return revoked;
}

/* How many local groups the host sees. */
uint32_t
host_groups_shown(struct host *h, const char *name)
{
	struct snapshot_user user;
	struct snapshot s;
	uint32_t count;

	assert_int_equal(snapshot_map(h->f.snapshot, &s), 0);
	assert_int_equal(snapshot_user_by_name(&s, name, &user), 0);
	count = user.gid_count;
	snapshot_unmap(&s);
	return count;
}
