/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole device flows against the scripted server: every answer of a token
 * endpoint, the deadline, the pace, new keys, and leaving at any point.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "daemon/oidc/clock.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "tests/unit/oidc_clock.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_server.h"

#define DISCOVERY	"/.well-known/openid-configuration"
#define PENDING	"{\"error\":\"authorization_pending\"}"
#define CODE	"{\"device_code\":\"dc+1\",\"user_code\":\"E7K2MQ9X\"," \
	"\"verification_uri\":\"https://id.example/device\"," \
	"\"expires_in\":%d,\"interval\":1}"

static struct event_base *base;
static struct server *server;
static struct provider *provider;
static struct evp_pkey_st *key;

static struct flow {
	struct device	*device;
	int		 ready;
	int		 done;
	enum reason	 reason;
	char		 subject[64];
	char		 refresh[64];
	enum { STAY, LEAVE_IN_READY, LEAVE_IN_DONE, MINT } plan;
} flow;

static void
script_discovery(const char *device)
{
	const char *url = server_url(server);
	char *text = mint_text("{\"issuer\":\"%s\",\"token_endpoint\":"
	    "\"%s/token\",\"jwks_uri\":\"%s/jwks\"%s%s%s}", url, url, url,
	    device != NULL ? ",\"device_authorization_endpoint\":\"" : "",
	    device != NULL ? url : "", device != NULL ? device : "");

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

static void
script_code(int expires_in)
{
	char *text = mint_text(CODE, expires_in);

	server_clear(server, "/device");
	server_script(server, "/device", 200, 0, text);
	free(text);
}

/* A success whose ID token has these claims besides the needed ones, and a kid
 * or none (NULL). */
static void
script_tokens(const char *kid, const char *more)
{
	char *header = kid != NULL ?
	    mint_text("{\"alg\":\"ES256\",\"kid\":\"%s\"}", kid) :
	    mint_text("{\"alg\":\"ES256\"}");
	long long now = (long long)time(NULL);
	char *claims = mint_text("{\"iss\":\"%s\",\"sub\":\"7f7c\","
	    "\"aud\":[\"client\"],\"exp\":%lld,\"iat\":%lld%s}",
	    server_url(server), now + 3600, now, more);
	char *token = mint_token(key, "ES256", header, claims);
	char *text = mint_text("{\"access_token\":\"at\",\"token_type\":"
	    "\"bearer\",\"expires_in\":3600,\"refresh_token\":\"rt\","
	    "\"id_token\":\"%s\"}", token);

	server_script(server, "/token", 200, 0, text);
	free(header);
	free(claims);
	free(token);
	free(text);
}

static void
leave(void)
{
	device_free(flow.device);
	flow.device = NULL;
}

static void
ready(void *arg UNUSED, const struct device_prompt *prompt)
{
	const char *nonce;
	char *claim;

	flow.ready++;
	assert_string_equal(prompt->user_code, "E7K2MQ9X");
	assert_string_equal(prompt->verification_uri,
	    "https://id.example/device");
	if (flow.plan == LEAVE_IN_READY)
		leave();
	if (flow.plan == MINT) {
		nonce = strstr(server_body(server, "/device"), "nonce=");
		assert_non_null(nonce);
		nonce += strlen("nonce=");
		claim = mint_text(",\"nonce\":\"%.*s\"",
		    (int)strcspn(nonce, "&"), nonce);
		script_tokens("k", claim);
		free(claim);
	}
}

static void
done(void *arg UNUSED, enum reason reason, const char *detail UNUSED,
    struct flow_result *result)
{
	flow.done++;
	flow.reason = reason;
	assert_true((result != NULL) == (reason == REASON_GRANTED));
	if (result != NULL) {
		assert_string_equal(json_get_string(result->claims, "sub"),
		    result->subject);
		assert_string_equal(result->issuer, server_url(server));
		assert_string_equal(result->access_token.data, "at");
		strncpy(flow.subject, result->subject,
		    sizeof(flow.subject) - 1);
		strncpy(flow.refresh, result->refresh_token.data,
		    sizeof(flow.refresh) - 1);
	}
	if (flow.plan == LEAVE_IN_DONE)
		leave();
}

static void
begin_with(struct flow_policy policy)
{
	const struct device_request request = {
		.policy = policy, .ready = ready, .done = done,
	};

	flow.device = NULL;
	flow.ready = flow.done = 0;
	flow.reason = REASON_DENIED;
	assert_int_equal(device_start(provider, &request, &flow.device), 0);
	assert_int_equal(flow.done, 0);
}

static void
begin(void)
{
	begin_with((struct flow_policy){ 0 });
}

static enum reason
finish(void)
{
	server_run(base, &flow.done);
	assert_int_equal(flow.done, 1);
	server_idle(base, 30);
	assert_int_equal(flow.done, 1);
	leave();
	return flow.reason;
}

static enum reason
run(void)
{
	begin();
	return finish();
}

static unsigned int
polls(void)
{
	return server_count(server, "/token");
}

static void
test_granted(void **state UNUSED)
{
	server_script(server, "/token", 400, 0, PENDING);
	server_script(server, "/token", 400, 0, PENDING);
	script_tokens("k", "");
	assert_int_equal(run(), REASON_GRANTED);
	assert_int_equal(flow.ready, 1);
	assert_string_equal(flow.subject, "7f7c");
	assert_string_equal(flow.refresh, "rt");
	assert_int_equal(polls(), 3);
	assert_string_equal(server_body(server, "/token"),
	    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
	    "&device_code=dc%2B1&client_id=client&client_secret=s");
	assert_memory_equal(server_body(server, "/device"),
	    "scope=openid%20groups&nonce=", 28);
	assert_non_null(strstr(server_body(server, "/device"),
	    "&client_id=client&client_secret=s"));
}

/* reference table of a token endpoint's answers, after one pending */
static void
test_answers(void **state UNUSED)
{
	static const struct {
		int		 status;
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ 403, "{\"error\":\"access_denied\"}", REASON_ACCESS_DENIED },
		{ 400, "{\"error\":\"access_denied\"}", REASON_ACCESS_DENIED },
		{ 400, "{\"error\":\"expired_token\"}", REASON_GRANT_INVALID },
		{ 400, "{\"error\":\"invalid_grant\",\"error_description\":"
		    "\"The authorization code has already been used.\"}",
		    REASON_GRANT_INVALID },
		{ 401, "{\"error\":\"invalid_client\"}",
		    REASON_CLIENT_REFUSED },
		{ 400, "{\"error\":\"unauthorized_client\"}",
		    REASON_CLIENT_REFUSED },
		{ 400, "{\"error\":\"Invalid device code\"}",
		    REASON_GRANT_INVALID },
		{ 400, "{\"error\":\"Device code has expired\"}",
		    REASON_GRANT_INVALID },
		{ 400, "{\"error\":\"invalid_request\"}",
		    REASON_REQUEST_REFUSED },
		{ 400, "{\"error\":[\"authorization_pending\"]}",
		    REASON_PROVIDER_REPLY },
		{ 400, "{}", REASON_PROVIDER_REPLY },
		/* as glewlwyd refuses a refresh token */
		{ 400, "", REASON_PROVIDER_REPLY },
		{ 400, "<html>", REASON_PROVIDER_REPLY },
		{ 404, "not found", REASON_PROVIDER_REPLY },
		{ 302, "/login", REASON_PROVIDER_REDIRECT },
		{ 204, "", REASON_PROVIDER_REPLY },
		{ 200, "{}", REASON_PROVIDER_REPLY },
		{ 200, PENDING, REASON_PROVIDER_REPLY },
		{ 200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}",
		    REASON_TOKEN_MISSING },
		{ 200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\","
		    "\"id_token\":\"a.b.c\"}", REASON_TOKEN_MALFORMED },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		server_clear(server, "/token");
		server_script(server, "/token", 400, 0, PENDING);
		server_script(server, "/token", rows[i].status, 0,
		    rows[i].body);
		if (run() != rows[i].reason)
			fail_msg("%d %s", rows[i].status, rows[i].body);
		assert_int_equal(flow.ready, 1);
	}
}

