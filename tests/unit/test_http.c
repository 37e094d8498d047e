/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HTTP: what is sent, every limit, and freeing anything at any time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/oidc/http.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_proxy.h"
#include "tests/unit/oidc_server.h"
#include "tests/unit/oidc_tls.h"

#define RESOLVER_SECONDS	4

static struct event_base *base;
static struct server *server;
static struct http *http;
static const struct http_request nowhere = { .url = "http://127.0.0.1:1/" };

/* What the last exchange told. */
static struct told {
	int		  done;
	enum http_outcome outcome;
	long		  status;
	size_t		  len;
	char		  start[16];
	uint32_t	  retry_after;
	bool		  sent;
	char		  type[32];
} told;

/* In the place of the C library's: a resolver that hangs for one name. */
EXPORTED int
getaddrinfo(const char *node, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret)
{
	int (*next)(const char *, const char *, const struct addrinfo *,
	    struct addrinfo **);
	void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

	if (node != NULL && strcmp(node, "hangs.invalid") == 0) {
		sleep(RESOLVER_SECONDS);
		return EAI_AGAIN;
	}
	memcpy(&next, &symbol, sizeof(next));
	return next(node, service, hints, ret);
}

static void
tell(void *arg UNUSED, const struct http_reply *reply)
{
	told.done++;
	told.outcome = reply->outcome;
	told.status = reply->status;
	told.len = reply->len;
	told.retry_after = reply->retry_after;
	told.sent = reply->sent;
	assert_non_null(reply->type);
	snprintf(told.type, sizeof(told.type), "%s", reply->type);
	if (reply->len > 0)
		snprintf(told.start, sizeof(told.start), "%.*s",
		    (int)(reply->len < 15 ? reply->len : 15), reply->body);
}

static struct http_exchange *
begin(const char *path, struct secret *form, http_done_fn *done)
{
	char *url = mint_text("%s%s", server_url(server), path);
	struct http_exchange *exchange = NULL;

	memset(&told, 0, sizeof(told));
	assert_int_equal(http_start(http, &(struct http_request){
	    .url = url, .form = form }, done, NULL, &exchange),
	    0);
	assert_int_equal(told.done, 0);
	free(url);
	return exchange;
}

static void
fetch(const char *path, struct secret *form)
{
	begin(path, form, tell);
	server_run(base, &told.done);
	assert_int_equal(told.done, 1);
}

static void
test_get(void **state UNUSED)
{
	server_script(server, "/a", 200, 0, "{\"a\":1}");
	fetch("/a", NULL);
	assert_int_equal(told.outcome, HTTP_ANSWERED);
	assert_int_equal(told.status, 200);
	assert_string_equal(told.start, "{\"a\":1}");
	assert_string_equal(server_accept(server, "/a"), "application/json");
	assert_string_equal(server_agent(server, "/a"),
	    "hostpass/" PACKAGE_VERSION);
	assert_string_equal(server_body(server, "/a"), "");
}

static void
test_post(void **state UNUSED)
{
	struct secret form = SECRET_INIT;

	assert_int_equal(secret_set(&form, "a=b&c=d", 7), 0);
	server_script(server, "/a", 400, 7, "");
	fetch("/a", &form);
	assert_null(form.data);
	assert_string_equal(server_body(server, "/a"), "a=b&c=d");
	assert_int_equal(told.status, 400);
	assert_int_equal(told.len, 0);
	assert_int_equal(told.retry_after, 7);
}

static void
test_authorization_and_type(void **state UNUSED)
{
	char value[] = "Bearer x";
	const struct secret authorization = { value, 8 };
	struct http_exchange *exchange;
	char *url = mint_text("%s/a", server_url(server));

	server_type(server, "/a", "application/jwt; a=b");
	server_script(server, "/a", 200, 0, "x");
	memset(&told, 0, sizeof(told));
	assert_int_equal(http_start(http, &(struct http_request){
	    .url = url, .authorization = &authorization }, tell, NULL,
	    &exchange), 0);
	server_run(base, &told.done);
	assert_string_equal(server_authorization(server, "/a"), "Bearer x");
	assert_string_equal(server_accept(server, "/a"), "application/json");
	assert_string_equal(told.type, "application/jwt; a=b");
	fetch("/a", NULL);
	assert_string_equal(server_authorization(server, "/a"), "");
	free(url);
}

static void
post_once(const char *url)
{
	struct secret form = SECRET_INIT;
	struct http_exchange *exchange;

	assert_int_equal(secret_set(&form, "a=b&c=d", 7), 0);
	memset(&told, 0, sizeof(told));
	assert_int_equal(http_start(http, &(struct http_request){
	    .url = url, .form = &form, .once = true }, tell, NULL, &exchange),
	    0);
	assert_null(form.data);
	server_run(base, &told.done);
	assert_int_equal(told.done, 1);
}

