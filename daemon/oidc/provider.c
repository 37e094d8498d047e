/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A provider is made from what was configured, and freed.
 *
 * MUST: every endpoint and the issuer that are configured are https.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "common/url.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/provider_private.h"

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
	p->tell = event_new(base, -1, 0, provider_tell_one, p);
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
