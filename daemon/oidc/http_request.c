/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request, as libcurl is told of it.
 *
 * MUST: verify peer and host; follow no redirect; take no setting from the
 * environment.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/url.h"
#include "daemon/oidc/http_private.h"

#define CONNECT_TIMEOUT_MAX	10L
#define REDIRECTS_MAX		0L
/* A provider that sends less than a byte a second for this long is gone. */
#define STALL_BYTES		1L
#define STALL_SECONDS		10L

/* CURLOPT_WRITEFUNCTION: another return than the full length ends it. */
static size_t
take_body(char *data, size_t size, size_t count, void *arg)
{
	struct http_exchange *e = arg;
	size_t len = size * count;

	if (len > e->most - e->body.len) {
		e->reply.outcome = HTTP_OVERSIZED;
		return 0;
	}
	return body_append(&e->body, data, len) == 0 ? len : 0;
}

/* CURLOPT_READFUNCTION: libcurl asks for the form when it is about to write it.
 * There is no way back to its start. */
static size_t
give_form(char *data, size_t size, size_t count, void *arg)
{
	struct http_exchange *e = arg;
	size_t len = size * count;

	if (len > e->form.len - e->form_read)
		len = e->form.len - e->form_read;
	memcpy(data, e->form.data + e->form_read, len);
	e->form_read += len;
	e->reply.sent = true;
	return len;
}

/* Which connection: how it is made and what it may cost. */
static int
set_connection(CURL *easy, const struct http *http, bool loopback)
{
	bool bad = false;

	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
	    loopback ? "http" : "https");
	bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_2TLS);
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (http->ca_file != NULL) {
		/* Instead of the system's roots, not in addition to them. */
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
		bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	/* What may be sent in the clear must not leave this host. The empty
	 * proxy is what keeps libcurl from asking the environment. */
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY,
	    loopback || http->proxy == NULL ? "" : http->proxy);
	bad |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* When a resolver thread hangs, leave it alone: joining it would stop
	 * the whole loop until DNS gives up. */
	bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT, http->timeout);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
	    http->timeout < CONNECT_TIMEOUT_MAX ? http->timeout :
	    CONNECT_TIMEOUT_MAX);
	bad |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES);
	bad |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS);
	return bad ? -ENOMEM : 0;
}

/* The head of the list lies within the exchange: curl_slist_append() would
 * leave a copy of the secret in the heap. */
static int
set_authorization(struct http_exchange *e, const char *name,
    const struct secret *value)
{
	size_t len = strlen(name);

	if (value == NULL || value->len == 0)
		return 0;
	e->authorization.data = malloc(len + value->len + 1);
	if (e->authorization.data == NULL)
		return -ENOMEM;
	memcpy(e->authorization.data, name, len);
	memcpy(e->authorization.data + len, value->data, value->len + 1);
	e->authorization.len = len + value->len;
	e->headers.data = e->authorization.data;
	e->headers.next = e->first;
	e->first = &e->headers;
	return 0;
}

/* RFC 9110 13.1.2. */
static int
set_condition(struct http_exchange *e, const char *etag)
{
	if (etag == NULL)
		return 0;
	if (asprintf(&e->condition, "If-None-Match: %s", etag) < 0) {
		e->condition = NULL;
		return -ENOMEM;
	}
	e->conditions.data = e->condition;
	e->conditions.next = e->first;
	e->first = &e->conditions;
	return 0;
}

static int
set_form(struct http_exchange *e, bool once)
{
	bool bad = false;

	bad |= curl_easy_setopt(e->easy, CURLOPT_POST, 1L);
	bad |= curl_easy_setopt(e->easy, CURLOPT_POSTFIELDSIZE,
	    (long)e->form.len);
	if (once) {
		bad |= curl_easy_setopt(e->easy, CURLOPT_FRESH_CONNECT, 1L);
		bad |= curl_easy_setopt(e->easy, CURLOPT_READFUNCTION,
		    give_form);
		bad |= curl_easy_setopt(e->easy, CURLOPT_READDATA, e);
	} else {
		bad |= curl_easy_setopt(e->easy, CURLOPT_POSTFIELDS,
		    e->form.data);
	}
	return bad ? -ENOMEM : 0;
}

static int
set_request(struct http_exchange *e, const struct http_request *request)
{
	bool bad = false;

	bad |= curl_easy_setopt(e->easy, CURLOPT_URL, request->url);
	bad |= curl_easy_setopt(e->easy, CURLOPT_PRIVATE, e);
	bad |= curl_easy_setopt(e->easy, CURLOPT_ERRORBUFFER, e->error);
	bad |= curl_easy_setopt(e->easy, CURLOPT_USERAGENT,
	    "hostpass/" PACKAGE_VERSION);
	bad |= curl_easy_setopt(e->easy, CURLOPT_HTTPHEADER, e->first);
	bad |= curl_easy_setopt(e->easy, CURLOPT_WRITEFUNCTION, take_body);
	bad |= curl_easy_setopt(e->easy, CURLOPT_WRITEDATA, e);
	if (e->form.data != NULL)
		bad |= set_form(e, request->once) < 0;
	return bad ? -ENOMEM : 0;
}

int
http_prepare(struct http_exchange *e, const struct http_request *request)
{
	const char *name = request->credential_header != NULL ?
	    request->credential_header : "Authorization: ";
	int r;

	e->most = request->most > 0 ? request->most : HTTP_BODY_MAX;
	e->first = e->http->headers;
	if ((r = set_connection(e->easy, e->http,
	    url_is_loopback(request->url))) < 0 ||
	    (r = set_authorization(e, name, request->authorization)) < 0 ||
	    (r = set_condition(e, request->etag)) < 0)
		return r;
	return set_request(e, request);
}
