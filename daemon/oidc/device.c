/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flow in the order of its functions: wait for the provider, ask for a
 * code, show it, poll until there is an answer, and let finish.c judge it.
 *
 * MUST: our own clock ends the flow (Pocket ID answers authorization_pending
 * for ever); nothing is granted but by finish.c; each callback is the last
 * thing that a function does, because the flow may be freed in it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/clock.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/devicecode.h"
#include "daemon/oidc/finish.h"
#include "daemon/oidc/flow_state.h"
#include "daemon/oidc/form.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/pkce.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/refusal.h"
#include "daemon/oidc/token.h"

#define GRANT_TYPE	"urn:ietf:params:oauth:grant-type:device_code"

/* Seconds. */
#define SLOW_DOWN	5	/* RFC 8628 3.5 */
#define BACKOFF_MAX	60

struct device {
	struct provider		*provider;
	struct device_request	 request;
	struct provider_wait	 wait;
	struct http_exchange	*exchange;
	struct event		*timer;
	struct flow_state	 at;
	uint64_t		 backoff;	/* instead, while it is not 0 */
	/* What it means if the deadline comes now. */
	enum reason		 at_deadline;
	struct reason_detail	 detail;	/* of the end, so far */
	struct finish		 finish;
	bool			 resting;
};

/* Tell the end. device may not exist after this. */
static void
finish(struct device *device, enum reason reason)
{
	event_del(device->timer);
	http_cancel(device->exchange);
	device->exchange = NULL;
	device->request.done(device->request.arg, reason, device->detail.text,
	    NULL);
}

/* Wait for the next poll, but not beyond the deadline. */
static int
arm_poll(struct device *device)
{
	uint64_t now = clock_steady(), wait;

	wait = device->backoff > 0 ? device->backoff : device->at.interval;
	if (now >= device->at.deadline)
		wait = 0;
	else if (wait > device->at.deadline - now)
		wait = device->at.deadline - now;
	device->at.next = now + wait;
	return clock_arm(device->timer, wait);
}

static void
wait_for_poll(struct device *device)
{
	if (arm_poll(device) < 0)
		finish(device, REASON_INTERNAL);
}

/* RFC 8628 3.5: the provider is in trouble, so ask less and less often, and
 * not before it wants to be asked. The grant itself is not lost. */
static void
back_off(struct device *device, enum reason reason, uint32_t retry_after)
{
	uint64_t wait = 2 * (device->backoff > 0 ? device->backoff :
	    device->at.interval);

	if (wait < retry_after)
		wait = retry_after;
	device->backoff = wait < BACKOFF_MAX ? wait : BACKOFF_MAX;
	device->at_deadline = reason;
	wait_for_poll(device);
}

/* The person has not decided yet. */
static void
keep_polling(struct device *device)
{
	device->backoff = 0;
	device->at_deadline = REASON_TIMED_OUT;
	reason_say(&device->detail, "%s", "");
	wait_for_poll(device);
}

/* An answer that is not a success: go on, or end with what it means. */
static void
read_error(struct device *device, const struct http_reply *reply,
    const struct json *answer)
{
	const char *error = json_get_string(answer, "error");
	enum reason reason = token_error_reason(error);

	if (error != NULL && strcmp(error, "slow_down") == 0) {
		device->at.interval += SLOW_DOWN;
		keep_polling(device);
		return;
	}
	if (error != NULL && strcmp(error, "authorization_pending") == 0) {
		keep_polling(device);
		return;
	}
	refusal_say(&device->detail, reply, answer);
	if (reason_may_pass(reason))
		back_off(device, reason, reply->retry_after);
	else
		finish(device, reason);
}

/* RFC 6749 5.2 says 400, providers also say 401 and 403. */
static bool
is_refusal(const struct http_reply *reply)
{
	return reply->status >= 400 && reply->status < 500;
}

/* REASON_GRANTED and a document, which is an answer or a refusal, or what is
 * wrong with the reply. */
static enum reason
read_reply(struct device *device, const struct http_reply *reply,
    struct json **ret_answer)
{
	enum reason reason = provider_judge(device->provider, reply);

