/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last steps of a flow, with a userinfo endpoint that is asked, is not
 * asked, lies, or is gone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/finish.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_scene.h"
#include "tests/unit/oidc_server.h"

#define USERINFO	"/userinfo"
#define GOOD		"{\"sub\":\"7f7c\",\"groups\":[\"staff\"]}"

static const struct userinfo_policy when_missing = {
	.claims = { "preferred_username", "groups" },
};
static const struct userinfo_policy always = { .always = true };

static struct {
	struct finish		 finish;
	struct provider_wait	 wait;
	int			 ready;
	int			 done;
	enum reason		 reason;
	bool			 detailed;
	char			 claims[512];
	bool			 leave;
} flow;

static void
ready(void *arg UNUSED, enum reason reason)
{
	assert_int_equal(reason, REASON_GRANTED);
	flow.ready = 1;
}

static void
done(void *arg, enum reason reason, const char *detail,
    struct flow_result *result)
{
	char *text;

	assert_ptr_equal(arg, &flow);
	flow.done++;
	flow.reason = reason;
	flow.detailed = detail[0] != '\0';
	assert_true((result != NULL) == (reason == REASON_GRANTED));
	if (result != NULL) {
		assert_string_equal(result->subject, "7f7c");
		assert_string_equal(result->issuer, server_url(scene.server));
		assert_string_equal(result->access_token.data, "at");
		assert_string_equal(result->refresh_token.data, "rt");
		assert_int_not_equal(result->id_token.len, 0);
		text = json_write(json_get(result->claims, "groups"));
		strncpy(flow.claims, text != NULL ? text : "",
		    sizeof(flow.claims) - 1);
		free(text);
	}
	if (flow.leave)
		finish_stop(&flow.finish);
}

static void
script_userinfo(int status, const char *type, const char *body)
{
	server_clear(scene.server, USERINFO);
	server_type(scene.server, USERINFO, type);
	server_script(scene.server, USERINFO, status, 0, body);
}

/* The provider, with a userinfo endpoint that answers well. */
static void
open_scene(const struct userinfo_policy *policy)
{
	char *more;

	if (scene.provider != NULL)
		scene_close();
	scene_open(policy);
	more = mint_text(",\"userinfo_endpoint\":\"%s" USERINFO "\"",
	    server_url(scene.server));
	scene_discovery(more);
	free(more);
	script_userinfo(200, "application/json", GOOD);
}

static void
set_token(struct secret *token, const char *text)
{
	assert_int_equal(secret_set(token, text, strlen(text)), 0);
}

static void
begin(const char *kid, const char *claims)
{
	bool leave = flow.leave;
	char *id_token;

	memset(&flow, 0, sizeof(flow));
	flow.leave = leave;
	flow.wait.told = ready;
	provider_wait_start(scene.provider, PROVIDER_READY, &flow.wait);
	server_run(scene.base, &flow.ready);
	assert_int_equal(flow.ready, 1);
	id_token = scene_id_token(kid, "7f7c", claims);
	set_token(&flow.finish.tokens.id_token, id_token);
	set_token(&flow.finish.tokens.access_token, "at");
	set_token(&flow.finish.tokens.refresh_token, "rt");
	free(id_token);
	flow.finish.provider = scene.provider;
	flow.finish.done = done;
	flow.finish.arg = &flow;
	finish_start(&flow.finish);
}

static enum reason
run(const char *kid, const char *claims)
{
	begin(kid, claims);
	server_run(scene.base, &flow.done);
	assert_int_equal(flow.done, 1);
	server_idle(scene.base, 20);
	assert_int_equal(flow.done, 1);
	finish_stop(&flow.finish);
	return flow.reason;
}

#define NAME	",\"preferred_username\":\"alice\""
#define GROUPS	",\"groups\":[\"own\"]"

static unsigned int
asked(void)
{
	return server_count(scene.server, USERINFO);
}

static void
test_not_asked(void **state UNUSED)
{
	open_scene(NULL);
	assert_int_equal(run("k", ""), REASON_GRANTED);
	assert_string_equal(flow.claims, "");
	open_scene(&when_missing);
	assert_int_equal(run("k", NAME GROUPS), REASON_GRANTED);
	assert_string_equal(flow.claims, "[\"own\"]");
	assert_int_equal(asked(), 0);
}

static void
test_asked(void **state UNUSED)
{
	open_scene(&when_missing);
	assert_int_equal(run("k", NAME), REASON_GRANTED);
	assert_string_equal(flow.claims, "[\"staff\"]");
	assert_string_equal(server_authorization(scene.server, USERINFO),
	    "Bearer at");
	assert_string_equal(server_body(scene.server, USERINFO), "");
	assert_int_equal(asked(), 1);
	/* what the ID token says is what counts */
	assert_int_equal(run("k", GROUPS), REASON_GRANTED);
	assert_string_equal(flow.claims, "[\"own\"]");
	assert_int_equal(asked(), 2);
	open_scene(&always);
	assert_int_equal(run("k", NAME GROUPS), REASON_GRANTED);
	assert_string_equal(flow.claims, "[\"own\"]");
	assert_int_equal(asked(), 1);
}

