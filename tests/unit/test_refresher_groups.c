/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a refresh says of groups, and what comes of one that does not.
 */
#include "common/log.h"
#include "daemon/snapshot/publish.h"
#include "tests/unit/refresher_host.h"

#define NONE	"{\"groups\":[],\"name\":\"A\"}"
#define LEFT_OUT	"{\"name\":\"A\"}"
#define DAY	(24 * HOUR)

static bool
is_alive(struct host *h, const char *name)
{
	struct person *person = host_person_of(h, name);
	bool alive = person_is_alive(person, host_wall,
	    h->f.config.offline_max);

	person_free(person);
	return alive;
}

/* One answer without groups is an accident; five are not. An empty list is
 * an answer. */
static void
test_groups_left_out(void **state)
{
	struct token_state token;
	struct host *h = *state;
	unsigned i;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	assert_int_equal(publish_world(&h->world), 0);
	host_pass(2 * HOUR);
	for (i = 0; i < 5; i++) {
		assert_true(is_alive(h, "alice"));
		assert_int_equal(host_groups_shown(h, "alice"), 1);
		host_land(REFRESH_RENEWED, i == 1 ? "{\"groups\":[7]}" : LEFT_OUT,
		    "rt2");
		host_state_of(h, ALICE_SUB, &token);
		assert_string_equal(token.outcome, i == 1 ?
		    "later: groups-malformed" : "later: groups-missing");
		/* It is asked again soon. */
		host_pass(30u << i);
		host_pass(4u << i);
	}
	assert_false(is_alive(h, "alice"));
	assert_false(host_is_revoked(h, "alice"));
	assert_int_equal(host_groups_shown(h, "alice"), 0);
	assert_true(host_now_flying <= 1);
	if (host_flying == NULL)
		host_pass(10 * 60);
	host_land(REFRESH_RENEWED, ADMIN, "rt3");
	assert_true(is_alive(h, "alice"));
	assert_int_equal(host_groups_shown(h, "alice"), 1);
	/* It begins to count anew. */
	host_pass(2 * HOUR);
	host_land(REFRESH_RENEWED, LEFT_OUT, "rt4");
	host_pass(90);
	host_land(REFRESH_RENEWED, NONE, "rt5");
	assert_true(is_alive(h, "alice"));
	assert_int_equal(host_groups_shown(h, "alice"), 0);
}

/* Others are not kept waiting for what one person's answer lacks. */
static void
test_left_out_is_hers_alone(void **state)
{
	struct host *h = *state;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\"]", "rt1");
	host_sign_in(h, BOB_SUB, "bob", "[\"staff\"]", "rt-b");
	host_pass(2 * HOUR);
	assert_int_equal(host_begun, 2);
	host_land(REFRESH_RENEWED, LEFT_OUT, "rt2");
	host_land(REFRESH_RENEWED, LEFT_OUT, "rt2");
	host_pass(60);
	assert_int_equal(host_now_flying, 2);
	host_land(REFRESH_RENEWED, STAFF, "rt3");
	host_land(REFRESH_RENEWED, STAFF, "rt3");
}

/* The provider vouches for her for weeks, and never says her groups. */
static void
test_groups_grow_old(void **state)
{
	struct host *h = *state;
	int64_t signed_in;

	host_sign_in(h, ALICE_SUB, "alice", "[\"staff\",\"admins\"]", "rt1");
	signed_in = host_wall;
	assert_int_equal(publish_world(&h->world), 0);
	while (host_wall < signed_in + 7 * DAY - 2 * HOUR) {
		host_pass(HOUR);
		if (host_flying != NULL)
			host_land(REFRESH_RENEWED, NULL, "rt2");
		assert_true(is_alive(h, "alice"));
		assert_int_equal(host_groups_shown(h, "alice"), 1);
	}
	host_pass(3 * HOUR);
	host_land(REFRESH_RENEWED, NULL, "rt3");
	assert_false(is_alive(h, "alice"));
	host_pass(2 * HOUR);
	host_land(REFRESH_RENEWED, ADMIN, "rt4");
	assert_true(is_alive(h, "alice"));
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_groups_left_out),
		TEST(test_left_out_is_hers_alone),
		TEST(test_groups_grow_old),
	};

	log_open(LOG_TO_STDERR, LOG_CRIT);
	return cmocka_run_group_tests_name("refresher_groups", tests, NULL,
	    NULL);
}
