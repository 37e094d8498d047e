/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose token is refreshed when, and what comes of it (design D6).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/log.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_private.h"
#include "tests/unit/refresher_host.h"

static void
test_renewed(void **state)
{
	struct token_state token;
	struct host *h = *state;
	struct person *person;
	int64_t then;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_state_of(h, ALICE_SUB, &token);
	assert_string_equal(token.outcome, "signed-in");
	/* A tenth more or less than an hour. */
	host_pass(HOUR - HOUR / 10 - 1);
	assert_int_equal(host_begun, 0);
	host_pass(HOUR / 5 + 2);
	assert_int_equal(host_begun, 1);
	assert_string_equal(host_flying->token, "rt1");
	assert_string_equal(host_flying->request.subject, ALICE_SUB);
	/* It is on the disk that it was sent. */
	host_state_of(h, ALICE_SUB, &token);
	assert_true(token.in_use);
	then = host_wall;
	host_pass(5);
	host_land(REFRESH_RENEWED, ADMIN, "rt2");
	host_state_of(h, ALICE_SUB, &token);
	assert_true(token.kept);
	assert_false(token.in_use);
	assert_string_equal(token.outcome, "renewed");
	assert_in_range(token.next, host_wall + HOUR - HOUR / 10,
	    host_wall + HOUR + HOUR / 10);
	person = host_person_of(h, "alice");
	assert_in_range(person->last_proof, then, host_wall);
	assert_true(person_in_group(person, "admins"));
	person_free(person);
	assert_int_equal(host_groups_shown(h, "alice"), 1);
	/* And on, with the new one. */
	host_pass(HOUR + HOUR / 10 + 1);
	assert_int_equal(host_begun, 2);
	assert_string_equal(host_flying->token, "rt2");
	host_land(REFRESH_RENEWED, STAFF, NULL);
	assert_int_equal(host_groups_shown(h, "alice"), 0);
	/* A provider that gives no new one means the old one. */
	host_pass(HOUR + HOUR / 10 + 1);
	assert_string_equal(host_flying->token, "rt2");
	host_land(REFRESH_RENEWED, NULL, "rt3");
	person = host_person_of(h, "alice");
	assert_int_equal(person->last_proof, host_wall);
	assert_true(person_in_group(person, "staff"));
	person_free(person);
}

static int
written_as_revoked(struct host *h)
{
	int count;

	assert_int_equal(store_number(h->f.store,
	    "SELECT count(*) FROM person WHERE revoked", &count), 0);
	return count;
}

/* What could not be written is not written over a sign-in that came after
 * it, even one that brought no token. */
static void
test_revoked_and_back(void **state)
{
	struct host *h = *state;
	struct person *person;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_pass(2 * HOUR);
	assert_int_equal(store_exec(h->f.store, "PRAGMA query_only = 1"), 0);
	host_land(REFRESH_REVOKED, NULL, NULL);
	assert_int_equal(store_exec(h->f.store, "PRAGMA query_only = 0"), 0);
	person = host_person_of(h, "alice");
	assert_true(person->revoked);
	person->revoked = false;
	assert_int_equal(store_save(h->f.store, person), 0);
	person_free(person);
	host_pass(60);
	assert_false(host_is_revoked(h, "alice"));
	assert_int_equal(written_as_revoked(h), 0);
}

static void
test_revoked(void **state)
{
	struct token_owner alice = { FIXTURE_ISSUER, ALICE_SUB };
	struct token_state token;
	struct host *h = *state;
	struct person *person;
	char path[256];

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	host_pass(2 * HOUR);
	/* A disk that takes nothing saves nobody. */
	assert_int_equal(store_exec(h->f.store, "PRAGMA query_only = 1"), 0);
	host_land(REFRESH_REVOKED, NULL, NULL);
	assert_true(host_is_revoked(h, "alice"));
	assert_int_equal(host_groups_shown(h, "alice"), 0);
	host_pass(60);
	assert_int_equal(written_as_revoked(h), 0);
	assert_int_equal(store_exec(h->f.store, "PRAGMA query_only = 0"), 0);
	host_pass(60);
	assert_int_equal(written_as_revoked(h), 1);
	assert_true(host_is_revoked(h, "alice"));
	assert_int_equal(host_groups_shown(h, "alice"), 0);
	assert_int_equal(store_token_state(h->f.store, &alice, &token),
	    -ENOENT);
	person = host_person_of(h, "alice");
	(void)snprintf(path, sizeof(path), "%s/%u", h->ending, person->uid);
	person_free(person);
	assert_int_equal(access(path, F_OK), 0);
	host_pass(10 * HOUR);
	assert_int_equal(host_begun, 1);
	/* A sign-in undoes it. */
	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt2");
	assert_false(host_is_revoked(h, "alice"));
	host_pass(2 * HOUR);
	assert_int_equal(host_begun, 2);
	host_land(REFRESH_RENEWED, STAFF, "rt3");
}

