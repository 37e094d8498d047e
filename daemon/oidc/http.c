/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcurl's multi interface on libevent. The callbacks of libcurl only collect
 * what ended; each end is then told from an event of its own, so that a callee
 * may do anything at all, even free the whole http. The file is longer than
 * most, since nothing of libcurl may leave it.
 *
 * MUST: verify peer and host; follow no redirect; take no setting from the
 * environment; never wait for a name to be resolved.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <curl/curl.h>
#include <event2/event.h>

#include "common/url.h"
#include "daemon/oidc/body.h"
#include "daemon/oidc/http.h"

#define CONNECT_TIMEOUT_MAX	10L
#define REDIRECTS_MAX		0L
/* A provider that sends less than a byte a second for this long is gone. */
#define STALL_BYTES		1L
#define STALL_SECONDS		10L

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
	struct curl_slist	 headers;	/* it, and those of http */
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

static void
exchange_free(struct http_exchange *e)
{
	curl_easy_cleanup(e->easy);
	secret_free(&e->form);
	secret_free(&e->authorization);
	body_free(&e->body);
	free(e);
}

/* CURLOPT_WRITEFUNCTION: another return than the full length ends it. */
static size_t
take_body(char *data, size_t size, size_t count, void *arg)
{
	struct http_exchange *e = arg;
	size_t len = size * count;

	if (len > HTTP_BODY_MAX - e->body.len) {
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

static void
read_headers(struct http_exchange *e)
{
	struct curl_header *header;
	char *location = NULL, *type = NULL;
	curl_off_t retry_after = 0;

	curl_easy_getinfo(e->easy, CURLINFO_RESPONSE_CODE, &e->reply.status);
	curl_easy_getinfo(e->easy, CURLINFO_RETRY_AFTER, &retry_after);
	curl_easy_getinfo(e->easy, CURLINFO_REDIRECT_URL, &location);
	curl_easy_getinfo(e->easy, CURLINFO_CONTENT_TYPE, &type);
	e->reply.type = type != NULL ? type : "";
	e->reply.retry_after = retry_after < UINT32_MAX ?
	    (uint32_t)retry_after : UINT32_MAX;
	e->reply.location = location;
	if (curl_easy_header(e->easy, "Date", 0, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK)
		e->reply.date = (int64_t)curl_getdate(header->value, NULL);
}

static void
fill_reply(struct http_exchange *e, CURLcode code)
{
	e->reply.type = "";
	e->reply.error = e->error[0] != '\0' ? e->error :
	    curl_easy_strerror(code);
	switch (code) {
	case CURLE_OK:
		e->reply.outcome = HTTP_ANSWERED;
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		e->reply.outcome = HTTP_UNTRUSTED;
		return;
	default:	/* the numbers are libcurl's; take_body() set its own */
		return;
	}
	e->reply.body = e->body.data != NULL ? e->body.data : "";
	e->reply.len = e->body.len;
	read_headers(e);
}

/* Move what ended from one list to the other. */
static void
collect(struct http *http)
{
	struct http_exchange *e;
	CURLMsg *message;
	CURLcode code;
	char *private;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		/* Removing the handle frees the message. */
		code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		    &private);
		e = (struct http_exchange *)(void *)private;
		curl_multi_remove_handle(http->multi, e->easy);
		fill_reply(e, code);
		TAILQ_REMOVE(e->list, e, link);
		e->list = &http->ended;
		TAILQ_INSERT_TAIL(e->list, e, link);
		event_active(http->tell, EV_TIMEOUT, 0);
	}
}

/* Tell one end. http may not exist any more after the callback. */
static void
tell_one(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct http *http = arg;
	struct http_exchange *e = TAILQ_FIRST(&http->ended);

	if (e == NULL)
		return;
	TAILQ_REMOVE(&http->ended, e, link);
	if (!TAILQ_EMPTY(&http->ended))
		event_active(http->tell, EV_TIMEOUT, 0);
	e->done(e->arg, &e->reply);
	exchange_free(e);
}

static void
socket_event(evutil_socket_t fd, short what, void *arg)
{
	struct http *http = arg;
	int bits = 0, running;

	if ((what & EV_READ) != 0)
		bits |= CURL_CSELECT_IN;
	if ((what & EV_WRITE) != 0)
		bits |= CURL_CSELECT_OUT;
	curl_multi_socket_action(http->multi, fd, bits, &running);
	collect(http);
}

static void
timer_event(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct http *http = arg;
	int running;

	curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(http);
}

/* CURLMOPT_TIMERFUNCTION. The event of libcurl's own timer takes it out of
 * every call into this file, which is why nothing ends within http_start(). */
static int
set_timer(CURLM *multi UNUSED, long milliseconds, void *arg)
{
	struct http *http = arg;
	struct timeval wait;

	if (milliseconds < 0)
		return event_del(http->timer);
	wait.tv_sec = milliseconds / 1000;
	wait.tv_usec = milliseconds % 1000 * 1000;
	return event_add(http->timer, &wait);
}

static void
watch_free(struct watch *watch)
{
	LIST_REMOVE(watch, link);
	if (watch->event != NULL)
		event_free(watch->event);
	free(watch);
}

/* CURLMOPT_SOCKETFUNCTION */
static int
set_watch(CURL *easy UNUSED, curl_socket_t fd, int what, void *arg,
    void *watch_arg)
{
	struct http *http = arg;
	struct watch *watch = watch_arg;
	short events = EV_PERSIST;

	if (what == CURL_POLL_REMOVE) {
		if (watch != NULL)
			watch_free(watch);
		return 0;
	}
	if (watch == NULL) {
		watch = calloc(1, sizeof(*watch));
		if (watch == NULL)
			return -1;
		LIST_INSERT_HEAD(&http->watches, watch, link);
		curl_multi_assign(http->multi, fd, watch);
	}
	if ((what & CURL_POLL_IN) != 0)
		events |= EV_READ;
	if ((what & CURL_POLL_OUT) != 0)
		events |= EV_WRITE;
	if (watch->event != NULL)
		event_free(watch->event);
	watch->event = event_new(http->base, fd, events, socket_event, http);
	return watch->event != NULL ? event_add(watch->event, NULL) : -1;
}

static int
setup_headers(struct http *http)
{
	struct curl_slist *list;

	http->headers = curl_slist_append(NULL, "Accept: application/json");
	if (http->headers == NULL)
		return -ENOMEM;
	/* A body of a few hundred bytes need not ask whether it may come. */
	list = curl_slist_append(http->headers, "Expect:");
	return list != NULL ? 0 : -ENOMEM;
}

static int
copy_config(struct http *http, const struct http_config *config)
{
	http->timeout = (long)config->timeout;
	http->http_loopback = config->http_loopback;
	if (config->proxy != NULL &&
	    (http->proxy = strdup(config->proxy)) == NULL)
		return -ENOMEM;
	if (config->ca_file != NULL &&
	    (http->ca_file = strdup(config->ca_file)) == NULL)
		return -ENOMEM;
	return 0;
}

int
http_new(struct event_base *base, const struct http_config *config,
    struct http **ret_http)
{
	struct http *http;
	int r = -ENOMEM;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return -ENOMEM;
	http = calloc(1, sizeof(*http));
	if (http == NULL) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	TAILQ_INIT(&http->running);
	TAILQ_INIT(&http->ended);
	LIST_INIT(&http->watches);
	http->base = base;
	http->timer = evtimer_new(base, timer_event, http);
	http->tell = evtimer_new(base, tell_one, http);
	http->multi = curl_multi_init();
	if (http->timer == NULL || http->tell == NULL || http->multi == NULL ||
	    copy_config(http, config) < 0 || setup_headers(http) < 0)
		goto out;
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, set_watch);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	*ret_http = http;
	http = NULL;
	r = 0;
out:
	http_free(http);
	return r;
}

