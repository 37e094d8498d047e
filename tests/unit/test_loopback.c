/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The listener, spoken to in bytes: what reaches the judge, what does not, and
 * what a browser is shown in the end.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/in.h>

#include "daemon/oidc/loopback.h"
#include "daemon/oidc/page.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_server.h"

#define REPLY_MAX	16384

static struct event_base *base;
static struct loopback *loopback;
static unsigned port;
static unsigned judged;
static char query[256];

static bool
judge(void *arg, const char *text, enum reason *ret_reason)
{
	assert_ptr_equal(arg, &judged);
	judged++;
	(void)snprintf(query, sizeof(query), "%s", text);
	if (strcmp(text, "good") == 0)
		return true;
	*ret_reason = REASON_CALLBACK_STATE;
	return false;
}

static int
setup(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	judged = 0;
	query[0] = '\0';
	base = event_base_new();
	assert_non_null(base);
	assert_int_equal(loopback_open(base, judge, &judged, &loopback), 0);
	assert_int_equal(sscanf(loopback_uri(loopback),
	    "http://127.0.0.1:%u/callback", &port), 1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	loopback_finish(loopback, REASON_CANCELLED);
	loopback = NULL;
	server_idle(base, 120);	/* 5 s of the test's clock, and more */
	event_base_free(base);
	return 0;
}

static int
open_to(const char *address)
{
	struct sockaddr_in sin = { 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	sin.sin_family = AF_INET;
	sin.sin_port = htons((uint16_t)port);
	assert_int_equal(inet_pton(AF_INET, address, &sin.sin_addr), 1);
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 &&
	    errno != EINPROGRESS) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static int
request(const char *text)
{
	int fd = open_to("127.0.0.1");
	size_t len = strlen(text);

	assert_true(fd >= 0);
	assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), len);
	return fd;
}

/* The whole reply, until the other side closes or nothing comes. */
static const char *
reply(int fd)
{
	static char text[REPLY_MAX];
	size_t len = 0;
	int turn;
	ssize_t n;

	for (turn = 0; turn < 40; turn++) {
		server_idle(base, 5);
		while ((n = recv(fd, text + len, sizeof(text) - 1 - len,
		    0)) > 0)
			len += (size_t)n;
		if (n == 0)
			break;
	}
	text[len] = '\0';
	(void)close(fd);
	return text;
}

static int
status_of(const char *text)
{
	int status = 0;

	(void)sscanf(text, "HTTP/1.%*c %d ", &status);
	return status;
}

/* One request line and one Host, of our port unless it says otherwise. */
static int
get(const char *line, const char *host)
{
	char *text = mint_text("%s HTTP/1.1\r\nHost: %s:%u\r\n\r\n", line,
	    host, port);
	int fd = request(text);

	free(text);
	return fd;
}

static void
test_right_one_is_held(void **state)
{
	const char *text;
	int fd = get("GET /callback?good", "127.0.0.1"), late;

	(void)state;
	server_idle(base, 30);
	assert_int_equal(judged, 1);
	assert_string_equal(query, "good");
	/* One is all: the next is not even judged. */
	late = get("GET /callback?good", "127.0.0.1");
	assert_int_equal(status_of(reply(late)), 400);
	assert_int_equal(judged, 1);
	loopback_finish(loopback, REASON_GRANTED);
	loopback = NULL;
	text = reply(fd);
	assert_int_equal(status_of(text), 200);
	assert_non_null(strstr(text, "You are signed in."));
	assert_non_null(strstr(text, "go back to your terminal"));
	assert_non_null(strstr(text, "\r\nContent-Security-Policy: "
	    PAGE_POLICY "\r\n"));
	assert_non_null(strstr(text, "\r\nCache-Control: no-store\r\n"));
	assert_non_null(strstr(text, "\r\nReferrer-Policy: no-referrer\r\n"));
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "http:"));
	assert_true(open_to("127.0.0.1") < 0 ||
	    (server_idle(base, 10), true));
}

static void
test_refusal_is_shown(void **state)
{
	const char *text;
	int fd = get("GET /callback?good", "127.0.0.1");

	(void)state;
	server_idle(base, 30);
	loopback_finish(loopback, REASON_OTHER_PERSON);
	loopback = NULL;
	text = reply(fd);
	assert_int_equal(status_of(text), 403);
	assert_non_null(strstr(text, "approved by somebody else"));
	assert_null(strstr(text, "You are signed in."));
}

