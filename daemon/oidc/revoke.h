/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ending what came of a sign-in at the provider: token revocation (RFC 7009)
 * where there is a revocation_endpoint; else by the logout that an ID token
 * asks for (OpenID Connect RP-Initiated Logout 1.0), which ends the chain at
 * Pocket ID but does not say so. Nobody depends on it: the host has let go of
 * the person before.
 */
#ifndef DAEMON_OIDC_REVOKE_H
#define DAEMON_OIDC_REVOKE_H

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/reason.h"

struct provider;
struct revoke;

enum revoke_outcome {
	REVOKE_DONE,	/* RFC 7009 2.2: the token is of no use any more */
	REVOKE_ASKED,	/* logout was asked for */
	REVOKE_NO_WAY,	/* the provider has neither */
	REVOKE_FAILED,
};

/* detail is for the log, may be empty, and has passed text_is_plain(). */
typedef void revoke_done_fn(void *arg, enum revoke_outcome outcome,
	    enum reason reason, const char *detail);

struct revoke_request {
	const struct secret	*refresh_token;	/* copied */
	const struct secret	*id_token;	/* copied; may be empty */
	/* Called once, never from within revoke_start(); the revoke may be
	 * freed in it. */
	revoke_done_fn		*done;
	void			*arg;
};

/* 0 or -errno; then nothing is called back. */
int	revoke_start(struct provider *provider,
	    const struct revoke_request *request,
	    struct revoke **ret_revoke) MUST_USE;

/* Call nobody back. revoke may be NULL. */
void	revoke_free(struct revoke *revoke);

#endif