/* On a dead connection that was used before, libcurl asks again; not so for
 * what is good for one use. */
static void
test_once(void **state UNUSED)
{
	char *url = mint_text("%s/a", server_url(server));
	struct secret form = SECRET_INIT;
	unsigned int before;

	server_script(server, "/a", 200, 0, "1");
	server_script(server, "/a", SERVER_DROP, 0, "");
	server_script(server, "/a", 200, 0, "2");
	server_script(server, "/a", SERVER_DROP, 0, "");
	server_script(server, "/a", 200, 0, "0");
	server_script(server, "/a", 200, 0, "3");
	fetch("/a", NULL);
	assert_int_equal(secret_set(&form, "a=b", 3), 0);
	fetch("/a", &form);
	assert_int_equal(told.outcome, HTTP_ANSWERED);
	assert_int_equal(server_count(server, "/a"), 3);
	post_once(url);
	assert_int_equal(told.outcome, HTTP_UNREACHABLE);
	assert_true(told.sent);
	assert_int_equal(server_count(server, "/a"), 4);
	fetch("/a", NULL);
	/* nor does it meet a connection that may be dead by now */
	before = server_connections(server);
	post_once(url);
	assert_int_equal(server_connections(server), before + 1);
	assert_int_equal(told.outcome, HTTP_ANSWERED);
	assert_string_equal(told.start, "3");
	assert_string_equal(server_body(server, "/a"), "a=b&c=d");
	free(url);
}

/* Nobody is there, or nobody who can be trusted: it stays here. */
static void
test_once_not_sent(void **state UNUSED)
{
	char *url;

	post_once("http://127.0.0.1:1/");
	assert_int_equal(told.outcome, HTTP_UNREACHABLE);
	assert_false(told.sent);
	url = mint_text("https%s/a", server_url(server) + strlen("http"));
	post_once(url);
	/* What a server without TLS is called differs between curl's. */
	assert_in_range(told.outcome, HTTP_UNREACHABLE, HTTP_UNTRUSTED);
	assert_false(told.sent);
	free(url);
}

static void
test_body_limit(void **state UNUSED)
{
	char *big = malloc(HTTP_BODY_MAX + 2);

	assert_non_null(big);
	memset(big, 'x', HTTP_BODY_MAX + 1);
	big[HTTP_BODY_MAX + 1] = '\0';
	server_script(server, "/over", 200, 0, big);
	big[HTTP_BODY_MAX] = '\0';
	server_script(server, "/full", 200, 0, big);
	free(big);
	fetch("/full", NULL);
	assert_int_equal(told.outcome, HTTP_ANSWERED);
	assert_int_equal(told.len, HTTP_BODY_MAX);
	fetch("/over", NULL);
	assert_int_equal(told.outcome, HTTP_OVERSIZED);
	assert_int_equal(told.status, 0);
}

static void
test_no_answer(void **state UNUSED)
{
	struct http_exchange *exchange;

	server_script(server, "/stall", SERVER_STALL, 0, "");
	fetch("/stall", NULL);
	assert_int_equal(told.outcome, HTTP_UNREACHABLE);
	server_script(server, "/drop", SERVER_DROP, 0, "");
	fetch("/drop", NULL);
	assert_int_equal(told.outcome, HTTP_UNREACHABLE);
	memset(&told, 0, sizeof(told));
	assert_int_equal(http_start(http, &nowhere, tell, NULL,
	    &exchange), 0);
	server_run(base, &told.done);
	assert_int_equal(told.outcome, HTTP_UNREACHABLE);
}

/* Exchanges that end in the same moment are all told. */
static void
test_ends_together(void **state UNUSED)
{
	struct http_exchange *exchange;
	size_t i;

	memset(&told, 0, sizeof(told));
	for (i = 0; i < 3; i++)
		assert_int_equal(http_start(http, &nowhere, tell, NULL,
		    &exchange), 0);
	server_idle(base, 200);
	assert_int_equal(told.done, 3);
}

static void
test_no_redirect(void **state UNUSED)
{
	char *target = mint_text("%s/target", server_url(server));

	server_script(server, "/from", 302, 0, target);
	server_script(server, "/target", 200, 0, "{}");
	fetch("/from", NULL);
	assert_int_equal(told.status, 302);
	assert_int_equal(server_count(server, "/target"), 0);
	free(target);
}