/* What passes goes on to the success behind it. */
static void
test_trouble_passes(void **state UNUSED)
{
	server_script(server, "/token", 429, 3,
	    "{\"error\":\"Too many requests\",\"code\":\"rate_limited\"}");
	server_script(server, "/token", 400, 0, PENDING);
	server_script(server, "/token", 500, 0, "");
	server_script(server, "/token", 503, 0, "<html>");
	server_script(server, "/token", SERVER_DROP, 0, "");
	server_script(server, "/token", 400, 0, PENDING);
	script_tokens("k", "");
	assert_int_equal(run(), REASON_GRANTED);
}

/* What does not pass is named when the code expires. */
static void
test_deadline(void **state UNUSED)
{
	static const struct {
		int		 status;
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ 400, PENDING, REASON_TIMED_OUT },
		{ 429, "{}", REASON_PROVIDER_LIMITED },
		{ 502, "", REASON_PROVIDER_BUSY },
		{ SERVER_DROP, "", REASON_PROVIDER_UNREACHABLE },
	};
	uint64_t start;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		script_code(20);
		server_clear(server, "/token");
		server_script(server, "/token", rows[i].status, 0,
		    rows[i].body);
		start = clock_steady();
		if (run() != rows[i].reason)
			fail_msg("row %zu", i);
		assert_true(clock_steady() - start >= 20);
	}
}

