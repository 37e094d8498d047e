/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose token is refreshed when, and what comes of it (design D6). The test
 * plays the providers: refresh_start() and revoke_start() are defined here, in
 * place of daemon/oidc's, and time is the test's as well.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "common/snapshot.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/flow.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/refresh.h"
#include "daemon/oidc/revoke.h"
#include "daemon/publish.h"
#include "daemon/refresher.h"
#include "daemon/seal.h"
#include "daemon/session.h"
#include "daemon/store_private.h"
#include "daemon/store_token.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n" \
	"[groups]\nadmins = sudo\n" \
	"[cache]\nrefresh = 1h\noffline_max = 7d\non_revoke = end-sessions\n"

#define HOUR	3600

/* --- time --- */

static uint64_t steady = 1000000;
static int64_t wall;
static uint64_t armed;		/* when the timer fires; 0: never */
static struct event *timer;

uint64_t
clock_steady(void)
{
	return steady;
}

int64_t
clock_wall(void)
{
	return wall;
}

int
clock_arm(struct event *event, uint64_t seconds)
{
	timer = event;
	armed = steady + seconds;
	return 0;
}

/* --- the provider --- */

struct refresh {
	struct refresh		*next;
	struct refresh_request	 request;
	char			 token[64];
};

static struct refresh *flying;
static unsigned begun, most_flying, now_flying;
static unsigned revoked_there;
static char revoked_token[64];

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
	refresh->next = flying;
	flying = refresh;
	begun++;
	if (++now_flying > most_flying)
		most_flying = now_flying;
	*ret_refresh = refresh;
	return 0;
}

