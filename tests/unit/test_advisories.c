/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What others got wrong about who somebody is, and had to publish. Each test
 * is named after the advisory and tries what was possible there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/map_line.h"
#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/oidc/flow.h"
#include "daemon/oidc/json.h"
#include "daemon/policy/policy.h"
#include "daemon/session/decision.h"
#include "daemon/snapshot/publish.h"
#include "daemon/snapshot/snapshot_write.h"
#include "daemon/store/store_tombstone.h"
#include "daemon/world.h"
#include "tests/unit/fixture.h"

#define RULES \
	"[access]\nallow_groups = staff\n[groups]\nstaff = users\n" \
	"[identity]\nuid_claim = uid\ngid_claim = gid\n"
#define STAFF(name) \
	"{\"preferred_username\":\"" name "\",\"groups\":[\"staff\"]}"

static struct fixture host;
static uint64_t connection_started;
static int64_t until;

static int
setup(void **state)
{
	(void)state;
	fixture_setup(&host, RULES);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fixture_teardown(&host);
	return 0;
}

/* The whole decision for a program that asks for user. */
static enum reason
decide(const char *subject, const char *claims, const char *user,
    uint32_t uid)
{
	struct world world = fixture_world(&host);
	const struct decision_request request = {
		user, "sshd", uid, connection_started
	};
	struct flow_result result = {
		.issuer = FIXTURE_ISSUER, .subject = subject,
	};
	struct json *json;
	enum reason reason;

	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	result.claims = json;
	reason = decision_make(&world, &request, &result, NULL);
	json_free(json);
	return reason;
}

static uint32_t
uid_of(const char *name)
{
	struct person *person;
	uint32_t uid;

	assert_int_equal(store_find_name(host.store, name, &person), 0);
	uid = person->uid;
	person_free(person);
	return uid;
}

static void
assert_nobody(const char *name)
{
	struct person *person;

	assert_int_equal(store_find_name(host.store, name, &person), -ENOENT);
}

/* A name whose computed uid is that of other. */
static void
find_twin(const char *other, char *buf, size_t size)
{
	uint32_t uid = fixture_uid(&host, other);
	unsigned i;

	for (i = 0; i < 1000000; i++) {
		(void)snprintf(buf, size, "u%u", i);
		if (fixture_uid(&host, buf) == uid)
			return;
	}
	fail_msg("no name has the uid of %s", other);
}

/* authd: a name made to have the uid of somebody who was idle, or whose row was
 * lost, got her files. */
static void
test_CVE_2024_9312(void **state)
{
	char twin[32], claims[128];

	(void)state;
	host.config.identity.range_end = host.config.identity.range_start + 99;
	assert_int_equal(decide(ALICE_SUB, STAFF("alice"), "alice",
	    fixture_uid(&host, "alice")), REASON_GRANTED);
	find_twin("alice", twin, sizeof(twin));
	(void)snprintf(claims, sizeof(claims), STAFF("%s"), twin);
	assert_int_equal(decide("mallory", claims, twin,
	    fixture_uid(&host, twin)), REASON_ID_COLLISION);
	/* nor once she is gone */
	assert_int_equal(store_forget(host.store, "alice", 1), 0);
	assert_int_equal(decide("mallory", claims, twin,
	    fixture_uid(&host, twin)), REASON_ID_COLLISION);
	assert_nobody(twin);
}

/* authd: somebody signed in as herself and became whom su had asked for. */
static void
test_CVE_2024_9313(void **state)
{
	(void)state;
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	fixture_bind(&host, BOB_SUB, "bob", "[\"staff\"]");
	assert_int_equal(decide(BOB_SUB, STAFF("bob"), "alice",
	    uid_of("alice")), REASON_OTHER_PERSON);
	assert_int_equal(decide(BOB_SUB, STAFF("alice"), "alice",
	    uid_of("alice")), REASON_OTHER_PERSON);
	assert_int_equal(decide(BOB_SUB, STAFF("bob"), "root", 0),
	    REASON_OTHER_PERSON);
}

/* authd: the first session had gid 0, which nobody had set. */
static void
test_CVE_2025_5689(void **state)
{
	struct snapshot_user user;
	char buf[SNAPSHOT_SIGN_IN_SIZE];
	struct snapshot s;

	(void)state;
	assert_int_equal(publish_snapshot(&host.config, host.files, host.store,
	    host.snapshot, time(NULL), &until), 0);
	assert_int_equal(snapshot_map(host.snapshot, &s), 0);
	assert_int_equal(snapshot_sign_in_user(&s, "alice", buf, sizeof(buf),
	    &user), 0);
	assert_true(id_is_allowed(user.uid) && id_is_allowed(user.gid));
	assert_int_equal(user.gid_count, 0);
	snapshot_unmap(&s);
	assert_int_equal(decide(ALICE_SUB, "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"],\"gid\":0}", "alice",
	    fixture_uid(&host, "alice")), REASON_ID_CLAIM);
	assert_nobody("alice");
}

