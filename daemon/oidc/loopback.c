/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST: GET, one path, and the exact Host, so that no page in the browser and
 * no name that resolves to 127.0.0.1 reaches the judge; one request is held,
 * all others are answered at once; no connection is kept, none has a body, and
 * their number has an end.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "daemon/oidc/clock.h"
#include "daemon/oidc/loopback.h"
#include "daemon/oidc/page.h"

#define HEADERS_MAX	(16 * 1024)
/* Seconds that a browser has for its last page. */
#define LINGER		5

/* What event2/http.h has no name for. */
#define HTTP_FORBIDDEN	403

struct loopback {
	struct evhttp			*http;
	struct evhttp_bound_socket	*socket;
	struct event			*end;
	struct evhttp_request		*held;
	loopback_judge_fn		*judge;	/* NULL once one is held */
	void				*arg;
	unsigned int			 connections;
	char				 host[sizeof("127.0.0.1:65535")];
	char	uri[sizeof("http://127.0.0.1:65535" LOOPBACK_PATH)];
};

static void
send_page(struct evhttp_request *request, int status, enum reason reason)
{
	static const struct {
		const char	*name;
		const char	*value;
	} headers[] = {
		{ "Content-Type", "text/html; charset=utf-8" },
		{ "Content-Security-Policy", PAGE_POLICY },
		{ "Cache-Control", "no-store" },
		{ "Referrer-Policy", "no-referrer" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Connection", "close" },
	};
	struct evkeyvalq *out = evhttp_request_get_output_headers(request);
	char *page = page_compose(reason);
	size_t i;

	for (i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		(void)evhttp_add_header(out, headers[i].name,
		    headers[i].value);
	if (page != NULL)
		(void)evbuffer_add(evhttp_request_get_output_buffer(request),
		    page, strlen(page));
	free(page);
	evhttp_send_reply(request, status, NULL, NULL);
}

/* An HTTP/1.1 request has one Host (RFC 9112 3.2), and ours is known. */
static bool
is_for_us(const struct loopback *loopback, struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	const char *host = evhttp_find_header(headers, "Host");

	if (host == NULL || strcmp(host, loopback->host) != 0)
		return false;
	/* Only the first one was found. */
	(void)evhttp_remove_header(headers, "Host");
	return evhttp_find_header(headers, "Host") == NULL;
}

/* The query, or NULL if this is another path. The target is compared as it
 * was sent: a browser has no reason to write ours otherwise. */
static const char *
find_query(struct evhttp_request *request)
{
	static const char path[] = LOOPBACK_PATH "?";
	const char *target = evhttp_request_get_uri(request);

	return strncmp(target, path, sizeof(path) - 1) == 0 ?
	    target + sizeof(path) - 1 : NULL;
}

static void
request_received(struct evhttp_request *request, void *arg)
{
	struct loopback *loopback = arg;
	enum reason reason = REASON_CALLBACK_MALFORMED;
	const char *query = find_query(request);

	if (!is_for_us(loopback, request)) {
		send_page(request, HTTP_BADREQUEST, reason);
	} else if (evhttp_request_get_command(request) != EVHTTP_REQ_GET) {
		send_page(request, HTTP_BADMETHOD, reason);
	} else if (query == NULL) {
		send_page(request, HTTP_NOTFOUND, reason);
	} else if (loopback->judge == NULL) {
		send_page(request, HTTP_BADREQUEST, REASON_CALLBACK_STATE);
	} else if (!loopback->judge(loopback->arg, query, &reason)) {
		send_page(request, HTTP_BADREQUEST, reason);
	} else {
		loopback->judge = NULL;
		loopback->held = request;
	}
}

/* A connection is made: evhttp asks for a bufferevent, and NULL takes its own
 * kind. */
static struct bufferevent *
count_connection(struct event_base *base UNUSED, void *arg)
{
	struct loopback *loopback = arg;

	if (++loopback->connections >= LOOPBACK_CONNECTIONS_MAX)
		(void)evconnlistener_disable(
		    evhttp_bound_socket_get_listener(loopback->socket));
	return NULL;
}

static void
loopback_free(struct loopback *loopback)
{
	if (loopback->http != NULL)
		evhttp_free(loopback->http);
	if (loopback->end != NULL)
		event_free(loopback->end);
	free(loopback);
}

static void
end_fired(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	loopback_free(arg);
}

/* The page has gone, but evhttp is not done with the connection. */
static void
page_sent(struct evhttp_request *request UNUSED, void *arg)
{
	struct loopback *loopback = arg;

	event_active(loopback->end, EV_TIMEOUT, 0);
}

static int
listen_somewhere(struct loopback *loopback)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	unsigned int port;

	loopback->socket = evhttp_bind_socket_with_handle(loopback->http,
	    "127.0.0.1", 0);
	if (loopback->socket == NULL)
		return -EADDRNOTAVAIL;
	if (getsockname(evhttp_bound_socket_get_fd(loopback->socket),
	    (struct sockaddr *)&address, &len) < 0)
		return -errno;
	port = ntohs(address.sin_port);
	(void)snprintf(loopback->host, sizeof(loopback->host),
	    "127.0.0.1:%u", port);
	(void)snprintf(loopback->uri, sizeof(loopback->uri),
	    "http://127.0.0.1:%u" LOOPBACK_PATH, port);
	return 0;
}

int
loopback_open(struct event_base *base, loopback_judge_fn *judge, void *arg,
    struct loopback **ret_loopback)
{
	struct loopback *loopback;
	int r = -ENOMEM;

	loopback = calloc(1, sizeof(*loopback));
	if (loopback == NULL)
		return -ENOMEM;
	loopback->judge = judge;
	loopback->arg = arg;
	loopback->end = evtimer_new(base, end_fired, loopback);
	loopback->http = evhttp_new(base);
	if (loopback->end == NULL || loopback->http == NULL)
		goto out;
	evhttp_set_max_headers_size(loopback->http, HEADERS_MAX);
	evhttp_set_max_body_size(loopback->http, 0);
	evhttp_set_bevcb(loopback->http, count_connection, loopback);
	evhttp_set_gencb(loopback->http, request_received, loopback);
	r = listen_somewhere(loopback);
	if (r < 0)
		goto out;
	*ret_loopback = loopback;
	return 0;
out:
	loopback_free(loopback);
	return r;
}

const char *
loopback_uri(const struct loopback *loopback)
{
	return loopback->uri;
}

void
loopback_finish(struct loopback *loopback, enum reason reason)
{
	if (loopback == NULL)
		return;
	loopback->judge = NULL;
	if (loopback->held == NULL) {
		loopback_free(loopback);
		return;
	}
	evhttp_del_accept_socket(loopback->http, loopback->socket);
	evhttp_request_set_on_complete_cb(loopback->held, page_sent, loopback);
	send_page(loopback->held, reason == REASON_GRANTED ? HTTP_OK :
	    HTTP_FORBIDDEN, reason);
	/* The browser may be gone, and then nothing completes. */
	if (clock_arm(loopback->end, LINGER) < 0)
		loopback_free(loopback);
}
