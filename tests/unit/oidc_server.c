/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scripted server, on libevent's own.
 */
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "common/attr.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_server.h"

#define PATHS_MAX	16
#define ANSWERS_MAX	32
#define RUN_SECONDS	20
#define TURN		5	/* milliseconds */

struct answer {
	int		 status;
	uint32_t	 retry_after;
	char		*body;
};

struct path {
	char		*name;
	struct answer	 answers[ANSWERS_MAX];
	size_t		 count;
	size_t		 next;
	unsigned int	 asked;
	char		*body;
	char		*agent;
	char		*accept;
	char		*authorization;
	char		*condition;
	char		*etag;		/* of the answers; NULL: none */
	char		*type;		/* of the answers; NULL: none */
};

struct server {
	struct evhttp	*http;
	char		*url;
	unsigned int	 connections;
	struct path	 paths[PATHS_MAX];
	size_t		 count;
};

static void
need(int good)
{
	if (!good)
		abort();
}

static void
keep(char **place, const char *text)
{
	free(*place);
	*place = mint_text("%s", text != NULL ? text : "");
}

static struct path *
find(const struct server *server, const char *name)
{
	size_t i;

	for (i = 0; i < server->count; i++) {
		if (strcmp(server->paths[i].name, name) == 0)
			return (struct path *)(uintptr_t)&server->paths[i];
	}
	return NULL;
}

static void
record(struct path *path, struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	struct evbuffer *input = evhttp_request_get_input_buffer(request);
	size_t len = evbuffer_get_length(input);

	path->asked++;
	free(path->body);
	path->body = calloc(1, len + 1);
	need(path->body != NULL);
	evbuffer_copyout(input, path->body, len);
	keep(&path->agent, evhttp_find_header(headers, "User-Agent"));
	keep(&path->accept, evhttp_find_header(headers, "Accept"));
	keep(&path->authorization,
	    evhttp_find_header(headers, "Authorization"));
	keep(&path->condition,
	    evhttp_find_header(headers, "If-None-Match"));
}

static void
reply(struct evhttp_request *request, const struct path *path,
    const struct answer *answer)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	struct evbuffer *out = evbuffer_new();
	char text[16];

	if (answer->retry_after > 0) {
		snprintf(text, sizeof(text), "%u", answer->retry_after);
		evhttp_add_header(headers, "Retry-After", text);
	}
	if (path->type != NULL)
		evhttp_add_header(headers, "Content-Type", path->type);
	if (path->etag != NULL)
		evhttp_add_header(headers, "ETag", path->etag);
	if (answer->status >= 300 && answer->status < 400)
		evhttp_add_header(headers, "Location", answer->body);
	evbuffer_add(out, answer->body, strlen(answer->body));
	evhttp_send_reply(request, answer->status, "Scripted", out);
	evbuffer_free(out);
}

static void
asked(struct evhttp_request *request, void *arg)
{
	struct server *server = arg;
	struct path *path = find(server, evhttp_request_get_uri(request));
	const struct answer *answer;

	if (path == NULL || path->count == 0) {
		evhttp_send_error(request, 404, "Not scripted");
		return;
	}
	record(path, request);
	answer = &path->answers[path->next];
	if (path->next + 1 < path->count)
		path->next++;
	if (answer->status == SERVER_DROP)
		shutdown(bufferevent_getfd(evhttp_connection_get_bufferevent(
		    evhttp_request_get_connection(request))), SHUT_RDWR);
	else if (answer->status != SERVER_STALL)
		reply(request, path, answer);
}

/* evhttp asks for the bufferevent of each new connection; NULL takes its
 * own. */
static struct bufferevent *
connected(struct event_base *base UNUSED, void *arg)
{
	struct server *server = arg;

	server->connections++;
	return NULL;
}

