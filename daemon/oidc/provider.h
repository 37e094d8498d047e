/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One OpenID provider as this host sees it: its discovery document (OpenID
 * Connect Discovery 1.0) and keys (RFC 7517), cached by our own clock, and the
 * connection to it. Nothing here knows about people, sessions or the store.
 */
#ifndef DAEMON_OIDC_PROVIDER_H
#define DAEMON_OIDC_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/oidc/client_auth.h"
#include "daemon/oidc/discovery.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/userinfo.h"
#include "daemon/reason.h"

struct event_base;
struct jwk_set;
struct provider;

/* What a provider is made from; copied. */
struct provider_config {
	const char		*issuer;
	const char		*client_id;
	/* As struct client_auth_config has them; all zero: public client. */
	enum client_auth_method	 client_auth;
	const struct secret	*client_secret;
	const struct secret	*client_key;
	const char		*client_assertion_file;
	enum client_auth_audience client_assertion_audience;
	/* Instead of what the discovery document says; NULL: as it says. It is
	 * not fetched if TOKEN and JWKS are here. */
	const char		*endpoints[DISCOVERY_ENDPOINT_COUNT];
	const char		*scopes;
	struct userinfo_policy	 userinfo;
	const char		*ca_file;	/* NULL: the system's */
	const char		*proxy;		/* NULL: none */
	bool			 http_loopback;	/* see url_is_allowed() */
	uint32_t		 timeout;	/* seconds for one exchange */
};

/* Nothing is fetched yet. 0 and a provider that must be freed, -EINVAL for a
 * URL that is not allowed, what client_auth_new() gives, or -ENOMEM. */
int	provider_new(struct event_base *base,
	    const struct provider_config *config,
	    struct provider **ret_provider) MUST_USE;

/* Flows that still use the provider must be freed before. */
void	provider_free(struct provider *provider);

/* For `hostpass status`: when the provider last answered (CLOCK_REALTIME
 * seconds, 0 never), and how the last exchange ended. */
int64_t	provider_last_answer(const struct provider *provider);
enum reason provider_last_reason(const struct provider *provider);
/* What was seen then; may be "". Valid until control returns to the loop. */
const char *provider_last_detail(const struct provider *provider);

/*
 * The rest is for the flows of this directory.
 */

enum provider_need {
	/* Discovery document and keys, not older than the cache allows; older
	 * ones if the provider cannot be asked. */
	PROVIDER_READY,
	/* The same. A document that lacks the endpoint of this flow, and was
	 * not read a moment ago, is fetched again first. */
	PROVIDER_DEVICE,
	PROVIDER_BROWSER,
	/* Keys fetched after this call, because a token was signed by one that
	 * is not there. They are not fetched if that was done a moment ago. */
	PROVIDER_NEW_KEYS,
};

/* A place in the queue, within the struct of who waits. */
struct provider_wait {
	TAILQ_ENTRY(provider_wait) link;
	/* Tells REASON_GRANTED, or why it cannot be had. */
	void			(*told)(void *arg, enum reason reason);
	void			*arg;
	enum provider_need	 need;
	enum provider_place {
		PROVIDER_NOT_QUEUED = 0,
		PROVIDER_WAITING,
		PROVIDER_SETTLED,
	}			 place;
	enum reason		 reason;
	struct reason_detail	 detail;	/* for told() */
};

/* Wait for what is needed. told is called once, never from within this; all
 * who wait share one fetch. wait->told and arg are set, the rest is zero. */
void	provider_wait_start(struct provider *provider, enum provider_need need,
	    struct provider_wait *wait);

/* Leave the queue without a callback, if wait is in it. */
void	provider_wait_stop(struct provider *provider,
	    struct provider_wait *wait);

/* Valid once a flow's need was granted, until control returns to the loop. */
const char *provider_token_endpoint(const struct provider *provider);
const char *provider_device_endpoint(const struct provider *provider);
		/* this and the next four: NULL if the provider has none */
const char *provider_authorization_endpoint(const struct provider *provider);
const char *provider_userinfo_endpoint(const struct provider *provider);
const char *provider_revocation_endpoint(const struct provider *provider);
const char *provider_logout_endpoint(const struct provider *provider);
/* Does every answer to the callback bear an iss (RFC 9207 2.3)? */
bool	provider_iss_parameter_supported(const struct provider *provider);
const struct jwk_set *provider_keys(const struct provider *provider);

/* What was configured. */
const char *provider_issuer(const struct provider *provider);
const char *provider_client_id(const struct provider *provider);
const char *provider_scopes(const struct provider *provider);
const struct userinfo_policy *provider_userinfo(
	    const struct provider *provider);

/* POST form, which is moved, to url as the client: client_id is added always
 * (Pocket ID wants it in every body), and what proves that it is us, if the
 * client is not a public one. REASON_GRANTED when it is under way (then done is
 * called as http_start() says), else the reason why it is not. */
enum reason provider_post(struct provider *provider, const char *url,
	    struct secret *form, http_done_fn *done, void *arg,
	    struct http_exchange **ret_exchange) MUST_USE;

/* The same for a form that holds what is good for one use, see http.h. */
enum reason provider_post_once(struct provider *provider, const char *url,
	    struct secret *form, http_done_fn *done, void *arg,
	    struct http_exchange **ret_exchange) MUST_USE;

/* Add how far this host's clock is from the provider's, as its last reply had
 * it, if that is worth a word. */
void	provider_say_clock(const struct provider *provider,
	    struct reason_detail *detail);

struct event_base *provider_base(const struct provider *provider);
struct http *provider_http(struct provider *provider);

/* Take note of how an exchange ended. REASON_GRANTED if there is an answer to
 * read, or PROVIDER_UNREACHABLE, PROVIDER_TLS, PROVIDER_LIMITED (429),
 * PROVIDER_BUSY (5xx), PROVIDER_REDIRECT (3xx), PROVIDER_OVERSIZED;
 * provider_last_detail() says more. */
enum reason provider_judge(struct provider *provider,
	    const struct http_reply *reply);

#endif
