/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery and keys: how often they are fetched, what is kept while the
 * provider is down, and who is told what.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/http.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/provider.h"
#include "tests/unit/oidc_clock.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_server.h"

#define DISCOVERY	"/.well-known/openid-configuration"
#define OAUTH		"/.well-known/oauth-authorization-server"
#define HOUR		(60 * 60)
#define JWK	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":" \
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

static struct event_base *base;
static struct server *server;
static struct provider *provider;

struct waiter {
	struct provider_wait	 wait;
	int			 told;
	enum reason		 reason;
};

static void
tell(void *arg, enum reason reason)
{
	struct waiter *waiter = arg;

	waiter->told++;
	waiter->reason = reason;
}

static void
start(struct waiter *waiter, enum provider_need need)
{
	memset(waiter, 0, sizeof(*waiter));
	waiter->wait.told = tell;
	waiter->wait.arg = waiter;
	provider_wait_start(provider, need, &waiter->wait);
	assert_int_equal(waiter->told, 0);
}

static enum reason
need(enum provider_need what)
{
	struct waiter waiter;

	start(&waiter, what);
	server_run(base, &waiter.told);
	assert_int_equal(waiter.told, 1);
	return waiter.reason;
}

static void
script_discovery_at(const char *path, const char *issuer_suffix)
{
	const char *url = server_url(server);
	char *text = mint_text("{\"issuer\":\"%s%s\",\"token_endpoint\":"
	    "\"%s/token\",\"jwks_uri\":\"%s/jwks\"}", url, issuer_suffix, url,
	    url);

	server_clear(server, path);
	server_script(server, path, 200, 0, text);
	free(text);
}

static void
script_discovery(const char *issuer_suffix)
{
	script_discovery_at(DISCOVERY, issuer_suffix);
}

static void
script_jwks(int status, const char *body)
{
	server_clear(server, "/jwks");
	server_script(server, "/jwks", status, 0, body);
}

static unsigned int
fetches(void)
{
	return server_count(server, DISCOVERY);
}

static void
test_cache(void **state UNUSED)
{
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(fetches(), 1);
	assert_int_equal(server_count(server, "/jwks"), 1);
	assert_int_equal(jwk_set_count(provider_keys(provider)), 1);
	assert_null(provider_device_endpoint(provider));
	assert_true(provider_last_answer(provider) > 0);
	assert_int_equal(provider_last_reason(provider), REASON_GRANTED);
	test_clock_skip(HOUR - 100);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(fetches(), 1);
	test_clock_skip(200);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(fetches(), 2);
	assert_int_equal(server_count(server, "/jwks"), 2);
}

/* A flow that was turned on at the provider is found by the next who wants it,
 * and one that is not there is not looked for again and again. */
static void
test_missing_flow(void **state UNUSED)
{
	static const struct {
		enum provider_need	 need;
		const char		*member;
		const char		*(*endpoint)(const struct provider *);
	} rows[] = {
		{ PROVIDER_DEVICE, "device_authorization_endpoint",
		    provider_device_endpoint },
		{ PROVIDER_BROWSER, "authorization_endpoint",
		    provider_authorization_endpoint },
	};
	const char *url = server_url(server);
	unsigned int before;
	char *text;
	size_t i;

	test_clock_hold(true);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		script_discovery("");
		test_clock_skip(HOUR);
		assert_int_equal(need(rows[i].need), REASON_GRANTED);
		before = fetches();
		/* below the floor */
		assert_int_equal(need(rows[i].need), REASON_GRANTED);
		assert_int_equal(fetches(), before);
		test_clock_skip(31);
		assert_int_equal(need(rows[i].need), REASON_GRANTED);
		assert_int_equal(fetches(), before + 1);
		assert_null(rows[i].endpoint(provider));
		text = mint_text("{\"issuer\":\"%s\",\"token_endpoint\":"
		    "\"%s/token\",\"jwks_uri\":\"%s/jwks\","
		    "\"%s\":\"%s/x\"}", url, url, url, rows[i].member, url);
		server_clear(server, DISCOVERY);
		server_script(server, DISCOVERY, 200, 0, text);
		free(text);
		test_clock_skip(31);
		assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
		assert_null(rows[i].endpoint(provider));
		assert_int_equal(need(rows[i].need), REASON_GRANTED);
		assert_non_null(rows[i].endpoint(provider));
		/* and who has it asks no more */
		test_clock_skip(31);
		assert_int_equal(need(rows[i].need), REASON_GRANTED);
		assert_int_equal(fetches(), before + 2);
	}
}

