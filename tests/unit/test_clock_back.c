/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * This host's clock is set back, so that what was written before is of a time
 * to come: nothing of that is fresh, wherever an age is looked at. The clock is
 * not touched here: what is in the store is moved instead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "common/snapshot.h"
#include "daemon/age.h"
#include "daemon/oidc/json.h"
#include "daemon/policy/account.h"
#include "daemon/session/passcode.h"
#include "daemon/session/passcode_hash.h"
#include "daemon/session/remembered.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_passcode.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n" \
	"[access:su]\npasskey_max = 8h\n" \
	"[groups]\nstaff = adm\n" \
	"[cache]\noffline_max = 7d\nremember_key = 12h\n" \
	"[passcode]\nenabled = yes\nservices = login\n"
#define KEY	"SHA256:0000000000000000000000000000000000000000000"
#define ADM	4
#define HOUR	3600

static struct fixture host;
static struct world world;
static int64_t now;

/* Alice's proof of life, when she was told of, and the last use of her passkey,
 * by a clock that is ahead of today's by so many seconds. */
static void
write_ahead(int64_t seconds)
{
	char sql[192];

	(void)snprintf(sql, sizeof(sql), "UPDATE person SET last_proof ="
	    " %" PRId64 ", groups_told = %" PRId64 ", last_passkey = %" PRId64,
	    now + seconds, now + seconds, now + seconds);
	fixture_sql(&host, sql);
}

static int
setup(void **state)
{
	(void)state;
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	world.seal = fixture_seal(1);
	now = time(NULL);
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	seal_free(world.seal);
	fixture_teardown(&host);
	return 0;
}

static enum reason
decide(const char *service)
{
	return account_decide(&world, "alice", service, NULL, NULL);
}

static void
test_ages(void **state)
{
	(void)state;
	assert_true(age_is_within(100, 100, 1));
	assert_true(age_is_within(100, 101, 1));
	assert_false(age_is_within(100, 102, 1));
	assert_true(age_is_within(100 + AGE_SKEW, 100, 1));
	assert_false(age_is_within(101 + AGE_SKEW, 100, UINT32_MAX));
	assert_false(age_is_within(INT64_MAX, 0, UINT32_MAX));
	assert_true(age_is_unknown(INT64_MAX, 0));
	assert_false(age_is_unknown(100 + AGE_SKEW, 100));
}

static void
test_offline_max(void **state)
{
	char sql[96];

	(void)state;
	write_ahead(0);
	assert_int_equal(decide("sshd"), REASON_GRANTED);
	/* as clocks differ */
	write_ahead(AGE_SKEW / 2);
	assert_int_equal(decide("sshd"), REASON_GRANTED);
	write_ahead(HOUR);
	assert_int_equal(decide("sshd"), REASON_PROOF_TOO_OLD);
	write_ahead(400 * 86400);
	assert_int_equal(decide("sshd"), REASON_PROOF_TOO_OLD);
	/* what was told of her groups, alone */
	(void)snprintf(sql, sizeof(sql), "UPDATE person SET last_proof ="
	    " %" PRId64, now);
	fixture_sql(&host, sql);
	assert_int_equal(decide("sshd"), REASON_GROUPS_TOO_OLD);
}

static void
test_passkey_max(void **state)
{
	char sql[96];

	(void)state;
	write_ahead(0);
	assert_int_equal(decide("su"), REASON_GRANTED);
	(void)snprintf(sql, sizeof(sql), "UPDATE person SET last_passkey ="
	    " %" PRId64, now + HOUR);
	fixture_sql(&host, sql);
	assert_int_equal(decide("sshd"), REASON_GRANTED);
	assert_int_equal(decide("su"), REASON_PASSKEY_TOO_OLD);
}

