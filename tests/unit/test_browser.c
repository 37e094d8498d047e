/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole browser flows against the scripted server: what is asked, by either
 * way back; what is redeemed, once; and each way in which it can end.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>

#include "daemon/oidc/attempt.h"
#include "daemon/oidc/base64url.h"
#include "daemon/oidc/browser.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/pkce.h"
#include "daemon/oidc/provider.h"
#include "tests/unit/oidc_clock.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_server.h"

#define DISCOVERY	"/.well-known/openid-configuration"
#define VALUE_MAX	256

static struct event_base *base;
static struct server *server;
static struct provider *provider;
static struct evp_pkey_st *key;

static struct flow {
	struct attempt	*attempt;
	int		 ready;
	int		 done;
	enum reason	 reason;
	bool		 paste;
	char		 uri[2048];
	char		 code[64];
	enum { STAY, LEAVE_IN_READY, LEAVE_IN_DONE } plan;
} flow;

/* The endpoints that are named; more is what follows them. */
static void
script_discovery(const char *device, const char *authorize, const char *more)
{
	const char *url = server_url(server);
	char *text = mint_text("{\"issuer\":\"%s\",\"token_endpoint\":"
	    "\"%s/token\",\"jwks_uri\":\"%s/jwks\"%s%s%s%s%s%s%s}", url, url,
	    url, device != NULL ? ",\"device_authorization_endpoint\":\"" : "",
	    device != NULL ? url : "", device != NULL ? device : "",
	    authorize != NULL ? ",\"authorization_endpoint\":\"" : "",
	    authorize != NULL ? url : "", authorize != NULL ? authorize : "",
	    more);

	server_clear(server, DISCOVERY);
	server_script(server, DISCOVERY, 200, 0, text);
	free(text);
}

static void
script_keys(const char *kid)
{
	char *jwks = mint_jwks(key, kid);

	server_clear(server, "/jwks");
	server_script(server, "/jwks", 200, 0, jwks);
	free(jwks);
}

/* The value of a parameter of the link, decoded. */
static const char *
parameter(const char *name)
{
	static char value[VALUE_MAX];
	struct evkeyvalq query;
	const char *found;

	value[0] = '\0';
	assert_int_equal(evhttp_parse_query_str(strchr(flow.uri, '?') + 1,
	    &query), 0);
	found = evhttp_find_header(&query, name);
	if (found != NULL)
		(void)snprintf(value, sizeof(value), "%s", found);
	evhttp_clear_headers(&query);
	return value;
}

/* A success whose ID token has this nonce (NULL: none). */
static void
script_tokens(const char *kid, const char *nonce, const char *more)
{
	char *header = mint_text("{\"alg\":\"ES256\",\"kid\":\"%s\"}", kid);
	long long now = (long long)time(NULL);
	char *claims = mint_text("{\"iss\":\"%s\",\"sub\":\"7f7c\","
	    "\"aud\":\"client\",\"exp\":%lld,\"iat\":%lld%s%s%s%s}",
	    server_url(server), now + 3600, now,
	    nonce != NULL ? ",\"nonce\":\"" : "", nonce != NULL ? nonce : "",
	    nonce != NULL ? "\"" : "", more);
	char *token = mint_token(key, "ES256", header, claims);
	char *text = mint_text("{\"access_token\":\"at\",\"token_type\":"
	    "\"Bearer\",\"refresh_token\":\"rt\",\"id_token\":\"%s\"}", token);

	server_clear(server, "/token");
	server_script(server, "/token", 200, 0, text);
	free(header);
	free(claims);
	free(token);
	free(text);
}

static void
leave(enum reason verdict)
{
	attempt_free(flow.attempt, verdict);
	flow.attempt = NULL;
}

static void
ready(void *arg UNUSED, const struct attempt_prompt *prompt)
{
	flow.ready++;
	flow.paste = prompt->paste;
	(void)snprintf(flow.uri, sizeof(flow.uri), "%s", prompt->uri);
	(void)snprintf(flow.code, sizeof(flow.code), "%s",
	    prompt->code != NULL ? prompt->code : "");
	if (flow.plan == LEAVE_IN_READY)
		leave(REASON_CANCELLED);
}

static void
done(void *arg UNUSED, enum reason reason, const char *detail UNUSED,
    struct flow_result *result)
{
	flow.done++;
	flow.reason = reason;
	assert_true((result != NULL) == (reason == REASON_GRANTED));
	if (result != NULL) {
		assert_string_equal(result->subject, "7f7c");
		assert_string_equal(result->refresh_token.data, "rt");
	}
	if (flow.plan == LEAVE_IN_DONE)
		leave(reason);
}

