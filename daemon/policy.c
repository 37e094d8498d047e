/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access is granted by a rule that fits and by nothing else: the answer starts
 * as a denial, and what cannot be compared does not fit.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/config_value.h"
#include "daemon/policy.h"

#define RULE_TEXT_MAX	512

/* One section being looked at. */
struct look {
	const struct config_access	*access;
	const struct policy_subject	*subject;
	policy_trace_fn			*trace;
	void				*arg;
};

static void
tell(const struct look *look, const char *key, const char *item, bool fits)
{
	const char *service = look->access->service;
	char rule[RULE_TEXT_MAX];

	if (look->trace == NULL)
		return;
	(void)snprintf(rule, sizeof(rule), "[access%s%s] %s = %s",
	    *service != '\0' ? ":" : "", service, key, item);
	look->trace(look->arg, rule, fits);
}

static bool
group_fits(const struct policy_subject *subject, const char *item)
{
	const char *group = NULL;
	size_t i;

	if (subject->provider != NULL)
		group = config_provider_group(subject->provider, item);
	if (group == NULL)
		return false;
	for (i = 0; i < subject->group_count; i++) {
		if (strcmp(subject->groups[i], group) == 0)
			return true;
	}
	return false;
}

static bool
user_fits(const char *user, const char *item)
{
	if (config_is_pattern(item))
		return config_pattern_fits(item, user);
	return strcmp(user, item) == 0;
}

static bool
has_rules(const struct config_access *access)
{
	return access->allow_groups.count > 0 || access->allow_users.count > 0;
}

/* Does any rule of the section fit? All are looked at, so that the trace is
 * complete. */
static bool
section_fits(const struct look *look)
{
	const struct config_access *access = look->access;
	bool any = false, fits;
	const char *item;
	size_t i;

	for (i = 0; i < access->allow_groups.count; i++) {
		item = access->allow_groups.items[i];
		fits = group_fits(look->subject, item);
		tell(look, "allow_groups", item, fits);
		any = any || fits;
	}
	for (i = 0; i < access->allow_users.count; i++) {
		item = access->allow_users.items[i];
		fits = user_fits(look->subject->user, item);
		tell(look, "allow_users", item, fits);
		any = any || fits;
	}
	return any;
}

enum reason
policy_decide(const struct config *config,
    const struct policy_subject *subject, const char *service,
    policy_trace_fn *trace, void *arg)
{
	struct look look = {
		.access = &config->access[0],
		.subject = subject,
		.trace = trace,
		.arg = arg,
	};

	if (!has_rules(look.access))
		return REASON_NO_RULES;
	if (!section_fits(&look))
		return REASON_NOT_ALLOWED;
	look.access = config_access_for(config, service);
	if (look.access == NULL || !has_rules(look.access))
		return REASON_GRANTED;
	if (!section_fits(&look))
		return REASON_SERVICE_NOT_ALLOWED;
	return REASON_GRANTED;
}

/* An approval that shows no passkey may be a click, or less: Pocket ID before
 * 2.15 approves when a browser that is signed in opens the link. */
static void
preset_policy(enum config_preset preset, struct flow_policy *policy)
{
	static char passkey[] = "phr";
	static char *const methods[] = { passkey };

	*policy = (struct flow_policy){ 0 };
	if (preset != CONFIG_PRESET_POCKETID)
		return;
	policy->fresh_auth = true;
	policy->amr = methods;
	policy->amr_count = 1;
	/* Pocket ID has it since 2.6. */
	policy->amr_may_be_missing = true;
}

static bool
is_anything(const struct config_list *methods)
{
	size_t i;

	for (i = 0; i < methods->count; i++) {
		if (strcmp(methods->items[i], "*") == 0)
			return true;
	}
	return false;
}

/* The keys that are set replace what was there. */
static void
override_policy(const struct config_access *access, struct flow_policy *policy)
{
	const struct config_list *methods = &access->require_amr;

	if (access->max_age > 0)
		policy->max_age = access->max_age;
	if (access->fresh_auth != CONFIG_SWITCH_UNSET)
		policy->fresh_auth = access->fresh_auth == CONFIG_SWITCH_YES;
	if (methods->count > 0) {
		policy->amr = methods->items;
		policy->amr_count = is_anything(methods) ? 0 : methods->count;
		policy->amr_may_be_missing = false;
	}
}

void
policy_sign_in(const struct config *config,
    const struct config_provider *provider, const char *service,
    struct flow_policy *ret_policy)
{
	const struct config_access *access = config_access_for(config, service);

	preset_policy(provider->preset, ret_policy);
	override_policy(&config->access[0], ret_policy);
	if (access != NULL)
		override_policy(access, ret_policy);
}