/* None of these reaches the judge, and none ends the wait. */
static void
test_strangers(void **state)
{
	static const struct {
		const char	*request;	/* %u is the port */
		int		 status;
	} rows[] = {
		{ "GET /callback?good HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
		    400 },
		{ "GET /callback?good HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
		    400 },
		{ "GET /callback?good HTTP/1.1\r\nHost: 127.0.0.1:%u0\r\n\r\n",
		    400 },
		{ "GET /callback?good HTTP/1.1\r\nHost: a.example:%u\r\n\r\n",
		    400 },
		{ "GET /callback?good HTTP/1.1\r\nHost: \r\n\r\n", 400 },
		{ "GET /callback?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
		    "Host: a.example\r\n\r\n", 400 },
		{ "GET /callback?good HTTP/1.1\r\n\r\n", 400 },
		{ "GET /callback?good HTTP/1.0\r\n\r\n", 400 },
		{ "POST /callback?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
		    "Content-Length: 0\r\n\r\n", 405 },
		{ "HEAD /callback?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
		    405 },
		{ "PUT /callback?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
		    "Content-Length: 0\r\n\r\n", 405 },
		{ "GET /callback HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", 404 },
		{ "GET /callback/?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
		    "\r\n", 404 },
		{ "GET /?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", 404 },
		{ "GET /%%63allback?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
		    "\r\n", 404 },
		{ "GET //callback?good HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
		    404 },
		{ "GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
		    404 },
	};
	char *text;
	size_t i;
	int fd, status;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		text = mint_text(rows[i].request, port);
#pragma GCC diagnostic pop
		fd = request(text);
		status = status_of(reply(fd));
		if (status != rows[i].status)
			fail_msg("%d: %s", status, text);
		free(text);
	}
	assert_int_equal(judged, 0);
	fd = get("GET /callback?good", "127.0.0.1");
	server_idle(base, 30);
	assert_int_equal(judged, 1);
	(void)close(fd);
}

static void
test_body_and_headers_are_bounded(void **state)
{
	char *text;

	(void)state;
	/* not a byte of it is waited for */
	text = mint_text("POST /callback?good HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%u\r\nContent-Length: 5\r\n\r\n", port);
	assert_int_equal(status_of(reply(request(text))), 413);
	free(text);
	text = mint_text("GET /callback?good HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%u\r\nA: %017000d\r\n\r\n", port, 0);
	(void)reply(request(text));
	free(text);
	assert_int_equal(judged, 0);
}

/* The judge says no: a page, and the next one is judged as well. */
static void
test_wrong_one_is_refused(void **state)
{
	const char *text;
	int fd = get("GET /callback?code=a&state=b", "127.0.0.1");

	(void)state;
	text = reply(fd);
	assert_int_equal(status_of(text), 400);
	assert_non_null(strstr(text, "belongs to another sign-in"));
	assert_string_equal(query, "code=a&state=b");
	fd = get("GET /callback?good", "127.0.0.1");
	server_idle(base, 30);
	assert_int_equal(judged, 2);
	(void)close(fd);
}

static void
test_slow_client_is_in_nobodys_way(void **state)
{
	int slow = request("GET /callback?go"), fd;

	(void)state;
	server_idle(base, 30);
	fd = get("GET /callback?good", "127.0.0.1");
	server_idle(base, 30);
	assert_int_equal(judged, 1);
	(void)close(fd);
	(void)close(slow);
}

/* The browser is closed while it waits; the end comes all the same. */
static void
test_browser_goes(void **state)
{
	int fd = get("GET /callback?good", "127.0.0.1");

	(void)state;
	server_idle(base, 30);
	assert_int_equal(judged, 1);
	(void)close(fd);
	server_idle(base, 30);
}

static void
test_connections_have_an_end(void **state)
{
	int fds[LOOPBACK_CONNECTIONS_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < LOOPBACK_CONNECTIONS_MAX; i++) {
		fds[i] = open_to("127.0.0.1");
		server_idle(base, 2);
	}
	server_idle(base, 30);
	fds[i] = get("GET /callback?good", "127.0.0.1");
	server_idle(base, 30);
	assert_int_equal(judged, 0);
	for (i = 0; i <= LOOPBACK_CONNECTIONS_MAX; i++)
		(void)close(fds[i]);
}

static void
test_only_loopback(void **state)
{
	int error = 0, fd = open_to("127.0.0.2");
	socklen_t len = sizeof(error);

	(void)state;
	if (fd < 0)
		return;
	server_idle(base, 10);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len),
	    0);
	assert_int_equal(error, ECONNREFUSED);
	(void)close(fd);
}

#define WITH_LISTENER(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LISTENER(test_right_one_is_held),
		WITH_LISTENER(test_refusal_is_shown),
		WITH_LISTENER(test_strangers),
		WITH_LISTENER(test_body_and_headers_are_bounded),
		WITH_LISTENER(test_wrong_one_is_refused),
		WITH_LISTENER(test_slow_client_is_in_nobodys_way),
		WITH_LISTENER(test_browser_goes),
		WITH_LISTENER(test_connections_have_an_end),
		WITH_LISTENER(test_only_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
