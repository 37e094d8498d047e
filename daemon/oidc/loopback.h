/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The listener that a browser on this machine is sent back to (RFC 8252 7.3):
 * on 127.0.0.1, a port of the kernel's choice, for one sign-in. Anybody on the
 * machine can connect to it, so it believes nobody: what counts is what the
 * caller says of a query.
 */
#ifndef DAEMON_OIDC_LOOPBACK_H
#define DAEMON_OIDC_LOOPBACK_H

#include <stdbool.h>

#include "common/attr.h"
#include "daemon/reason.h"

#define LOOPBACK_PATH	"/callback"

/* Who connects more often than this in one sign-in is no browser. */
#define LOOPBACK_CONNECTIONS_MAX	32

struct event_base;
struct loopback;

/* Judge the query of a well-formed request. True: it is ours, and held until
 * loopback_finish(); nothing else is answered any more. False: it is refused
 * with the page of *ret_reason, and the listener goes on. The loopback must
 * not be freed in it. */
typedef bool loopback_judge_fn(void *arg, const char *query,
	    enum reason *ret_reason);

/* Listen. 0 or -errno; the result must be closed or finished. */
int	loopback_open(struct event_base *base, loopback_judge_fn *judge,
	    void *arg, struct loopback **ret_loopback) MUST_USE;

/* "http://127.0.0.1:PORT/callback", as long as the loopback lives. */
const char *loopback_uri(const struct loopback *loopback);

/* Show whom it holds how it ended. The loopback frees itself as soon as that
 * is sent, a few seconds later at the most, and judges nothing any more.
 * loopback may be NULL. */
void	loopback_finish(struct loopback *loopback, enum reason reason);

#endif
