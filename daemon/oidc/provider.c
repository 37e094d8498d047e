/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One fetch at a time, discovery document first and keys second; everybody
 * who waits is told from an event of its own. Documents are kept by our own
 * clock, because providers say no-store, and replaced only by good ones.
 *
 * MUST: the issuer is compared byte by byte; every endpoint that is used is
 * https; neither a token that is signed by an unknown key nor a sign-in by a
 * flow that the provider lacks can make us ask more often than once in
 * REFETCH_FLOOR seconds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "common/url.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/provider_private.h"
#include "daemon/oidc/refusal.h"

#define CACHE_SECONDS	(60 * 60)
/* Between fetches for unknown keys or a missing flow, and after a fetch that
 * failed. */
#define REFETCH_FLOOR	30
/* Keys that nobody has confirmed for so long may have been withdrawn. */
#define STALE_MAX	(7 * 24 * 60 * 60)

static void fetch(struct provider *p);

static void
settle(struct provider *p, struct provider_wait *wait, enum reason reason)
{
	wait->place = PROVIDER_SETTLED;
	wait->reason = reason;
	if (reason != REASON_GRANTED)
		wait->detail = p->last_detail;
	TAILQ_INSERT_TAIL(&p->settled, wait, link);
	event_active(p->tell, EV_TIMEOUT, 0);
}

/* Tell one. The provider may be gone after the callback. */
static void
tell_one(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct provider *p = arg;
	struct provider_wait *wait = TAILQ_FIRST(&p->settled);

	if (wait == NULL)
		return;
	provider_wait_stop(p, wait);
	if (!TAILQ_EMPTY(&p->settled))
		event_active(p->tell, EV_TIMEOUT, 0);
	wait->told(wait->arg, wait->reason);
}

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
		settle(p, wait, wait->need != PROVIDER_NEW_KEYS &&
		    stale_will_do ? REASON_GRANTED : reason);
	}
}

/* The provider could not be asked: do not try again for a moment, so that not
 * every sign-in waits for the same time-out. */
static void
fail_fetch(struct provider *p, enum reason reason)
{
	uint64_t now = clock_steady(), later = now + REFETCH_FLOOR;
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
	p->discovery_settled = clock_steady() + REFETCH_FLOOR;
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
		fetch(p);
		return;
	}
	reason = read_reply(p, reply, &json);
	if (reason == REASON_GRANTED)
		reason = read_discovery(p, json);
	json_free(json);
	if (reason == REASON_GRANTED)
		fetch(p);
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
		fetch(p);	/* somebody misses a flow since */
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

/* Fetch the document if it is too old, else the keys. */
static void
fetch(struct provider *p)
{
	int r;

	if (clock_steady() >= p->discovery_expires)
		r = fetch_discovery(p);
	else
		r = fetch_keys(p);
	if (r < 0)
		fail_fetch(p, REASON_INTERNAL);
}

/* Somebody wants a flow that the document does not have: an admin may have
 * turned it on just now. */
static void
doubt_discovery(struct provider *p, enum discovery_endpoint wanted,
    uint64_t now)
{
	if (p->discovery.endpoints[wanted] == NULL &&
	    now >= p->discovery_settled && p->discovery_expires > now)
		p->discovery_expires = now;
}

void
provider_wait_start(struct provider *provider, enum provider_need need,
    struct provider_wait *wait)
{
	uint64_t now = clock_steady();
	bool there = false;

	if (need == PROVIDER_DEVICE)
		doubt_discovery(provider, DISCOVERY_DEVICE, now);
	else if (need == PROVIDER_BROWSER)
		doubt_discovery(provider, DISCOVERY_AUTHORIZATION, now);
	switch (need) {
	case PROVIDER_READY:
	case PROVIDER_DEVICE:
	case PROVIDER_BROWSER:
		there = now < provider->discovery_expires &&
		    now < provider->keys_expire;
		break;
	case PROVIDER_NEW_KEYS:
		there = now < provider->forced_until;
		if (!there)
			provider->forced_until = now + REFETCH_FLOOR;
		break;
	}
	wait->need = need;
	if (there) {
		settle(provider, wait, REASON_GRANTED);
		return;
	}
	wait->place = PROVIDER_WAITING;
	TAILQ_INSERT_TAIL(&provider->waiting, wait, link);
	if (provider->exchange == NULL)
		fetch(provider);
}

void
provider_wait_stop(struct provider *provider, struct provider_wait *wait)
{
	switch (wait->place) {
	case PROVIDER_NOT_QUEUED:
		break;
	case PROVIDER_WAITING:
		TAILQ_REMOVE(&provider->waiting, wait, link);
		break;
	case PROVIDER_SETTLED:
		TAILQ_REMOVE(&provider->settled, wait, link);
		break;
	}
	wait->place = PROVIDER_NOT_QUEUED;
}

static int
copy_userinfo(struct provider *p, const struct userinfo_policy *policy)
{
	size_t i;

	p->userinfo.always = policy->always;
	for (i = 0; i < USERINFO_CLAIMS; i++) {
		if (policy->claims[i] == NULL)
			continue;
		p->userinfo_claims[i] = strdup(policy->claims[i]);
		if (p->userinfo_claims[i] == NULL)
			return -ENOMEM;
		p->userinfo.claims[i] = p->userinfo_claims[i];
	}
	return 0;
}

