/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refreshes for somebody who waits for an access token of some scope. The
 * provider is played here: refresh_start() is defined in place of
 * daemon/oidc's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/oidc/json.h"
#include "daemon/refresher/refresher.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_token.h"
#include "daemon/world.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n"

/* --- the provider --- */

struct refresh {
	struct refresh_request	request;
	char			scope[64];
};

static struct refresh *flying;
static unsigned begun;

int
refresh_start(struct provider *provider UNUSED,
    const struct refresh_request *request, struct refresh **ret_refresh)
{
	assert_null(flying);
	flying = calloc(1, sizeof(*flying));
	assert_non_null(flying);
	flying->request = *request;
	(void)snprintf(flying->scope, sizeof(flying->scope), "%s",
	    request->scope == NULL ? "-" : request->scope);
	begun++;
	*ret_refresh = flying;
	return 0;
}

void
refresh_free(struct refresh *refresh)
{
	if (refresh == flying)
		flying = NULL;
	free(refresh);
}

/* The answer to what is on its way. Less scope, less claims. */
static void
land(const char *token)
{
	static const char all[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"]}";
	static const char less[] = "{\"preferred_username\":\"alice\"}";
	const char *claims = strcmp(flying->scope, "-") == 0 ? all : less;
	struct refresh_end end = {
		.outcome = REFRESH_RENEWED, .reason = REASON_GRANTED,
		.detail = "",
	};
	struct json *json;

	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	end.claims = json;
	assert_int_equal(secret_set(&end.refresh_token, "next", 4), 0);
	assert_int_equal(secret_set(&end.access_token, token, strlen(token)),
	    0);
	flying->request.done(flying->request.arg, &end);
	secret_free(&end.refresh_token);
	secret_free(&end.access_token);
	secret_free(&end.id_token);
	json_free(json);
}

static struct fixture host;
static struct world world;
static struct person *alice;

static int
setup(void **state UNUSED)
{
	struct flow_result result = { 0 };

	begun = 0;
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	/* It is handed on, and never looked at. */
	host.provider.oidc = (struct provider *)&host;
	world.base = event_base_new();
	assert_non_null(world.base);
	world.seal = fixture_seal(1);
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	assert_int_equal(refresher_new(&world, &world.refresher), 0);
	assert_int_equal(secret_set(&result.refresh_token, "first", 5), 0);
	assert_int_equal(refresher_keep(world.refresher, alice, &result), 0);
	return 0;
}

static int
teardown(void **state UNUSED)
{
	refresher_free(world.refresher);
	person_free(alice);
	seal_free(world.seal);
	event_base_free(world.base);
	fixture_teardown(&host);
	return 0;
}

/* What somebody who waits was told. */
struct told {
	unsigned	times;
	char		token[64];
};

static void
on_token(void *arg, const struct refresher_result *result)
{
	struct told *told = arg;

	told->times++;
	assert_true(result->kept);
	assert_int_equal(result->outcome, REFRESH_RENEWED);
	(void)snprintf(told->token, sizeof(told->token), "%s",
	    result->access_token == NULL ? "" : result->access_token->data);
}

static void
until_begun(unsigned count)
{
	while (begun < count)
		assert_int_equal(event_base_loop(world.base, EVLOOP_ONCE), 0);
	assert_non_null(flying);
}

static struct refresher_wait *
ask(const char *scope, struct told *told)
{
	struct refresher_wait *wait;

	assert_int_equal(refresher_ask_token(world.refresher, alice, scope,
	    on_token, told, &wait), 0);
	return wait;
}

static void
test_scope_and_token(void **state UNUSED)
{
	struct told told = { 0 };
	struct person *now;

	(void)ask("openid", &told);
	until_begun(1);
	assert_string_equal(flying->scope, "openid");
	land("at1");
	assert_int_equal(told.times, 1);
	assert_string_equal(told.token, "at1");
	/* The claims of less scope have no groups: hers stay. */
	assert_int_equal(store_find_name(host.store, "alice", &now), 0);
	assert_int_equal(now->group_count, 1);
	assert_true(now->last_proof > alice->last_proof);
	person_free(now);
}

/* Each scope is a refresh of its own, one after the other; whoever does not
 * mind has what comes first. */
static void
test_two_scopes(void **state UNUSED)
{
	struct told one = { 0 }, other = { 0 }, any = { 0 };

	(void)ask("openid", &one);
	until_begun(1);
	(void)ask("email", &other);
	(void)ask(NULL, &any);
	land("at1");
	assert_string_equal(one.token, "at1");
	assert_int_equal(any.times, 1);
	assert_int_equal(other.times, 0);
	until_begun(2);
	assert_string_equal(flying->scope, "email");
	land("at2");
	assert_string_equal(other.token, "at2");
	assert_int_equal(one.times + other.times + any.times, 3);
}

/* Whoever went away is not told, and another's wait goes on. */
static void
test_gone(void **state UNUSED)
{
	struct told one = { 0 }, other = { 0 };
	struct refresher_wait *wait = ask("openid", &one);

	(void)ask("openid", &other);
	until_begun(1);
	refresher_unask(wait);
	land("at1");
	assert_int_equal(one.times, 0);
	assert_string_equal(other.token, "at1");
}

/* Seconds until the next refresh that is due, as the store has it. */
static int64_t
until_next(void)
{
	const struct token_owner owner = { alice->issuer, alice->subject };
	struct token_state state;

	assert_int_equal(store_token_state(host.store, &owner, &state), 0);
	return state.next - time(NULL);
}

/* Less scope says nothing of her groups: it must not put off what does, however
 * often she asks. */
static void
test_nothing_is_put_off(void **state UNUSED)
{
	struct told told = { 0 };

	assert_in_range(until_next(), 3000, 4000);
	host.config.refresh = 24 * 3600;
	(void)ask("openid", &told);
	until_begun(1);
	land("at1");
	assert_in_range(until_next(), 3000, 4000);
	(void)ask("email", &told);
	until_begun(2);
	land("at2");
	assert_in_range(until_next(), 3000, 4000);
	/* and what is due goes before her */
	assert_int_equal(refresher_hurry(world.refresher), 1);
	until_begun(3);
	assert_string_equal(flying->scope, "-");
	(void)ask("openid", &told);
	land("at3");
	assert_in_range(until_next(), 21 * 3600, 27 * 3600);
	assert_int_equal(told.times, 2);
	until_begun(4);
	assert_string_equal(flying->scope, "openid");
	land("at4");
	assert_int_equal(told.times, 3);
	assert_in_range(until_next(), 21 * 3600, 27 * 3600);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_scope_and_token),
		TEST(test_two_scopes),
		TEST(test_gone),
		TEST(test_nothing_is_put_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
