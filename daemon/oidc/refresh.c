/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST send a refresh token once: on a connection of its own, because libcurl
 *	repeats a request when a connection that it has used before turns out
 *	to be dead; and wiped here when it is sent.
 * MUST hand out a new refresh token whatever else is wrong with the answer.
 * MUST take nothing for a revocation but the provider's own word for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/finish.h"
#include "daemon/oidc/form.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/refresh.h"
#include "daemon/oidc/refusal.h"
#include "daemon/oidc/token.h"

struct refresh {
	struct provider		*provider;
	refresh_done_fn		*done;
	void			*arg;
	char			*subject;
	char			*scope;		/* NULL: the sign-in's */
	struct secret		 old;		/* empty once it is sent */
	struct secret		 new;
	struct provider_wait	 wait;
	struct http_exchange	*exchange;
	struct finish		 finish;
	struct reason_detail	 detail;
};

/* Tell the end. refresh may not exist after this. */
static void
tell(struct refresh *refresh, struct refresh_end *end)
{
	secret_move(&end->refresh_token, &refresh->new);
	refresh->done(refresh->arg, end);
	secret_free(&end->refresh_token);
	secret_free(&end->access_token);
	secret_free(&end->id_token);
}

static void
end_as(struct refresh *refresh, enum refresh_outcome outcome,
    enum reason reason, uint32_t retry_after)
{
	struct refresh_end end = {
		.outcome = outcome, .reason = reason,
		.detail = refresh->detail.text,
		.retry_after = retry_after,
	};

	tell(refresh, &end);
}

/* The new token is here already; what else came is genuine or not. */
static void
finished(void *arg, enum reason reason, const char *detail,
    struct flow_result *result)
{
	struct refresh_end end = {
		.outcome = result != NULL ? REFRESH_RENEWED :
		    REFRESH_TRY_LATER,
		.reason = reason, .detail = detail,
	};

	if (result != NULL) {
		end.claims = result->claims;
		secret_move(&end.access_token, &result->access_token);
		secret_move(&end.id_token, &result->id_token);
	}
	tell(arg, &end);
}

/* No ID token came. What userinfo cannot say now takes nothing from the
 * provider's word for her; but what it says of somebody else does. */
static void
finished_userinfo(void *arg, enum reason reason, const char *detail,
    struct flow_result *result)
{
	struct refresh *refresh = arg;
	struct refresh_end end = {
		.outcome = REFRESH_RENEWED, .reason = REASON_GRANTED,
		.detail = detail,
	};

	if (result != NULL || reason == REASON_USERINFO_SUBJECT) {
		finished(arg, reason, detail, result);
		return;
	}
	secret_move(&end.access_token, &refresh->finish.tokens.access_token);
	tell(refresh, &end);
}

/* Does only userinfo tell of her? With less scope it tells less. */
static bool
is_for_userinfo(const struct refresh *refresh)
{
	return refresh->scope == NULL &&
	    provider_userinfo_endpoint(refresh->provider) != NULL;
}

/* Core 12.2: an ID token need not come with it. */
static void
read_tokens(struct refresh *refresh, const struct json *answer)
{
	struct finish *finish = &refresh->finish;
	struct refresh_end end = {
		.outcome = REFRESH_RENEWED, .reason = REASON_GRANTED,
		.detail = "",
	};
	enum reason reason;

	reason = token_take_refresh(answer, &refresh->new);
	if (reason == REASON_GRANTED)
		reason = token_set_read(answer, &finish->tokens);
	if (reason != REASON_GRANTED) {
		token_set_describe(answer, &refresh->detail);
		end_as(refresh, REFRESH_TRY_LATER, reason, 0);
	} else if (finish->tokens.id_token.len > 0) {
		finish_start(finish);
	} else if (is_for_userinfo(refresh)) {
		finish->done = finished_userinfo;
		finish_start_userinfo(finish);
	} else {
		secret_move(&end.access_token, &finish->tokens.access_token);
		tell(refresh, &end);
	}
}

/* RFC 6749 5.2. Of all refusals two are about the person. */
static void
read_refusal(struct refresh *refresh, const struct json *answer)
{
	const char *error = json_get_string(answer, "error");
	enum refresh_outcome outcome = REFRESH_TRY_LATER;

	if (error != NULL && (strcmp(error, "invalid_grant") == 0 ||
	    strcmp(error, "access_denied") == 0))
		outcome = REFRESH_REVOKED;
	end_as(refresh, outcome, token_error_reason(error), 0);
}

