/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of the tokens of somebody whom the host forgets, or does not let
 * in. The provider is played here: refresh_start() and revoke_start() are
 * defined in place of daemon/oidc's.
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
#include <time.h>

#include "daemon/oidc/flow.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/refresh.h"
#include "daemon/oidc/revoke.h"
#include "daemon/refresher/refresher.h"
#include "daemon/session/decision.h"
#include "daemon/store/store_token.h"
#include "tests/unit/fixture.h"

#define RULES	"[access]\nallow_groups = staff\n" \
	"[access:sudo]\nallow_groups = admins\n"
#define STAFF(name) "{\"preferred_username\":\"" name "\"," \
	"\"groups\":[\"staff\"]}"
#define GUEST(name) "{\"preferred_username\":\"" name "\"," \
	"\"groups\":[\"guests\"]}"

/* --- the provider --- */

struct refresh {
	struct refresh_request	request;
};

static struct refresh *flying;

int
refresh_start(struct provider *provider, const struct refresh_request *request,
    struct refresh **ret_refresh)
{
	(void)provider;
	assert_null(flying);
	flying = calloc(1, sizeof(*flying));
	assert_non_null(flying);
	flying->request = *request;
	*ret_refresh = flying;
	return 0;
}

void
refresh_free(struct refresh *refresh)
{
	if (refresh != NULL)
		flying = NULL;
	free(refresh);
}

struct revoke {
	int	unused;
};

static unsigned ended;
static char ended_token[32], ended_hint[32];

int
revoke_start(struct provider *provider, const struct revoke_request *request,
    struct revoke **ret_revoke)
{
	(void)provider;
	ended++;
	(void)snprintf(ended_token, sizeof(ended_token), "%s",
	    request->refresh_token->data);
	(void)snprintf(ended_hint, sizeof(ended_hint), "%s",
	    request->id_token->data);
	*ret_revoke = calloc(1, sizeof(**ret_revoke));
	assert_non_null(*ret_revoke);
	return 0;
}

void
revoke_free(struct revoke *revoke)
{
	free(revoke);
}

/* --- the host --- */

static struct fixture host;
static struct world world;

