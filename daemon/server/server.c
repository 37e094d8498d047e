/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections: who is there, whole frames in, frames out.
 *
 * MUST know a peer's uid (SO_PEERCRED) before a byte of hers is looked at.
 * MUST close a connection on the first thing that is not as common/proto.h
 *	says, and one that does not say what it wants in time.
 * MUST not let one uid take all connections from the others.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/frame.h"
#include "common/log.h"
#include "daemon/refresher/refresher.h"
#include "daemon/report/audit.h"
#include "daemon/server/connection.h"
#include "daemon/server/server.h"

/* Refusals are logged no more often than this. */
#define REFUSAL_SECONDS		10

/* How long a client may take to say all of what it wants, and to read on in
 * the answer. */
#define REQUEST_SECONDS		5

struct server {
	struct world		*world;
	struct evconnlistener	*listener;
	struct event		*resume;	/* accepting, after a pause */
	struct connection	*connections;
	int64_t			 started;
	int64_t			 refusal_logged;
	size_t			 refused;	/* since then */
};

/* connection may be NULL, and half made. */
static void
connection_drop(struct connection *connection)
{
	if (connection == NULL)
		return;
	if (connection->deadline != NULL)
		event_free(connection->deadline);
	if (connection->stream != NULL)
		bufferevent_free(connection->stream);
	free(connection);
}

static void
connection_free(struct connection *connection)
{
	struct connection **link;

	for (link = &connection->server->connections; *link != NULL;
	    link = &(*link)->next) {
		if (*link == connection) {
			*link = connection->next;
			break;
		}
	}
	if (connection->session != NULL)
		session_detach(connection->session);
	refresher_unask(connection->refresh);
	links_leave(connection->world, &connection->reader);
	connection_drop(connection);
}

void
connection_send(struct connection *connection, struct frame *f, bool last)
{
	struct timeval limit = { REQUEST_SECONDS, 0 };
	int r;

	r = frame_finish(f, PROTO_REPLY_MAX);
	if (r == 0 && bufferevent_write(connection->stream, f->data,
	    f->len) < 0)
		r = -ENOMEM;
	frame_free(f);
	if (r < 0)
		log_line(LOG_ERR, "cannot answer a client: %s", strerror(-r));
	if (last) {
		connection->closing = true;
		(void)bufferevent_disable(connection->stream, EV_READ);
		(void)bufferevent_set_timeouts(connection->stream, &limit,
		    &limit);
	}
	if (r < 0)
		connection_cut(connection);
}

void
connection_cut(struct connection *connection)
{
	connection->closing = true;
	(void)bufferevent_disable(connection->stream, EV_READ);
	bufferevent_trigger_event(connection->stream, BEV_EVENT_ERROR,
	    BEV_TRIG_DEFER_CALLBACKS);
}

size_t
connection_backlog(const struct connection *connection)
{
	return evbuffer_get_length(
	    bufferevent_get_output(connection->stream));
}

void
connection_expect_person(struct connection *connection)
{
	(void)event_del(connection->deadline);
}

/* A byte now and then is no request. */
static void
on_deadline(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	connection_free(arg);
}

int64_t
connection_server_started(const struct connection *connection)
{
	return connection->server->started;
}

void
connection_refuse(struct connection *connection, const char *text)
{
	struct frame f;

	frame_start(&f, PROTO_ERROR);
	frame_put_string(&f, text);
	connection_send(connection, &f, true);
}

/* Take one frame from the input, if it is all there: 0, -EAGAIN or an
 * error. */
static int
take_frame(struct connection *connection, struct evbuffer *input)
{
	struct frame_reader r;
	uint8_t header[FRAME_HEADER_SIZE];
	uint8_t *data;
	ssize_t got;
	size_t size;
	int error;

	got = evbuffer_copyout(input, header, sizeof(header));
	if (got < 0)
		return -EIO;
	error = frame_peek(header, (size_t)got, PROTO_REQUEST_MAX, &size);
	if (error < 0)
		return error;
	if (evbuffer_get_length(input) < size)
		return -EAGAIN;
	data = evbuffer_pullup(input, (ev_ssize_t)size);
	if (data == NULL)
		return -ENOMEM;
	frame_open(&r, data, size);
	error = request_handle(connection, &r);
	/* An ANSWER may hold a secret. */
	explicit_bzero(data, size);
	(void)evbuffer_drain(input, size);
	return error;
}