	reason_say(&device->detail, "%s",
	    provider_last_detail(device->provider));
	if (reason != REASON_GRANTED)
		return reason;
	if (json_parse(reply->body, reply->len, ret_answer) < 0) {
		refusal_say_no_json(&device->detail, reply);
		return REASON_PROVIDER_REPLY;
	}
	if (reply->status == 200 || is_refusal(reply))
		return REASON_GRANTED;
	refusal_say(&device->detail, reply, *ret_answer);
	json_free(*ret_answer);
	*ret_answer = NULL;
	return REASON_PROVIDER_REPLY;
}

static void
token_received(void *arg, const struct http_reply *reply)
{
	struct device *device = arg;
	struct json *answer = NULL;
	enum reason reason;

	device->exchange = NULL;
	reason = read_reply(device, reply, &answer);
	if (reason_may_pass(reason)) {
		back_off(device, reason, reply->retry_after);
		return;
	}
	if (reason != REASON_GRANTED) {
		finish(device, reason);
		return;
	}
	if (is_refusal(reply)) {
		read_error(device, reply, answer);
		json_free(answer);
		return;
	}
	reason = token_set_read(answer, &device->finish.tokens);
	if (reason != REASON_GRANTED)
		token_set_describe(answer, &device->detail);
	json_free(answer);
	event_del(device->timer);
	/* It is good for one use. */
	secret_free(&device->at.device_code);
	if (reason == REASON_GRANTED)
		finish_start(&device->finish);
	else
		finish(device, reason);
}

/* RFC 8628 3.4. */
static enum reason
poll_once(struct device *device)
{
	struct secret form = SECRET_INIT;
	uint64_t now, left = 0;
	enum reason reason = REASON_INTERNAL;

	if (form_put(&form, "grant_type", GRANT_TYPE) < 0 ||
	    form_put(&form, "device_code", device->at.device_code.data) < 0)
		goto out;
	reason = provider_post(device->provider,
	    provider_token_endpoint(device->provider), &form, token_received,
	    device, &device->exchange);
	/* While the provider thinks, the code may expire. */
	now = clock_steady();
	if (device->at.deadline > now)
		left = device->at.deadline - now;
	if (reason == REASON_GRANTED && clock_arm(device->timer, left) < 0)
		reason = REASON_INTERNAL;
out:
	secret_free(&form);
	return reason;
}

static void
timer_fired(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct device *device = arg;
	enum reason reason;

	if (clock_steady() >= device->at.deadline) {
		finish(device, device->at_deadline);
		return;
	}
	if (device->exchange != NULL || device->resting)
		return;
	reason = poll_once(device);
	if (reason != REASON_GRANTED)
		finish(device, reason);
}

static int
keep_code(struct device *device, const struct devicecode *code)
{
	const struct device_prompt *prompt = &code->prompt;
	const char *uri = prompt->verification_uri_complete != NULL ?
	    prompt->verification_uri_complete : prompt->verification_uri;
	struct flow_state *at = &device->at;

	at->interval = code->interval;
	at->deadline = clock_steady() + prompt->expires_in;
	if (secret_set(&at->uri, uri, strlen(uri)) < 0 ||
	    secret_set(&at->user_code, prompt->user_code,
	    strlen(prompt->user_code)) < 0)
		return -ENOMEM;
	return secret_set(&at->device_code, code->device_code,
	    strlen(code->device_code));
}

/* Keep what is needed and show the rest. */
static void
show_code(struct device *device, const struct json *answer)
{
	struct devicecode code;
	enum reason reason;

	reason = devicecode_read(answer, &device->detail, &code);
	if (reason == REASON_GRANTED && keep_code(device, &code) < 0)
		reason = REASON_INTERNAL;
	if (reason != REASON_GRANTED)
		finish(device, reason);
	else if (arm_poll(device) < 0)
		finish(device, REASON_INTERNAL);
	else
		device->request.ready(device->request.arg, &code.prompt);
}

/* Show the code that was shown before, and poll when that was due. */
static void
go_on(struct device *device)
{
	const struct flow_state *at = &device->at;
	uint64_t now = clock_steady(), next = at->next;
	struct device_prompt prompt = {
		.verification_uri = at->uri.data,
		.user_code = at->user_code.data,
	};

	if (next <= now)
		next = now + 1;
	if (next > at->deadline)
		next = at->deadline;
	if (now < at->deadline)
		prompt.expires_in = (uint32_t)(at->deadline - now);
	if (clock_arm(device->timer, next > now ? next - now : 0) < 0)
		finish(device, REASON_INTERNAL);
	else
		device->request.ready(device->request.arg, &prompt);
}