struct server *
server_new_at(struct event_base *base, const char *where)
{
	struct server *server = calloc(1, sizeof(*server));
	struct evhttp_bound_socket *bound;
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	char port[16];

	need(server != NULL);
	/* Either side may write to a connection that the other has left; the
	 * daemon ignores the signal as well. */
	(void)signal(SIGPIPE, SIG_IGN);
	server->http = evhttp_new(base);
	need(server->http != NULL);
	evhttp_set_gencb(server->http, asked, server);
	evhttp_set_bevcb(server->http, connected, server);
	bound = evhttp_bind_socket_with_handle(server->http, where, 0);
	if (bound == NULL) {
		server_free(server);
		return NULL;
	}
	need(getsockname(evhttp_bound_socket_get_fd(bound),
	    (struct sockaddr *)&address, &len) == 0);
	need(getnameinfo((struct sockaddr *)&address, len, NULL, 0, port,
	    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) == 0);
	server->url = mint_text(strchr(where, ':') != NULL ?
	    "http://[%s]:%s" : "http://%s:%s", where, port);
	return server;
}

struct server *
server_new(struct event_base *base)
{
	struct server *server = server_new_at(base, "127.0.0.1");

	need(server != NULL);
	return server;
}

unsigned int
server_connections(const struct server *server)
{
	return server->connections;
}

static void
clear(struct path *path)
{
	while (path->count > 0)
		free(path->answers[--path->count].body);
	path->next = 0;
}

void
server_clear(struct server *server, const char *name)
{
	struct path *path = find(server, name);

	if (path != NULL)
		clear(path);
}

void
server_free(struct server *server)
{
	size_t i;

	evhttp_free(server->http);
	for (i = 0; i < server->count; i++) {
		clear(&server->paths[i]);
		free(server->paths[i].name);
		free(server->paths[i].body);
		free(server->paths[i].agent);
		free(server->paths[i].accept);
		free(server->paths[i].authorization);
		free(server->paths[i].condition);
		free(server->paths[i].etag);
		free(server->paths[i].type);
	}
	free(server->url);
	free(server);
}

const char *
server_url(const struct server *server)
{
	return server->url;
}

static struct path *
find_or_add(struct server *server, const char *name)
{
	struct path *path = find(server, name);

	if (path == NULL) {
		need(server->count < PATHS_MAX);
		path = &server->paths[server->count++];
		keep(&path->name, name);
	}
	return path;
}

void
server_script(struct server *server, const char *name, int status,
    uint32_t retry_after, const char *body)
{
	struct path *path = find_or_add(server, name);
	struct answer *answer;

	need(path->count < ANSWERS_MAX);
	answer = &path->answers[path->count++];
	answer->status = status;
	answer->retry_after = retry_after;
	answer->body = mint_text("%s", body);
}

void
server_type(struct server *server, const char *name, const char *type)
{
	keep(&find_or_add(server, name)->type, type);
}

void
server_etag(struct server *server, const char *name, const char *etag)
{
	keep(&find_or_add(server, name)->etag, etag);
}

unsigned int
server_count(const struct server *server, const char *name)
{
	const struct path *path = find(server, name);

	return path != NULL ? path->asked : 0;
}

const char *
server_body(const struct server *server, const char *name)
{
	const struct path *path = find(server, name);

	return path != NULL && path->body != NULL ? path->body : "";
}

const char *
server_agent(const struct server *server, const char *name)
{
	const struct path *path = find(server, name);

	return path != NULL && path->agent != NULL ? path->agent : "";
}

const char *
server_accept(const struct server *server, const char *name)
{
	const struct path *path = find(server, name);

	return path != NULL && path->accept != NULL ? path->accept : "";
}

const char *
server_authorization(const struct server *server, const char *name)
{
	const struct path *path = find(server, name);

	return path != NULL && path->authorization != NULL ?
	    path->authorization : "";
}

const char *
server_condition(const struct server *server, const char *name)
{
	const struct path *path = find(server, name);

	return path != NULL && path->condition != NULL ? path->condition : "";
}

void
server_run(struct event_base *base, const int *flag)
{
	unsigned int turns = RUN_SECONDS * 1000 / TURN;

	while (!*flag && turns-- > 0)
		server_idle(base, TURN);
}

void
server_await(struct event_base *base, const struct server *server,
    const char *path, unsigned int count)
{
	unsigned int turns = RUN_SECONDS * 1000 / TURN;

	while (server_count(server, path) < count && turns-- > 0)
		server_idle(base, TURN);
}

void
server_idle(struct event_base *base, unsigned int milliseconds)
{
	struct timeval wait;

	wait.tv_sec = (time_t)(milliseconds / 1000);
	wait.tv_usec = (suseconds_t)(milliseconds % 1000 * 1000);
	event_base_loopexit(base, &wait);
	event_base_dispatch(base);
}
