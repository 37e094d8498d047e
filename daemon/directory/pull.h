/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fetching the signed directory, now and then: a document comes out of here
 * only when its signature, its dates and all its bytes are right.
 */
#ifndef DAEMON_DIRECTORY_PULL_H
#define DAEMON_DIRECTORY_PULL_H

#include <stdint.h>

#include "common/attr.h"
#include "daemon/directory/signed.h"
#include "daemon/oidc/http.h"

struct event_base;
struct pull;

/* Copied but for keys, which outlives the pull. */
struct pull_config {
	const char		*url;
	struct http_config	 http;
	const struct jwk_set	*keys;
	uint32_t		 refresh;	/* seconds; scattered by a
						 * tenth */
};

enum pull_outcome {
	PULL_UNCHANGED,	/* what was believed last is still there */
	PULL_FAILED,	/* nothing came */
	PULL_REFUSED,	/* by verdict */
	PULL_READY,
};

struct pull_end {
	enum pull_outcome	 outcome;
	enum signed_verdict	 verdict;
	const char		*error;		/* of PULL_FAILED */
	struct signed_directory	*document;	/* of PULL_READY: to be moved,
						 * or it is freed */
};

typedef void pull_done_fn(void *arg, const struct pull_end *end);

/* Begin; done is called after each fetch, never from within this. 0, -EINVAL
 * for a URL that is not allowed, or -ENOMEM. */
int	pull_new(struct event_base *base, const struct pull_config *config,
	    pull_done_fn *done, void *arg, struct pull **ret_pull) MUST_USE;

/* The last document is in force: it need not come again. */
void	pull_believe(struct pull *pull);

/* pull may be NULL. */
void	pull_free(struct pull *pull);

#endif
