/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flow in the order of its functions, from the last to the first: wait for
 * the provider, show the link, take one answer, redeem its code, verify what
 * came (finish.c).
 *
 * MUST: one answer is taken, and only one that knows the state; a code is
 * redeemed once, with the verifier; the nonce is required; our own clock ends
 * the flow; done is the last thing that a function calls, because the flow may
 * be freed in it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/browser.h"
#include "daemon/oidc/callback.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/finish.h"
#include "daemon/oidc/flow_state.h"
#include "daemon/oidc/form.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/loopback.h"
#include "daemon/oidc/pkce.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/refusal.h"
#include "daemon/oidc/token.h"

struct browser {
	struct provider		*provider;
	struct browser_request	 request;
	char			*user;
	struct flow_state	 at;
	struct secret		 code;
	struct loopback		*loopback;	/* NULL: it is pasted */
	struct provider_wait	 wait;
	struct http_exchange	*exchange;
	struct event		*timer;		/* deadline, and next step */
	struct finish		 finish;
	bool			 answered;
	enum reason		 answer;	/* GRANTED: there is a code */
	struct reason_detail	 detail;	/* of the end, so far */
};

/* Tell the end; whoever comes later finds it answered. browser may not exist
 * after this. */
static void
finish(struct browser *browser, enum reason reason)
{
	browser->answered = true;
	browser->request.done(browser->request.arg, reason,
	    browser->detail.text, NULL);
}

/* Tokens, or what the reply is in their place. */
static enum reason
read_tokens(struct browser *browser, const struct http_reply *reply)
{
	struct json *answer = NULL;
	enum reason reason;

	reason = provider_judge(browser->provider, reply);
	reason_say(&browser->detail, "%s",
	    provider_last_detail(browser->provider));
	if (reason != REASON_GRANTED)
		return reason;
	if (json_parse(reply->body, reply->len, &answer) < 0) {
		refusal_say_no_json(&browser->detail, reply);
		return REASON_PROVIDER_REPLY;
	}
	if (reply->status == 200) {
		reason = token_set_read(answer, &browser->finish.tokens);
		if (reason != REASON_GRANTED)
			token_set_describe(answer, &browser->detail);
	} else {
		refusal_say(&browser->detail, reply, answer);
		reason = token_error_reason(json_get_string(answer, "error"));
	}
	json_free(answer);
	return reason;
}

static void
token_received(void *arg, const struct http_reply *reply)
{
	struct browser *browser = arg;
	enum reason reason;

	browser->exchange = NULL;
	reason = read_tokens(browser, reply);
	if (reason != REASON_GRANTED) {
		finish(browser, reason);
		return;
	}
	finish_start(&browser->finish);
}

/* The same in both requests (RFC 6749 4.1.3). */
static const char *
redirect_uri(const struct browser *browser)
{
	return browser->loopback != NULL ? loopback_uri(browser->loopback) :
	    BROWSER_PASTE_URI;
}

/* RFC 6749 4.1.3, RFC 7636 4.5. */
static enum reason
redeem(struct browser *browser)
{
	struct secret form = SECRET_INIT;
	enum reason reason = REASON_INTERNAL;

	if (form_put(&form, "grant_type", "authorization_code") == 0 &&
	    form_put(&form, "code", browser->code.data) == 0 &&
	    form_put(&form, "redirect_uri", redirect_uri(browser)) == 0 &&
	    form_put(&form, "code_verifier", browser->at.verifier.data) == 0)
		reason = provider_post_once(browser->provider,
		    provider_token_endpoint(browser->provider), &form,
		    token_received, browser, &browser->exchange);
	secret_free(&form);
	secret_free(&browser->code);
	secret_free(&browser->at.verifier);
	return reason;
}

/* There is an answer, or the time is over. */
static void
timer_fired(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct browser *browser = arg;
	enum reason reason = REASON_TIMED_OUT;

	if (browser->answered)
		reason = browser->answer;
	if (reason == REASON_GRANTED)
		reason = redeem(browser);
	if (reason != REASON_GRANTED)
		finish(browser, reason);
}