void
refresh_free(struct refresh *refresh)
{
	struct refresh **link;

	if (refresh == NULL)
		return;
	for (link = &flying; *link != refresh; link = &(*link)->next)
		assert_non_null(*link);
	*link = refresh->next;
	now_flying--;
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
	revoked_there++;
	(void)snprintf(revoked_token, sizeof(revoked_token), "%s",
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

struct host {
	struct fixture		 f;
	struct session_world	 world;
	char			 ending[128];
	char			 seal_byte;
};

static void
start(struct host *h)
{
	assert_int_equal(refresher_new(&h->world, &h->world.refresher), 0);
}

/* Ends as a daemon does that was killed: what flies is not waited for. */
static void
stop(struct host *h)
{
	refresher_free(h->world.refresher);
	h->world.refresher = NULL;
	armed = 0;
}

static int
setup(void **state)
{
	struct host *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	wall = time(NULL);
	begun = most_flying = revoked_there = 0;
	fixture_setup(&h->f, RULES);
	(void)snprintf(h->ending, sizeof(h->ending), "%s/ending", h->f.dir);
	h->world = fixture_world(&h->f);
	/* It is only handed to refresh_start() above. */
	h->f.provider.oidc = (struct provider *)(uintptr_t)&h->f;
	h->world.base = event_base_new();
	assert_non_null(h->world.base);
	h->world.seal = fixture_seal(1);
	h->world.ending = h->ending;
	start(h);
	*state = h;
	return 0;
}

static int
teardown(void **state)
{
	struct host *h = *state;
	char path[256];

	stop(h);
	assert_int_equal(now_flying, 0);
	(void)snprintf(path, sizeof(path), "rm -rf '%s'", h->ending);
	assert_int_equal(system(path), 0);
	seal_free(h->world.seal);
	event_base_free(h->world.base);
	fixture_teardown(&h->f);
	free(h);
	return 0;
}

/* name signs in, and the provider gives token. */
static void
sign_in(struct host *h, const char *subject, const char *name,
    const char *groups, const char *token)
{
	struct flow_result result = { 0 };
	struct person *person;

	fixture_bind(&h->f, subject, name, groups);
	assert_int_equal(store_find_name(h->f.store, name, &person), 0);
	person->last_proof = person->groups_told = wall;
	assert_int_equal(store_save(h->f.store, person), 0);
	assert_int_equal(secret_set(&result.refresh_token, token,
	    strlen(token)), 0);
	assert_int_equal(secret_set(&result.id_token, "hint", 4), 0);
	assert_int_equal(refresher_keep(h->world.refresher, person, &result),
	    0);
	assert_int_equal(result.refresh_token.len, 0);
	person_free(person);
}

/* Let so many seconds pass, in which nothing that flies lands. */
static void
pass(unsigned seconds)
{
	uint64_t until = steady + seconds;

	while (armed != 0 && armed <= until) {
		wall += armed > steady ? (int64_t)(armed - steady) : 0;
		steady = armed > steady ? armed : steady;
		armed = 0;
		event_active(timer, EV_TIMEOUT, 0);
		(void)event_del(timer);
		event_active(timer, EV_TIMEOUT, 0);
		(void)event_base_loop(event_get_base(timer), EVLOOP_NONBLOCK);
	}
	wall += (int64_t)(until - steady);
	steady = until;
}

/* What flies lands so. claims and token may be NULL. */
static void
land_one(struct refresh *refresh, enum refresh_outcome outcome,
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

static void
land(enum refresh_outcome outcome, const char *claims, const char *token)
{
	assert_non_null(flying);
	land_one(flying, outcome, claims, token);
}

static struct person *
person_of(struct host *h, const char *name)
{
	struct person *person;

	assert_int_equal(store_find_name(h->f.store, name, &person), 0);
	return person;
}

static void
state_of(struct host *h, const char *subject, struct token_state *state)
{
	struct token_owner owner = { FIXTURE_ISSUER, subject };

	assert_int_equal(store_token_state(h->f.store, &owner, state), 0);
}

static bool
is_revoked(struct host *h, const char *name)
{
	struct person *person = person_of(h, name);
	bool revoked = person->revoked;

	person_free(person);
	return revoked;
}

/* How many local groups the host sees. */
static uint32_t
groups_shown(struct host *h, const char *name)
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

#define ADMIN	"{\"groups\":[\"staff\",\"admins\"],\"name\":\"A\"}"
#define STAFF	"{\"groups\":[\"staff\"],\"name\":\"A\"}"

/* --- tests --- */

static void
test_renewed(void **state)
{
	struct token_state token;
	struct host *h = *state;
	struct person *person;
	int64_t then;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	state_of(h, ALICE_SUB, &token);
	assert_string_equal(token.outcome, "signed-in");
	/* A tenth more or less than an hour. */
	pass(HOUR - HOUR / 10 - 1);
	assert_int_equal(begun, 0);
	pass(HOUR / 5 + 2);
	assert_int_equal(begun, 1);
	assert_string_equal(flying->token, "rt1");
	assert_string_equal(flying->request.subject, ALICE_SUB);
	/* It is on the disk that it was sent. */
	state_of(h, ALICE_SUB, &token);
	assert_true(token.in_use);
	then = wall;
	pass(5);
	land(REFRESH_RENEWED, ADMIN, "rt2");
	state_of(h, ALICE_SUB, &token);
	assert_true(token.kept);
	assert_false(token.in_use);
	assert_string_equal(token.outcome, "renewed");
	assert_in_range(token.next, wall + HOUR - HOUR / 10,
	    wall + HOUR + HOUR / 10);
	person = person_of(h, "alice");
	assert_in_range(person->last_proof, then, wall);
	assert_true(person_in_group(person, "admins"));
	person_free(person);
	assert_int_equal(groups_shown(h, "alice"), 1);
	/* And on, with the new one. */
	pass(HOUR + HOUR / 10 + 1);
	assert_int_equal(begun, 2);
	assert_string_equal(flying->token, "rt2");
	land(REFRESH_RENEWED, STAFF, NULL);
	assert_int_equal(groups_shown(h, "alice"), 0);
	/* A provider that gives no new one means the old one. */
	pass(HOUR + HOUR / 10 + 1);
	assert_string_equal(flying->token, "rt2");
	land(REFRESH_RENEWED, NULL, "rt3");
	person = person_of(h, "alice");
	assert_int_equal(person->last_proof, wall);
	assert_true(person_in_group(person, "staff"));
	person_free(person);
}

static void
test_revoked(void **state)
{
	struct token_owner alice = { FIXTURE_ISSUER, ALICE_SUB };
	struct token_state token;
	struct host *h = *state;
	struct person *person;
	char path[256];

	sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	pass(2 * HOUR);
	/* A disk that takes nothing saves nobody. */
	assert_int_equal(store_exec(h->f.store, "PRAGMA query_only = 1"), 0);
	land(REFRESH_REVOKED, NULL, NULL);
	assert_false(is_revoked(h, "alice"));
	pass(60);
	assert_int_equal(store_exec(h->f.store, "PRAGMA query_only = 0"), 0);
	pass(60);
	assert_true(is_revoked(h, "alice"));
	assert_int_equal(groups_shown(h, "alice"), 0);
	assert_int_equal(store_token_state(h->f.store, &alice, &token),
	    -ENOENT);
	person = person_of(h, "alice");
	(void)snprintf(path, sizeof(path), "%s/%u", h->ending, person->uid);
	person_free(person);
	assert_int_equal(access(path, F_OK), 0);
	pass(10 * HOUR);
	assert_int_equal(begun, 1);
	/* A sign-in undoes it. */
	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt2");
	assert_false(is_revoked(h, "alice"));
	pass(2 * HOUR);
	assert_int_equal(begun, 2);
	land(REFRESH_RENEWED, STAFF, "rt3");
}

static void
test_later_backs_off(void **state)
{
	struct token_state token;
	struct host *h = *state;
	unsigned i;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	pass(2 * HOUR);
	for (i = 1; i <= 5; i++) {
		assert_int_equal(begun, i);
		assert_string_equal(flying->token, "rt1");
		land(REFRESH_TRY_LATER, NULL, NULL);
		state_of(h, ALICE_SUB, &token);
		assert_true(token.kept);
		assert_false(token.in_use);
		assert_string_equal(token.outcome,
		    "later: provider-unreachable");
		/* 30 s, 1, 2, 4, 8 minutes, a tenth more or less. */
		pass((30u << (i - 1)) * 9 / 10 - 1);
		assert_int_equal(begun, i);
		pass((30u << (i - 1)) / 5 + 2);
	}
	assert_false(is_revoked(h, "alice"));
	/* What came with an answer that was not good enough is kept. */
	land(REFRESH_TRY_LATER, NULL, "rt2");
	pass(2 * HOUR);
	assert_string_equal(flying->token, "rt2");
	land(REFRESH_RENEWED, STAFF, "rt3");
}

static void
test_lost(void **state)
{
	struct token_state token;
	struct host *h = *state;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	pass(2 * HOUR);
	land(REFRESH_LOST, NULL, NULL);
	state_of(h, ALICE_SUB, &token);
	assert_false(token.kept);
	assert_false(token.in_use);
	assert_string_equal(token.outcome, "lost: provider-unreachable");
	assert_false(is_revoked(h, "alice"));
	pass(10 * HOUR);
	assert_int_equal(begun, 1);
}

#define NONE	"{\"groups\":[],\"name\":\"A\"}"
#define LEFT_OUT	"{\"name\":\"A\"}"
#define DAY	(24 * HOUR)

static bool
is_alive(struct host *h, const char *name)
{
	struct person *person = person_of(h, name);
	bool alive = person_is_alive(person, wall, h->f.config.offline_max);

	person_free(person);
	return alive;
}

/* One answer without groups is an accident; three are not. An empty list is
 * an answer. */
static void
test_groups_left_out(void **state)
{
	struct token_state token;
	struct host *h = *state;
	unsigned i;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	assert_int_equal(publish_world(&h->world), 0);
	pass(2 * HOUR);
	for (i = 0; i < 3; i++) {
		assert_true(is_alive(h, "alice"));
		assert_int_equal(groups_shown(h, "alice"), 1);
		land(REFRESH_RENEWED, i == 1 ? "{\"groups\":[7]}" : LEFT_OUT,
		    "rt2");
		state_of(h, ALICE_SUB, &token);
		assert_string_equal(token.outcome, i == 1 ?
		    "later: groups-malformed" : "later: groups-missing");
		/* It is asked again soon. */
		pass(90);
	}
	assert_false(is_alive(h, "alice"));
	assert_false(is_revoked(h, "alice"));
	assert_int_equal(groups_shown(h, "alice"), 0);
	assert_true(now_flying <= 1);
	if (flying == NULL)
		pass(10 * 60);
	land(REFRESH_RENEWED, ADMIN, "rt3");
	assert_true(is_alive(h, "alice"));
	assert_int_equal(groups_shown(h, "alice"), 1);
	/* It begins to count anew. */
	pass(2 * HOUR);
	land(REFRESH_RENEWED, LEFT_OUT, "rt4");
	pass(90);
	land(REFRESH_RENEWED, NONE, "rt5");
	assert_true(is_alive(h, "alice"));
	assert_int_equal(groups_shown(h, "alice"), 0);
}

/* Others are not kept waiting for what one person's answer lacks. */
static void
test_left_out_is_hers_alone(void **state)
{
	struct host *h = *state;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	sign_in(h, BOB_SUB, "bob", "[\"staff\"]", "rt-b");
	pass(2 * HOUR);
	assert_int_equal(begun, 2);
	land(REFRESH_RENEWED, LEFT_OUT, "rt2");
	land(REFRESH_RENEWED, LEFT_OUT, "rt2");
	pass(60);
	assert_int_equal(now_flying, 2);
	land(REFRESH_RENEWED, STAFF, "rt3");
	land(REFRESH_RENEWED, STAFF, "rt3");
}

/* The provider vouches for her for weeks, and never says her groups. */
static void
test_groups_grow_old(void **state)
{
	struct host *h = *state;
	int64_t signed_in;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	signed_in = wall;
	assert_int_equal(publish_world(&h->world), 0);
	while (wall < signed_in + 7 * DAY - 2 * HOUR) {
		pass(HOUR);
		if (flying != NULL)
			land(REFRESH_RENEWED, NULL, "rt2");
		assert_true(is_alive(h, "alice"));
		assert_int_equal(groups_shown(h, "alice"), 1);
	}
	pass(3 * HOUR);
	land(REFRESH_RENEWED, NULL, "rt3");
	assert_false(is_alive(h, "alice"));
	pass(2 * HOUR);
	land(REFRESH_RENEWED, ADMIN, "rt4");
	assert_true(is_alive(h, "alice"));
}

/* The daemon dies while a token is on its way: it must not be sent again. */
static void
test_killed_on_the_way(void **state)
{
	struct token_state token;
	struct host *h = *state;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	sign_in(h, BOB_SUB, "bob", "[\"staff\"]", "rt-b");
	pass(2 * HOUR);
	assert_int_equal(begun, 2);
	land(REFRESH_RENEWED, STAFF, "rt-new");
	assert_int_equal(now_flying, 1);
	stop(h);
	start(h);
	begun = 0;
	pass(4 * HOUR);
	assert_int_equal(begun, 1);
	assert_string_equal(flying->token, "rt-new");
	land(REFRESH_RENEWED, STAFF, "rt-newer");
	pass(10 * HOUR);
	if (flying != NULL)
		land(REFRESH_RENEWED, STAFF, NULL);
	state_of(h, ALICE_SUB, &token);
	if (token.kept)
		state_of(h, BOB_SUB, &token);
	assert_false(token.kept);
	assert_string_equal(token.outcome, "lost: restart");
}

static void
test_other_key(void **state)
{
	struct token_state token;
	struct host *h = *state;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	stop(h);
	seal_free(h->world.seal);
	h->world.seal = fixture_seal(2);
	start(h);
	pass(2 * HOUR);
	assert_int_equal(begun, 0);
	state_of(h, ALICE_SUB, &token);
	assert_false(token.kept);
	assert_false(is_revoked(h, "alice"));
}

/* A sign-in while her token is on its way: the answer does not count. */
static void
test_sign_in_takes_over(void **state)
{
	struct host *h = *state;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	pass(2 * HOUR);
	assert_int_equal(now_flying, 1);
	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt2");
	assert_int_equal(now_flying, 0);
	pass(2 * HOUR);
	assert_string_equal(flying->token, "rt2");
	land(REFRESH_RENEWED, STAFF, "rt3");
}

static void
test_admin_revokes(void **state)
{
	struct host *h = *state;
	struct person *person;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	person = person_of(h, "alice");
	assert_int_equal(refresher_revoke(h->world.refresher, person,
	    true), 0);
	assert_true(is_revoked(h, "alice"));
	assert_int_equal(groups_shown(h, "alice"), 0);
	assert_int_equal(revoked_there, 1);
	assert_string_equal(revoked_token, "rt1");
	pass(4 * HOUR);
	assert_int_equal(begun, 0);
	/* While it is on its way: what comes is ended, and changes nothing. */
	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt2");
	pass(2 * HOUR);
	assert_int_equal(refresher_revoke(h->world.refresher, person,
	    true), 0);
	assert_int_equal(revoked_there, 1);
	land(REFRESH_RENEWED, ADMIN, "rt3");
	assert_true(is_revoked(h, "alice"));
	assert_int_equal(groups_shown(h, "alice"), 0);
	assert_int_equal(revoked_there, 2);
	assert_string_equal(revoked_token, "rt3");
	pass(4 * HOUR);
	assert_int_equal(begun, 1);
	person_free(person);
}

static unsigned told;
static struct refresher_result answer;

static void
on_answer(void *arg, const struct refresher_result *result)
{
	(void)arg;
	told++;
	answer = *result;
}

static void
test_asked(void **state)
{
	struct refresher_wait *one, *other;
	struct host *h = *state;
	struct person *alice;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	alice = person_of(h, "alice");
	told = 0;
	assert_int_equal(refresher_ask(h->world.refresher, alice, on_answer,
	    NULL, &one), 0);
	pass(1);
	assert_int_equal(begun, 1);
	/* Somebody else who asks waits for the same. */
	assert_int_equal(refresher_ask(h->world.refresher, alice, on_answer,
	    NULL, &other), 0);
	refresher_unask(one);
	pass(1);
	assert_int_equal(begun, 1);
	assert_int_equal(told, 0);
	land(REFRESH_RENEWED, STAFF, "rt2");
	assert_int_equal(told, 1);
	assert_true(answer.kept);
	assert_int_equal(answer.outcome, REFRESH_RENEWED);
	assert_int_equal(refresher_ask(h->world.refresher, alice, on_answer,
	    NULL, &one), 0);
	pass(1);
	land(REFRESH_LOST, NULL, NULL);
	assert_int_equal(told, 2);
	assert_int_equal(answer.outcome, REFRESH_LOST);
	/* Now there is nothing to ask with. */
	assert_int_equal(refresher_ask(h->world.refresher, alice, on_answer,
	    NULL, &one), 0);
	assert_int_equal(told, 2);
	(void)event_base_loop(h->world.base, EVLOOP_NONBLOCK);
	assert_int_equal(told, 3);
	assert_false(answer.kept);
	person_free(alice);
}

static void
on_drained(void *arg)
{
	(*(unsigned *)arg)++;
}

static void
test_drains(void **state)
{
	struct host *h = *state;
	unsigned drained = 0;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	pass(2 * HOUR);
	refresher_drain(h->world.refresher, on_drained, &drained);
	pass(5);
	assert_int_equal(drained, 0);
	land(REFRESH_RENEWED, STAFF, "rt2");
	pass(5);
	assert_int_equal(drained, 1);
	pass(4 * HOUR);
	assert_int_equal(begun, 1);
	assert_int_equal(drained, 1);
}

/* The clock was set back by years while the daemon was down. */
static void
test_clock_jumps(void **state)
{
	struct host *h = *state;

	sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	stop(h);
	wall -= 10 * 365 * 24 * HOUR;
	start(h);
	pass(HOUR + HOUR / 10 + 1);
	assert_int_equal(begun, 1);
	land(REFRESH_RENEWED, STAFF, "rt2");
	/* A long sleep: once, and not once for each hour of it. */
	steady += 1000 * HOUR;
	wall += 1000 * HOUR;
	pass(120);
	assert_int_equal(begun, 2);
	land(REFRESH_RENEWED, STAFF, "rt3");
	pass(HOUR - HOUR / 10 - 1);
	assert_int_equal(begun, 2);
}

#define CROWD	10000

static void
crowd_signs_in(struct host *h)
{
	char subject[32], name[32];
	struct token_owner owner = { FIXTURE_ISSUER, subject };
	struct token_state state = { .kept = true, .next = wall - 1 };
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct person *person;
	unsigned i;

	/* It is not the disk that is tried here. */
	assert_int_equal(store_exec(h->f.store, "PRAGMA synchronous = OFF"),
	    0);
	assert_int_equal(secret_set(&pair.refresh, "rt", 2), 0);
	for (i = 0; i < CROWD; i++) {
		(void)snprintf(subject, sizeof(subject), "sub-%u", i);
		(void)snprintf(name, sizeof(name), "u%u", i);
		fixture_bind(&h->f, subject, name, "[\"staff\"]");
		assert_int_equal(store_token_save(h->f.store, h->world.seal,
		    &owner, &pair, &state), 0);
	}
	token_pair_free(&pair);
	assert_int_equal(store_find_name(h->f.store, "u0", &person), 0);
	person_free(person);
}

/* 10,000 people, all overdue at a start: nobody waits for ever, and the
 * provider never sees a crowd. Each answer takes two seconds. */
static void
test_no_herd(void **state)
{
	struct host *h = *state;
	unsigned seconds = 0, before, most_a_second = 0, i;
	struct refresh *waiting[REFRESHER_MOST * 2];

	crowd_signs_in(h);
	stop(h);
	start(h);
	most_flying = 0;
	while (begun < CROWD && seconds < 2 * HOUR) {
		before = begun;
		for (i = 0; flying != NULL && i < REFRESHER_MOST; i++) {
			waiting[i] = flying;
			land_one(waiting[i], REFRESH_RENEWED, NULL, "rt2");
		}
		pass(1);
		seconds++;
		if (begun - before > most_a_second)
			most_a_second = begun - before;
	}
	print_message("# %u people in %u s, at most %u begun in a second, "
	    "%u at a time\n", begun, seconds, most_a_second, most_flying);
	assert_in_range(begun, CROWD, CROWD + REFRESHER_MOST);
	assert_true(most_flying <= REFRESHER_MOST);
	assert_true(most_a_second <= 12);
	while (flying != NULL)
		land(REFRESH_RENEWED, NULL, "rt2");
}

/* The provider is away for a day: it is asked about one person at a time, ever
 * more seldom, and is not run over when it is back. */
static void
test_outage(void **state)
{
	struct host *h = *state;
	char subject[32], name[32];
	unsigned i, asked;

	for (i = 0; i < 100; i++) {
		(void)snprintf(subject, sizeof(subject), "sub-%u", i);
		(void)snprintf(name, sizeof(name), "u%u", i);
		sign_in(h, subject, name, "[\"staff\"]", "rt");
	}
	begun = most_flying = 0;
	for (i = 0; i < 24 * HOUR; i++) {
		pass(1);
		while (flying != NULL)
			land(REFRESH_TRY_LATER, NULL, NULL);
	}
	asked = begun;
	print_message("# asked %u times in a day of outage\n", asked);
	/* Every 5 minutes, a tenth less, and a few at the beginning. */
	assert_true(asked <= 24 * 60 / 4);
	assert_true(asked >= 24 * 60 / 6);
	assert_true(most_flying <= REFRESHER_MOST);
	most_flying = 0;
	for (i = 0; i < HOUR; i++) {
		pass(1);
		assert_true(now_flying <= 2);
		while (flying != NULL)
			land(REFRESH_RENEWED, NULL, "rt2");
	}
	assert_in_range(begun - asked, 100, 200);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_renewed),
		TEST(test_revoked),
		TEST(test_later_backs_off),
		TEST(test_lost),
		TEST(test_groups_left_out),
		TEST(test_left_out_is_hers_alone),
		TEST(test_groups_grow_old),
		TEST(test_killed_on_the_way),
		TEST(test_other_key),
		TEST(test_sign_in_takes_over),
		TEST(test_admin_revokes),
		TEST(test_asked),
		TEST(test_drains),
		TEST(test_clock_jumps),
		TEST(test_no_herd),
		TEST(test_outage),
	};

	/* There is a line for each of many people. */
	log_open(LOG_TO_STDERR, LOG_CRIT);
	return cmocka_run_group_tests_name("refresher", tests, NULL, NULL);
}