static void
begin_as(enum flow_kind kind, bool local, uint32_t max_age)
{
	const struct attempt_request request = {
		.kind = kind, .policy.max_age = max_age, .user = "alice",
		.local = local, .ready = ready, .done = done,
	};

	flow.attempt = NULL;
	flow.ready = flow.done = 0;
	flow.reason = REASON_DENIED;
	assert_int_equal(attempt_start(provider, &request, &flow.attempt), 0);
	assert_int_equal(flow.ready + flow.done, 0);
}

static void
begin(bool local)
{
	begin_as(FLOW_BROWSER, local, 0);
	server_run(base, &flow.ready);
	assert_int_equal(flow.ready, 1);
}

static enum reason
finish(void)
{
	server_run(base, &flow.done);
	assert_int_equal(flow.done, 1);
	server_idle(base, 30);
	assert_int_equal(flow.done, 1);
	leave(flow.reason);
	return flow.reason;
}

/* The person pastes where she ended, with this behind the state. */
static enum reason
paste(const char *answer, const char *more)
{
	char *text = mint_text(BROWSER_PASTE_URI "?%s&state=%s%s", answer,
	    parameter("state"), more);
	enum reason reason = attempt_answer(flow.attempt, text);

	free(text);
	return reason;
}

/* Her browser comes back to the listener, with our state if it is NULL; the
 * connection. */
static int
visit(const char *answer, const char *state)
{
	struct sockaddr_in sin = { 0 };
	char ours[VALUE_MAX], *text;
	unsigned port;
	int fd;

	(void)snprintf(ours, sizeof(ours), "%s", parameter("state"));
	assert_int_equal(sscanf(parameter("redirect_uri"),
	    "http://127.0.0.1:%u/callback", &port), 1);
	text = mint_text("GET /callback?%s&state=%s HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%u\r\n\r\n", answer,
	    state != NULL ? state : ours, port);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	sin.sin_family = AF_INET;
	sin.sin_port = htons((uint16_t)port);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
	free(text);
	return fd;
}

