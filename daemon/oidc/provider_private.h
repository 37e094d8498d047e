/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a provider consists of, for the files that are called provider*.c alone.
 */
#ifndef DAEMON_OIDC_PROVIDER_PRIVATE_H
#define DAEMON_OIDC_PROVIDER_PRIVATE_H

#include <event2/util.h>

#include "daemon/oidc/provider.h"

/* Seconds between fetches for unknown keys or a missing flow, and after a fetch
 * that failed. */
#define PROVIDER_REFETCH_FLOOR	30

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

/* Fetch the document if it is too old, else the keys. Nothing is under way. */
void	provider_fetch(struct provider *p);

/* Let one who waits, and is in no queue, be told this. */
void	provider_settle(struct provider *p, struct provider_wait *wait,
	    enum reason reason);

/* The event `tell`, with the provider: tell one who is settled. The provider
 * may be gone after the callback. */
void	provider_tell_one(evutil_socket_t fd, short what, void *arg);

#endif
