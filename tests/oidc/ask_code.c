/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ask a provider for a device code, with the code that the daemon has for it:
 *
 *	ask_code ISSUER CA_FILE CLIENT_ID METHOD [SECRET]
 *
 * METHOD is auto, none, basic or post. It prints "code" or the code of the
 * reason why there is none.
 */
#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/device.h"
#include "daemon/oidc/provider.h"

static struct event_base *base;

static enum client_auth_method
method(const char *name)
{
	if (strcmp(name, "none") == 0)
		return CLIENT_AUTH_NONE;
	if (strcmp(name, "basic") == 0)
		return CLIENT_AUTH_SECRET_BASIC;
	return strcmp(name, "post") == 0 ? CLIENT_AUTH_SECRET_POST :
	    CLIENT_AUTH_AUTO;
}

static void
ready(void *arg UNUSED, const struct device_prompt *prompt UNUSED)
{
	(void)puts("code");
	(void)event_base_loopbreak(base);
}

static void
done(void *arg UNUSED, enum reason reason, const char *detail UNUSED,
    struct flow_result *result UNUSED)
{
	(void)puts(reason_code(reason));
	(void)event_base_loopbreak(base);
}

static int
ask(const struct provider_config *config)
{
	const struct device_request request = { .ready = ready, .done = done };
	struct provider *provider;
	struct device *device = NULL;
	int r;

	r = provider_new(base, config, &provider);
	if (r < 0)
		return r;
	r = device_start(provider, &request, &device);
	if (r == 0)
		(void)event_base_dispatch(base);
	device_free(device);
	provider_free(provider);
	return r;
}

int
main(int argc, char **argv)
{
	struct provider_config config = { .scopes = "openid", .timeout = 10 };
	struct secret secret = SECRET_INIT;
	int r = 0;

	if (argc < 5)
		return 2;
	config.issuer = argv[1];
	config.ca_file = argv[2];
	config.client_id = argv[3];
	config.client_auth = method(argv[4]);
	config.client_secret = &secret;
	if (argc > 5)
		r = secret_set(&secret, argv[5], strlen(argv[5]));
	base = event_base_new();
	if (r == 0 && base != NULL)
		r = ask(&config);
	if (base != NULL)
		event_base_free(base);
	secret_free(&secret);
	if (r < 0)
		(void)fprintf(stderr, "ask_code: %s\n", strerror(-r));
	return r < 0;
}
