/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An attempt that goes on in the place of another: with the same link and
 * code, what was sent once, and no sooner than the provider wants to be asked.
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

#include "daemon/oidc/attempt.h"
#include "daemon/oidc/browser.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/flow_state.h"
#include "daemon/oidc/pkce.h"
#include "tests/unit/oidc_clock.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_scene.h"
#include "tests/unit/oidc_server.h"

#define CODE	"{\"device_code\":\"dc+1\",\"user_code\":\"E7K2MQ9X\"," \
	"\"verification_uri\":\"https://id.example/device\"," \
	"\"verification_uri_complete\":\"https://id.example/device?c=E\"," \
	"\"expires_in\":900,\"interval\":7}"
#define PENDING	"{\"error\":\"authorization_pending\"}"

static struct flow {
	struct attempt		*attempt;
	struct flow_state	 state;
	int			 ready;
	int			 done;
	enum reason		 reason;
	char			 uri[2048];
	char			 code[64];
	uint32_t		 expires_in;
	bool			 paste;
} flow;

static void
ready(void *arg UNUSED, const struct attempt_prompt *prompt)
{
	flow.ready++;
	flow.paste = prompt->paste;
	flow.expires_in = prompt->expires_in;
	(void)snprintf(flow.uri, sizeof(flow.uri), "%s", prompt->uri);
	(void)snprintf(flow.code, sizeof(flow.code), "%s",
	    prompt->code != NULL ? prompt->code : "");
}

static void
done(void *arg UNUSED, enum reason reason, const char *detail UNUSED,
    struct flow_result *result UNUSED)
{
	flow.done++;
	flow.reason = reason;
}

static void
begin(enum flow_kind kind, bool local, const struct flow_state *resume)
{
	const struct attempt_request request = {
		.kind = kind, .resume = resume, .user = "alice",
		.local = local, .ready = ready, .done = done,
	};

	flow.ready = flow.done = 0;
	flow.uri[0] = flow.code[0] = '\0';
	assert_int_equal(attempt_start(scene.provider, &request,
	    &flow.attempt), 0);
}

static void
begin_anew(enum flow_kind kind, bool local)
{
	begin(kind, local, NULL);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), -ENODATA);
	server_run(scene.base, &flow.ready);
	assert_int_equal(flow.ready, 1);
}

static void
leave(void)
{
	attempt_free(flow.attempt, REASON_CANCELLED);
	flow.attempt = NULL;
}

/* Save, end, and go on; the kind that is configured does not count. */
static void
go_on(void)
{
	char uri[sizeof(flow.uri)], code[sizeof(flow.code)];

	memcpy(uri, flow.uri, sizeof(uri));
	memcpy(code, flow.code, sizeof(code));
	flow_state_free(&flow.state);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), 0);
	leave();
	begin(FLOW_AUTO, true, &flow.state);
	flow_state_free(&flow.state);
	server_run(scene.base, &flow.ready);
	assert_int_equal(flow.ready, 1);
	assert_string_equal(flow.uri, uri);
	assert_string_equal(flow.code, code);
}

static void
script_tokens(const char *nonce)
{
	char *more = mint_text(",\"nonce\":\"%s\"", nonce);
	char *token = scene_id_token("k", "7f7c", more);
	char *text = mint_text("{\"access_token\":\"at\",\"token_type\":"
	    "\"Bearer\",\"id_token\":\"%s\"}", token);

	server_script(scene.server, "/token", 200, 0, text);
	free(more);
	free(token);
	free(text);
}

static void
script_device(void)
{
	char *more = mint_text(",\"device_authorization_endpoint\":"
	    "\"%s/device\"", server_url(scene.server));

	scene_discovery(more);
	server_script(scene.server, "/device", 200, 0, CODE);
	free(more);
}

static void
script_browser(void)
{
	char *more = mint_text(",\"authorization_endpoint\":"
	    "\"%s/authorize\"", server_url(scene.server));

	scene_discovery(more);
	free(more);
}

static int
setup(void **state UNUSED)
{
	memset(&flow, 0, sizeof(flow));
	scene_open(NULL);
	return 0;
}

static int
teardown(void **state UNUSED)
{
	leave();
	flow_state_free(&flow.state);
	test_clock_hold(false);
	scene_close();
	return 0;
}

static void
test_device(void **state UNUSED)
{
	script_device();
	begin_anew(FLOW_AUTO, false);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), 0);
	script_tokens(flow.state.nonce.data);
	go_on();
	assert_string_equal(attempt_flow(flow.attempt), "device");
	assert_false(flow.paste);
	/* whoever comes third has all of it, too */
	go_on();
	server_run(scene.base, &flow.done);
	assert_int_equal(flow.reason, REASON_GRANTED);
	assert_int_equal(server_count(scene.server, "/device"), 1);
	assert_int_equal(server_count(scene.server, "/token"), 1);
	assert_non_null(strstr(server_body(scene.server, "/token"),
	    "device_code=dc%2B1"));
	/* it is used up */
	assert_int_equal(attempt_save(flow.attempt, &flow.state), -ENODATA);
}