void
http_free(struct http *http)
{
	struct watch *watch;

	if (http == NULL)
		return;
	while (!TAILQ_EMPTY(&http->running))
		http_cancel(TAILQ_FIRST(&http->running));
	while (!TAILQ_EMPTY(&http->ended))
		http_cancel(TAILQ_FIRST(&http->ended));
	curl_multi_cleanup(http->multi);
	while ((watch = LIST_FIRST(&http->watches)) != NULL)
		watch_free(watch);
	curl_slist_free_all(http->headers);
	if (http->timer != NULL)
		event_free(http->timer);
	if (http->tell != NULL)
		event_free(http->tell);
	free(http->ca_file);
	free(http->proxy);
	free(http);
	curl_global_cleanup();
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
set_authorization(struct http_exchange *e, const struct secret *value)
{
	static const char name[] = "Authorization: ";
	size_t len = sizeof(name) - 1;

	if (value == NULL || value->len == 0)
		return 0;
	e->authorization.data = malloc(len + value->len + 1);
	if (e->authorization.data == NULL)
		return -ENOMEM;
	memcpy(e->authorization.data, name, len);
	memcpy(e->authorization.data + len, value->data, value->len + 1);
	e->authorization.len = len + value->len;
	e->headers.data = e->authorization.data;
	e->headers.next = e->http->headers;
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
	bad |= curl_easy_setopt(e->easy, CURLOPT_HTTPHEADER,
	    e->headers.data != NULL ? &e->headers : e->http->headers);
	bad |= curl_easy_setopt(e->easy, CURLOPT_WRITEFUNCTION, take_body);
	bad |= curl_easy_setopt(e->easy, CURLOPT_WRITEDATA, e);
	if (e->form.data != NULL)
		bad |= set_form(e, request->once) < 0;
	return bad ? -ENOMEM : 0;
}

int
http_start(struct http *http, const struct http_request *request,
    http_done_fn *done, void *arg, struct http_exchange **ret_exchange)
{
	struct http_exchange *e;

	if (!url_is_allowed(request->url, http->http_loopback))
		return -EINVAL;
	e = calloc(1, sizeof(*e));
	if (e == NULL)
		return -ENOMEM;
	e->http = http;
	e->list = &http->running;
	e->done = done;
	e->arg = arg;
	if (request->form != NULL)
		secret_move(&e->form, request->form);
	e->easy = curl_easy_init();
	if (e->easy == NULL || set_connection(e->easy, http,
	    url_is_loopback(request->url)) < 0 ||
	    set_authorization(e, request->authorization) < 0 ||
	    set_request(e, request) < 0 ||
	    curl_multi_add_handle(http->multi, e->easy) != CURLM_OK) {
		exchange_free(e);
		return -ENOMEM;
	}
	TAILQ_INSERT_TAIL(e->list, e, link);
	*ret_exchange = e;
	return 0;
}

void
http_cancel(struct http_exchange *exchange)
{
	if (exchange == NULL)
		return;
	TAILQ_REMOVE(exchange->list, exchange, link);
	if (exchange->list == &exchange->http->running)
		curl_multi_remove_handle(exchange->http->multi, exchange->easy);
	exchange_free(exchange);
}
