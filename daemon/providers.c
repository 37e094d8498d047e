/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the sections [provider] and [provider:NAME] to the providers that
 * sign-ins are sent to, in the order of the file.
 */
#include <errno.h>
#include <stdlib.h>

#include "daemon/oidc/provider.h"
#include "daemon/providers.h"

/* The claims for which userinfo is worth a question. */
static void
name_claims(const struct config *config, const struct config_provider *from,
    const char *claims[USERINFO_CLAIMS])
{
	const struct config_identity *identity = &from->identity;
	size_t i;

	claims[0] = identity->username_claim;
	claims[1] = identity->groups_claim;
	claims[2] = identity->uid_claim;
	claims[3] = identity->gid_claim;
	claims[4] = identity->shell_claim;
	claims[5] = identity->home_claim;
	claims[6] = identity->ssh_keys_claim;
	for (i = 0; i < config->user_count; i++) {
		if (config->users[i].match.kind == CONFIG_MATCH_EMAIL)
			claims[7] = "email";
	}
}

static int
start_provider(struct world *world, const struct config_provider *from,
    struct provider **ret_provider)
{
	struct provider_config to = { 0 };

	to.issuer = from->issuer;
	to.client_id = from->client_id;
	to.client_auth = from->client_auth;
	to.client_secret = &from->client_secret;
	to.client_key = &from->client_key;
	to.client_assertion_file = from->client_assertion_file;
	to.client_assertion_audience = from->client_assertion_audience;
	to.endpoints[DISCOVERY_TOKEN] = from->token_endpoint;
	to.endpoints[DISCOVERY_JWKS] = from->jwks_uri;
	to.endpoints[DISCOVERY_DEVICE] = from->device_authorization_endpoint;
	to.endpoints[DISCOVERY_AUTHORIZATION] = from->authorization_endpoint;
	to.endpoints[DISCOVERY_USERINFO] = from->userinfo_endpoint;
	to.scopes = from->scopes;
	to.userinfo.always = from->userinfo == CONFIG_USERINFO_ALWAYS;
	if (from->userinfo == CONFIG_USERINFO_AUTO)
		name_claims(world->config, from, to.userinfo.claims);
	to.ca_file = from->ca_file;
	to.proxy = from->proxy;
	to.http_loopback = from->allow_http_loopback;
	to.timeout = from->timeout;
	return provider_new(world->base, &to, ret_provider);
}

int
providers_start(struct world *world)
{
	struct world_provider *started;
	size_t i;
	int r;

	world->providers = calloc(world->config->provider_count,
	    sizeof(*world->providers));
	if (world->providers == NULL)
		return -ENOMEM;
	for (i = 0; i < world->config->provider_count; i++) {
		started = &world->providers[i];
		started->config = &world->config->providers[i];
		r = start_provider(world, started->config, &started->oidc);
		if (r < 0)
			return r;
		world->provider_count++;
	}
	return 0;
}

void
providers_free(struct world *world)
{
	size_t i;

	for (i = 0; i < world->provider_count; i++)
		provider_free(world->providers[i].oidc);
	free(world->providers);
	world->providers = NULL;
	world->provider_count = 0;
}