static int
setup(void **state)
{
	(void)state;
	ended = 0;
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	/* It is handed on, and never looked at. */
	host.provider.oidc = (struct provider *)(uintptr_t)&host;
	world.base = event_base_new();
	assert_non_null(world.base);
	world.seal = fixture_seal(1);
	assert_int_equal(refresher_new(&world, &world.refresher), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	refresher_free(world.refresher);
	assert_null(flying);
	seal_free(world.seal);
	event_base_free(world.base);
	fixture_teardown(&host);
	return 0;
}

/* Sign in as name, as sub with these claims, and get this refresh token. */
static enum reason
sign_in(const char *sub, const char *claims, const char *name,
    const char *service, const char *token)
{
	const struct decision_request request = {
		name, service, fixture_uid(&host, name), 0
	};
	struct flow_result result = {
		.issuer = FIXTURE_ISSUER, .subject = sub,
	};
	struct reason_detail detail = { "" };
	struct json *json;
	enum reason reason;

	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	result.claims = json;
	assert_int_equal(secret_set(&result.refresh_token, token,
	    strlen(token)), 0);
	assert_int_equal(secret_set(&result.id_token, "hint", 4), 0);
	reason = decision_make(&world, &request, &result, &detail);
	json_free(json);
	secret_free(&result.refresh_token);
	secret_free(&result.id_token);
	return reason;
}

static struct person *
find(const char *name)
{
	struct person *person;

	assert_int_equal(store_find_name(host.store, name, &person), 0);
	return person;
}

static void
assert_ended(unsigned count, const char *token)
{
	assert_int_equal(ended, count);
	assert_string_equal(ended_token, token);
	assert_string_equal(ended_hint, "hint");
}

static bool
is_kept(const char *subject)
{
	const struct token_owner owner = { FIXTURE_ISSUER, subject };
	struct token_state state;

	return store_token_state(host.store, &owner, &state) == 0 &&
	    state.kept;
}

/* --- forgotten --- */

static void
test_forgotten(void **state)
{
	struct person *alice;

	(void)state;
	assert_int_equal(sign_in(ALICE_SUB, STAFF("alice"), "alice", "sshd",
	    "one"), REASON_GRANTED);
	assert_int_equal(sign_in(BOB_SUB, STAFF("bob"), "bob", "sshd", "two"),
	    REASON_GRANTED);
	alice = find("alice");
	assert_int_equal(refresher_forget(world.refresher, alice, 7), 0);
	assert_ended(1, "one");
	/* nobody is asked about who is not there */
	assert_int_equal(refresher_hurry(world.refresher), 1);
	assert_non_null(flying);
	assert_string_equal(flying->request.subject, BOB_SUB);
	assert_int_equal(refresher_forget(world.refresher, alice, 7), -ENOENT);
	assert_int_equal(ended, 1);
	person_free(alice);
}

/* What comes for her is ended too, and is of no use to who asked for it. */
static void
test_forgotten_on_the_way(void **state)
{
	struct refresh_end end = {
		.outcome = REFRESH_RENEWED, .reason = REASON_GRANTED,
		.detail = "",
	};
	struct person *alice;

	(void)state;
	assert_int_equal(sign_in(ALICE_SUB, STAFF("alice"), "alice", "sshd",
	    "one"), REASON_GRANTED);
	assert_int_equal(refresher_hurry(world.refresher), 1);
	assert_non_null(flying);
	alice = find("alice");
	assert_int_equal(refresher_forget(world.refresher, alice, 7), 0);
	assert_int_equal(ended, 0);
	assert_int_equal(secret_set(&end.refresh_token, "next", 4), 0);
	flying->request.done(flying->request.arg, &end);
	assert_ended(1, "next");
	assert_int_equal(refresher_hurry(world.refresher), 0);
	assert_null(flying);
	person_free(alice);
}

/* --- refused --- */

static void
test_refused(void **state)
{
	(void)state;
	assert_int_equal(sign_in(ALICE_SUB, GUEST("alice"), "alice", "sshd",
	    "one"), REASON_NOT_ALLOWED);
	assert_ended(1, "one");
	/* who is somebody else */
	assert_int_equal(sign_in(BOB_SUB, STAFF("bob"), "alice", "sshd",
	    "two"), REASON_OTHER_PERSON);
	assert_ended(2, "two");
	assert_false(is_kept(ALICE_SUB));
	assert_false(is_kept(BOB_SUB));
	assert_int_equal(sign_in(ALICE_SUB, STAFF("alice"), "alice", "sshd",
	    "three"), REASON_GRANTED);
	assert_true(is_kept(ALICE_SUB));
	assert_int_equal(ended, 2);
}

/* A provider may end the older one with it: she would seem to be revoked. */
static void
test_refused_where_one_is_kept(void **state)
{
	const struct token_owner owner = { FIXTURE_ISSUER, ALICE_SUB };
	struct token_pair pair;

	(void)state;
	assert_int_equal(sign_in(ALICE_SUB, STAFF("alice"), "alice", "sshd",
	    "one"), REASON_GRANTED);
	assert_int_equal(sign_in(ALICE_SUB, STAFF("alice"), "alice", "sudo",
	    "two"), REASON_SERVICE_NOT_ALLOWED);
	assert_int_equal(ended, 0);
	assert_int_equal(store_token_open(host.store, world.seal, &owner,
	    &pair), 0);
	assert_string_equal(pair.refresh.data, "one");
	token_pair_free(&pair);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_forgotten),
		TEST(test_forgotten_on_the_way),
		TEST(test_refused),
		TEST(test_refused_where_one_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