static void
test_no_endpoint(void **state UNUSED)
{
	open_scene(&when_missing);
	scene_discovery("");
	assert_int_equal(run("k", ""), REASON_GRANTED);
	open_scene(&always);
	scene_discovery("");
	assert_int_equal(run("k", NAME GROUPS), REASON_USERINFO_REFUSED);
}

/* The access token goes nowhere before the ID token is verified. */
static void
test_verified_first(void **state UNUSED)
{
	open_scene(&always);
	assert_int_equal(run("k", ",\"azp\":\"other\""),
	    REASON_TOKEN_AUDIENCE);
	assert_int_equal(run("other", ""), REASON_TOKEN_KEY);
	assert_int_equal(asked(), 0);
}

static void
test_answers(void **state UNUSED)
{
	static const struct {
		int		 status;
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ 200, GOOD, REASON_GRANTED },
		{ 200, "{\"sub\":\"other\",\"groups\":[\"admins\"]}",
		    REASON_USERINFO_SUBJECT },
		{ 200, "{}", REASON_USERINFO_SUBJECT },
		{ 200, "<html>", REASON_PROVIDER_REPLY },
		{ 401, GOOD, REASON_USERINFO_REFUSED },
		{ 403, "", REASON_USERINFO_REFUSED },
		{ 302, "/", REASON_PROVIDER_REDIRECT },
		{ 429, "{}", REASON_PROVIDER_LIMITED },
		{ 500, "", REASON_PROVIDER_BUSY },
		{ SERVER_DROP, "", REASON_PROVIDER_UNREACHABLE },
		{ SERVER_STALL, "", REASON_PROVIDER_UNREACHABLE },
	};
	size_t i;

	open_scene(&always);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		script_userinfo(rows[i].status, "application/json",
		    rows[i].body);
		if (run("k", NAME) != rows[i].reason)
			fail_msg("%d %s: %s", rows[i].status, rows[i].body,
			    reason_code(flow.reason));
		assert_int_equal(flow.detailed,
		    flow.reason != REASON_GRANTED);
	}
}

static void
script_signed(const char *kid, const char *claims)
{
	char *token = scene_jwt(kid, claims);

	script_userinfo(200, "application/jwt", token);
	free(token);
}

static void
test_signed(void **state UNUSED)
{
	open_scene(&when_missing);
	script_signed("k", GOOD);
	assert_int_equal(run("k", NAME), REASON_GRANTED);
	assert_string_equal(flow.claims, "[\"staff\"]");
	script_signed("k", "{\"sub\":\"7f7c\",\"aud\":\"other\"}");
	assert_int_equal(run("k", NAME), REASON_TOKEN_AUDIENCE);
	assert_int_equal(server_count(scene.server, "/jwks"), 1);
}

/* Signed by a key that is not there: the keys are fetched once, and then the
 * endpoint is asked again. */
static void
test_signed_by_new_key(void **state UNUSED)
{
	char *one, *two, *both;

	open_scene(&when_missing);
	assert_int_equal(run("k", NAME GROUPS), REASON_GRANTED);
	one = mint_jwk(scene.key, ",\"kid\":\"k\"");
	two = mint_jwk(scene.key, ",\"kid\":\"k2\"");
	both = mint_text("{\"keys\":[%s,%s]}", one, two);
	server_clear(scene.server, "/jwks");
	server_script(scene.server, "/jwks", 200, 0, both);
	free(one);
	free(two);
	free(both);
	script_signed("k2", GOOD);
	assert_int_equal(run("k", NAME), REASON_GRANTED);
	assert_string_equal(flow.claims, "[\"staff\"]");
	assert_int_equal(server_count(scene.server, "/jwks"), 2);
	assert_int_equal(asked(), 2);
	script_signed("k3", GOOD);
	assert_int_equal(run("k", NAME), REASON_TOKEN_KEY);
	assert_int_equal(asked(), 4);
}

static void
test_leave(void **state UNUSED)
{
	open_scene(&always);
	script_userinfo(SERVER_STALL, "application/json", "");
	begin("k", "");
	server_await(scene.base, scene.server, USERINFO, 1);
	finish_stop(&flow.finish);
	server_idle(scene.base, 30);
	assert_int_equal(flow.done, 0);
	/* never started */
	memset(&flow, 0, sizeof(flow));
	finish_stop(&flow.finish);
}

static void
test_leave_in_done(void **state UNUSED)
{
	flow.leave = true;
	open_scene(&always);
	assert_int_equal(run("k", ""), REASON_GRANTED);
	script_userinfo(401, "application/json", "");
	assert_int_equal(run("k", ""), REASON_USERINFO_REFUSED);
	assert_int_equal(run("other", ""), REASON_TOKEN_KEY);
	flow.leave = false;
}

static int
teardown(void **state UNUSED)
{
	finish_stop(&flow.finish);
	memset(&flow, 0, sizeof(flow));
	scene_close();
	return 0;
}

#define TEST(f)	cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_not_asked), TEST(test_asked),
		TEST(test_no_endpoint), TEST(test_verified_first),
		TEST(test_answers), TEST(test_signed),
		TEST(test_signed_by_new_key), TEST(test_leave),
		TEST(test_leave_in_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
