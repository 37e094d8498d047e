/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcurl, for the files whose names begin with http; nobody else sees it.
 */
#ifndef DAEMON_OIDC_HTTP_PRIVATE_H
#define DAEMON_OIDC_HTTP_PRIVATE_H

#include <curl/curl.h>
#include <sys/queue.h>

#include "daemon/oidc/body.h"
#include "daemon/oidc/http.h"

struct event;

/* A socket that libcurl wants to be told about. */
struct watch {
	LIST_ENTRY(watch)	 link;
	struct event		*event;
};

TAILQ_HEAD(exchange_list, http_exchange);

struct http_exchange {
	TAILQ_ENTRY(http_exchange) link;
	struct exchange_list	*list;	/* running or ended */
	struct http		*http;
	CURL			*easy;
	struct secret		 form;
	size_t			 form_read;	/* if it is sent once */
	struct secret		 authorization;	/* the whole header */
	char			*condition;	/* likewise, If-None-Match */
	/* The list: those of http behind the two above, if they are sent. */
	struct curl_slist	 headers, conditions, *first;
	size_t			 most;		/* of the body */
	struct body		 body;
	struct http_reply	 reply;
	char			 error[CURL_ERROR_SIZE];
	http_done_fn		*done;
	void			*arg;
};

struct http {
	struct event_base	*base;
	CURLM			*multi;
	struct curl_slist	*headers;
	struct event		*timer;
	struct event		*tell;
	char			*ca_file;
	char			*proxy;
	bool			 http_loopback;
	long			 timeout;
	struct exchange_list	 running;
	struct exchange_list	 ended;
	LIST_HEAD(, watch)	 watches;
};

/* Tell e->easy all that there is to say of request, but for the form, which e
 * has already. 0 or -ENOMEM. */
int	http_prepare(struct http_exchange *e,
	    const struct http_request *request) MUST_USE;

#endif
