/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The account phase (design D5): where a revocation bites, because sshd, cron
 * and sudo ask it for key logins, jobs and NOPASSWD rules too.
 */
#ifndef DAEMON_POLICY_ACCOUNT_H
#define DAEMON_POLICY_ACCOUNT_H

#include "common/attr.h"
#include "daemon/policy/policy.h"
#include "daemon/world.h"

/* May user use service now? trace is told of each rule that is looked at, and
 * may be NULL. */
enum reason account_decide(const struct world *world,
	    const char *user, const char *service, policy_trace_fn *trace,
	    void *arg) MUST_USE;

#endif