static char *
shown(int fd)
{
	static char text[8192];
	ssize_t n = 0;
	size_t len = 0;

	server_idle(base, 30);
	while (len < sizeof(text) - 1 && (n = recv(fd, text + len,
	    sizeof(text) - 1 - len, MSG_DONTWAIT)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	(void)close(fd);
	return text;
}

static const char *
form(const char *name)
{
	static char value[VALUE_MAX];
	const char *body = server_body(server, "/token");
	char *start = mint_text("&%s=", name);
	char *found = mint_text("&%s&", body);
	const char *p = strstr(found, start);

	value[0] = '\0';
	if (p != NULL)
		(void)snprintf(value, sizeof(value), "%.*s",
		    (int)strcspn(p + strlen(start), "&"), p + strlen(start));
	free(start);
	free(found);
	return value;
}

static void
assert_verifier_fits(void)
{
	const char *text = form("code_verifier");
	struct secret verifier = SECRET_INIT;
	char challenge[PKCE_CHALLENGE_SIZE];

	assert_int_equal(strlen(text), 43);
	assert_int_equal(secret_set(&verifier, text, strlen(text)), 0);
	assert_int_equal(pkce_challenge(&verifier, challenge), 0);
	assert_string_equal(challenge, parameter("code_challenge"));
	secret_free(&verifier);
}

static void
test_paste(void **state UNUSED)
{
	begin(false);
	assert_true(flow.paste);
	assert_string_equal(flow.code, "");
	assert_memory_equal(flow.uri, server_url(server),
	    strlen(server_url(server)));
	assert_non_null(strstr(flow.uri, "/authorize?response_type=code&"));
	assert_string_equal(parameter("client_id"), "client");
	assert_string_equal(parameter("scope"), "openid groups");
	assert_string_equal(parameter("login_hint"), "alice");
	assert_string_equal(parameter("redirect_uri"), BROWSER_PASTE_URI);
	assert_string_equal(parameter("code_challenge_method"), "S256");
	assert_string_equal(parameter("max_age"), "");
	assert_string_equal(parameter("prompt"), "");
	assert_int_equal(strlen(parameter("state")), 22);
	assert_int_equal(strlen(parameter("nonce")), 22);
	script_tokens("k", parameter("nonce"), "");
	assert_int_equal(paste("code=c%2B1", ""), REASON_GRANTED);
	assert_int_equal(flow.done, 0);
	assert_int_equal(finish(), REASON_GRANTED);
	assert_int_equal(server_count(server, "/token"), 1);
	assert_string_equal(form("grant_type"), "authorization_code");
	assert_string_equal(form("code"), "c%2B1");
	assert_string_equal(form("redirect_uri"),
	    "http%3A%2F%2F127.0.0.1%3A1%2Fcallback");
	assert_string_equal(form("client_id"), "client");
	assert_verifier_fits();
}

static void
test_loopback(void **state UNUSED)
{
	int fd;

	begin(true);
	assert_false(flow.paste);
	script_tokens("k", parameter("nonce"), "");
	fd = visit("code=c1", NULL);
	assert_int_equal(finish(), REASON_GRANTED);
	assert_verifier_fits();
	assert_non_null(strstr(form("redirect_uri"), "127.0.0.1%3A"));
	assert_non_null(strstr(shown(fd), "You are signed in."));
}

/* The verdict is the session's, and the page shows that one. */
static void
test_verdict_is_shown(void **state UNUSED)
{
	int fd;

	begin(true);
	script_tokens("k", parameter("nonce"), "");
	fd = visit("code=c1", NULL);
	server_run(base, &flow.done);
	assert_int_equal(flow.reason, REASON_GRANTED);
	leave(REASON_NOT_ALLOWED);
	assert_non_null(strstr(shown(fd), "You may not use this host."));
}

static void
test_loopback_hears_strangers(void **state UNUSED)
{
	int fd;

	begin(true);
	fd = visit("code=c1", "x");
	assert_non_null(strstr(shown(fd), "belongs to another sign-in"));
	fd = visit("error=access_denied", "x");
	assert_non_null(strstr(shown(fd), "400"));
	assert_int_equal(flow.done, 0);
	/* what is pasted is for the other way back */
	assert_int_equal(paste("code=c1", ""), REASON_CALLBACK_MALFORMED);
	assert_int_equal(server_count(server, "/token"), 0);
	script_tokens("k", parameter("nonce"), "");
	(void)close(visit("code=c1", NULL));
	assert_int_equal(finish(), REASON_GRANTED);
}

static void
test_provider_says_no(void **state UNUSED)
{
	int fd;

	begin(true);
	fd = visit("error=access_denied", NULL);
	assert_int_equal(finish(), REASON_ACCESS_DENIED);
	assert_non_null(strstr(shown(fd), "you may not use this host"));
	begin(false);
	assert_int_equal(paste("error=access_denied", ""), REASON_GRANTED);
	assert_int_equal(finish(), REASON_ACCESS_DENIED);
	assert_int_equal(server_count(server, "/token"), 0);
}

static void
test_wrong_pastes_change_nothing(void **state UNUSED)
{
	begin(false);
	assert_int_equal(attempt_answer(flow.attempt, ""),
	    REASON_CALLBACK_MALFORMED);
	assert_int_equal(attempt_answer(flow.attempt,
	    BROWSER_PASTE_URI "?code=a&state=b"), REASON_CALLBACK_STATE);
	script_tokens("k", parameter("nonce"), "");
	assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
	/* one answer is all */
	assert_int_equal(paste("code=c2", ""), REASON_CALLBACK_MALFORMED);
	assert_int_equal(finish(), REASON_GRANTED);
	assert_string_equal(form("code"), "c1");
	assert_int_equal(server_count(server, "/token"), 1);
}

/* RFC 9207: the mix-up, by a wrong iss and by one that is left out. */
static void
test_mix_up(void **state UNUSED)
{
	begin(false);
	assert_int_equal(paste("code=c1", "&iss=https%3A%2F%2Fa.example"),
	    REASON_GRANTED);
	assert_int_equal(finish(), REASON_CALLBACK_ISSUER);
	script_discovery(NULL, "/authorize\"",
	    ",\"authorization_response_iss_parameter_supported\":true");
	test_clock_skip(2 * 3600);
	begin(false);
	assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
	assert_int_equal(finish(), REASON_CALLBACK_ISSUER);
	assert_int_equal(server_count(server, "/token"), 0);
}

static void
test_nonce(void **state UNUSED)
{
	begin(false);
	script_tokens("k", NULL, "");
	assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
	assert_int_equal(finish(), REASON_TOKEN_NONCE);
	begin(false);
	script_tokens("k", "another", "");
	assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
	assert_int_equal(finish(), REASON_TOKEN_NONCE);
}

/* Nothing is remembered from one sign-in to the next. */
static void
test_nothing_is_used_twice(void **state UNUSED)
{
	char state_of_first[VALUE_MAX], nonce[VALUE_MAX], hash[VALUE_MAX];

	begin(false);
	(void)snprintf(state_of_first, VALUE_MAX, "%s", parameter("state"));
	(void)snprintf(nonce, VALUE_MAX, "%s", parameter("nonce"));
	(void)snprintf(hash, VALUE_MAX, "%s", parameter("code_challenge"));
	leave(REASON_CANCELLED);
	begin(false);
	assert_string_not_equal(state_of_first, parameter("state"));
	assert_string_not_equal(nonce, parameter("nonce"));
	assert_string_not_equal(nonce, parameter("state"));
	assert_string_not_equal(hash, parameter("code_challenge"));
}

static void
test_max_age(void **state UNUSED)
{
	begin_as(FLOW_BROWSER, false, 900);
	server_run(base, &flow.ready);
	assert_string_equal(parameter("max_age"), "900");
	assert_string_equal(parameter("prompt"), "login");
	script_tokens("k", parameter("nonce"), ",\"auth_time\":1000");
	assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
	assert_int_equal(finish(), REASON_AUTH_TOO_OLD);
}

/* RFC 6749 3.1 */
static void
test_endpoint_with_query(void **state UNUSED)
{
	script_discovery(NULL, "/authorize?tenant=1\"", "");
	begin(false);
	assert_non_null(strstr(flow.uri,
	    "/authorize?tenant=1&response_type=code&"));
}

/* What a token endpoint answers to a code. */
static void
test_answers(void **state UNUSED)
{
	static const struct {
		int		 status;
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ 400, "{\"error\":\"invalid_grant\"}", REASON_GRANT_INVALID },
		{ 401, "{\"error\":\"invalid_client\"}",
		    REASON_CLIENT_REFUSED },
		{ 403, "{\"error\":\"access_denied\"}", REASON_ACCESS_DENIED },
		{ 400, "{\"error\":\"authorization_pending\"}",
		    REASON_PROVIDER_REPLY },
		{ 400, "{}", REASON_PROVIDER_REPLY },
		{ 400, "<html>", REASON_PROVIDER_REPLY },
		{ 302, "/login", REASON_PROVIDER_REDIRECT },
		{ 204, "", REASON_PROVIDER_REPLY },
		{ 200, "{}", REASON_PROVIDER_REPLY },
		{ 200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}",
		    REASON_TOKEN_MISSING },
		{ 429, "{}", REASON_PROVIDER_LIMITED },
		{ 500, "{}", REASON_PROVIDER_BUSY },
		{ SERVER_DROP, "", REASON_PROVIDER_UNREACHABLE },
		{ SERVER_STALL, "", REASON_PROVIDER_UNREACHABLE },
	};
	unsigned int asked = 0;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		server_clear(server, "/token");
		server_script(server, "/token", rows[i].status, 0,
		    rows[i].body);
		begin(false);
		assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
		if (finish() != rows[i].reason)
			fail_msg("%d %s: %s", rows[i].status, rows[i].body,
			    reason_code(flow.reason));
		/* A code is good for one use, whatever came of it. */
		assert_int_equal(server_count(server, "/token"), ++asked);
	}
}

