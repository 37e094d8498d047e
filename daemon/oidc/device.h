/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device authorization grant (RFC 8628), from the request for a code to a
 * verified ID token. It runs on the event loop and calls back; nothing blocks.
 */
#ifndef DAEMON_OIDC_DEVICE_H
#define DAEMON_OIDC_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/oidc/flow.h"

struct device;
struct flow_state;
struct provider;

/* What the person is shown (RFC 8628 3.2). All of it has passed
 * text_is_plain(); the strings live until the callback returns. */
struct device_prompt {
	const char	*verification_uri;
	const char	*verification_uri_complete;	/* NULL: not offered */
	const char	*user_code;
	uint32_t	 expires_in;	/* seconds */
};

struct device_request {
	struct flow_policy	 policy;
	/* Go on from here, which was device_save()'s; it is not needed after
	 * device_start(). NULL: begin. */
	const struct flow_state	*resume;
	/* There is a code for the person. Called once at the most. */
	void		(*ready)(void *arg, const struct device_prompt *prompt);
	/* The end. Called once, never from within device_start(); the flow
	 * may be freed in it. */
	flow_done_fn	*done;
	void		*arg;
};

/* Begin. 0 or -errno (then nothing is called back). The flow ends itself when
 * the code expires by our own clock. */
int	device_start(struct provider *provider,
	    const struct device_request *request,
	    struct device **ret_device) MUST_USE;

/* What another process needs to go on, from ready until the code is redeemed. 0
 * and *ret_state, to be freed; -ENODATA before and after; -ENOMEM. */
int	device_save(const struct device *device,
	    struct flow_state *ret_state) MUST_USE;

/* Poll no more. True while an answer, or what follows from it, is on its way
 * still: the code may have been redeemed by it. */
bool	device_rest(struct device *device);

/* Wipe, stop polling, and call nobody back. device may be NULL. */
void	device_free(struct device *device);

#endif