/* Somebody misses a flow while keys are on their way: it is not over with
 * the keys. */
static void
test_missing_flow_midway(void **state UNUSED)
{
	struct waiter keys, device;

	test_clock_hold(true);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	test_clock_skip(31);
	start(&keys, PROVIDER_NEW_KEYS);
	start(&device, PROVIDER_DEVICE);
	server_run(base, &device.told);
	assert_int_equal(device.reason, REASON_GRANTED);
	assert_int_equal(fetches(), 2);
	server_run(base, &keys.told);
	assert_int_equal(keys.reason, REASON_GRANTED);
}

/* The provider is down when it is asked again: what is known will do. */
static void
test_missing_flow_stale(void **state UNUSED)
{
	test_clock_hold(true);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	server_clear(server, DISCOVERY);
	server_script(server, DISCOVERY, 503, 0, "");
	test_clock_skip(31);
	assert_int_equal(need(PROVIDER_DEVICE), REASON_GRANTED);
	assert_int_equal(need(PROVIDER_DEVICE), REASON_GRANTED);
	assert_int_equal(fetches(), 2);
}

static void
test_single_flight(void **state UNUSED)
{
	struct waiter waiters[5], gone;
	size_t i;

	for (i = 0; i < 5; i++)
		start(&waiters[i], PROVIDER_READY);
	start(&gone, PROVIDER_READY);
	provider_wait_stop(provider, &gone.wait);
	provider_wait_stop(provider, &gone.wait);
	for (i = 0; i < 5; i++) {
		server_run(base, &waiters[i].told);
		assert_int_equal(waiters[i].told, 1);
		assert_int_equal(waiters[i].reason, REASON_GRANTED);
	}
	assert_int_equal(gone.told, 0);
	assert_int_equal(fetches(), 1);
	assert_int_equal(server_count(server, "/jwks"), 1);
	/* one who leaves after it was settled, before it was told */
	start(&gone, PROVIDER_READY);
	provider_wait_stop(provider, &gone.wait);
	server_idle(base, 20);
	assert_int_equal(gone.told, 0);
}

/* The last who waits frees the provider. */
static void
free_provider(void *arg, enum reason reason)
{
	provider_free(provider);
	provider = NULL;
	tell(arg, reason);
}

static void
test_free_in_callback(void **state UNUSED)
{
	struct waiter waiter;

	start(&waiter, PROVIDER_READY);
	waiter.wait.told = free_provider;
	server_run(base, &waiter.told);
	assert_int_equal(waiter.told, 1);
	server_idle(base, 20);
}

static void
test_new_keys(void **state UNUSED)
{
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	script_jwks(200, "{\"keys\":[" JWK "," JWK "]}");
	assert_int_equal(need(PROVIDER_NEW_KEYS), REASON_GRANTED);
	assert_int_equal(jwk_set_count(provider_keys(provider)), 2);
	assert_int_equal(server_count(server, "/jwks"), 2);
	/* below the floor nothing is fetched */
	assert_int_equal(need(PROVIDER_NEW_KEYS), REASON_GRANTED);
	assert_int_equal(server_count(server, "/jwks"), 2);
	test_clock_skip(31);
	assert_int_equal(need(PROVIDER_NEW_KEYS), REASON_GRANTED);
	assert_int_equal(server_count(server, "/jwks"), 3);
	assert_int_equal(fetches(), 1);
}

static void
test_new_keys_fail(void **state UNUSED)
{
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	script_jwks(503, "");
	assert_int_equal(need(PROVIDER_NEW_KEYS), REASON_PROVIDER_BUSY);
	assert_int_equal(jwk_set_count(provider_keys(provider)), 1);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
}

/* While the provider is down, what is known goes on; it is asked again, but
 * not by every sign-in. */
static void
test_stale(void **state UNUSED)
{
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	test_clock_skip(HOUR + 1);
	server_clear(server, DISCOVERY);
	server_script(server, DISCOVERY, 500, 0, "");
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(provider_last_reason(provider), REASON_PROVIDER_BUSY);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(fetches(), 2);
	test_clock_skip(31);
	script_discovery("");
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(fetches(), 3);
	assert_int_equal(server_count(server, "/jwks"), 2);
}

