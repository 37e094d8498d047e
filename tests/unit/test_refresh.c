/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every answer to a refresh, and what became of the token: it is sent once,
 * and a new one is never dropped.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/refresh.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_scene.h"
#include "tests/unit/oidc_server.h"

static struct {
	struct refresh		*refresh;
	int			 done;
	enum refresh_outcome	 outcome;
	enum reason		 reason;
	uint32_t		 retry_after;
	char			 token[64];
	char			 sub[64];	/* "-": no claims */
	char			 groups[64];	/* the first */
	bool			 has_auth_time;
	bool			 leave;
} end;

static void
done(void *arg UNUSED, struct refresh_end *from)
{
	const char *sub = "-", *group;

	end.done++;
	end.outcome = from->outcome;
	end.reason = from->reason;
	end.retry_after = from->retry_after;
	assert_true((from->outcome == REFRESH_RENEWED) ==
	    (from->reason == REASON_GRANTED));
	assert_non_null(from->detail);
	if (from->refresh_token.len > 0)
		strncpy(end.token, from->refresh_token.data,
		    sizeof(end.token) - 1);
	if (from->claims != NULL)
		sub = json_get_string(from->claims, "sub");
	strncpy(end.sub, sub, sizeof(end.sub) - 1);
	if (from->claims != NULL) {
		group = json_string(json_at(json_get(from->claims, "groups"),
		    0));
		strncpy(end.groups, group == NULL ? "" : group,
		    sizeof(end.groups) - 1);
		end.has_auth_time = json_get(from->claims, "auth_time") !=
		    NULL;
	}
	if (from->outcome == REFRESH_RENEWED) {
		assert_string_equal(from->access_token.data, "at");
	} else {
		assert_null(from->claims);
		assert_int_equal(from->access_token.len, 0);
		assert_int_equal(from->id_token.len, 0);
	}
	if (end.leave) {
		refresh_free(end.refresh);
		end.refresh = NULL;
	}
}

static const char *scope;

static void
begin(void)
{
	char word[] = "rt+1";
	const struct secret token = { word, 4 };
	const struct refresh_request request = {
		.refresh_token = &token, .subject = "7f7c", .done = done,
		.scope = scope,
	};
	bool leave = end.leave;

	memset(&end, 0, sizeof(end));
	end.leave = leave;
	assert_int_equal(refresh_start(scene.provider, &request,
	    &end.refresh), 0);
	assert_int_equal(end.done, 0);
}

static enum refresh_outcome
run(void)
{
	begin();
	server_run(scene.base, &end.done);
	assert_int_equal(end.done, 1);
	server_idle(scene.base, 20);
	assert_int_equal(end.done, 1);
	refresh_free(end.refresh);
	end.refresh = NULL;
	return end.outcome;
}

/* /token answers with these tokens besides the access token. */
static void
script_tokens(const char *id_token, const char *more)
{
	char *text = mint_text("{\"access_token\":\"at\",\"token_type\":"
	    "\"bearer\"%s%s%s%s}", id_token != NULL ? ",\"id_token\":\"" : "",
	    id_token != NULL ? id_token : "", id_token != NULL ? "\"" : "",
	    more);

	server_clear(scene.server, "/token");
	server_script(scene.server, "/token", 200, 0, text);
	free(text);
}

#define NEW	",\"refresh_token\":\"rt2\""

static void
script_good(const char *kid, const char *sub, const char *claims)
{
	char *id_token = scene_id_token(kid, sub, claims);

	script_tokens(id_token, NEW);
	free(id_token);
}

static void
test_renewed(void **state UNUSED)
{
	script_good("k", "7f7c", ",\"nonce\":\"of the sign-in\"");
	assert_int_equal(run(), REFRESH_RENEWED);
	assert_string_equal(end.token, "rt2");
	assert_string_equal(end.sub, "7f7c");
	assert_string_equal(server_body(scene.server, "/token"),
	    "grant_type=refresh_token&refresh_token=rt%2B1&client_id=client");
	assert_int_equal(server_count(scene.server, "/token"), 1);
}

