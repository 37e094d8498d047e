/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is sent to a provider as its client, and what its replies tell of it.
 */
#include "daemon/oidc/clock.h"
#include "daemon/oidc/provider_private.h"
#include "daemon/oidc/refusal.h"

enum reason
provider_judge(struct provider *provider, const struct http_reply *reply)
{
	if (reply->outcome == HTTP_ANSWERED)
		provider->last_answer = clock_wall();
	if (reply->date > 0)
		provider->clock_ahead = reply->date - clock_wall();
	provider->last_reason = refusal_of_reply(reply,
	    &provider->last_detail);
	return provider->last_reason;
}

/* Add who we are, and post it. */
static enum reason
post(struct provider *provider, struct http_request *request,
    http_done_fn *done, void *arg, struct http_exchange **ret_exchange)
{
	const struct client_auth_facts facts = {
		.issuer = provider->issuer,
		.token_endpoint = provider_token_endpoint(provider),
		.takes_post = provider->discovery.takes_post,
		.now = clock_wall(),
	};
	struct secret authorization = SECRET_INIT;
	enum reason reason;

	reason = client_auth_put(provider->client, &facts, request->form,
	    &authorization);
	request->authorization = &authorization;
	if (reason == REASON_GRANTED && http_start(provider->http, request,
	    done, arg, ret_exchange) < 0)
		reason = REASON_INTERNAL;
	secret_free(&authorization);
	return reason;
}

enum reason
provider_post(struct provider *provider, const char *url, struct secret *form,
    http_done_fn *done, void *arg, struct http_exchange **ret_exchange)
{
	struct http_request request = { .url = url, .form = form };

	return post(provider, &request, done, arg, ret_exchange);
}

enum reason
provider_post_once(struct provider *provider, const char *url,
    struct secret *form, http_done_fn *done, void *arg,
    struct http_exchange **ret_exchange)
{
	struct http_request request = {
		.url = url, .form = form, .once = true
	};

	return post(provider, &request, done, arg, ret_exchange);
}