static void
test_later_backs_off(void **state)
{
	struct token_state token;
	struct host *h = *state;
	unsigned i;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_pass(2 * HOUR);
	for (i = 1; i <= 5; i++) {
		assert_int_equal(host_begun, i);
		assert_string_equal(host_flying->token, "rt1");
		host_land(REFRESH_TRY_LATER, NULL, NULL);
		host_state_of(h, ALICE_SUB, &token);
		assert_true(token.kept);
		assert_false(token.in_use);
		assert_string_equal(token.outcome,
		    "later: provider-unreachable");
		/* 30 s, 1, 2, 4, 8 minutes, a tenth more or less. */
		host_pass((30u << (i - 1)) * 9 / 10 - 1);
		assert_int_equal(host_begun, i);
		host_pass((30u << (i - 1)) / 5 + 2);
	}
	assert_false(host_is_revoked(h, "alice"));
	/* What came with an answer that was not good enough is kept. */
	host_land(REFRESH_TRY_LATER, NULL, "rt2");
	host_pass(2 * HOUR);
	assert_string_equal(host_flying->token, "rt2");
	host_land(REFRESH_RENEWED, STAFF, "rt3");
}

static void
test_lost(void **state)
{
	struct token_state token;
	struct host *h = *state;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	host_pass(2 * HOUR);
	host_land(REFRESH_LOST, NULL, NULL);
	host_state_of(h, ALICE_SUB, &token);
	assert_false(token.kept);
	assert_false(token.in_use);
	assert_string_equal(token.outcome, "lost: provider-unreachable");
	assert_false(host_is_revoked(h, "alice"));
	host_pass(10 * HOUR);
	assert_int_equal(host_begun, 1);
}

/* The daemon dies while a token is on its way: it must not be sent again. */
static void
test_killed_on_the_way(void **state)
{
	struct token_state token;
	struct host *h = *state;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_sign_in(h, BOB_SUB, "bob", "[\"staff\"]", "rt-b");
	host_pass(2 * HOUR);
	assert_int_equal(host_begun, 2);
	host_land(REFRESH_RENEWED, STAFF, "rt-new");
	assert_int_equal(host_now_flying, 1);
	host_stop(h);
	host_start(h);
	host_begun = 0;
	host_pass(4 * HOUR);
	assert_int_equal(host_begun, 1);
	assert_string_equal(host_flying->token, "rt-new");
	host_land(REFRESH_RENEWED, STAFF, "rt-newer");
	host_pass(10 * HOUR);
	if (host_flying != NULL)
		host_land(REFRESH_RENEWED, STAFF, NULL);
	host_state_of(h, ALICE_SUB, &token);
	if (token.kept)
		host_state_of(h, BOB_SUB, &token);
	assert_false(token.kept);
	assert_string_equal(token.outcome, "lost: restart");
}

static void
test_other_key(void **state)
{
	struct token_state token;
	struct host *h = *state;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_stop(h);
	seal_free(h->world.seal);
	h->world.seal = fixture_seal(2);
	host_start(h);
	host_pass(2 * HOUR);
	assert_int_equal(host_begun, 0);
	host_state_of(h, ALICE_SUB, &token);
	assert_false(token.kept);
	assert_false(host_is_revoked(h, "alice"));
}

/* A sign-in while her token is on its way: the answer does not count. */
static void
test_sign_in_takes_over(void **state)
{
	struct host *h = *state;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_pass(2 * HOUR);
	assert_int_equal(host_now_flying, 1);
	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt2");
	assert_int_equal(host_now_flying, 0);
	host_pass(2 * HOUR);
	assert_string_equal(host_flying->token, "rt2");
	host_land(REFRESH_RENEWED, STAFF, "rt3");
}