static int
copy_config(struct provider *p, const struct provider_config *config)
{
	size_t i;

	p->http_loopback = config->http_loopback;
	p->issuer = strdup(config->issuer);
	p->client_id = strdup(config->client_id);
	p->scopes = strdup(config->scopes);
	if (p->issuer == NULL || p->client_id == NULL || p->scopes == NULL ||
	    copy_userinfo(p, &config->userinfo) < 0)
		return -ENOMEM;
	for (i = 0; i < DISCOVERY_ENDPOINT_COUNT; i++) {
		if (config->endpoints[i] == NULL)
			continue;
		if (!url_is_allowed(config->endpoints[i], p->http_loopback))
			return -EINVAL;
		p->endpoints[i] = strdup(config->endpoints[i]);
		if (p->endpoints[i] == NULL)
			return -ENOMEM;
	}
	return url_is_allowed(p->issuer, p->http_loopback) ? 0 : -EINVAL;
}

/* With the endpoints that nothing works without, there is nothing to
 * discover. */
static int
skip_discovery(struct provider *p)
{
	const struct discovery_expect expect = {
		.configured = (const char *const *)p->endpoints,
		.http_loopback = p->http_loopback,
	};

	if (p->endpoints[DISCOVERY_TOKEN] == NULL ||
	    p->endpoints[DISCOVERY_JWKS] == NULL)
		return 0;
	if (discovery_from_config(&expect, &p->discovery) != REASON_GRANTED)
		return -ENOMEM;
	p->discovery_expires = UINT64_MAX;
	p->discovery_settled = UINT64_MAX;
	return 0;
}

static int
start_client(struct provider *p, const struct provider_config *config)
{
	const struct client_auth_config client = {
		.client_id = config->client_id,
		.method = config->client_auth,
		.secret = config->client_secret,
		.key = config->client_key,
		.assertion_file = config->client_assertion_file,
		.audience = config->client_assertion_audience,
	};

	return client_auth_new(&client, &p->client);
}

static int
start_http(struct provider *p, const struct provider_config *config)
{
	const struct http_config http = {
		.ca_file = config->ca_file,
		.proxy = config->proxy,
		.http_loopback = config->http_loopback,
		.timeout = config->timeout,
	};

	return http_new(p->base, &http, &p->http);
}

int
provider_new(struct event_base *base, const struct provider_config *config,
    struct provider **ret_provider)
{
	struct provider *p;
	int r;

	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return -ENOMEM;
	TAILQ_INIT(&p->waiting);
	TAILQ_INIT(&p->settled);
	p->base = base;
	p->last_reason = REASON_GRANTED;
	if ((r = copy_config(p, config)) < 0 || (r = skip_discovery(p)) < 0 ||
	    (r = start_client(p, config)) < 0 ||
	    (r = start_http(p, config)) < 0)
		goto out;
	p->tell = event_new(base, -1, 0, tell_one, p);
	if (p->tell == NULL) {
		r = -ENOMEM;
		goto out;
	}
	*ret_provider = p;
	p = NULL;
out:
	provider_free(p);
	return r;
}

void
provider_free(struct provider *provider)
{
	size_t i;

	if (provider == NULL)
		return;
	for (i = 0; i < USERINFO_CLAIMS; i++)
		free(provider->userinfo_claims[i]);
	http_free(provider->http);
	if (provider->tell != NULL)
		event_free(provider->tell);
	jwk_set_free(provider->keys);
	client_auth_free(provider->client);
	for (i = 0; i < DISCOVERY_ENDPOINT_COUNT; i++)
		free(provider->endpoints[i]);
	free(provider->issuer);
	free(provider->client_id);
	free(provider->scopes);
	discovery_free(&provider->discovery);
	free(provider);
}

enum reason
provider_judge(struct provider *provider, const struct http_reply *reply)
{
	if (reply->outcome == HTTP_ANSWERED)
		provider->last_answer = clock_wall();
	if (reply->date > 0)
		provider->clock_ahead = reply->date - clock_wall();
	provider->last_reason = refusal_of_reply(reply,
	    &provider->last_detail);
	return provider->last_reason;
}

/* Add who we are, and post it. */
static enum reason
post(struct provider *provider, struct http_request *request,
    http_done_fn *done, void *arg, struct http_exchange **ret_exchange)
{
	const struct client_auth_facts facts = {
		.issuer = provider->issuer,
		.token_endpoint = provider_token_endpoint(provider),
		.takes_post = provider->discovery.takes_post,
		.now = clock_wall(),
	};
	struct secret authorization = SECRET_INIT;
	enum reason reason;

	reason = client_auth_put(provider->client, &facts, request->form,
	    &authorization);
	request->authorization = &authorization;
	if (reason == REASON_GRANTED && http_start(provider->http, request,
	    done, arg, ret_exchange) < 0)
		reason = REASON_INTERNAL;
	secret_free(&authorization);
	return reason;
}

enum reason
provider_post(struct provider *provider, const char *url, struct secret *form,
    http_done_fn *done, void *arg, struct http_exchange **ret_exchange)
{
	struct http_request request = { .url = url, .form = form };

	return post(provider, &request, done, arg, ret_exchange);
}

enum reason
provider_post_once(struct provider *provider, const char *url,
    struct secret *form, http_done_fn *done, void *arg,
    struct http_exchange **ret_exchange)
{
	struct http_request request = {
		.url = url, .form = form, .once = true
	};

	return post(provider, &request, done, arg, ret_exchange);
}
