/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One fetch at a time, discovery document first and keys second. Documents are
 * kept by our own clock, because providers say no-store, and replaced only by
 * good ones.
 *
 * MUST: the issuer is compared byte by byte; every endpoint that is used is
 * https; a fetch that failed is not repeated within PROVIDER_REFETCH_FLOOR
 * seconds by those who can live with what is cached.
 */
#include <errno.h>
#include <stdlib.h>

#include "daemon/oidc/clock.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/provider_private.h"
#include "daemon/oidc/refusal.h"

#define CACHE_SECONDS	(60 * 60)
/* Keys that nobody has confirmed for so long may have been withdrawn. */
#define STALE_MAX	(7 * 24 * 60 * 60)

/* The fetch is over. Who can live with what is cached is not told of a
 * failure. */
static void
end_fetch(struct provider *p, enum reason reason, bool stale_will_do)
{
	struct provider_wait *wait;

	p->last_reason = reason;
	p->place = DISCOVERY_OPENID;
	while ((wait = TAILQ_FIRST(&p->waiting)) != NULL) {
		TAILQ_REMOVE(&p->waiting, wait, link);
		provider_settle(p, wait, wait->need != PROVIDER_NEW_KEYS &&
		    stale_will_do ? REASON_GRANTED : reason);
	}
}

/* The provider could not be asked: do not try again for a moment, so that not
 * every sign-in waits for the same time-out. */
static void
fail_fetch(struct provider *p, enum reason reason)
{
	uint64_t now = clock_steady(), later = now + PROVIDER_REFETCH_FLOOR;
	bool stale_will_do = reason_may_pass(reason) && p->keys != NULL &&
	    now < p->keys_confirmed + STALE_MAX;

	if (p->discovery_settled < later)
		p->discovery_settled = later;
	if (stale_will_do && p->discovery_expires < later)
		p->discovery_expires = later;
	if (stale_will_do && p->keys_expire < later)
		p->keys_expire = later;
	end_fetch(p, reason, stale_will_do);
}

static enum reason
read_discovery(struct provider *p, const struct json *json)
{
	const struct discovery_expect expect = {
		.issuer = p->issuer,
		.configured = (const char *const *)p->endpoints,
		.http_loopback = p->http_loopback,
	};
	struct discovery fresh;
	enum reason reason;

	reason = discovery_read(json, &expect, &p->last_detail, &fresh);
	if (reason != REASON_GRANTED)
		return reason;
	discovery_free(&p->discovery);
	p->discovery = fresh;
	p->discovery_expires = clock_steady() + CACHE_SECONDS;
	p->discovery_settled = clock_steady() + PROVIDER_REFETCH_FLOOR;
	return REASON_GRANTED;
}

static enum reason
read_keys(struct provider *p, const struct json *json)
{
	struct jwk_set *keys;
	int r;

	r = jwk_set_parse(json, &keys);
	if (r < 0)
		reason_say(&p->last_detail,
		    "no JWK Set of at most %d keys, but %zu members",
		    JWK_SET_MAX, json_length(json_get(json, "keys")));
	if (r < 0)
		return r == -ENOMEM ? REASON_INTERNAL : REASON_PROVIDER_REPLY;
	jwk_set_free(p->keys);
	p->keys = keys;
	p->keys_confirmed = clock_steady();
	p->keys_expire = p->keys_confirmed + CACHE_SECONDS;
	return REASON_GRANTED;
}

/* Judge a reply and parse it. */
static enum reason
read_reply(struct provider *p, const struct http_reply *reply,
    struct json **ret_json)
{
	enum reason reason = provider_judge(p, reply);
	int r;

	if (reason != REASON_GRANTED)
		return reason;
	if (reply->status != 200) {
		refusal_say(&p->last_detail, reply, NULL);
		return REASON_PROVIDER_REPLY;
	}
	r = json_parse(reply->body, reply->len, ret_json);
	if (r < 0)
		refusal_say_no_json(&p->last_detail, reply);
	if (r < 0)
		return r == -ENOMEM ? REASON_INTERNAL : REASON_PROVIDER_REPLY;
	return REASON_GRANTED;
}

static void
discovery_received(void *arg, const struct http_reply *reply)
{
	struct provider *p = arg;
	struct json *json = NULL;
	enum reason reason;

	p->exchange = NULL;
	if (reply->outcome == HTTP_ANSWERED && reply->status == 404 &&
	    p->place == DISCOVERY_OPENID) {
		p->place = DISCOVERY_OAUTH;
		provider_fetch(p);
		return;
	}
	reason = read_reply(p, reply, &json);
	if (reason == REASON_GRANTED)
		reason = read_discovery(p, json);
	json_free(json);
	if (reason == REASON_GRANTED)
		provider_fetch(p);
	else
		fail_fetch(p, reason);
}

static void
keys_received(void *arg, const struct http_reply *reply)
{
	struct provider *p = arg;
	struct json *json = NULL;
	enum reason reason;

	p->exchange = NULL;
	reason = read_reply(p, reply, &json);
	if (reason == REASON_GRANTED)
		reason = read_keys(p, json);
	json_free(json);
	if (reason != REASON_GRANTED)
		fail_fetch(p, reason);
	else if (clock_steady() >= p->discovery_expires)
		provider_fetch(p);	/* somebody misses a flow since */
	else
		end_fetch(p, reason, true);
}

static int
fetch_discovery(struct provider *p)
{
	char *url = discovery_url(p->issuer, p->place);
	const struct http_request request = { .url = url };
	int r;

	if (url == NULL)
		return -ENOMEM;
	r = http_start(p->http, &request, discovery_received, p, &p->exchange);
	free(url);
	return r;
}

static int
fetch_keys(struct provider *p)
{
	const struct http_request request = {
		.url = p->discovery.endpoints[DISCOVERY_JWKS],
	};

	return http_start(p->http, &request, keys_received, p, &p->exchange);
}

void
provider_fetch(struct provider *p)
{
	int r;

	if (clock_steady() >= p->discovery_expires)
		r = fetch_discovery(p);
	else
		r = fetch_keys(p);
	if (r < 0)
		fail_fetch(p, REASON_INTERNAL);
}
