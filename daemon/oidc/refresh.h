/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The refresh grant (RFC 6749 6, OpenID Connect Core 12) as a proof of life
 * (design D6). A refresh token is used once, and to use it again revokes all
 * that came of it: what matters is therefore not only what the provider said,
 * but whether it can have heard us.
 *
 * daemon/refresher/ is its caller; it alone knows where tokens are kept.
 */
#ifndef DAEMON_OIDC_REFRESH_H
#define DAEMON_OIDC_REFRESH_H

#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/reason.h"

struct json;
struct provider;
struct refresh;

enum refresh_outcome {
	/* The provider vouches for the person. */
	REFRESH_RENEWED,
	/* It does not any more: invalid_grant or access_denied, in the body.
	 * A 400 or 403 that says neither is no verdict on a person, but one of
	 * the refusals below; glewlwyd gives an empty one for a token that was
	 * used before. */
	REFRESH_REVOKED,
	/* Nothing is known. The token was not used up, or a new one came with
	 * an answer that was not good enough: what is known stays true until
	 * offline_max, and a later try may help. So ends what never left this
	 * host (no connection, TLS), 429, 500, 503, every other refusal, and
	 * an ID token that cannot be verified. */
	REFRESH_TRY_LATER,
	/* Nothing is known, and the token may be used up: no answer to what
	 * was sent, half an answer, one that cannot be read, or a gateway's
	 * word that it has none (502, 504, any other 5xx). The token must not
	 * be used again, because the provider would take that for theft. What
	 * is known stays true until offline_max; then the person must sign
	 * in. */
	REFRESH_LOST,
};

/* What came of it. It belongs to the refresh; the callee moves out what it
 * wants to keep. */
struct refresh_end {
	enum refresh_outcome	 outcome;
	enum reason		 reason;	/* GRANTED: RENEWED */
	const char		*detail;	/* as flow_done_fn has it */
	/* To be kept, and synced, in place of the one that was used, whatever
	 * the outcome is. Empty: none came. */
	struct secret		 refresh_token;
	/* The rest is there if RENEWED. */
	/* Of the ID token; if none came, of userinfo, which then is no more
	 * than what is said of the person. NULL: neither told anything. */
	const struct json	*claims;
	struct secret		 access_token;
	struct secret		 id_token;
	/* Seconds that the provider wants to be left alone; 0: not said. */
	uint32_t		 retry_after;
};

typedef void refresh_done_fn(void *arg, struct refresh_end *end);

struct refresh_request {
	const struct secret	*refresh_token;	/* copied */
	/* The sub that the ID token must have; copied. */
	const char		*subject;
	/* Less than the scope of the sign-in, of which the token that comes
	 * loses nothing (RFC 6749 6); NULL: all of it. Copied. */
	const char		*scope;
	/* The end. Called once, never from within refresh_start(); the
	 * refresh may be freed in it. */
	refresh_done_fn		*done;
	void			*arg;
};

/* Begin. 0 or -errno (then nothing is called back, and nothing was sent). The
 * caller sees to it that a token is in one refresh at a time, and notes before
 * that it is: if the daemon dies on the way, the token is LOST. Each exchange
 * ends after the provider's timeout, so the refresh does. */
int	refresh_start(struct provider *provider,
	    const struct refresh_request *request,
	    struct refresh **ret_refresh) MUST_USE;

/* Wipe, and call nobody back. If done was not called, the token is LOST.
 * refresh may be NULL. */
void	refresh_free(struct refresh *refresh);

#endif
