/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the device flow and the browser flow have in common: what is demanded
 * of a sign-in, and what one ends with.
 */
#ifndef DAEMON_OIDC_FLOW_H
#define DAEMON_OIDC_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/secret.h"
#include "daemon/reason.h"

struct json;

/* Which flow is to be used. */
enum flow_kind {
	FLOW_AUTO,	/* device if the provider has it, else browser */
	FLOW_DEVICE,
	FLOW_BROWSER,
};

/* What a sign-in must satisfy besides being genuine. */
struct flow_policy {
	/* Seconds since the passkey was used that are accepted (auth_time);
	 * 0 accepts any. */
	uint32_t	 max_age;
	/* Was the passkey used for this sign-in? An approval by somebody whose
	 * browser was signed in already does not count. */
	bool		 fresh_auth;
	/* One of these methods (RFC 8176) must be in amr; without any, amr is
	 * not looked at. The strings live as long as the flow. */
	char *const	*amr;
	size_t		 amr_count;
	/* A token without amr passes. */
	bool		 amr_may_be_missing;
};

/* A sign-in that was approved and verified (design D4). It belongs to the
 * flow; a callee moves out what it wants to keep. */
struct flow_result {
	const struct json	*claims;	/* of the ID token */
	const char		*issuer;	/* iss, as configured */
	const char		*subject;	/* sub */
	struct secret		 access_token;
	struct secret		 refresh_token;	/* empty: none was issued */
	struct secret		 id_token;
};

/* The end of a flow. result is NULL unless reason is REASON_GRANTED, which
 * here says that the token is genuine, not that anybody may enter. detail is
 * for the log, may be empty, and has passed text_is_plain(). */
typedef void flow_done_fn(void *arg, enum reason reason, const char *detail,
	    struct flow_result *result);

#endif
