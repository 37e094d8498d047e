/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * With FLOW_AUTO the device flow comes first, because it works wherever the
 * person's browser is; if the provider has none, the browser flow follows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/attempt.h"
#include "daemon/oidc/browser.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/flow_state.h"

struct attempt {
	struct provider		*provider;
	struct attempt_request	 request;
	char			*user;
	struct device		*device;	/* one of them runs */
	struct browser		*browser;
};

static void
device_ready(void *arg, const struct device_prompt *device)
{
	struct attempt *attempt = arg;
	const struct attempt_prompt prompt = {
		.uri = device->verification_uri_complete != NULL ?
		    device->verification_uri_complete :
		    device->verification_uri,
		.code = device->user_code,
		.expires_in = device->expires_in,
	};

	attempt->request.ready(attempt->request.arg, &prompt);
}

static void
browser_ready(void *arg, const char *uri, uint32_t expires_in)
{
	struct attempt *attempt = arg;
	const struct attempt_prompt prompt = {
		.uri = uri,
		.expires_in = expires_in,
		.paste = !attempt->request.local,
	};

	attempt->request.ready(attempt->request.arg, &prompt);
}

static void
browser_done(void *arg, enum reason reason, const char *detail,
    struct flow_result *result)
{
	struct attempt *attempt = arg;

	attempt->request.done(attempt->request.arg, reason, detail, result);
}

static int
start_browser(struct attempt *attempt)
{
	const struct browser_request request = {
		.policy = attempt->request.policy,
		.resume = attempt->request.resume,
		.user = attempt->user,
		.local = attempt->request.local,
		.ready = browser_ready,
		.done = browser_done,
		.arg = attempt,
	};

	return browser_start(attempt->provider, &request, &attempt->browser);
}

static void
device_done(void *arg, enum reason reason, const char *detail,
    struct flow_result *result)
{
	struct attempt *attempt = arg;

	if (reason == REASON_DEVICE_UNSUPPORTED &&
	    attempt->request.kind == FLOW_AUTO) {
		device_free(attempt->device);
		attempt->device = NULL;
		if (start_browser(attempt) == 0)
			return;
		reason = REASON_INTERNAL;
	}
	attempt->request.done(attempt->request.arg, reason, detail, result);
}

static int
start_device(struct attempt *attempt)
{
	const struct device_request request = {
		.policy = attempt->request.policy,
		.resume = attempt->request.resume,
		.ready = device_ready,
		.done = device_done,
		.arg = attempt,
	};

	return device_start(attempt->provider, &request, &attempt->device);
}

int
attempt_start(struct provider *provider, const struct attempt_request *request,
    struct attempt **ret_attempt)
{
	struct attempt *attempt;
	int r = -ENOMEM;

	attempt = calloc(1, sizeof(*attempt));
	if (attempt == NULL)
		return -ENOMEM;
	attempt->provider = provider;
	attempt->request = *request;
	attempt->user = strdup(request->user);
	if (request->resume != NULL)
		attempt->request.kind = request->resume->kind;
	/* What was shown ends at nobody's browser here. */
	attempt->request.local = request->local && request->resume == NULL;
	if (attempt->user != NULL)
		r = attempt->request.kind == FLOW_BROWSER ?
		    start_browser(attempt) : start_device(attempt);
	attempt->request.resume = NULL;
	if (r < 0) {
		attempt_free(attempt, REASON_INTERNAL);
		return r;
	}
	*ret_attempt = attempt;
	return 0;
}

const char *
attempt_flow(const struct attempt *attempt)
{
	return attempt->browser != NULL ? "browser" : "device";
}

enum reason
attempt_answer(struct attempt *attempt, const char *text)
{
	return attempt->browser != NULL ?
	    browser_answer(attempt->browser, text) :
	    REASON_CALLBACK_MALFORMED;
}

int
attempt_save(const struct attempt *attempt, struct flow_state *ret_state)
{
	if (attempt->device != NULL)
		return device_save(attempt->device, ret_state);
	return attempt->browser != NULL ?
	    browser_save(attempt->browser, ret_state) : -ENODATA;
}

bool
attempt_rest(struct attempt *attempt)
{
	if (attempt->device != NULL)
		return device_rest(attempt->device);
	return attempt->browser != NULL && browser_is_busy(attempt->browser);
}

void
attempt_free(struct attempt *attempt, enum reason verdict)
{
	if (attempt == NULL)
		return;
	device_free(attempt->device);
	browser_free(attempt->browser, verdict);
	free(attempt->user);
	free(attempt);
}
