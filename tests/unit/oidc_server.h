/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A provider made of paper: for each path a list of answers, given one after
 * the other; the last one is given for ever. It runs on the event loop of the
 * test, at http://127.0.0.1:port.
 */
#ifndef TESTS_UNIT_OIDC_SERVER_H
#define TESTS_UNIT_OIDC_SERVER_H

#include <stdint.h>

struct event_base;
struct server;

#define SERVER_STALL	0	/* as a status: never answer */
#define SERVER_DROP	(-1)	/* close the connection */

struct server *server_new(struct event_base *base);
void	server_free(struct server *server);

/* The same on another address of this host; NULL if it has none such. */
struct server *server_new_at(struct event_base *base, const char *address);

/* How many connections there were. */
unsigned int server_connections(const struct server *server);

/* "http://127.0.0.1:port", as long as the server lives. */
const char *server_url(const struct server *server);

/* Add an answer of path. retry_after 0 sends none; body is copied. */
void	server_script(struct server *server, const char *path, int status,
	    uint32_t retry_after, const char *body);

/* What path answers is of this media type from now on. */
void	server_type(struct server *server, const char *path,
	    const char *type);

/* What path answers has this ETag from now on. */
void	server_etag(struct server *server, const char *path,
	    const char *etag);

/* Forget the answers of path. */
void	server_clear(struct server *server, const char *path);

/* How often path was asked for, and what the last request's body and header
 * of this name were ("" if there was none). */
unsigned int server_count(const struct server *server, const char *path);
const char *server_body(const struct server *server, const char *path);
const char *server_agent(const struct server *server, const char *path);
const char *server_accept(const struct server *server, const char *path);
const char *server_authorization(const struct server *server,
	    const char *path);

/* Likewise, of If-None-Match. */
const char *server_condition(const struct server *server,
	    const char *path);

/* Run the loop until *flag is set, 20 seconds at the most. */
void	server_run(struct event_base *base, const int *flag);

/* Run the loop until path was asked for so often, 20 seconds at the most. */
void	server_await(struct event_base *base, const struct server *server,
	    const char *path, unsigned int count);

/* Run the loop for so long. */
void	server_idle(struct event_base *base, unsigned int milliseconds);

#endif
