/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is given an access token where there are two providers: a group of one is
 * no group of the other, though they are called alike. The connection and the
 * refresher are played here.
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

static struct fixture host;
static struct world world;
static unsigned asked;
static char refusal[256];

int
refresher_ask_token(struct refresher *refresher, const struct person *person,
    const char *scope, refresher_done_fn *done, void *arg,
    struct refresher_wait **ret_wait)
{
	(void)refresher;
	(void)person;
	(void)done;
	(void)arg;
	(void)ret_wait;
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
	fail();
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

/* Is name given one where this is the section [token]? */
static bool
is_given_by(const char *section, const char *name)
{
	struct connection connection = { .world = &world };
	struct frame_reader reader;
	struct person *person;
	struct frame frame;
	char text[1024];

	(void)snprintf(text, sizeof(text), RULES "%s", section);
	fixture_setup_text(&host, text);
	world = fixture_world(&host);
	join_host(HOME_ISSUER, "1", "alice");
	join_host(WORK_ISSUER, "2", "bob");
	assert_int_equal(store_find_name(host.store, name, &person), 0);
	connection.uid = person->uid;
	person_free(person);
	asked = 0;
	refusal[0] = '\0';
	frame_start(&frame, PROTO_TOKEN);
	frame_put_string(&frame, "openid");
	assert_int_equal(frame_finish(&frame, PROTO_REQUEST_MAX), 0);
	frame_open(&reader, frame.data, frame.len);
	assert_int_equal(request_token(&connection, &reader), 0);
	frame_free(&frame);
	fixture_teardown(&host);
	assert_int_equal(asked, refusal[0] == '\0');
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups_of_their_own),
		cmocka_unit_test(test_nobody_without_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