/* Only who asks for less says a scope. */
static void
test_scope(void **state UNUSED)
{
	script_good("k", "7f7c", "");
	scope = "openid email";
	assert_int_equal(run(), REFRESH_RENEWED);
	scope = NULL;
	assert_string_equal(server_body(scene.server, "/token"),
	    "grant_type=refresh_token&refresh_token=rt%2B1"
	    "&scope=openid%20email&client_id=client");
}

/* Core 12.2: no ID token need come, nor a refresh token (RFC 6749 6). */
static void
test_renewed_without(void **state UNUSED)
{
	script_tokens(NULL, NEW);
	assert_int_equal(run(), REFRESH_RENEWED);
	assert_string_equal(end.sub, "-");
	assert_string_equal(end.token, "rt2");
	script_tokens(NULL, "");
	assert_int_equal(run(), REFRESH_RENEWED);
	assert_string_equal(end.token, "");
}

/* Discovery tells of a userinfo endpoint, which answers so. */
static void
script_userinfo(int status, const char *body)
{
	const char *url = server_url(scene.server);
	char *text;

	text = mint_text("{\"issuer\":\"%s\",\"token_endpoint\":"
	    "\"%s/token\",\"jwks_uri\":\"%s/jwks\","
	    "\"userinfo_endpoint\":\"%s/userinfo\"}", url, url, url, url);
	server_clear(scene.server, "/.well-known/openid-configuration");
	server_script(scene.server, "/.well-known/openid-configuration", 200,
	    0, text);
	free(text);
	server_clear(scene.server, "/userinfo");
	server_type(scene.server, "/userinfo", "application/json");
	server_script(scene.server, "/userinfo", status, 0, body);
}

/* Without an ID token userinfo tells her groups, if it is about her. */
static void
test_userinfo_tells(void **state UNUSED)
{
	script_userinfo(200, "{\"sub\":\"7f7c\",\"groups\":[\"staff\"],"
	    "\"auth_time\":7}");
	script_tokens(NULL, NEW);
	assert_int_equal(run(), REFRESH_RENEWED);
	assert_string_equal(end.sub, "7f7c");
	assert_string_equal(end.groups, "staff");
	/* Userinfo knows nothing of a sign-in. */
	assert_false(end.has_auth_time);
	assert_string_equal(end.token, "rt2");
	/* With less scope it would tell less. */
	scope = "openid";
	assert_int_equal(run(), REFRESH_RENEWED);
	scope = NULL;
	assert_string_equal(end.sub, "-");
	assert_int_equal(server_count(scene.server, "/userinfo"), 1);
	/* With an ID token it is not asked unless the configuration wants. */
	script_good("k", "7f7c", "");
	assert_int_equal(run(), REFRESH_RENEWED);
	assert_int_equal(server_count(scene.server, "/userinfo"), 1);
}

static void
test_userinfo_tells_of_another(void **state UNUSED)
{
	script_userinfo(200, "{\"sub\":\"7f7d\",\"groups\":[\"admins\"]}");
	script_tokens(NULL, NEW);
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.reason, REASON_USERINFO_SUBJECT);
	assert_string_equal(end.token, "rt2");
}

