/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps in the order of their functions.
 *
 * MUST: nothing is granted but by idtoken_verify(), and nothing is asked with
 * the access token before that, but for a refresh without an ID token; each
 * callback is the last thing that a function does, because the flow may be
 * freed in it.
 */
#include "daemon/oidc/clock.h"
#include "daemon/oidc/finish.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/userinfo.h"

#define OF_USERINFO	"of the answer of the userinfo endpoint"

static void
refuse(struct finish *finish, enum reason reason, const char *where)
{
	if (where[0] != '\0')
		reason_add(&finish->detail, "%s", where);
	provider_say_clock(finish->provider, &finish->detail);
	finish->done(finish->arg, reason, finish->detail.text, NULL);
}

static void
grant(struct finish *finish)
{
	struct flow_result result = {
		.claims = finish->claims,
		.issuer = provider_issuer(finish->provider),
		.subject = json_get_string(finish->claims, "sub"),
	};

	/* The flow, and finish with it, may be gone after done. */
	secret_move(&result.access_token, &finish->tokens.access_token);
	secret_move(&result.refresh_token, &finish->tokens.refresh_token);
	secret_move(&result.id_token, &finish->tokens.id_token);
	finish->done(finish->arg, REASON_GRANTED, "", &result);
	secret_free(&result.access_token);
	secret_free(&result.refresh_token);
	secret_free(&result.id_token);
}

/* No key fits, or the one that seems to does not: keys without a kid are
 * replaced unseen. */
static bool
is_about_keys(enum reason reason)
{
	return reason == REASON_TOKEN_KEY || reason == REASON_TOKEN_SIGNATURE;
}

/* The provider may have new keys, but is asked only once. */
static void
renew_keys(struct finish *finish, enum reason reason, const char *where)
{
	if (finish->keys_renewed) {
		refuse(finish, reason, where);
		return;
	}
	finish->keys_renewed = true;
	provider_wait_start(finish->provider, PROVIDER_NEW_KEYS, &finish->wait);
}

static void
userinfo_received(void *arg, const struct http_reply *reply)
{
	struct finish *finish = arg;
	struct idtoken_expect expect = finish->expect;
	struct json *more = NULL;
	enum reason reason;

	finish->exchange = NULL;
	if (finish->has_id_token)
		expect.subject = json_get_string(finish->claims, "sub");
	reason = provider_judge(finish->provider, reply);
	reason_say(&finish->detail, "%s",
	    provider_last_detail(finish->provider));
	if (reason == REASON_GRANTED)
		reason = userinfo_read(reply, provider_keys(finish->provider),
		    &expect, clock_wall(), &more);
	if (reason == REASON_GRANTED && !finish->has_id_token)
		finish->claims = json_new_object();
	if (reason == REASON_GRANTED &&
	    userinfo_merge(finish->claims, more) < 0)
		reason = REASON_INTERNAL;
	json_free(more);
	if (reason == REASON_GRANTED)
		grant(finish);
	else if (is_about_keys(reason))
		renew_keys(finish, reason, OF_USERINFO);
	else
		refuse(finish, reason, OF_USERINFO);
}

static void
ask_userinfo(struct finish *finish)
{
	struct secret authorization = SECRET_INIT;
	const struct http_request request = {
		.url = provider_userinfo_endpoint(finish->provider),
		.authorization = &authorization,
	};
	enum reason reason = REASON_GRANTED;

	if (request.url == NULL)
		reason = REASON_USERINFO_REFUSED;
	else if (userinfo_authorize(&finish->tokens.access_token,
	    &authorization) < 0)
		reason = REASON_PROVIDER_REPLY;
	else if (http_start(provider_http(finish->provider), &request,
	    userinfo_received, finish, &finish->exchange) < 0)
		reason = REASON_INTERNAL;
	secret_free(&authorization);
	if (reason != REASON_GRANTED)
		refuse(finish, reason, "before userinfo was asked");
}

static void
verify(struct finish *finish)
{
	struct provider *provider = finish->provider;
	enum reason reason;

	reason_say(&finish->detail, "%s", "");
	reason = idtoken_verify(&finish->tokens.id_token,
	    provider_keys(provider), &finish->expect, clock_wall(),
	    &finish->claims);
	if (is_about_keys(reason))
		renew_keys(finish, reason, "");
	else if (reason != REASON_GRANTED)
		refuse(finish, reason, "");
	else if (userinfo_is_wanted(provider_userinfo(provider),
	    provider_userinfo_endpoint(provider) != NULL, finish->claims))
		ask_userinfo(finish);
	else
		grant(finish);
}

static void
keys_told(void *arg, enum reason reason)
{
	struct finish *finish = arg;

	if (reason != REASON_GRANTED) {
		finish->detail = finish->wait.detail;
		refuse(finish, reason, "");
		return;
	}
	if (finish->has_id_token && finish->claims == NULL)
		verify(finish);
	else
		ask_userinfo(finish);
}

static void
prepare(struct finish *finish, bool has_id_token)
{
	finish->has_id_token = has_id_token;
	finish->expect.issuer = provider_issuer(finish->provider);
	finish->expect.client_id = provider_client_id(finish->provider);
	finish->expect.access_token = &finish->tokens.access_token;
	finish->expect.detail = &finish->detail;
	finish->wait.told = keys_told;
	finish->wait.arg = finish;
}

void
finish_start(struct finish *finish)
{
	prepare(finish, true);
	verify(finish);
}

void
finish_start_userinfo(struct finish *finish)
{
	prepare(finish, false);
	ask_userinfo(finish);
}

void
finish_stop(struct finish *finish)
{
	if (finish->provider != NULL)
		provider_wait_stop(finish->provider, &finish->wait);
	http_cancel(finish->exchange);
	finish->exchange = NULL;
	token_set_free(&finish->tokens);
	json_free(finish->claims);
	finish->claims = NULL;
}