static void
test_admin_revokes(void **state)
{
	struct host *h = *state;
	struct person *person;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	person = host_person_of(h, "alice");
	assert_int_equal(refresher_revoke(h->world.refresher, person,
	    true), 0);
	assert_true(host_is_revoked(h, "alice"));
	assert_int_equal(host_groups_shown(h, "alice"), 0);
	assert_int_equal(host_revoked_there, 1);
	assert_string_equal(host_revoked_token, "rt1");
	host_pass(4 * HOUR);
	assert_int_equal(host_begun, 0);
	/* While it is on its way: what comes is ended, and changes nothing. */
	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt2");
	host_pass(2 * HOUR);
	assert_int_equal(refresher_revoke(h->world.refresher, person,
	    true), 0);
	assert_int_equal(host_revoked_there, 1);
	host_land(REFRESH_RENEWED, ADMIN, "rt3");
	assert_true(host_is_revoked(h, "alice"));
	assert_int_equal(host_groups_shown(h, "alice"), 0);
	assert_int_equal(host_revoked_there, 2);
	assert_string_equal(host_revoked_token, "rt3");
	host_pass(4 * HOUR);
	assert_int_equal(host_begun, 1);
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

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	alice = host_person_of(h, "alice");
	told = 0;
	assert_int_equal(refresher_ask(h->world.refresher, alice, on_answer,
	    NULL, &one), 0);
	host_pass(1);
	assert_int_equal(host_begun, 1);
	/* Somebody else who asks waits for the same. */
	assert_int_equal(refresher_ask(h->world.refresher, alice, on_answer,
	    NULL, &other), 0);
	refresher_unask(one);
	host_pass(1);
	assert_int_equal(host_begun, 1);
	assert_int_equal(told, 0);
	host_land(REFRESH_RENEWED, STAFF, "rt2");
	assert_int_equal(told, 1);
	assert_true(answer.kept);
	assert_int_equal(answer.outcome, REFRESH_RENEWED);
	assert_int_equal(refresher_ask(h->world.refresher, alice, on_answer,
	    NULL, &one), 0);
	host_pass(1);
	host_land(REFRESH_LOST, NULL, NULL);
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

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_pass(2 * HOUR);
	refresher_drain(h->world.refresher, on_drained, &drained);
	host_pass(5);
	assert_int_equal(drained, 0);
	host_land(REFRESH_RENEWED, STAFF, "rt2");
	host_pass(5);
	assert_int_equal(drained, 1);
	host_pass(4 * HOUR);
	assert_int_equal(host_begun, 1);
	assert_int_equal(drained, 1);
}

/* The clock was set back by years while the daemon was down. */
static void
test_clock_jumps(void **state)
{
	struct host *h = *state;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_stop(h);
	host_wall -= 10 * 365 * 24 * HOUR;
	host_start(h);
	host_pass(HOUR + HOUR / 10 + 1);
	assert_int_equal(host_begun, 1);
	host_land(REFRESH_RENEWED, STAFF, "rt2");
	/* A long sleep: once, and not once for each hour of it. */
	host_steady += 1000 * HOUR;
	host_wall += 1000 * HOUR;
	host_pass(120);
	assert_int_equal(host_begun, 2);
	host_land(REFRESH_RENEWED, STAFF, "rt3");
	host_pass(HOUR - HOUR / 10 - 1);
	assert_int_equal(host_begun, 2);
}

/* Somebody sets the clock while the daemon runs: nobody is due earlier or
 * later, and the next proof of life has the time that is right then. */
static void
test_clock_is_set(void **state)
{
	static const int64_t year = 365 * 24 * HOUR;
	struct host *h = *state;
	struct person *person;
	int64_t jump;
	unsigned i;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	for (i = 1; i <= 2; i++) {
		jump = i == 1 ? year : -year;
		host_pass(60);
		host_wall += jump;
		host_pass(HOUR - HOUR / 10 - 62);
		assert_int_equal(host_begun, i - 1);
		host_pass(HOUR / 5 + 2);
		assert_int_equal(host_begun, i);
		host_land(REFRESH_RENEWED, STAFF, i == 1 ? "rt2" : "rt3");
		person = host_person_of(h, "alice");
		assert_int_equal(person->last_proof, host_wall);
		person_free(person);
	}
}

/* The host was off for days, and its steady clock begins anew. */
static void
test_off_for_days(void **state)
{
	struct token_state token;
	struct host *h = *state;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_stop(h);
	host_wall += 5 * 24 * HOUR;
	host_steady = 10;
	host_start(h);
	host_pass(70);
	assert_int_equal(host_begun, 1);
	host_land(REFRESH_RENEWED, STAFF, "rt2");
	host_state_of(h, ALICE_SUB, &token);
	assert_in_range(token.next, host_wall + HOUR - HOUR / 10,
	    host_wall + HOUR + HOUR / 10);
	/* Off for minutes: who is not due does not become so. */
	host_stop(h);
	host_wall += HOUR / 3;
	host_steady = 10;
	host_start(h);
	host_pass(HOUR / 3);
	assert_int_equal(host_begun, 1);
	host_pass(HOUR / 2);
	assert_int_equal(host_begun, 2);
	host_land(REFRESH_RENEWED, STAFF, "rt3");
}

