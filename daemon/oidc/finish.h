/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end that all flows have in common, from the answer of a token endpoint
 * to a result: verify the ID token, with newer keys if none fits, and ask the
 * userinfo endpoint where the configuration wants that.
 */
#ifndef DAEMON_OIDC_FINISH_H
#define DAEMON_OIDC_FINISH_H

#include <stdbool.h>

#include "daemon/oidc/flow.h"
#include "daemon/oidc/idtoken.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/token.h"

struct http_exchange;
struct json;

/* It lives within the struct of its flow. */
struct finish {
	/* The flow sets these, and nothing else. What expect points to lives
	 * as long as the flow; its issuer, client_id, access_token and detail
	 * are set by finish_start(). */
	struct provider		*provider;
	struct idtoken_expect	 expect;
	struct token_set	 tokens;
	flow_done_fn		*done;
	void			*arg;

	struct provider_wait	 wait;
	struct http_exchange	*exchange;
	struct json		*claims;
	struct reason_detail	 detail;
	bool			 keys_renewed;
	bool			 has_id_token;
};

/* Go on to the end. done is called once, maybe from within this; the flow may
 * be freed in it, so this is the last thing that a flow does. */
void	finish_start(struct finish *finish);

/* Likewise after a refresh that brought no ID token (Core 12.2), at a provider
 * with a userinfo endpoint: the claims of the result are what that says of
 * expect.subject, which must be set, and the person is proven by the refresh
 * alone. */
void	finish_start_userinfo(struct finish *finish);

/* Call nobody back, and wipe what finish holds, be it started or not. */
void	finish_stop(struct finish *finish);

#endif