static void
test_nonce_is_compared(void **state UNUSED)
{
	script_device();
	script_tokens("another");
	begin_anew(FLOW_DEVICE, false);
	go_on();
	server_run(scene.base, &flow.done);
	assert_int_equal(flow.reason, REASON_TOKEN_NONCE);
}

/* The pace goes on, and so does what slow_down added to it. */
static void
test_pace(void **state UNUSED)
{
	script_device();
	server_script(scene.server, "/token", 400, 0,
	    "{\"error\":\"slow_down\"}");
	server_script(scene.server, "/token", 400, 0, PENDING);
	begin_anew(FLOW_DEVICE, false);
	server_await(scene.base, scene.server, "/token", 1);
	server_idle(scene.base, 5);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), 0);
	assert_int_equal(flow.state.interval, 12);
	test_clock_hold(true);
	flow.state.next = clock_steady() + 3;
	leave();
	test_clock_forget();
	begin(FLOW_AUTO, false, &flow.state);
	server_run(scene.base, &flow.ready);
	assert_int_equal(test_clock_armed(3), 1);
	/* a poll that is due is not made at once */
	flow.state.next = 0;
	leave();
	test_clock_forget();
	begin(FLOW_AUTO, false, &flow.state);
	server_run(scene.base, &flow.ready);
	assert_int_equal(test_clock_armed(1), 1);
}

static void
test_deadline(void **state UNUSED)
{
	script_device();
	begin_anew(FLOW_DEVICE, false);
	assert_int_equal(flow.expires_in, 900);
	test_clock_skip(890);
	go_on();
	assert_in_range(flow.expires_in, 1, 10);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), 0);
	leave();
	test_clock_skip(20);
	begin(FLOW_AUTO, false, &flow.state);
	server_run(scene.base, &flow.done);
	assert_int_equal(flow.reason, REASON_TIMED_OUT);
	assert_int_equal(flow.expires_in, 0);
	assert_int_equal(server_count(scene.server, "/token"), 0);
}

/* What may have been redeemed is waited for. */
static void
test_rest(void **state UNUSED)
{
	script_device();
	script_tokens("n");
	begin_anew(FLOW_DEVICE, false);
	assert_false(attempt_rest(flow.attempt));
	/* nothing is asked any more */
	server_idle(scene.base, 150);
	assert_int_equal(server_count(scene.server, "/token"), 0);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), 0);
	leave();
	server_clear(scene.server, "/token");
	server_script(scene.server, "/token", SERVER_STALL, 0, "");
	begin(FLOW_AUTO, false, &flow.state);
	server_await(scene.base, scene.server, "/token", 1);
	assert_true(attempt_rest(flow.attempt));
}

/* The provider no longer says where codes are given; this one was. */
static void
test_endpoint_is_gone(void **state UNUSED)
{
	script_device();
	begin_anew(FLOW_DEVICE, false);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), 0);
	script_tokens(flow.state.nonce.data);
	scene_discovery("");
	go_on();
	server_run(scene.base, &flow.done);
	assert_int_equal(flow.reason, REASON_GRANTED);
}

static void
test_paste(void **state UNUSED)
{
	struct secret verifier = SECRET_INIT;
	char challenge[PKCE_CHALLENGE_SIZE];
	const char *body;
	char *text;

	script_browser();
	begin_anew(FLOW_BROWSER, false);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), 0);
	script_tokens(flow.state.nonce.data);
	text = mint_text(BROWSER_PASTE_URI "?code=c&state=%s",
	    flow.state.state.data);
	go_on();
	assert_string_equal(attempt_flow(flow.attempt), "browser");
	assert_true(flow.paste);
	assert_int_equal(attempt_answer(flow.attempt, text), REASON_GRANTED);
	free(text);
	/* an answer is good for one process */
	assert_int_equal(attempt_save(flow.attempt, &flow.state), -ENODATA);
	server_run(scene.base, &flow.done);
	assert_int_equal(flow.reason, REASON_GRANTED);
	/* the verifier is the one that the link's challenge was made of */
	body = strstr(server_body(scene.server, "/token"), "code_verifier=");
	assert_non_null(body);
	body += strlen("code_verifier=");
	assert_int_equal(secret_set(&verifier, body, strcspn(body, "&")), 0);
	assert_int_equal(pkce_challenge(&verifier, challenge), 0);
	assert_non_null(strstr(flow.uri, challenge));
	secret_free(&verifier);
}

/* The browser comes back to a port of this process. */
static void
test_loopback(void **state UNUSED)
{
	script_browser();
	begin_anew(FLOW_BROWSER, true);
	assert_int_equal(attempt_save(flow.attempt, &flow.state), -ENODATA);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_device), TEST(test_nonce_is_compared),
		TEST(test_pace), TEST(test_deadline),
		TEST(test_rest), TEST(test_endpoint_is_gone), TEST(test_paste),
		TEST(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
