/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scene. Anything that goes wrong here aborts the program.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "daemon/oidc/provider.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_scene.h"
#include "tests/unit/oidc_server.h"

#define DISCOVERY	"/.well-known/openid-configuration"

struct scene scene;

void
scene_discovery(const char *more)
{
	const char *url = server_url(scene.server);
	char *text = mint_text("{\"issuer\":\"%s\",\"token_endpoint\":"
	    "\"%s/token\",\"jwks_uri\":\"%s/jwks\"%s}", url, url, url, more);

	server_clear(scene.server, DISCOVERY);
	server_script(scene.server, DISCOVERY, 200, 0, text);
	free(text);
}

void
scene_keys(const char *kid)
{
	char *jwks = mint_jwks(scene.key, kid);

	server_clear(scene.server, "/jwks");
	server_script(scene.server, "/jwks", 200, 0, jwks);
	free(jwks);
}

char *
scene_jwt(const char *kid, const char *claims)
{
	char *header = mint_text("{\"alg\":\"ES256\",\"kid\":\"%s\"}", kid);
	char *token = mint_token(scene.key, "ES256", header, claims);

	free(header);
	return token;
}

char *
scene_id_token(const char *kid, const char *sub, const char *more)
{
	long long now = (long long)time(NULL);
	char *claims = mint_text("{\"iss\":\"%s\",\"sub\":\"%s\","
	    "\"aud\":[\"client\"],\"exp\":%lld,\"iat\":%lld%s}",
	    server_url(scene.server), sub, now + 3600, now, more);
	char *token = scene_jwt(kid, claims);

	free(claims);
	return token;
}

void
scene_open(const struct userinfo_policy *userinfo)
{
	struct provider_config config = {
		.client_id = "client", .scopes = "openid", .timeout = 1,
		.http_loopback = true,
	};

	if (userinfo != NULL)
		config.userinfo = *userinfo;
	scene.key = mint_key("P-256", 0);
	scene.base = event_base_new();
	scene.server = server_new(scene.base);
	config.issuer = server_url(scene.server);
	scene_discovery("");
	scene_keys("k");
	if (provider_new(scene.base, &config, &scene.provider) < 0)
		abort();
}

void
scene_close(void)
{
	provider_free(scene.provider);
	server_free(scene.server);
	event_base_free(scene.base);
	mint_key_free(scene.key);
	memset(&scene, 0, sizeof(scene));
}