/* Go on with an answer, whoever brought it, from an event of its own. */
static void
take_answer(struct browser *browser, enum reason reason)
{
	browser->answered = true;
	browser->answer = reason;
	event_active(browser->timer, EV_TIMEOUT, 0);
}

static void
expect_callback(struct browser *browser, struct callback_expect *expect)
{
	expect->redirect_uri = BROWSER_PASTE_URI;
	expect->state = &browser->at.state;
	expect->issuer = provider_issuer(browser->provider);
	expect->iss_required =
	    provider_iss_parameter_supported(browser->provider);
	expect->detail = &browser->detail;
}

/* Whoever does not know the state may be anybody. */
static bool
is_final(enum reason reason)
{
	return reason != REASON_CALLBACK_MALFORMED &&
	    reason != REASON_CALLBACK_STATE;
}

static bool
judge_query(void *arg, const char *query, enum reason *ret_reason)
{
	struct browser *browser = arg;
	struct callback_expect expect;
	enum reason reason;

	*ret_reason = REASON_TIMED_OUT;
	if (browser->answered)
		return false;
	expect_callback(browser, &expect);
	reason = callback_read_query(query, &expect, &browser->code);
	if (!is_final(reason)) {
		*ret_reason = reason;
		return false;
	}
	take_answer(browser, reason);
	return true;
}

enum reason
browser_answer(struct browser *browser, const char *address)
{
	struct callback_expect expect;
	enum reason reason;

	if (browser->answered || browser->request.local)
		return REASON_CALLBACK_MALFORMED;
	expect_callback(browser, &expect);
	reason = callback_read_address(address, &expect, &browser->code);
	if (!is_final(reason))
		return reason;
	take_answer(browser, reason);
	return REASON_GRANTED;
}

/* OpenID Connect Core 3.1.2.1. Whoever limits the age of a sign-in wants a
 * new one. */
static int
put_freshness(const struct browser *browser, struct secret *query)
{
	const struct flow_policy *policy = &browser->request.policy;
	char seconds[16];
	int r = 0;

	if (policy->max_age > 0) {
		(void)snprintf(seconds, sizeof(seconds), "%u",
		    (unsigned)policy->max_age);
		r = form_put(query, "max_age", seconds);
	}
	if (r == 0 && (policy->max_age > 0 || policy->fresh_auth))
		r = form_put(query, "prompt", "login");
	return r;
}

/* RFC 6749 4.1.1, RFC 7636 4.3. */
static int
put_query(const struct browser *browser, struct secret *query)
{
	char challenge[PKCE_CHALLENGE_SIZE];
	const struct {
		const char	*name;
		const char	*value;
	} rows[] = {
		{ "response_type", "code" },
		{ "client_id", provider_client_id(browser->provider) },
		{ "redirect_uri", redirect_uri(browser) },
		{ "scope", provider_scopes(browser->provider) },
		{ "state", browser->at.state.data },
		{ "nonce", browser->at.nonce.data },
		{ "code_challenge", challenge },
		{ "code_challenge_method", "S256" },
		{ "login_hint", browser->user },
	};
	size_t i;
	int r;

	r = pkce_challenge(&browser->at.verifier, challenge);
	for (i = 0; r == 0 && i < sizeof(rows) / sizeof(*rows); i++)
		r = form_put(query, rows[i].name, rows[i].value);
	return r == 0 ? put_freshness(browser, query) : r;
}

/* RFC 6749 3.1: the endpoint may have a query of its own. */
static int
make_link(struct browser *browser)
{
	const char *endpoint =
	    provider_authorization_endpoint(browser->provider);
	struct secret query = SECRET_INIT;
	char *uri = NULL;
	int r;

	r = put_query(browser, &query);
	if (r == 0 && asprintf(&uri, "%s%c%s", endpoint,
	    strchr(endpoint, '?') != NULL ? '&' : '?', query.data) < 0) {
		uri = NULL;
		r = -ENOMEM;
	}
	if (r == 0)
		r = secret_set(&browser->at.uri, uri, strlen(uri));
	secret_drop_string(uri);
	secret_free(&query);
	return r;
}

