/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a token that is genuine to a verdict: identity and policy are asked,
 * and the store is on the disk before it is a yes, which MUST not be said while
 * world->unpublished: until then the snapshot may not tell of her.
 */
#ifndef DAEMON_SESSION_DECISION_H
#define DAEMON_SESSION_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/reason.h"

struct flow_result;
struct person;
struct world;

/* What a program asks. */
struct decision_request {
	const char	*user;
	const char	*service;
	uint32_t	 uid;		/* of user, as the program was told */
	uint64_t	 started;	/* the process that was told it, in
					 * clock ticks since the boot; 0: it
					 * looks again before it counts */
};

/* May whoever signed in with result be that user and use that service? What
 * the provider says of somebody who is bound is kept either way; the tokens
 * are moved out of result and kept if it is a yes, and ended at the provider
 * if it is not. ACCOUNT_PREPARED: yes, but the program goes by another account
 * than hers. To detail is added what was seen. */
enum reason decision_make(struct world *world,
	    const struct decision_request *request,
	    struct flow_result *result,
	    struct reason_detail *detail) MUST_USE;

/* The account phase: account_decide(), and ACCOUNT_PREPARED where that says yes
 * but the program goes by another account than hers. */
enum reason decision_account(const struct world *world,
	    const struct decision_request *request) MUST_USE;

/* Will the program that asks run as person? False while it may have been told
 * another uid, gid, shell or home than hers. */
bool	decision_is_told(const struct world *world,
	    const struct decision_request *request,
	    const struct person *person);

#endif
