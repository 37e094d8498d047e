/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the userinfo endpoint says (OpenID Connect Core 5.3), as JSON or as a
 * JWT, and what of it is believed: claims that the ID token lacks, about the
 * person of the ID token. Pure. It is no proof of life (design D6).
 */
#ifndef DAEMON_OIDC_USERINFO_H
#define DAEMON_OIDC_USERINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/reason.h"

struct http_reply;
struct idtoken_expect;
struct json;
struct jwk_set;

#define USERINFO_CLAIMS	8

/* When the endpoint is asked. */
struct userinfo_policy {
	/* Every time; a provider without the endpoint is then no use. */
	bool		 always;
	/* Where there is an endpoint and the ID token lacks one of these
	 * claims (claims_get()). NULL: no claim. */
	const char	*claims[USERINFO_CLAIMS];
};

/* Must a provider that has the endpoint, or has none, be asked for more than
 * claims? */
bool	userinfo_is_wanted(const struct userinfo_policy *policy,
	    bool has_endpoint, const struct json *claims);

/* Make the value of the Authorization header from a token (RFC 6750 2.1). 0,
 * -EBADMSG if the token cannot stand in a header, or -ENOMEM, -E2BIG. */
int	userinfo_authorize(const struct secret *access_token,
	    struct secret *authorization) MUST_USE;

/* Read an answer. expect has issuer, client_id and the subject of the ID
 * token. REASON_GRANTED and the claims, to be freed by json_free(), or
 * USERINFO_REFUSED, USERINFO_SUBJECT, PROVIDER_REPLY, the TOKEN_ reasons for a
 * JWT, INTERNAL. */
enum reason userinfo_read(const struct http_reply *reply,
	    const struct jwk_set *keys, const struct idtoken_expect *expect,
	    int64_t now, struct json **ret_claims) MUST_USE;

/* Add to claims what only more has. What a token says of itself and of the
 * sign-in (aud, auth_time, amr...) is not taken from more, nor are parts of a
 * claim that is an object. 0 or -ENOMEM. */
int	userinfo_merge(struct json *claims, const struct json *more) MUST_USE;

#endif