static void
on_read(struct bufferevent *stream, void *arg)
{
	struct connection *connection = arg;
	int error = 0;

	while (error == 0 && !connection->closing)
		error = take_frame(connection, bufferevent_get_input(stream));
	if (error == 0 || error == -EAGAIN)
		return;
	log_line(LOG_NOTICE, "a request of uid %u was refused: %s",
	    (unsigned)connection->uid, strerror(-error));
	if (connection->session != NULL) {
		connection_free(connection);
		return;
	}
	connection_refuse(connection, error == -EPERM ?
	    "only root may ask this" : "the request makes no sense");
}

static void
on_written(struct bufferevent *stream UNUSED, void *arg)
{
	struct connection *connection = arg;

	if (connection->closing)
		connection_free(connection);
}

static void
on_event(struct bufferevent *stream UNUSED, short what UNUSED, void *arg)
{
	connection_free(arg);
}

static bool
may_connect(const struct server *server, uid_t uid)
{
	const struct config_limits *limits = &server->world->config->limits;
	const struct connection *connection;
	size_t same = 0, others = 0;

	if (uid == 0)
		return true;
	for (connection = server->connections; connection != NULL;
	    connection = connection->next) {
		others += connection->uid != 0;
		same += connection->uid == uid;
	}
	return others < limits->connections && same < limits->connections_uid;
}

/* Whoever is refused tries again at once, and must not fill the log. */
static void
log_refusal(struct server *server, uid_t uid)
{
	int64_t now = time(NULL);

	server->refused++;
	if (now - server->refusal_logged < REFUSAL_SECONDS)
		return;
	log_line(LOG_WARNING, "%zu connections were refused, the last of uid "
	    "%u: too many", server->refused, (unsigned)uid);
	server->refusal_logged = now;
	server->refused = 0;
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *address UNUSED, int len UNUSED, void *arg)
{
	struct timeval limit = { REQUEST_SECONDS, 0 };
	struct server *server = arg;
	struct connection *connection;
	struct ucred peer = { 0, (uid_t)-1, (gid_t)-1 };
	socklen_t size = sizeof(peer);

	connection = calloc(1, sizeof(*connection));
	if (connection == NULL ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ||
	    !may_connect(server, peer.uid))
		goto refuse;
	connection->stream = bufferevent_socket_new(
	    evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);
	if (connection->stream == NULL)
		goto refuse;
	fd = -1;
	connection->deadline = event_new(server->world->base, -1, 0,
	    on_deadline, connection);
	if (connection->deadline == NULL ||
	    event_add(connection->deadline, &limit) < 0)
		goto refuse;
	connection->server = server;
	connection->world = server->world;
	connection->uid = peer.uid;
	connection->pid = peer.pid;
	connection->next = server->connections;
	server->connections = connection;
	bufferevent_setwatermark(connection->stream, EV_READ, 0,
	    PROTO_REQUEST_MAX);
	bufferevent_setcb(connection->stream, on_read, on_written, on_event,
	    connection);
	(void)bufferevent_enable(connection->stream, EV_READ | EV_WRITE);
	return;
refuse:
	log_refusal(server, peer.uid);
	connection_drop(connection);
	if (fd >= 0)
		(void)close(fd);
}

/* Out of files, most likely: accept() would fail again at once, for ever. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct timeval pause = { 1, 0 };
	struct server *server = arg;

	log_line(LOG_ERR, "cannot accept a connection: %s", strerror(errno));
	(void)evconnlistener_disable(listener);
	(void)event_add(server->resume, &pause);
}

static void
on_resume(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct server *server = arg;

	(void)evconnlistener_enable(server->listener);
}

static void
on_decision(void *arg, const struct audit_record *record)
{
	struct server *server = arg;
	struct connection *connection;

	for (connection = server->connections; connection != NULL;
	    connection = connection->next) {
		if (connection->following)
			request_follow(connection, record);
	}
}

int
server_new(struct world *world, int fd, struct server **ret_server)
{
	struct server *server;

	server = calloc(1, sizeof(*server));
	if (server == NULL)
		return -ENOMEM;
	server->world = world;
	server->started = time(NULL);
	server->resume = event_new(world->base, -1, 0, on_resume, server);
	if (server->resume != NULL)
		server->listener = evconnlistener_new(world->base, on_accept,
		    server, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0,
		    fd);
	if (server->listener == NULL) {
		server_free(server);
		return -ENOMEM;
	}
	evconnlistener_set_error_cb(server->listener, on_accept_error);
	audit_watch(world->audit, on_decision, server);
	*ret_server = server;
	return 0;
}

void
server_free(struct server *server)
{
	if (server == NULL)
		return;
	audit_watch(server->world->audit, NULL, NULL);
	while (server->connections != NULL)
		connection_free(server->connections);
	if (server->listener != NULL)
		evconnlistener_free(server->listener);
	if (server->resume != NULL)
		event_free(server->resume);
	free(server);
}
