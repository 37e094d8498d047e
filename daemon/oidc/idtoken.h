/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is this the ID token that was asked for? Every rule of design D4 and OpenID
 * Connect Core 3.1.3.7, as one pure function.
 */
#ifndef DAEMON_OIDC_IDTOKEN_H
#define DAEMON_OIDC_IDTOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/oidc/flow.h"
#include "daemon/reason.h"

/* Clocks may differ by this many seconds. */
#define IDTOKEN_SKEW		60
/* A token that was issued longer ago was not issued for this sign-in. */
#define IDTOKEN_AGE_MAX		(24 * 60 * 60)
/* Where each approval asks for the passkey, one that was used so many seconds
 * before still serves (Pocket ID's re-authentication). */
#define IDTOKEN_REAUTH_LIFE	180
/* OpenID Connect Core 2. */
#define IDTOKEN_SUBJECT_MAX	255

struct json;
struct jwk_set;

struct idtoken_expect {
	const char		*issuer;
	const char		*client_id;
	const char		*subject;	/* NULL: anybody */
	/* What was sent; compared if the token has one (providers drop it in
	 * the device flow). NULL: not compared. */
	const char		*nonce;
	bool			 nonce_required;	/* Core 3.1.3.7, 11 */
	/* Compared with at_hash if the token has one. */
	const struct secret	*access_token;
	struct flow_policy	 policy;
	int64_t			 began;		/* when the sign-in did; for
						 * policy.fresh_auth */
	/* Told what was found and what was wanted. May be NULL. */
	struct reason_detail	*detail;
};

/* Verify token at the time now (seconds since 1970). REASON_GRANTED and the
 * claims, to be freed by json_free(); else the rule that was broken. */
enum reason idtoken_verify(const struct secret *token,
	    const struct jwk_set *keys, const struct idtoken_expect *expect,
	    int64_t now, struct json **ret_claims) MUST_USE;

#endif
