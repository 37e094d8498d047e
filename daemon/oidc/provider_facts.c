/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known of a provider, for reading.
 */
#include <inttypes.h>

#include "daemon/oidc/provider_private.h"

/* A difference between two clocks that nobody need be told of; seconds. */
#define CLOCK_TOLERANCE	10

int64_t
provider_last_answer(const struct provider *provider)
{
	return provider->last_answer;
}

enum reason
provider_last_reason(const struct provider *provider)
{
	return provider->last_reason;
}

const char *
provider_last_detail(const struct provider *provider)
{
	return provider->last_detail.text;
}

void
provider_say_clock(const struct provider *provider,
    struct reason_detail *detail)
{
	int64_t ahead = provider->clock_ahead;

	if (ahead > CLOCK_TOLERANCE || ahead < -CLOCK_TOLERANCE)
		reason_add(detail, "this clock is %" PRId64 " s %s the "
		    "provider's", ahead < 0 ? -ahead : ahead,
		    ahead < 0 ? "ahead of" : "behind");
}

const char *
provider_token_endpoint(const struct provider *provider)
{
	return provider->discovery.endpoints[DISCOVERY_TOKEN];
}

const char *
provider_device_endpoint(const struct provider *provider)
{
	return provider->discovery.endpoints[DISCOVERY_DEVICE];
}

const char *
provider_authorization_endpoint(const struct provider *provider)
{
	return provider->discovery.endpoints[DISCOVERY_AUTHORIZATION];
}

const char *
provider_userinfo_endpoint(const struct provider *provider)
{
	return provider->discovery.endpoints[DISCOVERY_USERINFO];
}

const char *
provider_revocation_endpoint(const struct provider *provider)
{
	return provider->discovery.endpoints[DISCOVERY_REVOCATION];
}

const char *
provider_logout_endpoint(const struct provider *provider)
{
	return provider->discovery.endpoints[DISCOVERY_LOGOUT];
}

bool
provider_iss_parameter_supported(const struct provider *provider)
{
	return provider->discovery.iss_parameter;
}

const struct jwk_set *
provider_keys(const struct provider *provider)
{
	return provider->keys;
}

const char *
provider_issuer(const struct provider *provider)
{
	return provider->issuer;
}

const char *
provider_client_id(const struct provider *provider)
{
	return provider->client_id;
}

const char *
provider_scopes(const struct provider *provider)
{
	return provider->scopes;
}

const struct userinfo_policy *
provider_userinfo(const struct provider *provider)
{
	return &provider->userinfo;
}

struct event_base *
provider_base(const struct provider *provider)
{
	return provider->base;
}

struct http *
provider_http(struct provider *provider)
{
	return provider->http;
}
