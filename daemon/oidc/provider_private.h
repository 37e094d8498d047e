/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a provider consists of, for provider.c and provider_facts.c alone.
 */
#ifndef DAEMON_OIDC_PROVIDER_PRIVATE_H
#define DAEMON_OIDC_PROVIDER_PRIVATE_H

#include "daemon/oidc/provider.h"

TAILQ_HEAD(wait_list, provider_wait);

struct provider {
	struct event_base	*base;
	struct http		*http;
	struct event		*tell;
	struct http_exchange	*exchange;	/* the fetch under way */
	struct wait_list	 waiting;
	struct wait_list	 settled;

	char			*issuer;
	char			*client_id;
	char			*scopes;
	char			*userinfo_claims[USERINFO_CLAIMS];
	struct userinfo_policy	 userinfo;
	struct client_auth	*client;
	bool			 http_loopback;
	char			*endpoints[DISCOVERY_ENDPOINT_COUNT];

	struct discovery	 discovery;
	enum discovery_place	 place;		/* that is asked */
	struct jwk_set		*keys;
	uint64_t		 keys_confirmed;	/* clock_steady() */
	uint64_t		 discovery_expires;	/* clock_steady() */
	uint64_t		 discovery_settled;	/* no doubt before */
	uint64_t		 keys_expire;
	uint64_t		 forced_until;	/* no forced fetch before */

	int64_t			 last_answer;
	int64_t			 clock_ahead;	/* theirs, of ours; seconds */
	enum reason		 last_reason;
	struct reason_detail	 last_detail;
};

#endif