static void
test_new_keys(void **state UNUSED)
{
	begin(false);
	script_tokens("new", parameter("nonce"), "");
	script_keys("new");
	assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
	assert_int_equal(finish(), REASON_GRANTED);
	assert_int_equal(server_count(server, "/jwks"), 2);
}

/* A provider that refuses shows its own page, and nobody comes back. */
static void
test_deadline(void **state UNUSED)
{
	test_clock_forget();
	begin(true);
	server_run(base, &flow.done);
	/* A second may have passed since it began. */
	assert_int_equal(test_clock_armed(BROWSER_LIFETIME) +
	    test_clock_armed(BROWSER_LIFETIME - 1), 1);
	/* and who comes too late changes nothing */
	assert_non_null(strstr(shown(visit("code=c1", NULL)), "400"));
	assert_int_equal(finish(), REASON_TIMED_OUT);
	assert_int_equal(server_count(server, "/token"), 0);
}

static void
test_no_endpoint(void **state UNUSED)
{
	script_discovery("/device\"", NULL, "");
	begin_as(FLOW_BROWSER, false, 0);
	assert_int_equal(finish(), REASON_BROWSER_UNSUPPORTED);
	assert_int_equal(flow.ready, 0);
}

static void
test_provider_is_gone(void **state UNUSED)
{
	server_clear(server, DISCOVERY);
	server_script(server, DISCOVERY, SERVER_DROP, 0, "");
	begin_as(FLOW_BROWSER, true, 0);
	assert_int_equal(finish(), REASON_PROVIDER_UNREACHABLE);
}