static void
code_received(void *arg, const struct http_reply *reply)
{
	struct device *device = arg;
	struct json *answer = NULL;
	enum reason reason;

	device->exchange = NULL;
	reason = read_reply(device, reply, &answer);
	if (reason != REASON_GRANTED) {
		finish(device, reason);
	} else if (is_refusal(reply)) {
		refusal_say(&device->detail, reply, answer);
		finish(device, token_error_reason(json_get_string(answer,
		    "error")));
	} else {
		show_code(device, answer);
	}
	json_free(answer);
}

/* RFC 8628 3.1. The nonce is Pocket ID's addition; others pass over it. */
static enum reason
ask_for_code(struct device *device)
{
	struct secret form = SECRET_INIT;
	enum reason reason = REASON_INTERNAL;

	if (form_put(&form, "scope", provider_scopes(device->provider)) == 0 &&
	    form_put(&form, "nonce", device->at.nonce.data) == 0)
		reason = provider_post(device->provider,
		    provider_device_endpoint(device->provider), &form,
		    code_received, device, &device->exchange);
	secret_free(&form);
	return reason;
}

/* The provider is there. */
static void
provider_told(void *arg, enum reason reason)
{
	struct device *device = arg;

	if (reason == REASON_GRANTED && device->at.device_code.data != NULL) {
		go_on(device);
		return;
	}
	if (reason == REASON_GRANTED)
		reason = provider_device_endpoint(device->provider) != NULL ?
		    ask_for_code(device) : REASON_DEVICE_UNSUPPORTED;
	if (reason != REASON_GRANTED) {
		device->detail = device->wait.detail;
		finish(device, reason);
	}
}

static int
prepare(struct device *device)
{
	int r;

	if (device->request.resume != NULL) {
		r = flow_state_copy(device->request.resume, &device->at);
	} else {
		device->at.kind = FLOW_DEVICE;
		device->at.began = clock_wall();
		r = pkce_random(PKCE_NONCE_BYTES, &device->at.nonce);
	}
	device->request.resume = NULL;
	if (r < 0)
		return r;
	device->timer = evtimer_new(provider_base(device->provider),
	    timer_fired, device);
	return device->timer == NULL ? -ENOMEM : 0;
}

int
device_start(struct provider *provider, const struct device_request *request,
    struct device **ret_device)
{
	struct device *device;
	int r;

	device = calloc(1, sizeof(*device));
	if (device == NULL)
		return -ENOMEM;
	device->provider = provider;
	device->request = *request;
	device->at_deadline = REASON_TIMED_OUT;
	device->finish.provider = provider;
	device->finish.expect.policy = request->policy;
	device->finish.done = request->done;
	device->finish.arg = request->arg;
	device->wait.told = provider_told;
	device->wait.arg = device;
	r = prepare(device);
	if (r < 0) {
		device_free(device);
		return r;
	}
	device->finish.expect.nonce = device->at.nonce.data;
	device->finish.expect.began = device->at.began;
	/* Whoever has a code does not need the endpoint that gives one. */
	provider_wait_start(provider, device->at.device_code.data != NULL ?
	    PROVIDER_READY : PROVIDER_DEVICE, &device->wait);
	*ret_device = device;
	return 0;
}

int
device_save(const struct device *device, struct flow_state *ret_state)
{
	if (device->at.device_code.data == NULL)
		return -ENODATA;
	return flow_state_copy(&device->at, ret_state);
}

bool
device_rest(struct device *device)
{
	device->resting = true;
	return device->exchange != NULL || (device->at.uri.data != NULL &&
	    device->at.device_code.data == NULL);
}

void
device_free(struct device *device)
{
	if (device == NULL)
		return;
	provider_wait_stop(device->provider, &device->wait);
	http_cancel(device->exchange);
	if (device->timer != NULL)
		event_free(device->timer);
	flow_state_free(&device->at);
	finish_stop(&device->finish);
	free(device);
}
