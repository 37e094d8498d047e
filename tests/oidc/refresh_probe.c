/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * refresh_probe ISSUER CLIENT_ID CA_FILE: one person's tokens, as the cache
 * daemon will hold them. Each line of the input is a command, each line of the
 * output an answer; no token is ever printed.
 *
 *	sign-in	code CODE, and then REASON GROUPS
 *	refresh	OUTCOME REASON new|kept GROUPS
 *	reuse	the same with the token before the last, as a thief would
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/refresh.h"

/* Seconds that one exchange may take. */
#define TIMEOUT	2

static struct event_base *base;
static struct provider *provider;
static struct secret token, former;
static char subject[256];

static void
say_groups(const struct json *claims)
{
	char *text = json_write(json_get(claims, "groups"));

	printf("%s\n", text != NULL ? text : "-");
	fflush(stdout);
	free(text);
}

/* Keep a new token in the place of the former one. */
static bool
keep(struct secret *fresh)
{
	if (fresh->len == 0)
		return false;
	secret_move(&former, &token);
	secret_move(&token, fresh);
	return true;
}

static void
show_code(void *arg UNUSED, const struct device_prompt *prompt)
{
	printf("code %s\n", prompt->user_code);
	fflush(stdout);
}

static void
signed_in(void *arg UNUSED, enum reason reason, const char *detail UNUSED,
    struct flow_result *result)
{
	printf("%s ", reason_code(reason));
	say_groups(result != NULL ? result->claims : NULL);
	if (result != NULL) {
		snprintf(subject, sizeof(subject), "%s", result->subject);
		keep(&result->refresh_token);
	}
	event_base_loopbreak(base);
}

static int
sign_in(void)
{
	const struct device_request request = {
		.ready = show_code, .done = signed_in,
	};
	struct device *device;

	if (device_start(provider, &request, &device) < 0)
		return -1;
	event_base_dispatch(base);
	device_free(device);
	return 0;
}

static void
refreshed(void *arg UNUSED, struct refresh_end *end)
{
	static const char *const outcomes[] = {
		[REFRESH_RENEWED] = "renewed", [REFRESH_REVOKED] = "revoked",
		[REFRESH_TRY_LATER] = "try-later", [REFRESH_LOST] = "lost",
	};

	printf("%s %s %s ", outcomes[end->outcome], reason_code(end->reason),
	    keep(&end->refresh_token) ? "new" : "kept");
	say_groups(end->claims);
	event_base_loopbreak(base);
}

static int
refresh_with(const struct secret *with)
{
	const struct refresh_request request = {
		.refresh_token = with, .subject = subject, .done = refreshed,
	};
	struct refresh *refresh;

	if (with->len == 0 ||
	    refresh_start(provider, &request, &refresh) < 0)
		return -1;
	event_base_dispatch(base);
	refresh_free(refresh);
	return 0;
}

static int
obey(const char *command)
{
	if (strcmp(command, "sign-in\n") == 0)
		return sign_in();
	if (strcmp(command, "refresh\n") == 0)
		return refresh_with(&token);
	if (strcmp(command, "reuse\n") == 0)
		return refresh_with(&former);
	return -1;
}

int
main(int argc, char **argv)
{
	struct provider_config config = {
		.scopes = "openid profile email groups", .timeout = TIMEOUT,
		.userinfo.claims = { "preferred_username", "groups" },
	};
	char line[64];
	int r = 0;

	if (argc != 4)
		return EXIT_FAILURE;
	config.issuer = argv[1];
	config.client_id = argv[2];
	config.ca_file = argv[3];
	base = event_base_new();
	if (base == NULL || provider_new(base, &config, &provider) < 0)
		return EXIT_FAILURE;
	while (r == 0 && fgets(line, sizeof(line), stdin) != NULL)
		r = obey(line);
	provider_free(provider);
	event_base_free(base);
	secret_free(&token);
	secret_free(&former);
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