/* The code expires while the provider thinks about a poll. */
static void
test_deadline_in_poll(void **state UNUSED)
{
	script_code(10);
	server_script(server, "/token", SERVER_STALL, 0, "");
	assert_int_equal(run(), REASON_TIMED_OUT);
	assert_int_equal(polls(), 1);
}

/* Whenever a long sleep comes, it is no reason to wait for ever. */
static void
test_deadline_at_any_look(void **state UNUSED)
{
	unsigned int look;
	uint64_t ago;

	for (look = 1; look < 20; look++) {
		script_code(20);
		server_clear(server, "/token");
		server_script(server, "/token", 400, 0, PENDING);
		test_clock_forget();
		test_clock_skip_at(look, 25);
		assert_int_equal(run(), REASON_TIMED_OUT);
		for (ago = 1; ago <= 25; ago++)
			assert_int_equal(test_clock_armed(0 - ago), 0);
	}
	test_clock_skip_at(0, 0);
}

/* RFC 8628 3.5: each slow_down adds five seconds, for good. */
static void
test_slow_down(void **state UNUSED)
{
	server_script(server, "/token", 400, 0, "{\"error\":\"slow_down\"}");
	server_script(server, "/token", 400, 0, "{\"error\":\"slow_down\"}");
	server_script(server, "/token", 400, 0, PENDING);
	script_tokens("k", "");
	test_clock_forget();
	assert_int_equal(run(), REASON_GRANTED);
	assert_int_equal(test_clock_armed(1), 1);
	assert_int_equal(test_clock_armed(6), 1);
	assert_int_equal(test_clock_armed(11), 2);
}

static void
test_retry_after(void **state UNUSED)
{
	server_script(server, "/token", 429, 40, "{}");
	script_tokens("k", "");
	test_clock_forget();
	assert_int_equal(run(), REASON_GRANTED);
	assert_int_equal(test_clock_armed(40), 1);
	/* but a provider cannot ask for a wait that has no end */
	server_clear(server, "/token");
	server_script(server, "/token", 429, 86400, "{}");
	script_tokens("k", "");
	assert_int_equal(run(), REASON_GRANTED);
	assert_int_equal(test_clock_armed(60), 1);
}

/* Failures double the wait: 1, 2, 4, 8, 16 and not 1, 1, 1... */
static void
test_back_off(void **state UNUSED)
{
	script_code(60);
	server_script(server, "/token", 500, 0, "");
	assert_int_equal(run(), REASON_PROVIDER_BUSY);
	assert_in_range(polls(), 2, 7);
}

