/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a token that is genuine to a verdict: identity and policy are asked,
 * and the store and the snapshot are on the disk before it is a yes.
 */
#ifndef DAEMON_DECISION_H
#define DAEMON_DECISION_H

#include "common/attr.h"
#include "daemon/reason.h"

struct flow_result;
struct session_world;

/* May whoever signed in with result be user and use service? What the
 * provider says of somebody who is bound is kept either way; the tokens are
 * moved out of result and kept if it is a yes. */
enum reason decision_make(struct session_world *world, const char *user,
	    const char *service, struct flow_result *result) MUST_USE;

#endif
