/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The discovery document (OpenID Connect Discovery 1.0, RFC 8414): where it is,
 * and what it says that we need. Pure.
 */
#ifndef DAEMON_OIDC_DISCOVERY_H
#define DAEMON_OIDC_DISCOVERY_H

#include <stdbool.h>

#include "common/attr.h"
#include "daemon/reason.h"

struct json;

enum discovery_endpoint {
	DISCOVERY_TOKEN,
	DISCOVERY_JWKS,
	DISCOVERY_DEVICE,	/* RFC 8628 4 */
	DISCOVERY_AUTHORIZATION,
	DISCOVERY_USERINFO,
	DISCOVERY_REVOCATION,	/* RFC 8414 2 */
	DISCOVERY_LOGOUT,	/* RP-Initiated Logout 1.0 2.1 */
	DISCOVERY_ENDPOINT_COUNT,
};

struct discovery {
	/* URLs that url_is_allowed(); NULL: not offered, which TOKEN and JWKS
	 * cannot be. */
	char	*endpoints[DISCOVERY_ENDPOINT_COUNT];
	bool	 iss_parameter;	/* sent to the callback, RFC 9207 3 */
	bool	 takes_post;	/* clients may use client_secret_post */
};

/* Where the document of an issuer can be, in the order of asking. */
enum discovery_place {
	DISCOVERY_OPENID,	/* OpenID Connect Discovery 4.1 */
	DISCOVERY_OAUTH,	/* RFC 8414 3 */
};

/* The URL of the document of issuer, the caller's to free. NULL when memory is
 * short. */
char	*discovery_url(const char *issuer,
	    enum discovery_place place) MUST_USE;

/* What a document is read for. */
struct discovery_expect {
	const char	*issuer;
	/* Endpoints that were configured (NULL: not), which count instead of
	 * what the document says. */
	const char	*const *configured;
	bool		 http_loopback;	/* see url_is_allowed() */
};

/* Read a document. REASON_GRANTED and a result that must be freed, or
 * DISCOVERY_ISSUER (4.3), PROVIDER_REPLY, INTERNAL; detail may be NULL. */
enum reason discovery_read(const struct json *document,
	    const struct discovery_expect *expect,
	    struct reason_detail *detail,
	    struct discovery *ret_discovery) MUST_USE;

/* Do without a document. The same, but for DISCOVERY_ISSUER; PROVIDER_REPLY if
 * TOKEN or JWKS is not configured. */
enum reason discovery_from_config(const struct discovery_expect *expect,
	    struct discovery *ret_discovery) MUST_USE;

void	discovery_free(struct discovery *discovery);

#endif