/* Which flow: by configuration, and by what the provider has. */
static void
test_choice(void **state UNUSED)
{
	script_discovery("/device\"", "/authorize\"", "");
	begin_as(FLOW_AUTO, false, 0);
	server_run(base, &flow.ready);
	assert_string_equal(flow.code, "E7K2MQ9X");
	assert_false(flow.paste);
	assert_int_equal(attempt_answer(flow.attempt, ""),
	    REASON_CALLBACK_MALFORMED);
	leave(REASON_CANCELLED);
	begin_as(FLOW_BROWSER, false, 0);
	server_run(base, &flow.ready);
	assert_string_equal(flow.code, "");
	leave(REASON_CANCELLED);

	script_discovery(NULL, "/authorize\"", "");
	test_clock_skip(2 * 3600);
	begin_as(FLOW_AUTO, false, 0);
	server_run(base, &flow.ready);
	assert_string_equal(flow.code, "");
	assert_true(flow.paste);
	leave(REASON_CANCELLED);
	begin_as(FLOW_DEVICE, false, 0);
	assert_int_equal(finish(), REASON_DEVICE_UNSUPPORTED);

	script_discovery(NULL, NULL, "");
	test_clock_skip(2 * 3600);
	begin_as(FLOW_AUTO, false, 0);
	assert_int_equal(finish(), REASON_BROWSER_UNSUPPORTED);

	/* An admin turns on what is wanted: it need not grow old first. */
	script_discovery(NULL, "/authorize\"", "");
	test_clock_skip(31);
	begin_as(FLOW_AUTO, false, 0);
	server_run(base, &flow.ready);
	assert_true(flow.paste);
	leave(REASON_CANCELLED);
	script_discovery("/device\"", "/authorize\"", "");
	test_clock_skip(31);
	begin_as(FLOW_AUTO, false, 0);
	server_run(base, &flow.ready);
	assert_string_equal(flow.code, "E7K2MQ9X");
	leave(REASON_CANCELLED);
}

static void
test_leaving(void **state UNUSED)
{
	flow.plan = LEAVE_IN_READY;
	begin(true);
	begin(false);
	flow.plan = LEAVE_IN_DONE;
	begin(true);
	script_tokens("k", parameter("nonce"), "");
	(void)close(visit("code=c1", NULL));
	assert_int_equal(finish(), REASON_GRANTED);
	flow.plan = STAY;
	begin(true);
	leave(REASON_CANCELLED);
	begin(false);
	server_clear(server, "/token");
	server_script(server, "/token", SERVER_STALL, 0, "");
	assert_int_equal(paste("code=c1", ""), REASON_GRANTED);
	server_await(base, server, "/token", 1);
	leave(REASON_CANCELLED);
	server_idle(base, 30);
	assert_int_equal(flow.done, 0);
}

static int
setup(void **state UNUSED)
{
	struct provider_config config = {
		.client_id = "client", .scopes = "openid groups",
		.timeout = 1, .http_loopback = true,
	};

	memset(&flow, 0, sizeof(flow));
	key = mint_key("P-256", 0);
	base = event_base_new();
	server = server_new(base);
	config.issuer = server_url(server);
	script_discovery(NULL, "/authorize\"", "");
	script_keys("k");
	server_script(server, "/device", 200, 0, "{\"device_code\":\"d\","
	    "\"user_code\":\"E7K2MQ9X\",\"verification_uri\":"
	    "\"https://id.example/device\",\"expires_in\":900}");
	return provider_new(base, &config, &provider);
}

static int
teardown(void **state UNUSED)
{
	leave(REASON_CANCELLED);
	provider_free(provider);
	server_free(server);
	server_idle(base, 100);	/* 5 s of the test's clock, and more */
	event_base_free(base);
	mint_key_free(key);
	return 0;
}

#define FLOW(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW(test_paste),
		FLOW(test_loopback),
		FLOW(test_verdict_is_shown),
		FLOW(test_loopback_hears_strangers),
		FLOW(test_provider_says_no),
		FLOW(test_wrong_pastes_change_nothing),
		FLOW(test_mix_up),
		FLOW(test_nonce),
		FLOW(test_nothing_is_used_twice),
		FLOW(test_max_age),
		FLOW(test_endpoint_with_query),
		FLOW(test_answers),
		FLOW(test_new_keys),
		FLOW(test_deadline),
		FLOW(test_no_endpoint),
		FLOW(test_provider_is_gone),
		FLOW(test_choice),
		FLOW(test_leaving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