/* A provider that is up and says something else is believed: it fails. */
static void
test_stale_issuer(void **state UNUSED)
{
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	test_clock_skip(HOUR + 1);
	script_discovery("/other");
	assert_int_equal(need(PROVIDER_READY), REASON_DISCOVERY_ISSUER);
}

static void
test_failures(void **state UNUSED)
{
	static const struct {
		int		 status;
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ 404, "{}", REASON_PROVIDER_REPLY },
		{ 302, "/", REASON_PROVIDER_REDIRECT },
		{ 204, "", REASON_PROVIDER_REPLY },
		{ 429, "{\"error\":\"Too many requests\"}",
		    REASON_PROVIDER_LIMITED },
		{ 500, "{}", REASON_PROVIDER_BUSY },
		{ 200, "<html>", REASON_PROVIDER_REPLY },
		{ 200, "[]", REASON_PROVIDER_REPLY },
		{ 200, "{}", REASON_PROVIDER_REPLY },
		{ SERVER_STALL, "", REASON_PROVIDER_UNREACHABLE },
		{ SERVER_DROP, "", REASON_PROVIDER_UNREACHABLE },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		server_clear(server, DISCOVERY);
		server_script(server, DISCOVERY, rows[i].status, 0,
		    rows[i].body);
		if (need(PROVIDER_READY) != rows[i].reason)
			fail_msg("discovery, row %zu", i);
		assert_int_equal(provider_last_reason(provider),
		    rows[i].reason);
	}
	script_discovery("");
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		script_jwks(rows[i].status, rows[i].body);
		if (need(PROVIDER_READY) != rows[i].reason)
			fail_msg("keys, row %zu", i);
	}
	script_jwks(200, "{\"keys\":[]}");
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
}

static void
test_wrong_issuer(void **state UNUSED)
{
	script_discovery("/");
	assert_int_equal(need(PROVIDER_READY), REASON_DISCOVERY_ISSUER);
	assert_int_equal(server_count(server, "/jwks"), 0);
}

/* Keys are not believed for ever: who could have withdrawn them is gone. */
static void
test_too_stale(void **state UNUSED)
{
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	script_jwks(503, "");
	test_clock_skip(7 * 24 * HOUR - 60);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	test_clock_skip(120);
	assert_int_equal(need(PROVIDER_READY), REASON_PROVIDER_BUSY);
	script_jwks(200, "{\"keys\":[" JWK "]}");
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
}

/* RFC 8414 3, asked when there is nothing at the first place. */
static void
test_second_place(void **state UNUSED)
{
	server_script(server, OAUTH, 200, 0, "{}");
	server_clear(server, DISCOVERY);
	server_script(server, DISCOVERY, 404, 0, "<html>");
	assert_int_equal(need(PROVIDER_READY), REASON_PROVIDER_REPLY);
	assert_int_equal(server_count(server, OAUTH), 1);
	server_clear(server, OAUTH);
	server_script(server, OAUTH, 404, 0, "");
	assert_int_equal(need(PROVIDER_READY), REASON_PROVIDER_REPLY);
	assert_int_equal(fetches(), 2);
	assert_int_equal(server_count(server, OAUTH), 2);
	server_clear(server, OAUTH);
	script_discovery_at(OAUTH, "/");
	assert_int_equal(need(PROVIDER_READY), REASON_DISCOVERY_ISSUER);
	server_clear(server, OAUTH);
	script_discovery_at(OAUTH, "");
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	/* an hour later the first place is the first again */
	test_clock_skip(HOUR + 1);
	script_discovery("");
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(server_count(server, OAUTH), 4);
	/* and any other failure is one */
	test_clock_skip(HOUR + 1);
	server_clear(server, DISCOVERY);
	server_script(server, DISCOVERY, 403, 0, "");
	assert_int_equal(need(PROVIDER_READY), REASON_PROVIDER_REPLY);
	assert_int_equal(server_count(server, OAUTH), 4);
}

static struct provider *
make(struct provider_config *config)
{
	struct provider *made;

	config->client_id = "c d";
	config->scopes = "openid";
	config->timeout = 1;
	config->http_loopback = true;
	if (config->issuer == NULL)
		config->issuer = server_url(server);
	assert_int_equal(provider_new(base, config, &made), 0);
	return made;
}