/* An answer ends the trouble: the pace is the former one again. */
static void
test_back_off_ends(void **state UNUSED)
{
	size_t i;

	for (i = 0; i < 4; i++)
		server_script(server, "/token", 500, 0, "");
	for (i = 0; i < 6; i++)
		server_script(server, "/token", 400, 0, PENDING);
	script_tokens("k", "");
	test_clock_forget();
	assert_int_equal(run(), REASON_GRANTED);
	/* 1, 2, 4, 8, 16, and then six times 1 again, not six times 16 */
	assert_int_equal(test_clock_armed(1), 7);
	assert_int_equal(test_clock_armed(16), 1);
}

/* Who approved in time is not late because the keys are. */
static void
test_deadline_in_new_keys(void **state UNUSED)
{
	script_code(10);
	script_tokens("other", "");
	begin();
	server_run(base, &flow.ready);
	server_clear(server, "/jwks");
	server_script(server, "/jwks", SERVER_STALL, 0, "");
	assert_int_equal(finish(), REASON_PROVIDER_UNREACHABLE);
}

static void
test_nonce(void **state UNUSED)
{
	flow.plan = MINT;
	server_script(server, "/token", 400, 0, PENDING);
	assert_int_equal(run(), REASON_GRANTED);
	flow.plan = STAY;
	server_clear(server, "/token");
	script_tokens("k", ",\"nonce\":\"another\"");
	assert_int_equal(run(), REASON_TOKEN_NONCE);
}

static void
test_policy(void **state UNUSED)
{
	const struct flow_policy recent = { .max_age = 900 };
	const struct flow_policy fresh = { .fresh_auth = true };
	char phr[] = "phr", *methods[] = { phr }, *claims;
	const struct flow_policy passkey = { .amr = methods, .amr_count = 1 };

	script_tokens("k", ",\"auth_time\":1000");
	begin_with(recent);
	assert_int_equal(finish(), REASON_AUTH_TOO_OLD);
	begin_with(fresh);
	assert_int_equal(finish(), REASON_AUTH_NOT_FRESH);
	begin_with(passkey);
	assert_int_equal(finish(), REASON_AUTH_METHOD);
	server_clear(server, "/token");
	claims = mint_text(",\"auth_time\":%lld,\"amr\":[\"phr\"]",
	    (long long)clock_wall() - 60);
	script_tokens("k", claims);
	free(claims);
	begin_with(recent);
	assert_int_equal(finish(), REASON_GRANTED);
	begin_with(fresh);
	assert_int_equal(finish(), REASON_GRANTED);
	begin_with(passkey);
	assert_int_equal(finish(), REASON_GRANTED);
}

static void
test_at_hash(void **state UNUSED)
{
	script_tokens("k", ",\"at_hash\":\"AAAAAAAAAAAAAAAAAAAAAA\"");
	assert_int_equal(run(), REASON_TOKEN_HASH);
}

/* The provider changed its key after we had fetched the former one. */
static void
test_key_rotation(void **state UNUSED)
{
	script_tokens("k", "");
	assert_int_equal(run(), REASON_GRANTED);
	mint_key_free(key);
	key = mint_key("P-256", 0);
	script_keys("k2");
	server_clear(server, "/token");
	script_tokens("k2", "");
	assert_int_equal(run(), REASON_GRANTED);
	assert_int_equal(server_count(server, "/jwks"), 2);
}

static void
replace_key(const char *kind, bool named)
{
	char *jwk, *jwks;

	mint_key_free(key);
	key = mint_key(kind, 0);
	jwk = mint_jwk(key, named ? ",\"kid\":\"k\"" : "");
	jwks = mint_text("{\"keys\":[%s]}", jwk);
	server_clear(server, "/jwks");
	server_script(server, "/jwks", 200, 0, jwks);
	free(jwk);
	free(jwks);
}

/* All keys change at once: by their algorithm, or unseen, under the same name
 * or none. */