/* The refresh itself was a proof. */
static void
test_userinfo_fails(void **state UNUSED)
{
	static const struct {
		int		 status;
		const char	*body;
	} rows[] = {
		{ 401, "{}" }, { 500, "" }, { 200, "<html>" },
		{ SERVER_DROP, "" }, { SERVER_STALL, "" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		script_userinfo(rows[i].status, rows[i].body);
		script_tokens(NULL, NEW);
		assert_int_equal(run(), REFRESH_RENEWED);
		assert_string_equal(end.sub, "-");
		assert_string_equal(end.token, "rt2");
	}
}

/* What the provider answers, but for tokens. */
static void
test_answers(void **state UNUSED)
{
	static const struct {
		int			 status;
		const char		*body;
		enum refresh_outcome	 outcome;
		enum reason		 reason;
	} rows[] = {
		{ 400, "{\"error\":\"invalid_grant\"}", REFRESH_REVOKED,
		    REASON_GRANT_INVALID },
		{ 403, "{\"error\":\"access_denied\"}", REFRESH_REVOKED,
		    REASON_ACCESS_DENIED },
		{ 400, "{\"error\":\"access_denied\"}", REFRESH_REVOKED,
		    REASON_ACCESS_DENIED },
		/* a redirect is nobody's word */
		{ 302, "{\"error\":\"invalid_grant\"}", REFRESH_TRY_LATER,
		    REASON_PROVIDER_REDIRECT },
		{ 401, "{\"error\":\"invalid_client\"}", REFRESH_TRY_LATER,
		    REASON_CLIENT_REFUSED },
		{ 400, "{\"error\":\"unauthorized_client\"}",
		    REFRESH_TRY_LATER, REASON_CLIENT_REFUSED },
		{ 400, "{\"error\":\"expired_token\"}", REFRESH_TRY_LATER,
		    REASON_GRANT_INVALID },
		{ 400, "{\"error\":\"invalid_request\"}", REFRESH_TRY_LATER,
		    REASON_REQUEST_REFUSED },
		{ 403, "{\"error\":\"You may not do that.\"}",
		    REFRESH_TRY_LATER, REASON_PROVIDER_REPLY },
		{ 400, "", REFRESH_TRY_LATER, REASON_PROVIDER_REPLY },
		{ 403, "<html>access_denied", REFRESH_TRY_LATER,
		    REASON_PROVIDER_REPLY },
		{ 400, "{\"error\":[\"invalid_grant\"]}", REFRESH_TRY_LATER,
		    REASON_PROVIDER_REPLY },
		{ 404, "{}", REFRESH_TRY_LATER, REASON_PROVIDER_REPLY },
		{ 429, "{\"error\":\"invalid_grant\"}", REFRESH_TRY_LATER,
		    REASON_PROVIDER_LIMITED },
		{ 500, "{\"error\":\"access_denied\"}", REFRESH_TRY_LATER,
		    REASON_PROVIDER_BUSY },
		{ 503, "", REFRESH_TRY_LATER, REASON_PROVIDER_BUSY },
		/* a gateway does not know what became of it */
		{ 502, "", REFRESH_LOST, REASON_PROVIDER_BUSY },
		{ 504, "", REFRESH_LOST, REASON_PROVIDER_BUSY },
		{ 520, "", REFRESH_LOST, REASON_PROVIDER_BUSY },
		/* it was done, but what came of it cannot be read */
		{ 200, "", REFRESH_LOST, REASON_PROVIDER_REPLY },
		{ 200, "<html>", REFRESH_LOST, REASON_PROVIDER_REPLY },
		{ 200, "[]", REFRESH_LOST, REASON_PROVIDER_REPLY },
		{ 200, "{\"refresh_token\":\"r\"", REFRESH_LOST,
		    REASON_PROVIDER_REPLY },
		{ 204, "", REFRESH_LOST, REASON_PROVIDER_REPLY },
		/* it can be read, and no new token is in it */
		{ 200, "{}", REFRESH_TRY_LATER, REASON_PROVIDER_REPLY },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		server_clear(scene.server, "/token");
		server_script(scene.server, "/token", rows[i].status, 0,
		    rows[i].body);
		if (run() != rows[i].outcome || end.reason != rows[i].reason)
			fail_msg("%d %s: %d %s", rows[i].status, rows[i].body,
			    (int)end.outcome, reason_code(end.reason));
		assert_string_equal(end.token, "");
		assert_int_equal(server_count(scene.server, "/token"), i + 1);
	}
}

static void
test_retry_after(void **state UNUSED)
{
	server_script(scene.server, "/token", 429, 77, "{}");
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.retry_after, 77);
}

