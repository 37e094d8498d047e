/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may enter. A pure function of the configuration and of what is known
 * about a person, so that sign-in, account phase and `hostpass why` cannot
 * come to different answers. The table in hostpass.conf(5) says it for admins,
 * and a test compares the two.
 *
 * [access] must let her in, and where [access:SERVICE] exists that must let her
 * in as well. A section lets in whom an entry of its allow_groups or
 * allow_users fits, and none of its deny_groups or deny_users. [access] without
 * an allow_ entry lets in nobody; [access:SERVICE] without one lets in all but
 * those whom it denies. passkey_max of the service, else of [access], must
 * hold besides.
 */
#ifndef DAEMON_POLICY_POLICY_H
#define DAEMON_POLICY_POLICY_H

#include <stddef.h>

#include "common/attr.h"
#include "daemon/config/config.h"
#include "daemon/oidc/flow.h"
#include "daemon/reason.h"
#include "daemon/store/person.h"

/* What the policy looks at. */
struct policy_subject {
	const char		*user;
	/* Whose groups they are; NULL: no group of anybody's fits. */
	const struct config_provider *provider;
	const char *const	*groups;	/* the provider's names */
	size_t			 group_count;
	int64_t			 last_passkey;	/* CLOCK_REALTIME seconds; */
						/* 0: never */
	int64_t			 now;
};

/* The subject that person is; it borrows from both. */
struct policy_subject policy_subject_of(const struct config *config,
	    const struct person *person, int64_t now);

/* Told of each rule as it is looked at: its text, such as
 * "[access] allow_groups = admins", and whether it fits, which for deny_groups
 * and deny_users is a denial. */
typedef void policy_trace_fn(void *arg, const char *rule, int fits);

/* May subject use service? REASON_GRANTED or the reason of the denial. trace
 * may be NULL. */
enum reason policy_decide(const struct config *config,
	    const struct policy_subject *subject, const char *service,
	    policy_trace_fn *trace, void *arg) MUST_USE;

/* What a sign-in at provider to service must satisfy: key by key as
 * [access:SERVICE] says, else [access], else the provider's preset; max_age is
 * never more than passkey_max. It borrows strings of config. */
void	policy_sign_in(const struct config *config,
	    const struct config_provider *provider, const char *service,
	    struct flow_policy *ret_policy);

#endif