/* A new link, or the one that was shown before. */
static enum reason
prepare_link(struct browser *browser)
{
	if (browser->at.uri.data != NULL)
		return REASON_GRANTED;
	if (provider_authorization_endpoint(browser->provider) == NULL)
		return REASON_BROWSER_UNSUPPORTED;
	if (browser->request.local &&
	    loopback_open(provider_base(browser->provider), judge_query,
	    browser, &browser->loopback) < 0)
		return REASON_INTERNAL;
	browser->at.deadline = clock_steady() + BROWSER_LIFETIME;
	return make_link(browser) < 0 ? REASON_INTERNAL : REASON_GRANTED;
}

static void
provider_told(void *arg, enum reason reason)
{
	struct browser *browser = arg;
	uint64_t now = clock_steady(), left = 0;

	if (reason == REASON_GRANTED)
		reason = prepare_link(browser);
	if (browser->at.deadline > now)
		left = browser->at.deadline - now;
	if (reason == REASON_GRANTED && clock_arm(browser->timer, left) < 0)
		reason = REASON_INTERNAL;
	if (reason == REASON_GRANTED) {
		browser->request.ready(browser->request.arg,
		    browser->at.uri.data, (uint32_t)left);
	} else {
		browser->detail = browser->wait.detail;
		finish(browser, reason);
	}
}

static int
make_state(struct flow_state *at)
{
	int r;

	at->kind = FLOW_BROWSER;
	at->began = clock_wall();
	if ((r = pkce_random(PKCE_STATE_BYTES, &at->state)) < 0 ||
	    (r = pkce_random(PKCE_NONCE_BYTES, &at->nonce)) < 0)
		return r;
	return pkce_random(PKCE_VERIFIER_BYTES, &at->verifier);
}

static int
prepare(struct browser *browser)
{
	const struct flow_state *resume = browser->request.resume;

	browser->request.resume = NULL;
	browser->user = strdup(browser->request.user);
	browser->timer = evtimer_new(provider_base(browser->provider),
	    timer_fired, browser);
	if (browser->user == NULL || browser->timer == NULL)
		return -ENOMEM;
	return resume != NULL ? flow_state_copy(resume, &browser->at) :
	    make_state(&browser->at);
}

int
browser_start(struct provider *provider,
    const struct browser_request *request, struct browser **ret_browser)
{
	struct browser *browser;
	int r;

	browser = calloc(1, sizeof(*browser));
	if (browser == NULL)
		return -ENOMEM;
	browser->provider = provider;
	browser->request = *request;
	browser->wait.told = provider_told;
	browser->wait.arg = browser;
	browser->finish.provider = provider;
	browser->finish.done = request->done;
	browser->finish.arg = request->arg;
	r = prepare(browser);
	if (r < 0) {
		browser_free(browser, REASON_INTERNAL);
		return r;
	}
	browser->finish.expect.nonce = browser->at.nonce.data;
	browser->finish.expect.nonce_required = true;
	browser->finish.expect.policy = request->policy;
	browser->finish.expect.began = browser->at.began;
	provider_wait_start(provider, PROVIDER_BROWSER, &browser->wait);
	*ret_browser = browser;
	return 0;
}

int
browser_save(const struct browser *browser, struct flow_state *ret_state)
{
	if (browser->at.uri.data == NULL || browser->answered ||
	    browser->request.local)
		return -ENODATA;
	return flow_state_copy(&browser->at, ret_state);
}

bool
browser_is_busy(const struct browser *browser)
{
	return browser->answered;
}

void
browser_free(struct browser *browser, enum reason verdict)
{
	if (browser == NULL)
		return;
	provider_wait_stop(browser->provider, &browser->wait);
	finish_stop(&browser->finish);
	http_cancel(browser->exchange);
	loopback_finish(browser->loopback, verdict);
	if (browser->timer != NULL)
		event_free(browser->timer);
	flow_state_free(&browser->at);
	secret_free(&browser->code);
	free(browser->user);
	free(browser);
}
