/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is given an access token: where there are two providers, a group of one
 * is no group of the other, though they are called alike; and who lost hers
 * while the token was on its way gets none. The connection and the refresher
 * are played here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/refresher/refresher.h"
#include "daemon/server/request_private.h"
#include "tests/unit/fixture.h"

#define HOME_ISSUER	FIXTURE_ISSUER
#define WORK_ISSUER	"https://login.example.org"

#define RULES \
	"[provider:home]\nissuer = " HOME_ISSUER "\nclient_id = h\n" \
	"names = /alice/\n" \
	"[provider:work]\nissuer = " WORK_ISSUER "\nclient_id = w\n" \
	"names = /bob/\n" \
	"[access]\nallow_users = alice, bob\n"
#define TOKEN(groups) "[token]\nscopes = openid\nallow_groups = " groups "\n"

#define NO_GROUPS	"DELETE FROM person_group WHERE person IN" \
	" (SELECT id FROM person WHERE name = 'alice')"
#define SET_ALICE(what)	"UPDATE person SET " what " WHERE name = 'alice'"

static struct fixture host;
static struct world world;
static refresher_done_fn *answer;
static unsigned asked, sent;
static char refusal[256];

int
refresher_ask_token(struct refresher *refresher, const struct person *person,
    const char *scope, refresher_done_fn *done, void *arg,
    struct refresher_wait **ret_wait)
{
	(void)refresher;
	(void)person;
	(void)arg;
	(void)ret_wait;
	answer = done;
	assert_string_equal(scope, "openid");
	asked++;
	return 0;
}

void
connection_refuse(struct connection *connection, const char *text)
{
	(void)connection;
	(void)snprintf(refusal, sizeof(refusal), "%s", text);
}

void
connection_send(struct connection *connection, struct frame *f, bool last)
{
	(void)connection;
	(void)last;
	frame_free(f);
	sent++;
}

/* Sign in as name at issuer, which says that she is of admins. */
static void
join_host(const char *issuer, const char *subject, const char *name)
{
	struct person *person;
	char claims[128];

	(void)snprintf(claims, sizeof(claims), "{\"preferred_username\":"
	    "\"%s\",\"groups\":[\"admins\"]}", name);
	assert_int_equal(fixture_resolve_at(&host, issuer, subject, claims,
	    name, &person), REASON_GRANTED);
	person->last_proof = person->groups_told = time(NULL);
	assert_int_equal(store_save(host.store, person), 0);
	person_free(person);
}

/* A host with this section [token], and both of its people. */
static void
open_host(const char *section)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), RULES "%s", section);
	fixture_setup_text(&host, text);
	world = fixture_world(&host);
	join_host(HOME_ISSUER, "1", "alice");
	join_host(WORK_ISSUER, "2", "bob");
	asked = sent = 0;
	refusal[0] = '\0';
}

static void
ask(struct connection *connection, const char *name)
{
	struct frame_reader reader;
	struct person *person;
	struct frame frame;

	*connection = (struct connection){ .world = &world };
	assert_int_equal(store_find_name(host.store, name, &person), 0);
	connection->uid = person->uid;
	person_free(person);
	frame_start(&frame, PROTO_TOKEN);
	frame_put_string(&frame, "openid");
	assert_int_equal(frame_finish(&frame, PROTO_REQUEST_MAX), 0);
	frame_open(&reader, frame.data, frame.len);
	assert_int_equal(request_token(connection, &reader), 0);
	frame_free(&frame);
}

/* Is name given one where this is the section? */
static bool
is_given_by(const char *section, const char *name)
{
	struct connection connection;

	open_host(section);
	ask(&connection, name);
	fixture_teardown(&host);
	assert_int_equal(asked, refusal[0] == '\0');
	assert_int_equal(sent, 0);
	return asked == 1;
}

/* Likewise, where its allow_groups are these. */
static bool
is_given(const char *groups, const char *name)
{
	char section[256];

	(void)snprintf(section, sizeof(section), TOKEN("%s"), groups);
	return is_given_by(section, name);
}

/* The provider is not even asked. */
static void
test_nobody_without_section(void **state)
{
	static const char *const sections[] = {
		"", "[token]\n", "[token]\nscopes = openid\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		assert_false(is_given_by(sections[i], "alice"));
		assert_non_null(strstr(refusal, "this host gives no tokens"));
	}
}

static void
test_groups_of_their_own(void **state)
{
	(void)state;
	assert_true(is_given("home:admins", "alice"));
	assert_false(is_given("home:admins", "bob"));
	assert_non_null(strstr(refusal, "no group of allow_groups"));
	assert_false(is_given("work:admins", "alice"));
	assert_true(is_given("work:admins", "bob"));
	assert_false(is_given("home:staff, work:admins", "alice"));
	assert_true(is_given("home:staff, work:admins", "bob"));
	assert_true(is_given("home:admins, work:admins", "alice"));
	assert_true(is_given("*", "bob"));
}

/* A refresh that was due told, before the token came, what she has lost. */
static void
test_lost_meanwhile(void **state)
{
	static const char *const changes[] = {
		SET_ALICE("name = name"), SET_ALICE("revoked = 1"),
		SET_ALICE("last_proof = 1"), SET_ALICE("uid = 7"),
		NO_GROUPS,
	};
	struct secret token = SECRET_INIT;
	const struct refresher_result result = {
		.kept = true, .outcome = REFRESH_RENEWED, .detail = "",
		.reason = REASON_GRANTED, .access_token = &token,
		.scope = "openid",
	};
	struct connection connection;
	size_t i;

	(void)state;
	assert_int_equal(secret_set(&token, "token", 5), 0);
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		open_host(TOKEN("home:admins"));
		ask(&connection, "alice");
		assert_int_equal(asked, 1);
		fixture_sql(&host, changes[i]);
		answer(&connection, &result);
		assert_int_equal(sent, i == 0 ? 1 : 0);
		assert_int_equal(refusal[0] == '\0', i == 0);
		fixture_teardown(&host);
	}
	secret_free(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups_of_their_own),
		cmocka_unit_test(test_nobody_without_section),
		cmocka_unit_test(test_lost_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
