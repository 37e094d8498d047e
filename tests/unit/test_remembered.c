/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a remembered key spares a sign-in, and above all when it does not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/oidc/json.h"
#include "daemon/report/audit.h"
#include "daemon/session/remembered.h"
#include "daemon/session/session_private.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_remembered.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n" \
	"[cache]\nremember_key = 1h\n"
#define KEY	"ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define OTHER	"SHA256:0000000000000000000000000000000000000000000"

static struct fixture host;
static struct world world;
static struct session_request request;
static char key[FINGERPRINT_SIZE];
static int64_t now;

/* Change what the store has of somebody. */
static void
change(const char *name, void (*how)(struct person *))
{
	struct person *person;

	assert_int_equal(store_find_name(host.store, name, &person), 0);
	person->last_proof = person->groups_told = now;
	if (how != NULL)
		how(person);
	assert_int_equal(store_save(host.store, person), 0);
	person_free(person);
}

static void
set_request(void)
{
	struct person *person;

	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	request = (struct session_request){
		.user = "alice", .service = "sshd", .tty = "ssh",
		.rhost = "203.0.113.7", .ruser = "",
		.ssh_auth_info = "publickey " KEY "\n", .uid = person->uid,
		.conversation = PROTO_CONVERSATION_PROMPT,
	};
	person_free(person);
}

static int
setup(void **state)
{
	(void)state;
	now = time(NULL);
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	world.seal = fixture_seal(1);
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	fixture_bind(&host, BOB_SUB, "bob", "[\"staff\"]");
	change("alice", NULL);
	change("bob", NULL);
	set_request();
	assert_true(remembered_key_of(&world, &request, key));
	assert_int_equal(remembered_keep(&world, "alice", "sshd",
	    "203.0.113.7", key, now), 0);
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

static bool
grants(const char *fingerprint, int64_t at)
{
	return remembered_grants(&world, &request, fingerprint, at);
}

static void
test_the_key_spares(void **state)
{
	(void)state;
	assert_true(grants(key, now));
	/* from another address as well */
	request.rhost = "198.51.100.1";
	assert_true(grants(key, now + 3599));
	assert_false(grants(key, now + 3600));
	/* written by a clock that was ahead */
	assert_false(grants(key, now - 1));
	assert_false(grants(OTHER, now));
	assert_false(grants("", now));
	host.config.remember_key = 60;
	assert_true(grants(key, now + 59));
	assert_false(grants(key, now + 60));
}

static void
test_nobody_else(void **state)
{
	struct person *bob;

	(void)state;
	request.uid++;
	assert_false(grants(key, now));
	assert_int_equal(store_find_name(host.store, "bob", &bob), 0);
	request.user = "bob";
	request.uid = bob->uid;
	person_free(bob);
	assert_false(grants(key, now));
	request.user = "nobody-ever";
	assert_false(grants(key, now));
	set_request();
	request.service = "login";
	assert_false(grants(key, now));
}

static void
bind_alice_at(int64_t when)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql), "UPDATE person SET uid = 5000,"
	    " bound = %" PRId64 " WHERE name = 'alice'", when);
	fixture_sql(&host, sql);
	set_request();
}

/* sshd runs as the uid that it was told at first, whatever the module is told
 * when it is called again. */
static void
test_connection_that_was_told_another_uid(void **state)
{
	struct timespec up;
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK);

	(void)state;
	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	bind_alice_at(now);
	request.retry_start = (uint64_t)up.tv_sec * ticks;
	/* Without a process that is a number, and no time. */
	request.retry_pid = 0;
	assert_true(grants(key, now));
	request.retry_pid = 77;
	assert_false(grants(key, now));
	request.retry_start += 1000 * ticks;
	assert_true(grants(key, now));
	bind_alice_at(now - 3600);
	request.retry_start = (uint64_t)up.tv_sec * ticks;
	assert_true(grants(key, now));
}

/* Who is spared a sign-in is seen like anybody else. */
static void
test_spared_is_written_down(void **state)
{
	const struct audit_record *record;
	char used[FINGERPRINT_SIZE], detail[128];

	(void)state;
	assert_int_equal(audit_new(false, &world.audit), 0);
	assert_true(session_is_spared(&world, &request, used));
	assert_int_equal(audit_count(world.audit, AUDIT_SIGN_IN,
	    REASON_GRANTED), 1);
	record = audit_at(world.audit, 0);
	assert_non_null(record);
	assert_string_equal(record->user, "alice");
	assert_string_equal(record->service, "sshd");
	assert_string_equal(record->source, "203.0.113.7");
	assert_string_equal(record->key, key);
	(void)snprintf(detail, sizeof(detail), "remembered key %s", key);
	assert_string_equal(record->detail, detail);
	/* one that is asked is written down at its end */
	request.user = "bob";
	assert_false(session_is_spared(&world, &request, used));
	assert_null(audit_at(world.audit, 1));
	audit_free(world.audit);
	world.audit = NULL;
}