/* Endpoints that were given are all there is, on whatever host. */
static void
test_no_discovery(void **state UNUSED)
{
	struct provider_config config = { .issuer = "https://id.example" };
	char *jwks = mint_text("%s/jwks", server_url(server));

	provider_free(provider);
	config.endpoints[DISCOVERY_TOKEN] = "https://id.example/token";
	config.endpoints[DISCOVERY_JWKS] = jwks;
	config.endpoints[DISCOVERY_AUTHORIZATION] = "https://id.example/a";
	provider = make(&config);
	free(jwks);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(fetches(), 0);
	assert_string_equal(provider_token_endpoint(provider),
	    "https://id.example/token");
	assert_string_equal(provider_authorization_endpoint(provider),
	    "https://id.example/a");
	assert_null(provider_device_endpoint(provider));
	assert_null(provider_userinfo_endpoint(provider));
	assert_false(provider_iss_parameter_supported(provider));
	test_clock_skip(HOUR + 1);
	assert_int_equal(need(PROVIDER_READY), REASON_GRANTED);
	assert_int_equal(fetches(), 0);
	assert_int_equal(server_count(server, "/jwks"), 2);
}

static void
posted(void *arg, const struct http_reply *reply UNUSED)
{
	int *done = arg;

	*done = 1;
}

/* A client of each kind sends its proof once, where it belongs. */
static void
test_post(void **state UNUSED)
{
	char word[] = "s&t";
	const struct secret secret = { word, 3 };
	struct provider_config config = { .client_secret = &secret };
	struct secret form = SECRET_INIT;
	struct http_exchange *exchange;
	int round, done;
	char *url = mint_text("%s/post", server_url(server));

	server_script(server, "/post", 200, 0, "{}");
	for (round = 0; round < 3; round++) {
		provider_free(provider);
		if (round == 1)
			config.client_auth = CLIENT_AUTH_SECRET_POST;
		if (round == 2) {
			config.client_auth = CLIENT_AUTH_ASSERTION;
			config.client_assertion_file = "/nonexistent";
		}
		provider = make(&config);
		done = 0;
		assert_int_equal(secret_set(&form, "a=b", 3), 0);
		if (round == 2) {
			assert_int_equal(provider_post(provider, url, &form,
			    posted, &done, &exchange),
			    REASON_CLIENT_CREDENTIAL);
			break;
		}
		assert_int_equal(provider_post(provider, url, &form, posted,
		    &done, &exchange), REASON_GRANTED);
		server_run(base, &done);
		assert_string_equal(server_authorization(server, "/post"),
		    round == 0 ? "Basic YyUyMGQ6cyUyNnQ=" : "");
		assert_string_equal(server_body(server, "/post"), round == 0 ?
		    "a=b&client_id=c%20d" :
		    "a=b&client_id=c%20d&client_secret=s%26t");
	}
	secret_free(&form);
	free(url);
}

static void
test_bad_config(void **state UNUSED)
{
	struct provider_config config = {
		.issuer = "http://id.example", .client_id = "c",
		.scopes = "openid", .timeout = 1,
	};
	struct provider *none = NULL;

	assert_int_equal(provider_new(base, &config, &none), -EINVAL);
	config.issuer = "https://id.example";
	config.endpoints[DISCOVERY_USERINFO] = "http://id.example/u";
	assert_int_equal(provider_new(base, &config, &none), -EINVAL);
	config.endpoints[DISCOVERY_USERINFO] = NULL;
	config.client_auth = CLIENT_AUTH_PRIVATE_KEY;
	assert_int_equal(provider_new(base, &config, &none), -EINVAL);
	assert_null(none);
	provider_free(NULL);
}

static int
setup(void **state UNUSED)
{
	struct provider_config config = {
		.client_id = "client", .scopes = "openid", .timeout = 1,
		.http_loopback = true,
	};

	base = event_base_new();
	server = server_new(base);
	config.issuer = server_url(server);
	script_discovery("");
	script_jwks(200, "{\"keys\":[" JWK "]}");
	return provider_new(base, &config, &provider);
}

static int
teardown(void **state UNUSED)
{
	provider_free(provider);
	provider = NULL;
	server_free(server);
	event_base_free(base);
	test_clock_hold(false);
	return 0;
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cache), TEST(test_single_flight),
		TEST(test_free_in_callback), TEST(test_new_keys),
		TEST(test_new_keys_fail), TEST(test_stale),
		TEST(test_stale_issuer), TEST(test_failures),
		TEST(test_wrong_issuer), TEST(test_bad_config),
		TEST(test_too_stale), TEST(test_second_place),
		TEST(test_no_discovery), TEST(test_post),
		TEST(test_missing_flow), TEST(test_missing_flow_midway),
		TEST(test_missing_flow_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