/* Everybody is overdue when the host wakes up: one after the other. */
static void
test_wakes_up(void **state)
{
	struct host *h = *state;
	char subject[32], name[32];
	unsigned i, before;

	for (i = 0; i < 100; i++) {
		(void)snprintf(subject, sizeof(subject), "sub-%u", i);
		(void)snprintf(name, sizeof(name), "u%u", i);
		host_sign_in(h, subject, name, "[\"staff\"]", "rt");
	}
	host_pass(1);
	host_steady += 10 * HOUR;
	host_wall += 10 * HOUR;
	for (i = 0; i < 240 && host_begun < 100; i++) {
		before = host_begun;
		host_pass(1);
		assert_true(host_begun - before <= 2);
		assert_true(host_now_flying <= 2);
		while (host_flying != NULL)
			host_land(REFRESH_RENEWED, STAFF, "rt2");
	}
	assert_int_equal(host_begun, 100);
	/* And they are scattered from then on. */
	host_pass(HOUR - HOUR / 10 - 240);
	assert_int_equal(host_begun, 100);
}

#define CROWD	10000

static void
crowd_signs_in(struct host *h)
{
	char subject[32], name[32], update[128];
	struct token_owner owner = { FIXTURE_ISSUER, subject };
	struct token_state state = { .kept = true, .next = host_wall - 1 };
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
	/* Or the snapshot would be written for each of them who comes back. */
	(void)snprintf(update, sizeof(update),
	    "UPDATE person SET last_proof = %" PRId64 ", groups_told = %" PRId64,
	    host_wall, host_wall);
	assert_int_equal(store_exec(h->f.store, update), 0);
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
	host_stop(h);
	host_start(h);
	host_most_flying = 0;
	while (host_begun < CROWD && seconds < 2 * HOUR) {
		before = host_begun;
		for (i = 0; host_flying != NULL && i < REFRESHER_MOST; i++) {
			waiting[i] = host_flying;
			host_land_one(waiting[i], REFRESH_RENEWED, NULL, "rt2");
		}
		host_pass(1);
		seconds++;
		if (host_begun - before > most_a_second)
			most_a_second = host_begun - before;
	}
	print_message("# %u people in %u s, at most %u host_begun in a second, "
	    "%u at a time\n", host_begun, seconds, most_a_second, host_most_flying);
	assert_in_range(host_begun, CROWD, CROWD + REFRESHER_MOST);
	assert_true(host_most_flying <= REFRESHER_MOST);
	assert_true(most_a_second <= 12);
	while (host_flying != NULL)
		host_land(REFRESH_RENEWED, NULL, "rt2");
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
		host_sign_in(h, subject, name, "[\"staff\"]", "rt");
	}
	host_begun = host_most_flying = 0;
	for (i = 0; i < 24 * HOUR; i++) {
		host_pass(1);
		while (host_flying != NULL)
			host_land(REFRESH_TRY_LATER, NULL, NULL);
	}
	asked = host_begun;
	print_message("# asked %u times in a day of outage\n", asked);
	/* Every 5 minutes, a tenth less, and a few at the beginning. */
	assert_true(asked <= 24 * 60 / 4);
	assert_true(asked >= 24 * 60 / 6);
	assert_true(host_most_flying <= REFRESHER_MOST);
	host_most_flying = 0;
	for (i = 0; i < HOUR; i++) {
		host_pass(1);
		assert_true(host_now_flying <= 2);
		while (host_flying != NULL)
			host_land(REFRESH_RENEWED, NULL, "rt2");
	}
	assert_in_range(host_begun - asked, 100, 200);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_renewed),
		TEST(test_revoked), TEST(test_revoked_and_back),
		TEST(test_later_backs_off),
		TEST(test_lost),
		TEST(test_killed_on_the_way),
		TEST(test_other_key),
		TEST(test_sign_in_takes_over),
		TEST(test_admin_revokes),
		TEST(test_asked),
		TEST(test_drains),
		TEST(test_clock_jumps),
		TEST(test_clock_is_set),
		TEST(test_off_for_days),
		TEST(test_wakes_up),
		TEST(test_no_herd),
		TEST(test_outage),
	};

	/* There is a line for each of many people. */
	log_open(LOG_TO_STDERR, LOG_CRIT);
	return cmocka_run_group_tests_name("refresher", tests, NULL, NULL);
}
