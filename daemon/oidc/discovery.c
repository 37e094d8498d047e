/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A document is taken as a whole or not at all. The issuer is compared byte by
 * byte, and every endpoint is https; its host may be another than the
 * issuer's (Pocket ID's INTERNAL_APP_URL).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/url.h"
#include "daemon/oidc/discovery.h"
#include "daemon/oidc/json.h"

static const struct {
	const char	*name;
	bool		 required;
} endpoints[DISCOVERY_ENDPOINT_COUNT] = {
	[DISCOVERY_TOKEN] = { "token_endpoint", true },
	[DISCOVERY_JWKS] = { "jwks_uri", true },
	[DISCOVERY_DEVICE] = { "device_authorization_endpoint", false },
	[DISCOVERY_AUTHORIZATION] = { "authorization_endpoint", false },
	[DISCOVERY_USERINFO] = { "userinfo_endpoint", false },
	[DISCOVERY_REVOCATION] = { "revocation_endpoint", false },
	[DISCOVERY_LOGOUT] = { "end_session_endpoint", false },
};

/* A slash at the end goes first. The older place is behind the issuer, the
 * newer between its host and its path. */
char *
discovery_url(const char *issuer, enum discovery_place place)
{
	const char *host = strstr(issuer, "://"), *path = NULL;
	size_t len = strlen(issuer);
	char *url;
	int n;

	if (len > 0 && issuer[len - 1] == '/')
		len--;
	if (host != NULL && host + 3 < issuer + len)
		path = memchr(host + 3, '/', len - (size_t)(host + 3 - issuer));
	if (path == NULL)
		path = issuer + len;
	if (place == DISCOVERY_OPENID)
		n = asprintf(&url, "%.*s/.well-known/openid-configuration",
		    (int)len, issuer);
	else
		n = asprintf(&url,
		    "%.*s/.well-known/oauth-authorization-server%.*s",
		    (int)(path - issuer), issuer, (int)(issuer + len - path),
		    path);
	return n < 0 ? NULL : url;
}

/* 0, -ENOENT if there is no such endpoint, or -EBADMSG, -ENOMEM. */
static int
copy_endpoint(const struct json *document,
    const struct discovery_expect *expect, enum discovery_endpoint which,
    char **ret_url)
{
	const char *url = expect->configured[which];
	char *copy;

	if (url == NULL) {
		if (json_get(document, endpoints[which].name) == NULL)
			return -ENOENT;
		url = json_get_string(document, endpoints[which].name);
	}
	if (!url_is_allowed(url, expect->http_loopback))
		return -EBADMSG;
	copy = strdup(url);
	if (copy == NULL)
		return -ENOMEM;
	*ret_url = copy;
	return 0;
}

static enum reason
copy_endpoints(const struct json *document,
    const struct discovery_expect *expect, struct reason_detail *detail,
    struct discovery *found)
{
	enum discovery_endpoint i;
	int r;

	for (i = 0; i < DISCOVERY_ENDPOINT_COUNT; i++) {
		r = copy_endpoint(document, expect, i, &found->endpoints[i]);
		if (r == 0 || (r == -ENOENT && !endpoints[i].required))
			continue;
		reason_say(detail, "%s is %s", endpoints[i].name,
		    r == -ENOENT ? "missing" : "not a https link");
		discovery_free(found);
		return r == -ENOMEM ? REASON_INTERNAL : REASON_PROVIDER_REPLY;
	}
	return REASON_GRANTED;
}

/* Whoever does not list the methods takes client_secret_basic alone (RFC 8414
 * 2). */
static bool
takes_post(const struct json *document)
{
	const struct json *methods = json_get(document,
	    "token_endpoint_auth_methods_supported");
	const char *method;
	size_t i;

	for (i = 0; i < json_length(methods); i++) {
		method = json_string(json_at(methods, i));
		if (method != NULL && strcmp(method, "client_secret_post") == 0)
			return true;
	}
	return false;
}

enum reason
discovery_read(const struct json *document,
    const struct discovery_expect *expect, struct reason_detail *detail,
    struct discovery *ret_discovery)
{
	struct discovery found = { { NULL }, false, false };
	const char *said = json_get_string(document, "issuer");
	enum reason reason;

	if (said == NULL) {
		reason_say(detail, "no issuer in the discovery document");
		return REASON_PROVIDER_REPLY;
	}
	if (strcmp(said, expect->issuer) != 0) {
		reason_say(detail, "issuer says '%.128s', configured is '%s'",
		    said, expect->issuer);
		return REASON_DISCOVERY_ISSUER;
	}
	reason = copy_endpoints(document, expect, detail, &found);
	if (reason != REASON_GRANTED)
		return reason;
	/* Whoever does not say so does not send it (RFC 9207 3). */
	if (json_boolean(json_get(document,
	    "authorization_response_iss_parameter_supported"),
	    &found.iss_parameter) < 0)
		found.iss_parameter = false;
	found.takes_post = takes_post(document);
	*ret_discovery = found;
	return REASON_GRANTED;
}

enum reason
discovery_from_config(const struct discovery_expect *expect,
    struct discovery *ret_discovery)
{
	struct discovery found = { { NULL }, false, false };
	enum reason reason = copy_endpoints(NULL, expect, NULL, &found);

	if (reason == REASON_GRANTED)
		*ret_discovery = found;
	return reason;
}

void
discovery_free(struct discovery *discovery)
{
	size_t i;

	for (i = 0; i < DISCOVERY_ENDPOINT_COUNT; i++)
		free(discovery->endpoints[i]);
	memset(discovery, 0, sizeof(*discovery));
}