static void
test_urls(void **state UNUSED)
{
	static const char *const bad[] = {
		NULL, "", "http://id.example/", "file:///etc/passwd",
		"http://127.0.0.1.example/", "http://127.0.0.1@id.example/",
	};
	struct http_exchange *exchange = NULL;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(http_start(http, &(struct http_request){
		    .url = bad[i] }, tell, NULL, &exchange), -EINVAL);
	assert_null(exchange);
}

/* Without the permission there is no http, be it to this host. */
static void
test_no_http(void **state UNUSED)
{
	const struct http_config config = { .timeout = 1 };
	struct http_exchange *exchange = NULL;
	struct http *strict;

	assert_int_equal(http_new(base, &config, &strict), 0);
	assert_int_equal(http_start(strict, &nowhere, tell, NULL, &exchange),
	    -EINVAL);
	assert_null(exchange);
	http_free(strict);
}

/* A proxy of the environment is not asked. */
static void
test_environment(void **state UNUSED)
{
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
	server_script(server, "/a", 200, 0, "{}");
	fetch("/a", NULL);
	assert_int_equal(told.outcome, HTTP_ANSWERED);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

/* What is not encrypted does not leave this host, not even for its proxy. */
static void
test_proxy_loopback(void **state UNUSED)
{
	const struct http_config config = {
		.proxy = "http://127.0.0.1:1/", .http_loopback = true,
		.timeout = 1,
	};
	char *url = mint_text("%s/a", server_url(server));
	const struct http_request request = { .url = url };
	struct http_exchange *exchange;
	struct http *proxied;

	server_script(server, "/a", 200, 0, "{}");
	assert_int_equal(http_new(base, &config, &proxied), 0);
	memset(&told, 0, sizeof(told));
	assert_int_equal(http_start(proxied, &request, tell, NULL, &exchange),
	    0);
	server_run(base, &told.done);
	assert_int_equal(told.outcome, HTTP_ANSWERED);
	http_free(proxied);
	free(url);
}

static void
test_cancel(void **state UNUSED)
{
	server_script(server, "/a", 200, 0, "{}");
	http_cancel(begin("/a", NULL, tell));
	http_cancel(NULL);
	server_idle(base, 50);
	assert_int_equal(told.done, 0);
}

static struct http_exchange *victim;

static void
cancel_other(void *arg UNUSED, const struct http_reply *reply)
{
	http_cancel(victim);
	tell(NULL, reply);
}

static void
test_cancel_in_callback(void **state UNUSED)
{
	server_script(server, "/a", 200, 0, "{}");
	server_script(server, "/stall", SERVER_STALL, 0, "");
	victim = begin("/stall", NULL, tell);
	begin("/a", NULL, cancel_other);
	server_run(base, &told.done);
	server_idle(base, 50);
	assert_int_equal(told.done, 1);
}

static void
free_all(void *arg UNUSED, const struct http_reply *reply)
{
	http_free(http);
	http = NULL;
	tell(NULL, reply);
}

static void
test_free_in_callback(void **state UNUSED)
{
	server_script(server, "/a", 200, 0, "{}");
	begin("/a", NULL, free_all);
	begin("/a", NULL, free_all);
	begin("/a", NULL, free_all);
	server_run(base, &told.done);
	server_idle(base, 50);
	assert_int_equal(told.done, 1);
}

/* The loop goes on while a resolver hangs, and when its time is up. */
static void
test_slow_resolver(void **state UNUSED)
{
	struct http_exchange *exchange;
	time_t start = time(NULL);

	memset(&told, 0, sizeof(told));
	assert_int_equal(http_start(http, &(struct http_request){
	    .url = "https://hangs.invalid/" }, tell, NULL, &exchange), 0);
	server_run(base, &told.done);
	assert_int_equal(told.outcome, HTTP_UNREACHABLE);
	assert_true(time(NULL) - start < RESOLVER_SECONDS - 1);
	/* Its thread ends on its own; wait, so that nothing looks leaked. */
	sleep(RESOLVER_SECONDS);
}

static enum http_outcome
ask_tls_by(const char *proxy, unsigned int port, const char *host,
    const char *ca_file)
{
	const struct http_config config = {
		.ca_file = ca_file, .proxy = proxy, .timeout = 5,
	};
	char *url = mint_text("https://%s:%u/", host, port);
	struct http_exchange *exchange;
	struct http *tls;

	assert_int_equal(http_new(base, &config, &tls), 0);
	memset(&told, 0, sizeof(told));
	assert_int_equal(http_start(tls, &(struct http_request){ .url = url },
	    tell, NULL, &exchange), 0);
	server_run(base, &told.done);
	http_free(tls);
	free(url);
	return told.outcome;
}

static enum http_outcome
ask_tls(unsigned int port, const char *host, const char *ca_file)
{
	return ask_tls_by(NULL, port, host, ca_file);
}

static void
test_tls(void **state UNUSED)
{
	char directory[] = "/tmp/test_http.XXXXXX", *ca_file;
	struct tls_server *tls;
	unsigned int port;

	assert_non_null(mkdtemp(directory));
	ca_file = mint_text("%s/ca.pem", directory);
	tls = tls_server_new(ca_file);
	port = tls_server_port(tls);
	assert_int_equal(ask_tls(port, "127.0.0.1", ca_file), HTTP_ANSWERED);
	assert_int_equal(ask_tls(port, "127.0.0.1", NULL), HTTP_UNTRUSTED);
	assert_int_equal(ask_tls(port, "localhost", ca_file), HTTP_UNTRUSTED);
	unlink(ca_file);
	assert_int_equal(ask_tls(port, "127.0.0.1", ca_file), HTTP_UNTRUSTED);
	tls_server_free(tls);
	free(ca_file);
	rmdir(directory);
}

/* Through a proxy of each kind, whatever the environment excepts; the
 * certificate that counts is the provider's. */
static void
test_proxy(void **state UNUSED)
{
	static const char *const schemes[] = { "http", "socks5", "socks5h" };
	char directory[] = "/tmp/test_http.XXXXXX", *ca_file, *url, *asked;
	struct proxy_server *proxy = proxy_server_new();
	struct tls_server *tls;
	unsigned int port;
	size_t i;

	assert_non_null(mkdtemp(directory));
	ca_file = mint_text("%s/ca.pem", directory);
	tls = tls_server_new(ca_file);
	port = tls_server_port(tls);
	setenv("no_proxy", "*", 1);
	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		url = mint_text("%s://127.0.0.1:%u", schemes[i],
		    proxy_server_port(proxy));
		assert_int_equal(ask_tls_by(url, port, "127.0.0.1", ca_file),
		    HTTP_ANSWERED);
		free(url);
		url = mint_text("%s 127.0.0.1:%u", i == 0 ? "http" : "socks",
		    port);
		asked = proxy_server_next(proxy);
		assert_string_equal(asked, url);
		free(asked);
		free(url);
	}
	url = mint_text("http://127.0.0.1:%u", proxy_server_port(proxy));
	assert_int_equal(ask_tls_by(url, port, "127.0.0.1", NULL),
	    HTTP_UNTRUSTED);
	free(url);
	assert_int_equal(ask_tls_by("http://127.0.0.1:1", port, "127.0.0.1",
	    ca_file), HTTP_UNREACHABLE);
	unsetenv("no_proxy");
	tls_server_free(tls);
	proxy_server_free(proxy);
	unlink(ca_file);
	rmdir(directory);
	free(ca_file);
}

