/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One fetch at a time. A fleet does not ask in step: the time between two of
 * them is scattered.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <event2/util.h>

#include "common/url.h"
#include "daemon/directory/pull.h"
#include "daemon/oidc/clock.h"

#define ERROR_MAX	256
#define SCATTER		10	/* one part in so many, up and down */

struct pull {
	struct http		*http;
	struct http_exchange	*exchange;
	struct event		*timer;
	char			*url;
	const struct jwk_set	*keys;
	uint32_t		 refresh;
	char			*etag;		/* of what is believed */
	char			*new_etag;	/* of what came last */
	pull_done_fn		*done;
	void			*arg;
};

static uint64_t
scatter(uint32_t seconds)
{
	uint32_t part = seconds / SCATTER, random;

	evutil_secure_rng_get_bytes(&random, sizeof(random));
	return (uint64_t)seconds - part + random % (2 * part + 1);
}

static void
arm(struct pull *pull)
{
	/* The timer is there, and has its place in the heap of the base. */
	if (clock_arm(pull->timer, scatter(pull->refresh)) < 0)
		pull->done(pull->arg, &(struct pull_end){
		    .outcome = PULL_FAILED, .error = "out of memory" });
}

static void
keep_etag(struct pull *pull, const char *etag)
{
	free(pull->new_etag);
	/* Without one, or without memory, the next answer is a whole one. */
	pull->new_etag = etag != NULL ? strdup(etag) : NULL;
}

/* What there was instead of a document. */
static const char *
explain(const struct http_reply *reply, char error[ERROR_MAX])
{
	switch (reply->outcome) {
	case HTTP_UNREACHABLE:
		(void)snprintf(error, ERROR_MAX, "no answer: %.200s",
		    reply->error);
		break;
	case HTTP_UNTRUSTED:
		(void)snprintf(error, ERROR_MAX, "the certificate was "
		    "refused: %.200s", reply->error);
		break;
	case HTTP_OVERSIZED:
		(void)snprintf(error, ERROR_MAX, "it is longer than %d MiB",
		    SIGNED_SIZE_MAX / (1024 * 1024));
		break;
	case HTTP_ANSWERED:
		(void)snprintf(error, ERROR_MAX, "the server answered %ld",
		    reply->status);
		break;
	}
	return error;
}

static void
on_reply(void *arg, const struct http_reply *reply)
{
	struct pull *pull = arg;
	struct signed_directory document = { 0 };
	struct pull_end end = { .outcome = PULL_FAILED };
	char error[ERROR_MAX];

	pull->exchange = NULL;
	arm(pull);
	if (reply->outcome == HTTP_ANSWERED && reply->status == 304 &&
	    pull->etag != NULL) {
		end.outcome = PULL_UNCHANGED;
	} else if (reply->outcome == HTTP_ANSWERED && reply->status == 200) {
		keep_etag(pull, reply->etag);
		end.verdict = signed_verify(reply->body, reply->len,
		    pull->keys, clock_wall(), &document);
		end.outcome = end.verdict == SIGNED_GOOD ? PULL_READY :
		    PULL_REFUSED;
		end.document = &document;
	} else {
		end.error = explain(reply, error);
	}
	pull->done(pull->arg, &end);
	signed_free(&document);
}

static void
on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct pull *pull = arg;
	const struct http_request request = {
		.url = pull->url,
		.etag = pull->etag,
		.most = SIGNED_SIZE_MAX,
	};

	if (http_start(pull->http, &request, on_reply, pull,
	    &pull->exchange) < 0)
		arm(pull);
}

int
pull_new(struct event_base *base, const struct pull_config *config,
    pull_done_fn *done, void *arg, struct pull **ret_pull)
{
	struct pull *pull;
	int r;

	if (!url_is_allowed(config->url, config->http.http_loopback))
		return -EINVAL;
	pull = calloc(1, sizeof(*pull));
	if (pull == NULL)
		return -ENOMEM;
	pull->keys = config->keys;
	pull->refresh = config->refresh;
	pull->done = done;
	pull->arg = arg;
	pull->url = strdup(config->url);
	pull->timer = evtimer_new(base, on_timer, pull);
	r = pull->url == NULL || pull->timer == NULL ? -ENOMEM :
	    http_new(base, &config->http, &pull->http);
	if (r < 0) {
		pull_free(pull);
		return r;
	}
	event_active(pull->timer, EV_TIMEOUT, 0);
	*ret_pull = pull;
	return 0;
}

void
pull_believe(struct pull *pull)
{
	free(pull->etag);
	pull->etag = pull->new_etag;
	pull->new_etag = NULL;
}

void
pull_free(struct pull *pull)
{
	if (pull == NULL)
		return;
	http_cancel(pull->exchange);
	http_free(pull->http);
	if (pull->timer != NULL)
		event_free(pull->timer);
	free(pull->url);
	free(pull->etag);
	free(pull->new_etag);
	free(pull);
}