/* Whatever else is wrong, the new token is the one that counts now. */
static void
test_new_token_survives(void **state UNUSED)
{
	static const struct {
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ "{\"token_type\":\"bearer\"" NEW "}", REASON_PROVIDER_REPLY },
		{ "{\"access_token\":\"at\",\"token_type\":\"mac\"" NEW "}",
		    REASON_PROVIDER_REPLY },
		{ "{\"access_token\":\"at\",\"token_type\":\"bearer\","
		    "\"id_token\":7" NEW "}", REASON_PROVIDER_REPLY },
		{ "{\"access_token\":\"at\",\"token_type\":\"bearer\","
		    "\"id_token\":\"a.b.c\"" NEW "}", REASON_TOKEN_MALFORMED },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		server_clear(scene.server, "/token");
		server_script(scene.server, "/token", 200, 0, rows[i].body);
		assert_int_equal(run(), REFRESH_TRY_LATER);
		assert_int_equal(end.reason, rows[i].reason);
		assert_string_equal(end.token, "rt2");
	}
}

/* Core 12.2: the same person, issuer and audience; signed, not expired. */
static void
test_id_token(void **state UNUSED)
{
	script_good("k", "another", "");
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.reason, REASON_TOKEN_SUBJECT);
	assert_string_equal(end.token, "rt2");
	script_good("k", "7f7c", ",\"azp\":\"another\"");
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.reason, REASON_TOKEN_AUDIENCE);
	script_good("k", "7f7c", ",\"at_hash\":\"AAAAAAAAAAAAAAAAAAAAAA\"");
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.reason, REASON_TOKEN_HASH);
	/* the sign-in may have been long ago */
	script_good("k", "7f7c", ",\"auth_time\":1000");
	assert_int_equal(run(), REFRESH_RENEWED);
}

static void
test_new_keys(void **state UNUSED)
{
	script_good("k", "7f7c", "");
	assert_int_equal(run(), REFRESH_RENEWED);
	script_good("k2", "7f7c", "");
	scene_keys("k2");
	assert_int_equal(run(), REFRESH_RENEWED);
	assert_int_equal(server_count(scene.server, "/jwks"), 2);
	script_good("k3", "7f7c", "");
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.reason, REASON_TOKEN_KEY);
	assert_string_equal(end.token, "rt2");
}

/* It left, and nothing came back. */
static void
test_no_answer(void **state UNUSED)
{
	server_script(scene.server, "/token", SERVER_STALL, 0, "");
	assert_int_equal(run(), REFRESH_LOST);
	assert_int_equal(end.reason, REASON_PROVIDER_UNREACHABLE);
	server_clear(scene.server, "/token");
	server_script(scene.server, "/token", SERVER_DROP, 0, "");
	assert_int_equal(run(), REFRESH_LOST);
	assert_int_equal(end.reason, REASON_PROVIDER_UNREACHABLE);
	assert_int_equal(server_count(scene.server, "/token"), 2);
}

static void
test_giant_answer(void **state UNUSED)
{
	char *big = malloc(2 * 1024 * 1024);

	assert_non_null(big);
	memset(big, ' ', 2 * 1024 * 1024);
	big[2 * 1024 * 1024 - 1] = '\0';
	server_script(scene.server, "/token", 200, 0, big);
	free(big);
	assert_int_equal(run(), REFRESH_LOST);
	assert_int_equal(end.reason, REASON_PROVIDER_OVERSIZED);
}

/* libcurl repeats what it sent on a connection that another request had used
 * before it died: not this. */
static void
test_not_repeated(void **state UNUSED)
{
	script_good("k", "7f7c", "");
	assert_int_equal(run(), REFRESH_RENEWED);
	server_clear(scene.server, "/token");
	server_script(scene.server, "/token", SERVER_DROP, 0, "");
	server_script(scene.server, "/token", 400, 0,
	    "{\"error\":\"invalid_grant\"}");
	assert_int_equal(run(), REFRESH_LOST);
	assert_int_equal(server_count(scene.server, "/token"), 2);
}