/* authd: each login set the primary group back. */
static void
test_CVE_2026_6970(void **state)
{
	static const char first[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"],\"uid\":5000,\"gid\":5001}";
	static const char later[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"],\"uid\":6000,\"gid\":6001}";
	struct person *person;

	(void)state;
	assert_int_equal(decide(ALICE_SUB, first, "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	assert_int_equal(decide(ALICE_SUB, later, "alice", 5000),
	    REASON_GRANTED);
	assert_int_equal(decide(ALICE_SUB, STAFF("alice"), "alice", 5000),
	    REASON_GRANTED);
	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	assert_int_equal(person->uid, 5000);
	assert_int_equal(person->gid, 5001);
	person_free(person);
}

/* sshd keeps the uid that it was told before anybody signed in, while the
 * module is told the right one on the second try: that is no way in. */
static void
test_a_second_try_in_one_connection(void **state)
{
	static const char claims[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"],\"uid\":5000}";
	struct timespec up;
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK), now;

	(void)state;
	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	now = (uint64_t)up.tv_sec * ticks;
	connection_started = now;
	assert_int_equal(decide(ALICE_SUB, claims, "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	assert_int_equal(decide(ALICE_SUB, claims, "alice", 5000),
	    REASON_ACCOUNT_PREPARED);
	connection_started = now + 1000 * ticks;
	assert_int_equal(decide(ALICE_SUB, claims, "alice", 5000),
	    REASON_GRANTED);
	assert_int_equal(decide(ALICE_SUB, claims, "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	assert_int_equal(decide(ALICE_SUB, claims, "alice", 0),
	    REASON_ACCOUNT_PREPARED);
	/* where all is as it was told of nobody, it does not matter when */
	connection_started = now;
	assert_int_equal(decide(BOB_SUB, STAFF("bob"), "bob",
	    fixture_uid(&host, "bob")), REASON_GRANTED);
	assert_int_equal(decide(BOB_SUB, STAFF("bob"), "bob",
	    fixture_uid(&host, "bob")), REASON_GRANTED);
	connection_started = 0;
}

static enum reason
account(const char *user, uint64_t started)
{
	struct world world = fixture_world(&host);
	const struct decision_request request = {
		user, "sshd", uid_of(user), started
	};

	return decision_account(&world, &request);
}

/* sshd keeps the shell, the home and the gid as well: the first connection of
 * somebody who may have no shell is none with one. */
static void
test_what_sshd_was_told_besides(void **state)
{
	static const char *const rules[] = {
		RULES "[user:alice]\nshell = /usr/sbin/nologin\n",
		RULES "[user:alice]\nhome = /srv/alice\n",
		RULES "shell_claim = shell\n", RULES "home_claim = home\n",
		RULES,
	};
	static const char claims[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"],\"shell\":\"/usr/bin/git-shell\","
	    "\"home\":\"/home/al\"%s}";
	char text[256];
	struct timespec up;
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK), now;
	size_t i;

	(void)state;
	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	now = (uint64_t)up.tv_sec * ticks;
	for (i = 0; i < 2 * sizeof(rules) / sizeof(rules[0]); i++) {
		fixture_teardown(&host);
		fixture_setup(&host, rules[i / 2]);
		(void)snprintf(text, sizeof(text), claims,
		    i / 2 == 4 ? ",\"gid\":7000" : "");
		/* Also where nobody knows when the program was told. */
		connection_started = i % 2 == 0 ? now : 0;
		assert_int_equal(decide(ALICE_SUB, text, "alice",
		    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
		assert_int_equal(decide(ALICE_SUB, text, "alice",
		    fixture_uid(&host, "alice")), i % 2 == 0 ?
		    REASON_ACCOUNT_PREPARED : REASON_GRANTED);
		assert_int_equal(account("alice", now),
		    REASON_ACCOUNT_PREPARED);
		connection_started = now + 1000 * ticks;
		assert_int_equal(decide(ALICE_SUB, text, "alice",
		    fixture_uid(&host, "alice")), REASON_GRANTED);
		assert_int_equal(account("alice", connection_started),
		    REASON_GRANTED);
		assert_int_equal(account("alice", 0), REASON_GRANTED);
	}
	connection_started = 0;
}

/* By key, without a sign-in: the account phase alone is asked, in a connection
 * that was told of her before another one bound her. */
static void
test_a_key_in_a_connection_that_was_told(void **state)
{
	static const char claims[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"],\"uid\":5000}";
	struct world world = fixture_world(&host);
	struct decision_request request = { "alice", "sshd", 5000, 0 };
	struct timespec up;
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK), now;

	(void)state;
	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	now = (uint64_t)up.tv_sec * ticks;
	assert_int_equal(decide(ALICE_SUB, claims, "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	assert_int_equal(account("alice", now), REASON_ACCOUNT_PREPARED);
	assert_int_equal(account("alice", now + 1000 * ticks),
	    REASON_GRANTED);
	/* cron, sudo and the like look again */
	assert_int_equal(account("alice", 0), REASON_GRANTED);
	request.uid = fixture_uid(&host, "alice");
	assert_int_equal(decision_account(&world, &request),
	    REASON_ACCOUNT_PREPARED);
	/* nobody is asked about who may not enter anyway */
	request.service = "sudo";
	request.user = "bob";
	assert_int_equal(decision_account(&world, &request),
	    REASON_UNKNOWN_PERSON);
	/* who was never told otherwise is let in, whenever that was */
	assert_int_equal(decide(BOB_SUB, STAFF("bob"), "bob",
	    fixture_uid(&host, "bob")), REASON_GRANTED);
	assert_int_equal(account("bob", 1), REASON_GRANTED);
}

/* A connection that waits while an admin forgets who has the name must not
 * become the next one's with the uid of the first. */
static void
test_a_connection_of_the_forgotten(void **state)
{
	static const char claims[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"],\"uid\":5000}";
	struct timespec up;
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK), now;

	(void)state;
	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	now = (uint64_t)up.tv_sec * ticks;
	assert_int_equal(decide(ALICE_SUB, claims, "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	assert_int_equal(store_forget(host.store, "alice", 1), 0);
	connection_started = now;
	assert_int_equal(decide("mallory", STAFF("alice"), "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	assert_int_equal(decide("mallory", STAFF("alice"), "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	connection_started = now + 1000 * ticks;
	assert_int_equal(decide("mallory", STAFF("alice"), "alice",
	    fixture_uid(&host, "alice")), REASON_GRANTED);
	connection_started = 0;
}

/* himmelblau: who may enter was told by a display name that anybody could give
 * a group of her own. Here a group is what the groups claim says, byte by
 * byte, and no other claim counts. */
static void
test_CVE_2025_49012(void **state)
{
	(void)state;
	assert_int_equal(decide(ALICE_SUB, "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"Staff\",\"staff \",\"/staff\"],\"roles\":[\"staff\"],"
	    "\"name\":\"staff\"}", "alice", fixture_uid(&host, "alice")),
	    REASON_NOT_ALLOWED);
	assert_nobody("alice");
}

/* himmelblau: the gid was made of a display name, so that two had one. */
static void
test_CVE_2025_59044(void **state)
{
	(void)state;
	assert_int_equal(decide(ALICE_SUB, "{\"preferred_username\":\"alice\","
	    "\"name\":\"Same\",\"groups\":[\"staff\"],\"gid\":5000}", "alice",
	    fixture_uid(&host, "alice")), REASON_ACCOUNT_PREPARED);
	assert_int_equal(decide(BOB_SUB, "{\"preferred_username\":\"bob\","
	    "\"name\":\"Same\",\"groups\":[\"staff\"],\"gid\":5000}", "bob",
	    fixture_uid(&host, "bob")), REASON_ID_COLLISION);
	assert_int_equal(decide(BOB_SUB, "{\"preferred_username\":\"bob\","
	    "\"name\":\"Same\",\"groups\":[\"staff\"]}", "bob",
	    fixture_uid(&host, "bob")), REASON_GRANTED);
}

/* himmelblau: without a configuration, people of any tenant were let in. */
static void
test_CVE_2026_31957(void **state)
{
	static const char *const texts[] = {
		"", "[access]\nallow_users = /.*/\n",
		"[provider]\nclient_id = host\n",
		"[provider]\nissuer = https://id.example.com\n",
	};
	char path[PATH_MAX], error[CONFIG_ERROR_MAX] = "";
	struct config config;
	FILE *stream;
	size_t i;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/hostpass.conf", host.dir);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		stream = fopen(path, "w");
		assert_non_null(stream);
		assert_true(fputs(texts[i], stream) >= 0);
		assert_int_equal(fclose(stream), 0);
		assert_int_equal(config_load(path, &config, error), -EINVAL);
	}
	/* nor are those of another issuer, with whatever name */
	assert_int_equal(fixture_resolve_at(&host, "https://id.example.com/",
	    ALICE_SUB, STAFF("alice"), "alice", NULL), REASON_PROVIDER_GONE);
	assert_int_equal(fixture_resolve_at(&host, "https://evil.example",
	    ALICE_SUB, STAFF("alice"), "alice", NULL), REASON_PROVIDER_GONE);
}

/* himmelblau: a person called sudo had a group of that name. */
static void
test_CVE_2026_34397(void **state)
{
	struct snapshot_group group;
	struct snapshot s;

	(void)state;
	assert_int_equal(decide("mallory", STAFF("sudo"), "sudo",
	    fixture_uid(&host, "sudo")), REASON_CLAIM_NOT_A_NAME);
	/* nor may a local group that comes later be hers */
	assert_int_equal(decide(BOB_SUB, STAFF("wheel"), "wheel",
	    fixture_uid(&host, "wheel")), REASON_GRANTED);
	fixture_add_local(&host, "", "wheel:x:998:\n");
	assert_int_equal(publish_snapshot(&host.config, host.files, host.store,
	    host.snapshot, time(NULL), &until), 0);
	assert_int_equal(snapshot_map(host.snapshot, &s), 0);
	assert_int_equal(snapshot_group_by_name(&s, "wheel", &group), -ENOENT);
	snapshot_unmap(&s);
	assert_int_equal(decide(BOB_SUB, STAFF("wheel"), "wheel",
	    fixture_uid(&host, "wheel")), REASON_LOCAL_NAME);
}

/* himmelblau: only the domain of who approved was compared. */
static void
test_CVE_2026_45108(void **state)
{
	(void)state;
	fixture_teardown(&host);
	fixture_setup(&host, RULES "username_claim = email\n"
	    "strip_domain = example.com\n");
	assert_int_equal(decide(BOB_SUB, "{\"email\":\"bob@example.com\","
	    "\"email_verified\":true,\"groups\":[\"staff\"]}", "alice",
	    fixture_uid(&host, "alice")), REASON_OTHER_PERSON);
	assert_nobody("alice");
	assert_nobody("bob");
}

/* himmelblau: a uid of systemd's dynamic users took over its daemon. Neither a
 * claim, nor the map, nor the writer of the snapshot, nor its reader has it. */
static void
test_GHSA_6gp8_pp9v_gx45(void **state)
{
	char line[64], claims[128];
	struct map_line entry;
	const char *why;
	uint32_t id;

	(void)state;
	for (id = 61184; id <= 65519; id += 85) {
		(void)snprintf(claims, sizeof(claims),
		    "{\"preferred_username\":\"alice\",\"groups\":[\"staff\"],"
		    "\"uid\":%u}", id);
		assert_int_equal(decide(ALICE_SUB, claims, "alice", id),
		    REASON_ID_CLAIM);
		(void)snprintf(line, sizeof(line), "alice %u", id);
		assert_int_equal(map_line_parse(line, &entry, &why), -EINVAL);
		assert_false(id_is_allowed(id));
	}
	assert_nobody("alice");
}

/* himmelblau: a colon or a newline in a name went into files of /etc. */
static void
test_GHSA_x259_23ph_65m5(void **state)
{
	static const char *const names[] = {
		"alice:0:1", "alice\\nroot:0:65536", "alice\\r", "a b",
		"alice\\u0000", "../alice", "alice/../bob", "alice%u",
	};
	char claims[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct json *json;

		(void)snprintf(claims, sizeof(claims), STAFF("%s"), names[i]);
		/* NUL is refused by the parser already. */
		if (json_parse(claims, strlen(claims), &json) < 0)
			continue;
		assert_int_equal(fixture_resolve(&host, "mallory", claims,
		    json_get_string(json, "preferred_username"), NULL),
		    REASON_CLAIM_NOT_A_NAME);
		json_free(json);
	}
}

#define ADVISORY(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ADVISORY(test_CVE_2024_9312),
		ADVISORY(test_CVE_2024_9313),
		ADVISORY(test_CVE_2025_5689),
		ADVISORY(test_CVE_2026_6970),
		ADVISORY(test_a_second_try_in_one_connection),
		ADVISORY(test_what_sshd_was_told_besides),
		ADVISORY(test_a_key_in_a_connection_that_was_told),
		ADVISORY(test_a_connection_of_the_forgotten),
		ADVISORY(test_CVE_2025_49012),
		ADVISORY(test_CVE_2025_59044),
		ADVISORY(test_CVE_2026_31957),
		ADVISORY(test_CVE_2026_34397),
		ADVISORY(test_CVE_2026_45108),
		ADVISORY(test_GHSA_6gp8_pp9v_gx45),
		ADVISORY(test_GHSA_x259_23ph_65m5),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