/* The next sign-in puts both right, also to an earlier time. */
static void
test_sign_in_mends(void **state)
{
	struct person *person;

	(void)state;
	write_ahead(HOUR);
	assert_int_equal(fixture_resolve(&host, ALICE_SUB,
	    "{\"preferred_username\":\"alice\",\"groups\":[\"staff\"],"
	    "\"auth_time\":900000}", "alice", &person), REASON_GRANTED);
	assert_int_equal(person->last_proof, FIXTURE_BOUND);
	assert_int_equal(person->groups_told, FIXTURE_BOUND);
	assert_int_equal(person->last_passkey, 900000);
	person_free(person);
}

/* How many local groups the snapshot gives alice at that time, and when that
 * is to be looked at again. */
static size_t
groups_at(int64_t when, int64_t *ret_until)
{
	struct snapshot_user user;
	struct snapshot snapshot;
	uint32_t gid;
	size_t count;

	assert_int_equal(publish_snapshot(&host.config, host.files,
	    host.store, host.snapshot, when, ret_until), 0);
	assert_int_equal(snapshot_map(host.snapshot, &snapshot), 0);
	assert_int_equal(snapshot_user_by_name(&snapshot, "alice", &user),
	    0);
	count = user.gid_count;
	for (gid = 0; gid < count; gid++)
		assert_int_equal(snapshot_user_gid(&user, gid), ADM);
	snapshot_unmap(&snapshot);
	return count;
}

static void
test_groups_of_the_snapshot(void **state)
{
	int64_t until, later;

	(void)state;
	write_ahead(HOUR);
	assert_int_equal(groups_at(now, &until), 0);
	assert_int_equal(until, now + HOUR - AGE_SKEW - 1);
	/* ... when the clock is right again */
	assert_int_equal(groups_at(until, &later), 0);
	assert_int_equal(groups_at(until + 1, &later), 1);
	assert_int_equal(later, now + HOUR + 7 * 86400);
}

static void
test_remembered_key(void **state)
{
	const struct session_request request = {
		.user = "alice", .service = "sshd", .tty = "ssh",
		.rhost = "203.0.113.7", .ruser = "", .ssh_auth_info = "",
		.uid = fixture_uid(&host, "alice"),
		.conversation = PROTO_CONVERSATION_PROMPT,
	};

	(void)state;
	write_ahead(0);
	assert_int_equal(remembered_keep(&world, "alice", "sshd", "", KEY,
	    now - 60), 0);
	assert_true(remembered_grants(&world, &request, KEY, now));
	/* the key's own time */
	assert_false(remembered_grants(&world, &request, KEY, now - HOUR));
	/* the passkey's, where max_age asks for it */
	host.config.access[0].max_age = 900;
	assert_true(remembered_grants(&world, &request, KEY, now));
	assert_false(remembered_grants(&world, &request, KEY, now - 30));
	/* hers */
	host.config.access[0].max_age = 0;
	write_ahead(HOUR);
	assert_false(remembered_grants(&world, &request, KEY, now));
}

static void
test_passcode(void **state)
{
	struct secret verifier = SECRET_INIT;
	uint32_t wait = 0;

	(void)state;
	/* It is only looked at whether there is one. */
	world.hasher = (struct passcode_hasher *)(uintptr_t)&host;
	write_ahead(0);
	assert_int_equal(secret_set(&verifier, "v", 1), 0);
	assert_int_equal(passcode_keep(&world, "alice", &verifier, now), 0);
	secret_free(&verifier);
	assert_true(passcode_opens(&world, "alice", "login"));
	/* A try of a time to come delays the next one, as one of now does. */
	assert_int_equal(passcode_try(&world, "alice", now + HOUR, &verifier,
	    &wait), REASON_GRANTED);
	secret_free(&verifier);
	assert_int_equal(passcode_try(&world, "alice", now, &verifier, &wait),
	    REASON_TOO_MANY);
	assert_int_equal(wait, passcode_delay(1));
	write_ahead(HOUR);
	assert_false(passcode_opens(&world, "alice", "login"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ages),
		TEST(test_offline_max),
		TEST(test_passkey_max),
		TEST(test_sign_in_mends),
		TEST(test_groups_of_the_snapshot),
		TEST(test_remembered_key),
		TEST(test_passcode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