/* One connection is enough for one exchange after the other. */
static void
test_reuse(void **state UNUSED)
{
	struct secret form = SECRET_INIT;
	int i;

	server_script(server, "/a", 200, 0, "{}");
	for (i = 0; i < 5; i++) {
		if (i % 2 == 1)
			assert_int_equal(secret_set(&form, "a=b", 3), 0);
		fetch("/a", i % 2 == 1 ? &form : NULL);
		assert_int_equal(told.outcome, HTTP_ANSWERED);
	}
	assert_int_equal(server_count(server, "/a"), 5);
	assert_int_equal(server_connections(server), 1);
}

static void
test_ipv6(void **state UNUSED)
{
	struct server *six = server_new_at(base, "::1");

	if (six == NULL)
		skip();
	server_free(server);
	server = six;
	server_script(server, "/a", 200, 0, "{}");
	fetch("/a", NULL);
	assert_int_equal(told.outcome, HTTP_ANSWERED);
	assert_memory_equal(server_url(server), "http://[::1]:", 13);
}

static int
setup(void **state UNUSED)
{
	const struct http_config config = {
		.http_loopback = true, .timeout = 1,
	};

	base = event_base_new();
	server = server_new(base);
	return http_new(base, &config, &http);
}

static int
teardown(void **state UNUSED)
{
	http_free(http);
	http = NULL;
	server_free(server);
	event_base_free(base);
	return 0;
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_get), TEST(test_post),
		TEST(test_authorization_and_type), TEST(test_once),
		TEST(test_once_not_sent), TEST(test_body_limit),
		TEST(test_no_answer), TEST(test_ends_together),
		TEST(test_no_redirect), TEST(test_urls), TEST(test_no_http),
		TEST(test_environment), TEST(test_proxy_loopback),
		TEST(test_proxy), TEST(test_reuse), TEST(test_ipv6),
		TEST(test_cancel),
		TEST(test_cancel_in_callback), TEST(test_free_in_callback),
		TEST(test_slow_resolver), TEST(test_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