static void
test_key_replaced(void **state UNUSED)
{
	static const struct {
		const char	*was;
		const char	*is;
		bool		 named;
	} rows[] = {
		{ "P-256", "P-256", true }, { "P-256", "P-256", false },
		{ "P-384", "P-256", true }, { "Ed25519", "P-256", false },
	};
	unsigned int fetched;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		replace_key(rows[i].was, rows[i].named);
		test_clock_skip(60 * 60 + 1);
		server_clear(server, "/token");
		server_script(server, "/token", 400, 0, PENDING);
		begin();
		server_run(base, &flow.ready);
		fetched = server_count(server, "/jwks");
		replace_key(rows[i].is, rows[i].named);
		server_clear(server, "/token");
		script_tokens(rows[i].named ? "k" : NULL, "");
		if (finish() != REASON_GRANTED)
			fail_msg("row %zu", i);
		assert_int_equal(server_count(server, "/jwks"), fetched + 1);
	}
}

static void
test_unknown_key(void **state UNUSED)
{
	script_tokens("nobody's", "");
	assert_int_equal(run(), REASON_TOKEN_KEY);
	assert_int_equal(server_count(server, "/jwks"), 2);
	assert_int_equal(run(), REASON_TOKEN_KEY);
	assert_int_equal(server_count(server, "/jwks"), 2);
}

static void
test_first_request(void **state UNUSED)
{
	static const struct {
		int		 status;
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ 401, "{\"error\":\"invalid_client\"}",
		    REASON_CLIENT_REFUSED },
		{ 400, "{\"error\":\"invalid_request\"}",
		    REASON_REQUEST_REFUSED },
		{ 429, "{}", REASON_PROVIDER_LIMITED },
		{ 500, "", REASON_PROVIDER_BUSY },
		{ SERVER_DROP, "", REASON_PROVIDER_UNREACHABLE },
		{ 302, "/", REASON_PROVIDER_REDIRECT },
		{ 204, "", REASON_PROVIDER_REPLY },
		{ 200, "[]", REASON_PROVIDER_REPLY },
		{ 200, "x", REASON_PROVIDER_REPLY },
		{ 201, "{\"device_code\":\"d\",\"user_code\":\"A\","
		    "\"verification_uri\":\"https://id.example\","
		    "\"expires_in\":9}", REASON_PROVIDER_REPLY },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		server_clear(server, "/device");
		server_script(server, "/device", rows[i].status, 0,
		    rows[i].body);
		if (run() != rows[i].reason)
			fail_msg("%d %s", rows[i].status, rows[i].body);
		assert_int_equal(flow.ready, 0);
	}
}

static void
test_giant_answer(void **state UNUSED)
{
	char *big = malloc(2 * 1024 * 1024);

	assert_non_null(big);
	memset(big, ' ', 2 * 1024 * 1024);
	big[2 * 1024 * 1024 - 1] = '\0';
	server_script(server, "/token", 400, 0, big);
	free(big);
	assert_int_equal(run(), REASON_PROVIDER_OVERSIZED);
}

static void
test_provider_fails(void **state UNUSED)
{
	script_discovery(NULL);
	assert_int_equal(run(), REASON_DEVICE_UNSUPPORTED);
}

static void
test_discovery_fails(void **state UNUSED)
{
	server_clear(server, DISCOVERY);
	server_script(server, DISCOVERY, 200, 0, "{\"issuer\":\"x\"}");
	assert_int_equal(run(), REASON_DISCOVERY_ISSUER);
}

/* Leave while the request for path hangs. */
static void
leave_with_stalled(const char *path)
{
	server_clear(server, path);
	server_script(server, path, SERVER_STALL, 0, "");
	begin();
	server_await(base, server, path, 1);
	assert_int_equal(server_count(server, path), 1);
	leave();
	server_idle(base, 60);
	assert_int_equal(flow.done, 0);
}

static void
test_leave_at_once(void **state UNUSED)
{
	begin();
	leave();
	server_idle(base, 60);
	assert_int_equal(flow.done + flow.ready, 0);
	device_free(NULL);
}

static void
test_leave_in_discovery(void **state UNUSED)
{
	leave_with_stalled(DISCOVERY);
}

static void
test_leave_in_keys(void **state UNUSED)
{
	leave_with_stalled("/jwks");
}

static void
test_leave_in_first_request(void **state UNUSED)
{
	leave_with_stalled("/device");
}

