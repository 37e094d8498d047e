/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HTTP over TLS to one provider, on the event loop; libcurl stays behind this
 * header. Only what url_is_allowed(), never a redirect, a cap on the body, a
 * limit on every wait. The environment (proxies, netrc) has no say.
 */
#ifndef DAEMON_OIDC_HTTP_H
#define DAEMON_OIDC_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"

/* A body beyond this is given up while it is received. */
#define HTTP_BODY_MAX	(1024 * 1024)

struct event_base;
struct http;
struct http_exchange;

struct http_config {
	const char	*ca_file;	/* NULL: the system's */
	const char	*proxy;		/* NULL: none */
	bool		 http_loopback;	/* allow http, but to this host alone */
	uint32_t	 timeout;	/* seconds for one exchange */
	const char	*accept;	/* NULL: application/json */
};

enum http_outcome {
	HTTP_UNREACHABLE,	/* no answer, or not a whole one, in time */
	HTTP_UNTRUSTED,		/* the certificate was refused */
	HTTP_OVERSIZED,		/* the body is longer than what is let in */
	HTTP_ANSWERED,
};

/* How an exchange ended. It lives until the callback returns. */
struct http_reply {
	enum http_outcome outcome;
	long		 status;	/* 0 unless answered */
	const char	*body;		/* wiped after the callback */
	size_t		 len;
	uint32_t	 retry_after;	/* seconds; 0: not given */
	const char	*error;		/* why there is no answer; may be "" */
	const char	*location;	/* of a redirect; NULL: is none */
	int64_t		 date;		/* by their clock; <= 0: unknown */
	const char	*type;		/* Content-Type; "" if it has none */
	const char	*etag;		/* NULL: has none */
	/* Of a form to be sent once: it may have left this host. */
	bool		 sent;
};

/* The exchange is gone when this is called. It may start and cancel others,
 * and call http_free(). */
typedef void http_done_fn(void *arg, const struct http_reply *reply);

/* 0 or -ENOMEM; the result must be freed. */
int	http_new(struct event_base *base, const struct http_config *config,
	    struct http **ret_http) MUST_USE;

/* Cancels what is under way. http may be NULL. */
void	http_free(struct http *http);

/* A GET, or a POST of form if that is not NULL. */
struct http_request {
	const char		*url;
	struct secret		*form;		/* moved */
	/* What follows "Authorization: ", such as "Bearer ..."; NULL or empty:
	 * the header is not sent. */
	const struct secret	*authorization;
	/* Another header to send that in, such as "X-API-Key: "; NULL: none. */
	const char		*credential_header;
	/* What a reply had, to be told 304 as long as nothing changed; NULL:
	 * the reply is wanted in any case. */
	const char		*etag;
	/* The longest body that is let in; 0: HTTP_BODY_MAX. */
	size_t			 most;
	/* The form holds what is good for one use. It gets a connection of its
	 * own, because libcurl repeats a request when one that was used before
	 * turns out to be dead. */
	bool			 once;
};

/* Start an exchange. done is called once, never from within this. 0, -EINVAL
 * for a URL that is not allowed, or -ENOMEM; done is not called then. */
int	http_start(struct http *http, const struct http_request *request,
	    http_done_fn *done, void *arg,
	    struct http_exchange **ret_exchange) MUST_USE;

/* End an exchange without a callback. exchange may be NULL. */
void	http_cancel(struct http_exchange *exchange);

#endif
