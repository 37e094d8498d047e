/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcurl's multi interface on libevent. The callbacks of libcurl only collect
 * what ended; each end is then told from an event of its own, so that a callee
 * may do anything at all, even free the whole http.
 *
 * MUST never wait for a name to be resolved.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "common/url.h"
#include "daemon/oidc/http_private.h"

static void
exchange_free(struct http_exchange *e)
{
	curl_easy_cleanup(e->easy);
	secret_free(&e->form);
	secret_free(&e->authorization);
	free(e->condition);
	body_free(&e->body);
	free(e);
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
	if (curl_easy_header(e->easy, "ETag", 0, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK)
		e->reply.etag = header->value;
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
setup_headers(struct http *http, const char *accept)
{
	struct curl_slist *list;
	char *header;

	if (asprintf(&header, "Accept: %s", accept != NULL ? accept :
	    "application/json") < 0)
		return -ENOMEM;
	http->headers = curl_slist_append(NULL, header);
	free(header);
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
	    copy_config(http, config) < 0 ||
	    setup_headers(http, config->accept) < 0)
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
	if (e->easy == NULL || http_prepare(e, request) < 0 ||
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