static void
test_leave_in_poll(void **state UNUSED)
{
	leave_with_stalled("/token");
}

static void
test_leave_between_polls(void **state UNUSED)
{
	server_script(server, "/token", 400, 0, PENDING);
	begin();
	server_await(base, server, "/token", 2);
	leave();
	server_idle(base, 50);
	assert_int_equal(flow.done, 0);
}

static void
test_leave_in_new_keys(void **state UNUSED)
{
	script_tokens("other", "");
	begin();
	server_run(base, &flow.ready);
	server_clear(server, "/jwks");
	server_script(server, "/jwks", SERVER_STALL, 0, "");
	server_await(base, server, "/jwks", 2);
	assert_int_equal(server_count(server, "/jwks"), 2);
	leave();
	server_idle(base, 60);
	assert_int_equal(flow.done, 0);
}

static void
test_leave_in_ready(void **state UNUSED)
{
	flow.plan = LEAVE_IN_READY;
	begin();
	server_run(base, &flow.ready);
	server_idle(base, 60);
	assert_int_equal(flow.ready, 1);
	assert_int_equal(flow.done, 0);
	assert_int_equal(polls(), 0);
}

static void
test_leave_in_done(void **state UNUSED)
{
	flow.plan = LEAVE_IN_DONE;
	script_tokens("k", "");
	assert_int_equal(run(), REASON_GRANTED);
	server_clear(server, "/token");
	server_script(server, "/token", 403, 0,
	    "{\"error\":\"access_denied\"}");
	assert_int_equal(run(), REASON_ACCESS_DENIED);
	server_clear(server, "/token");
	server_script(server, "/token", 400, 0, PENDING);
	script_code(3);
	assert_int_equal(run(), REASON_TIMED_OUT);
}

/* Two flows at one provider do not disturb each other. */
static void
test_two_flows(void **state UNUSED)
{
	struct device *first;

	server_script(server, "/token", 400, 0, PENDING);
	server_script(server, "/token", 400, 0, PENDING);
	script_tokens("k", "");
	begin();
	first = flow.device;
	begin();
	device_free(first);
	assert_int_equal(finish(), REASON_GRANTED);
	assert_int_equal(server_count(server, DISCOVERY), 1);
}

static int
setup(void **state UNUSED)
{
	char word[] = "s";
	const struct secret secret = { word, 1 };
	struct provider_config config = {
		.client_id = "client", .scopes = "openid groups",
		.client_secret = &secret, .timeout = 2,
		.client_auth = CLIENT_AUTH_SECRET_POST,
		.http_loopback = true,
	};

	memset(&flow, 0, sizeof(flow));
	key = mint_key("P-256", 0);
	base = event_base_new();
	server = server_new(base);
	config.issuer = server_url(server);
	script_discovery("/device\"");
	script_keys("k");
	script_code(900);
	return provider_new(base, &config, &provider);
}

static int
teardown(void **state UNUSED)
{
	device_free(flow.device);
	provider_free(provider);
	server_free(server);
	event_base_free(base);
	mint_key_free(key);
	return 0;
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_granted), TEST(test_answers),
		TEST(test_trouble_passes), TEST(test_deadline),
		TEST(test_deadline_in_poll), TEST(test_deadline_at_any_look),
		TEST(test_slow_down),
		TEST(test_retry_after), TEST(test_back_off),
		TEST(test_back_off_ends), TEST(test_deadline_in_new_keys),
		TEST(test_nonce),
		TEST(test_policy), TEST(test_at_hash),
		TEST(test_key_rotation), TEST(test_key_replaced),
		TEST(test_unknown_key),
		TEST(test_first_request), TEST(test_giant_answer),
		TEST(test_provider_fails), TEST(test_discovery_fails),
		TEST(test_leave_at_once), TEST(test_leave_in_discovery),
		TEST(test_leave_in_keys), TEST(test_leave_in_first_request),
		TEST(test_leave_in_poll), TEST(test_leave_between_polls),
		TEST(test_leave_in_new_keys), TEST(test_leave_in_ready),
		TEST(test_leave_in_done), TEST(test_two_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