/* Only sshd, and that is root, can say which key was proved. */
static void
test_who_may_tell(void **state)
{
	(void)state;
	request.peer = 1000;
	assert_false(remembered_key_of(&world, &request, key));
	set_request();
	request.service = "sudo";
	assert_false(remembered_key_of(&world, &request, key));
	set_request();
	request.conversation = PROTO_CONVERSATION_TERMINAL;
	assert_false(remembered_key_of(&world, &request, key));
	set_request();
	request.ssh_auth_info = "";
	assert_false(remembered_key_of(&world, &request, key));
	set_request();
	host.config.remember_key = 0;
	assert_false(remembered_key_of(&world, &request, key));
}

static void
revoke_person(struct person *person)
{
	person->revoked = true;
}

static void
leave_groups(struct person *person)
{
	person_clear_groups(person);
}

static void
fall_silent(struct person *person)
{
	person->last_proof = person->groups_told = now - 8 * 86400;
}

static void
test_dies_with_the_person(void **state)
{
	(void)state;
	change("alice", revoke_person);
	assert_false(grants(key, now));
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	change("alice", NULL);
	assert_true(grants(key, now));
	change("alice", leave_groups);
	assert_false(grants(key, now));
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	change("alice", fall_silent);
	assert_false(grants(key, now));
}

static void
use_passkey(struct person *person)
{
	person->last_passkey = now - 800;
}

static void
test_max_age(void **state)
{
	(void)state;
	host.config.access[0].max_age = 900;
	/* nobody knows when it was */
	assert_false(grants(key, now));
	change("alice", use_passkey);
	assert_true(grants(key, now));
	assert_true(grants(key, now + 100));
	assert_false(grants(key, now + 101));
}

/* --- rows that are not ours --- */

static void
test_rows_by_hand(void **state)
{
	(void)state;
	fixture_sql(&host, "UPDATE remembered_key SET until = until + 86400");
	assert_false(grants(key, now));
	fixture_sql(&host, "UPDATE remembered_key SET until = until - 86400");
	assert_true(grants(key, now));
	fixture_sql(&host, "UPDATE remembered_key SET remembered = remembered - 1");
	assert_false(grants(key, now));
	fixture_sql(&host, "UPDATE remembered_key SET remembered = remembered + 1");
	fixture_sql(&host, "UPDATE remembered_key SET fingerprint = '" OTHER "'");
	assert_false(grants(OTHER, now));
	assert_false(grants(key, now));
}

static void
test_row_of_another(void **state)
{
	struct person *bob;

	(void)state;
	fixture_sql(&host, "UPDATE remembered_key SET person ="
	    " (SELECT id FROM person WHERE name = 'bob')");
	assert_int_equal(store_find_name(host.store, "bob", &bob), 0);
	request.user = "bob";
	request.uid = bob->uid;
	person_free(bob);
	assert_false(grants(key, now));
}

static void
test_no_seal(void **state)
{
	(void)state;
	fixture_sql(&host, "UPDATE remembered_key SET seal = x''");
	assert_false(grants(key, now));
}

static void
test_another_hosts_key(void **state)
{
	(void)state;
	seal_free(world.seal);
	world.seal = fixture_seal(2);
	assert_false(grants(key, now));
}

/* --- seen and forgotten --- */

static void
test_report(void **state)
{
	struct json *report;

	(void)state;
	assert_true(grants(key, now));
	report = remembered_report(&world, "");
	assert_string_equal(json_get_string(report, "/keys/0/user"), "alice");
	assert_string_equal(json_get_string(report, "/keys/0/fingerprint"),
	    key);
	assert_string_equal(json_get_string(report, "/keys/0/from"),
	    "203.0.113.7");
	assert_null(json_get(report, "/keys/1"));
	json_free(report);
	report = remembered_report(&world, "bob");
	assert_null(json_get(report, "/keys/0"));
	json_free(report);
}

static void
test_forget(void **state)
{
	int count;

	(void)state;
	assert_int_equal(store_forget_keys(host.store, "bob", NULL, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(store_forget_keys(host.store, "alice", OTHER, &count),
	    0);
	assert_int_equal(count, 0);
	assert_true(grants(key, now));
	assert_int_equal(store_forget_keys(host.store, "alice", key, &count),
	    0);
	assert_int_equal(count, 1);
	assert_false(grants(key, now));
	assert_int_equal(remembered_keep(&world, "alice", "sshd", "", key, now),
	    0);
	assert_int_equal(store_forget_keys(host.store, "alice", NULL, &count),
	    0);
	assert_int_equal(count, 1);
	assert_false(grants(key, now));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_key_spares),
		TEST(test_nobody_else),
		TEST(test_connection_that_was_told_another_uid),
		TEST(test_spared_is_written_down),
		TEST(test_who_may_tell),
		TEST(test_dies_with_the_person),
		TEST(test_max_age),
		TEST(test_rows_by_hand),
		TEST(test_row_of_another),
		TEST(test_no_seal),
		TEST(test_another_hosts_key),
		TEST(test_report),
		TEST(test_forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
