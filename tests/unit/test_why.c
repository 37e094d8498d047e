/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass why`, as the daemon answers it: for people who are bound, and for
 * the claims of tokens that have not come yet.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/oidc/json.h"
#include "daemon/report/report.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\ndeny_groups = guests\n" \
	"deny_users = carol\n" \
	"[access:sudo]\nallow_groups = admins\npasskey_max = 8h\n" \
	"[groups]\nadmins = sudo\n"

static struct fixture host;
static struct world world;

static int
setup(void **state)
{
	(void)state;
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fixture_teardown(&host);
	return 0;
}

/* The document must be freed. */
static struct json *
ask(const char *user, const char *service, const char *text)
{
	struct json *claims, *document;

	assert_int_equal(json_parse(text, strlen(text), &claims), 0);
	document = report_why_claims(&world, user, service, claims);
	json_free(claims);
	assert_non_null(document);
	return document;
}

static void
assert_answer(const char *user, const char *service, const char *claims,
    const char *name, const char *reason)
{
	struct json *document = ask(user, service, claims);
	const char *verdict = json_get_string(document, "verdict");

	if (strcmp(json_get_string(document, "reason"), reason) != 0)
		fail_msg("%s: %s, not %s", claims,
		    json_get_string(document, "reason"), reason);
	assert_string_equal(json_get_string(document, "user"), name);
	assert_string_equal(json_get_string(document, "service"), service);
	assert_string_equal(verdict, strcmp(reason, "granted") == 0 ?
	    "granted" : "denied");
	json_free(document);
}

#define OF(sub, name, groups) \
	"{\"sub\":\"" sub "\",\"preferred_username\":\"" name "\"," \
	"\"groups\":" groups "}"

static void
verdicts(void **state)
{
	static const struct {
		const char *user, *service, *claims, *name, *reason;
	} rows[] = {
		{ "", "sshd", OF("1", "alice", "[\"staff\"]"), "alice",
		    "granted" },
		{ "alice", "sshd", OF("1", "alice", "[\"staff\"]"), "alice",
		    "granted" },
		{ "bob", "sshd", OF("1", "alice", "[\"staff\"]"), "alice",
		    "other-person" },
		{ "", "sshd", OF("1", "alice", "[]"), "alice", "not-allowed" },
		{ "", "sshd", OF("1", "alice", "[\"staff\",\"guests\"]"),
		    "alice", "deny-rule" },
		{ "", "sshd", OF("1", "carol", "[\"staff\"]"), "carol",
		    "deny-rule" },
		{ "", "sudo", OF("1", "alice", "[\"staff\"]"), "alice",
		    "service-not-allowed" },
		{ "", "sudo", OF("1", "alice", "[\"staff\",\"admins\"]"),
		    "alice", "passkey-too-old" },
		{ "", "sudo", "{\"sub\":\"1\",\"preferred_username\":\"alice\","
		    "\"groups\":[\"staff\",\"admins\"],\"auth_time\":"
		    "99999999999}", "alice", "granted" },
		{ "", "sudo", "{\"sub\":\"1\",\"preferred_username\":\"alice\","
		    "\"groups\":[\"staff\",\"admins\"],\"auth_time\":"
		    "99999999999,\"amr\":[\"otp\"]}", "alice",
		    "passkey-too-old" },
		/* who it is */
		{ "", "sshd", "{\"preferred_username\":\"alice\"}", "",
		    "token-subject" },
		{ "bob", "sshd", "{}", "bob", "token-subject" },
		{ "", "sshd", "{\"sub\":1}", "", "token-subject" },
		{ "", "sshd", "{\"sub\":\"1\",\"iss\":\"https://x\"}", "",
		    "token-issuer" },
		{ "", "sshd", "{\"sub\":\"1\",\"iss\":\"" FIXTURE_ISSUER
		    "\",\"preferred_username\":\"alice\",\"groups\":"
		    "[\"staff\"]}", "alice", "granted" },
		{ "", "sshd", "{\"sub\":\"1\"}", "", "claim-missing" },
		{ "", "sshd", OF("1", "lokal", "[]"), "", "claim-not-a-name" },
		{ "", "sshd", OF("1", "Alice Smith", "[]"), "",
		    "claim-not-a-name" },
		{ "", "sshd", "{\"sub\":\"1\",\"preferred_username\":"
		    "\"alice\"}", "alice", "groups-missing" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_answer(rows[i].user, rows[i].service, rows[i].claims,
		    rows[i].name, rows[i].reason);
}

/* Whoever is bound is meant by her sub, whatever she is called by now. */
static void
bound_people(void **state)
{
	(void)state;
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	assert_answer("", "sshd", OF(ALICE_SUB, "renamed", "[\"staff\"]"),
	    "alice", "granted");
	assert_answer("", "sshd", OF("2", "alice", "[\"staff\"]"), "alice",
	    "name-bound");
}

static void
what_she_would_be(void **state)
{
	const struct json *person;
	struct json *document;
	size_t count;
	int64_t uid;

	(void)state;
	document = ask("", "sshd", OF("1", "bob", "[\"staff\",\"admins\"]"));
	person = json_get(document, "person");
	assert_string_equal(json_get_string(person, "name"), "bob");
	assert_int_equal(json_integer(json_get(person, "uid"), &uid), 0);
	assert_in_range(uid, host.config.identity.range_start,
	    host.config.identity.range_end);
	assert_int_equal(json_length(json_get(person, "groups")), 2);
	assert_string_equal(json_get_string(person, "/local_groups/0"),
	    "sudo");
	assert_int_equal(json_length(json_get(document, "steps")), 7);
	assert_string_equal(json_get_string(document, "/steps/4/rule"),
	    "[access] allow_groups = staff");
	json_free(document);
	/* and nothing was kept */
	assert_int_equal(store_count(host.store, &count), 0);
	assert_int_equal(count, 0);
}

/* The rules for one who is there: what denies, and the passkey's age. */
static void
rules_of_a_person(void **state)
{
	static const char *const rules[] = {
		"not a local account", "has signed in on this host",
		"neither name nor uid is the host's own",
		"her provider is in hostpass.conf (" FIXTURE_ISSUER ")",
		"not revoked",
		"last proof of life is younger than offline_max",
		"the provider told of her groups within offline_max",
		"[access] allow_groups = staff",
		"[access] deny_groups = guests",
		"[access] deny_users = carol",
		"[access:sudo] allow_groups = admins",
		"[access:sudo] passkey_max = 8h (never used)",
	};
	struct person *person;
	struct json *document;
	char path[32];
	bool fits;
	size_t i;

	(void)state;
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\",\"admins\"]");
	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	person->last_proof = person->groups_told = time(NULL);
	assert_int_equal(store_save(host.store, person), 0);
	person_free(person);
	document = report_why(&world, "alice", "sudo");
	assert_string_equal(json_get_string(document, "reason"),
	    "passkey-too-old");
	assert_int_equal(json_length(json_get(document, "steps")),
	    sizeof(rules) / sizeof(rules[0]));
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		(void)snprintf(path, sizeof(path), "/steps/%zu/rule", i);
		assert_string_equal(json_get_string(document, path), rules[i]);
		(void)snprintf(path, sizeof(path), "/steps/%zu/fits", i);
		assert_int_equal(json_boolean(json_get(document, path), &fits),
		    0);
		assert_int_equal(fits, i < 8 || i == 10);
	}
	json_free(document);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(verdicts),
		TEST(bound_people),
		TEST(what_she_would_be),
		TEST(rules_of_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