/* It never left: there is nobody at the token endpoint, or no provider. */
static void
test_not_sent(void **state UNUSED)
{
	const char *url = server_url(scene.server);
	char *text;

	text = mint_text("{\"issuer\":\"%s\",\"token_endpoint\":"
	    "\"http://127.0.0.1:1/token\",\"jwks_uri\":\"%s/jwks\"}", url, url);
	server_clear(scene.server, "/.well-known/openid-configuration");
	server_script(scene.server, "/.well-known/openid-configuration", 200,
	    0, text);
	free(text);
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.reason, REASON_PROVIDER_UNREACHABLE);
}

static void
test_no_discovery(void **state UNUSED)
{
	server_clear(scene.server, "/.well-known/openid-configuration");
	server_script(scene.server, "/.well-known/openid-configuration", 500,
	    0, "");
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(end.reason, REASON_PROVIDER_BUSY);
}

/* TLS is in the way: what is spoken there is not TLS at all. */
static void
test_no_tls(void **state UNUSED)
{
	const char *url = server_url(scene.server);
	char *text;

	text = mint_text("{\"issuer\":\"%s\",\"token_endpoint\":"
	    "\"https://%s/token\",\"jwks_uri\":\"%s/jwks\"}", url,
	    url + strlen("http://"), url);
	server_clear(scene.server, "/.well-known/openid-configuration");
	server_script(scene.server, "/.well-known/openid-configuration", 200,
	    0, text);
	free(text);
	assert_int_equal(run(), REFRESH_TRY_LATER);
	assert_int_equal(server_count(scene.server, "/token"), 0);
}

static void
test_leave(void **state UNUSED)
{
	static const char *const paths[] = {
		"/.well-known/openid-configuration", "/jwks", "/token",
	};
	size_t i;

	begin();
	refresh_free(end.refresh);
	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		scene_close();
		scene_open(NULL);
		server_clear(scene.server, paths[i]);
		server_script(scene.server, paths[i], SERVER_STALL, 0, "");
		begin();
		server_await(scene.base, scene.server, paths[i], 1);
		refresh_free(end.refresh);
		end.refresh = NULL;
		server_idle(scene.base, 30);
		assert_int_equal(end.done, 0);
	}
	refresh_free(NULL);
}

static void
test_leave_in_done(void **state UNUSED)
{
	end.leave = true;
	script_good("k", "7f7c", "");
	assert_int_equal(run(), REFRESH_RENEWED);
	script_tokens(NULL, "");
	assert_int_equal(run(), REFRESH_RENEWED);
	script_good("k", "another", "");
	assert_int_equal(run(), REFRESH_TRY_LATER);
	script_userinfo(500, "");
	script_tokens(NULL, "");
	assert_int_equal(run(), REFRESH_RENEWED);
	server_clear(scene.server, "/token");
	server_script(scene.server, "/token", 400, 0, "{}");
	assert_int_equal(run(), REFRESH_TRY_LATER);
}

static int
setup(void **state UNUSED)
{
	memset(&end, 0, sizeof(end));
	scene_open(NULL);
	return 0;
}

static int
teardown(void **state UNUSED)
{
	refresh_free(end.refresh);
	scene_close();
	return 0;
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_renewed), TEST(test_renewed_without),
		TEST(test_scope), TEST(test_userinfo_tells),
		TEST(test_userinfo_tells_of_another), TEST(test_userinfo_fails),
		TEST(test_answers), TEST(test_retry_after),
		TEST(test_new_token_survives), TEST(test_id_token),
		TEST(test_new_keys), TEST(test_no_answer),
		TEST(test_giant_answer), TEST(test_not_repeated),
		TEST(test_not_sent), TEST(test_no_discovery),
		TEST(test_no_tls), TEST(test_leave),
		TEST(test_leave_in_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
