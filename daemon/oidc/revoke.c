/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST NOT follow where a logout leads: it ends in a page for browsers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/form.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/refusal.h"
#include "daemon/oidc/revoke.h"

struct revoke {
	struct provider		*provider;
	revoke_done_fn		*done;
	void			*arg;
	struct secret		 refresh_token;
	struct secret		 id_token;
	struct provider_wait	 wait;
	struct http_exchange	*exchange;
	struct reason_detail	 detail;
};

static void
end_as(struct revoke *revoke, enum revoke_outcome outcome, enum reason reason)
{
	revoke->done(revoke->arg, outcome, reason, revoke->detail.text);
}

/* RFC 7009 2.2: 200, for a token that was unknown too. */
static void
revoked(void *arg, const struct http_reply *reply)
{
	struct revoke *revoke = arg;
	struct json *answer = NULL;
	enum reason reason;

	revoke->exchange = NULL;
	reason = provider_judge(revoke->provider, reply);
	reason_say(&revoke->detail, "%s",
	    provider_last_detail(revoke->provider));
	if (reason == REASON_GRANTED && reply->status != 200) {
		if (json_parse(reply->body, reply->len, &answer) < 0)
			answer = NULL;
		refusal_say(&revoke->detail, reply, answer);
		json_free(answer);
		reason = REASON_REQUEST_REFUSED;
	}
	end_as(revoke, reason == REASON_GRANTED ? REVOKE_DONE : REVOKE_FAILED,
	    reason);
}

/* Any page, or the way to one, is an answer. */
static void
logged_out(void *arg, const struct http_reply *reply)
{
	struct revoke *revoke = arg;
	bool asked = reply->outcome == HTTP_ANSWERED && reply->status < 400;

	revoke->exchange = NULL;
	if (!asked && reply->outcome == HTTP_ANSWERED)
		reason_say(&revoke->detail, "HTTP status %ld", reply->status);
	end_as(revoke, asked ? REVOKE_ASKED : REVOKE_FAILED, asked ?
	    REASON_GRANTED : reply->outcome == HTTP_ANSWERED ?
	    REASON_REQUEST_REFUSED : REASON_PROVIDER_UNREACHABLE);
}

/* RFC 7009 2.1 */
static enum reason
send_revocation(struct revoke *revoke, const char *url)
{
	struct secret form = SECRET_INIT;
	enum reason reason = REASON_INTERNAL;

	if (form_put(&form, "token", revoke->refresh_token.data) == 0 &&
	    form_put(&form, "token_type_hint", "refresh_token") == 0)
		reason = provider_post(revoke->provider, url, &form, revoked,
		    revoke, &revoke->exchange);
	secret_free(&form);
	return reason;
}

/* RP-Initiated Logout 2. What proves that it is us is not sent along: this
 * address is for browsers. */
static enum reason
send_logout(struct revoke *revoke, const char *url)
{
	struct secret form = SECRET_INIT;
	struct http_request request = { .url = url, .form = &form };
	int r;

	r = form_put(&form, "id_token_hint", revoke->id_token.data);
	if (r == 0)
		r = form_put(&form, "client_id",
		    provider_client_id(revoke->provider));
	if (r == 0)
		r = http_start(provider_http(revoke->provider), &request,
		    logged_out, revoke, &revoke->exchange);
	secret_free(&form);
	return r == 0 ? REASON_GRANTED : REASON_INTERNAL;
}

static void
provider_told(void *arg, enum reason reason)
{
	struct revoke *revoke = arg;
	const char *url;

	if (reason != REASON_GRANTED) {
		revoke->detail = revoke->wait.detail;
		end_as(revoke, REVOKE_FAILED, reason);
		return;
	}
	url = provider_revocation_endpoint(revoke->provider);
	if (url != NULL) {
		reason = send_revocation(revoke, url);
	} else {
		url = provider_logout_endpoint(revoke->provider);
		if (url == NULL || revoke->id_token.len == 0) {
			end_as(revoke, REVOKE_NO_WAY, REASON_GRANTED);
			return;
		}
		reason = send_logout(revoke, url);
	}
	if (reason != REASON_GRANTED)
		end_as(revoke, REVOKE_FAILED, reason);
}

int
revoke_start(struct provider *provider, const struct revoke_request *request,
    struct revoke **ret_revoke)
{
	struct revoke *revoke;
	int r;

	revoke = calloc(1, sizeof(*revoke));
	if (revoke == NULL)
		return -ENOMEM;
	revoke->provider = provider;
	revoke->done = request->done;
	revoke->arg = request->arg;
	revoke->wait.told = provider_told;
	revoke->wait.arg = revoke;
	r = secret_set(&revoke->refresh_token, request->refresh_token->data,
	    request->refresh_token->len);
	if (r == 0)
		r = secret_set(&revoke->id_token, request->id_token->data,
		    request->id_token->len);
	if (r < 0) {
		revoke_free(revoke);
		return r;
	}
	provider_wait_start(provider, PROVIDER_READY, &revoke->wait);
	*ret_revoke = revoke;
	return 0;
}

void
revoke_free(struct revoke *revoke)
{
	if (revoke == NULL)
		return;
	provider_wait_stop(revoke->provider, &revoke->wait);
	http_cancel(revoke->exchange);
	secret_free(&revoke->refresh_token);
	secret_free(&revoke->id_token);
	free(revoke);
}
