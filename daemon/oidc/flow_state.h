/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that a flow needs to go on in another process of the same boot, once the
 * person has been shown where to go.
 */
#ifndef DAEMON_OIDC_FLOW_STATE_H
#define DAEMON_OIDC_FLOW_STATE_H

#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/oidc/flow.h"

/* All zero is none. */
struct flow_state {
	enum flow_kind	kind;		/* FLOW_DEVICE or FLOW_BROWSER */
	struct secret	uri;		/* that was shown */
	struct secret	nonce;
	int64_t		began;		/* clock_wall() */
	uint64_t	deadline;	/* clock_steady() */
	/* Of the device flow. */
	struct secret	user_code;
	struct secret	device_code;
	uint64_t	interval;	/* seconds between polls */
	uint64_t	next;		/* clock_steady(), of the next poll */
	/* Of the browser flow. */
	struct secret	state;
	struct secret	verifier;
};

/* Wipe. state can be used again. */
void	flow_state_free(struct flow_state *state);

/* 0 and a copy that must be freed, or -ENOMEM. */
int	flow_state_copy(const struct flow_state *from,
	    struct flow_state *ret_copy) MUST_USE;

#endif
