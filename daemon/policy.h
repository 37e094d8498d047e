/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may enter. A pure function of the configuration and of what is known
 * about a person, so that sign-in, account phase and `hostpass why` cannot
 * come to different answers.
 *
 * [access] must allow her, and where [access:SERVICE] exists that must allow
 * her as well. Within a section one fitting entry of allow_groups or
 * allow_users is enough. A section without either allows nobody; for
 * [access:SERVICE] that holds only if it stands there to restrict (max_age,
 * fresh_auth and require_amr alone do not).
 */
#ifndef DAEMON_POLICY_H
#define DAEMON_POLICY_H

#include <stddef.h>

#include "common/attr.h"
#include "daemon/config.h"
#include "daemon/oidc/flow.h"
#include "daemon/reason.h"

/* What the policy looks at. */
struct policy_subject {
	const char		*user;
	/* Whose groups they are; NULL: no group of anybody's fits. */
	const struct config_provider *provider;
	const char *const	*groups;	/* the provider's names */
	size_t			 group_count;
};

/* Told of each rule as it is looked at: its text, such as
 * "[access] allow_groups = admins", and whether it fits. */
typedef void policy_trace_fn(void *arg, const char *rule, int fits);

/* May subject use service? REASON_GRANTED or the reason of the denial. trace
 * may be NULL. */
enum reason policy_decide(const struct config *config,
	    const struct policy_subject *subject, const char *service,
	    policy_trace_fn *trace, void *arg) MUST_USE;

/* What a sign-in at provider to service must satisfy: key by key as
 * [access:SERVICE] says, else [access], else the provider's preset. It borrows
 * strings of config. */
void	policy_sign_in(const struct config *config,
	    const struct config_provider *provider, const char *service,
	    struct flow_policy *ret_policy);

#endif