/* Was nothing done with the token, although no answer of the token endpoint's
 * own came? */
static bool
is_spared(const struct http_reply *reply)
{
	if (reply->outcome != HTTP_ANSWERED)
		return !reply->sent;
	return (reply->status >= 300 && reply->status < 400) ||
	    reply->status == 429 || reply->status == 500 ||
	    reply->status == 503;
}

static void
received(void *arg, const struct http_reply *reply)
{
	struct refresh *refresh = arg;
	struct json *answer = NULL;
	enum reason reason;

	refresh->exchange = NULL;
	reason = provider_judge(refresh->provider, reply);
	reason_say(&refresh->detail, "%s",
	    provider_last_detail(refresh->provider));
	if (reason != REASON_GRANTED) {
		end_as(refresh, is_spared(reply) ? REFRESH_TRY_LATER :
		    REFRESH_LOST, reason, reply->retry_after);
		return;
	}
	if (json_parse(reply->body, reply->len, &answer) < 0)
		answer = NULL;
	if (reply->status != 200)
		refusal_say(&refresh->detail, reply, answer);
	if (reply->status >= 400)
		read_refusal(refresh, answer);
	else if (reply->status == 200 && json_is_object(answer))
		read_tokens(refresh, answer);
	else
		end_as(refresh, REFRESH_LOST, REASON_PROVIDER_REPLY, 0);
	json_free(answer);
}

/* RFC 6749 6. Without a scope it is that of the sign-in. */
static enum reason
send_token(struct refresh *refresh)
{
	struct secret form = SECRET_INIT;
	enum reason reason = REASON_INTERNAL;

	if (form_put(&form, "grant_type", "refresh_token") == 0 &&
	    form_put(&form, "refresh_token", refresh->old.data) == 0 &&
	    (refresh->scope == NULL ||
	    form_put(&form, "scope", refresh->scope) == 0))
		reason = provider_post_once(refresh->provider,
		    provider_token_endpoint(refresh->provider), &form,
		    received, refresh, &refresh->exchange);
	secret_free(&form);
	secret_free(&refresh->old);
	return reason;
}

static void
provider_told(void *arg, enum reason reason)
{
	struct refresh *refresh = arg;

	if (reason == REASON_GRANTED)
		reason = send_token(refresh);
	else
		refresh->detail = refresh->wait.detail;
	if (reason != REASON_GRANTED)
		end_as(refresh, REFRESH_TRY_LATER, reason, 0);
}

int
refresh_start(struct provider *provider, const struct refresh_request *request,
    struct refresh **ret_refresh)
{
	struct refresh *refresh;
	int r;

	refresh = calloc(1, sizeof(*refresh));
	if (refresh == NULL)
		return -ENOMEM;
	refresh->provider = provider;
	refresh->done = request->done;
	refresh->arg = request->arg;
	refresh->wait.told = provider_told;
	refresh->wait.arg = refresh;
	refresh->finish.provider = provider;
	refresh->finish.done = finished;
	refresh->finish.arg = refresh;
	r = secret_set(&refresh->old, request->refresh_token->data,
	    request->refresh_token->len);
	if (r < 0)
		goto out;
	refresh->subject = strdup(request->subject);
	if (request->scope != NULL)
		refresh->scope = strdup(request->scope);
	if (refresh->subject == NULL ||
	    (request->scope != NULL && refresh->scope == NULL)) {
		r = -ENOMEM;
		goto out;
	}
	refresh->finish.expect.subject = refresh->subject;
	provider_wait_start(provider, PROVIDER_READY, &refresh->wait);
	*ret_refresh = refresh;
	refresh = NULL;
out:
	refresh_free(refresh);
	return r;
}

void
refresh_free(struct refresh *refresh)
{
	if (refresh == NULL)
		return;
	provider_wait_stop(refresh->provider, &refresh->wait);
	http_cancel(refresh->exchange);
	finish_stop(&refresh->finish);
	secret_free(&refresh->old);
	secret_free(&refresh->new);
	free(refresh->subject);
	free(refresh->scope);
	free(refresh);
}
