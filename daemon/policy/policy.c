/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access is granted by a rule that fits and by nothing else: the answer starts
 * as a denial, and what cannot be compared does not fit.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/age.h"
#include "daemon/config/config_value.h"
#include "daemon/policy/policy.h"

#define RULE_TEXT_MAX	512
#define DURATION_SIZE	24

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

/* Does any item of one of the two lists fit? All are looked at, so that the
 * trace is complete. */
static bool
any_fits(const struct look *look, const char *groups_key,
    const struct config_list *groups, const char *users_key,
    const struct config_list *users)
{
	bool any = false, fits;
	size_t i;

	for (i = 0; i < groups->count; i++) {
		fits = group_fits(look->subject, groups->items[i]);
		tell(look, groups_key, groups->items[i], fits);
		any = any || fits;
	}
	for (i = 0; i < users->count; i++) {
		fits = user_fits(look->subject->user, users->items[i]);
		tell(look, users_key, users->items[i], fits);
		any = any || fits;
	}
	return any;
}

/* The verdict of one section: denied and refused are the reasons to give. */
static enum reason
section_decides(const struct look *look, enum reason denied,
    enum reason refused)
{
	const struct config_access *access = look->access;
	bool allows, denies;

	allows = any_fits(look, "allow_groups", &access->allow_groups,
	    "allow_users", &access->allow_users);
	denies = any_fits(look, "deny_groups", &access->deny_groups,
	    "deny_users", &access->deny_users);
	if (denies)
		return denied;
	return allows || !has_rules(access) ? REASON_GRANTED : refused;
}

/* Seconds, as they are written in the configuration. */
static void
format_duration(char text[DURATION_SIZE], int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *suffix;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "m" } };
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (seconds > 0 && seconds % units[i].seconds == 0)
			break;
	}
	(void)snprintf(text, DURATION_SIZE, "%" PRId64 "%s",
	    i < 3 ? seconds / units[i].seconds : seconds,
	    i < 3 ? units[i].suffix : "s");
}

/* Was a passkey used lately enough? look is at the section whose passkey_max
 * it is. Who never used one is not let in by a clock that stands at 1970, nor
 * by one that was set back. */
static enum reason
passkey_decides(const struct look *look)
{
	const struct policy_subject *subject = look->subject;
	int64_t last = subject->last_passkey, age = subject->now - last;
	char item[64], max[DURATION_SIZE], used[DURATION_SIZE];
	bool fits;

	fits = last > 0 && age_is_within(last, subject->now,
	    look->access->passkey_max);
	format_duration(max, look->access->passkey_max);
	format_duration(used, age > 0 ? age : 0);
	if (last <= 0)
		(void)snprintf(item, sizeof(item), "%s (never used)", max);
	else if (age_is_unknown(last, subject->now))
		(void)snprintf(item, sizeof(item), "%s (used in the future)",
		    max);
	else
		(void)snprintf(item, sizeof(item), "%s (used %s ago)", max,
		    used);
	tell(look, "passkey_max", item, fits);
	return fits ? REASON_GRANTED : REASON_PASSKEY_TOO_OLD;
}

enum reason
policy_decide(const struct config *config,
    const struct policy_subject *subject, const char *service,
    policy_trace_fn *trace, void *arg)
{
	const struct config_access *of_service;
	struct look look = {
		.access = &config->access[0],
		.subject = subject,
		.trace = trace,
		.arg = arg,
	};
	enum reason reason;

	if (!has_rules(look.access))
		return REASON_NO_RULES;
	reason = section_decides(&look, REASON_DENY_RULE, REASON_NOT_ALLOWED);
	if (reason != REASON_GRANTED)
		return reason;
	of_service = config_access_for(config, service);
	if (of_service != NULL) {
		look.access = of_service;
		reason = section_decides(&look, REASON_SERVICE_DENY_RULE,
		    REASON_SERVICE_NOT_ALLOWED);
		if (reason != REASON_GRANTED)
			return reason;
	}
	if (look.access->passkey_max == 0)
		look.access = &config->access[0];
	return look.access->passkey_max == 0 ? REASON_GRANTED :
	    passkey_decides(&look);
}

struct policy_subject
policy_subject_of(const struct config *config, const struct person *person,
    int64_t now)
{
	return (struct policy_subject){
		.user = person->name,
		.provider = config_provider_of(config, person->issuer),
		.groups = (const char *const *)person->groups,
		.group_count = person->group_count,
		.last_passkey = person->last_passkey,
		.now = now,
	};
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
	uint32_t max;

	preset_policy(provider->preset, ret_policy);
	override_policy(&config->access[0], ret_policy);
	max = config->access[0].passkey_max;
	if (access != NULL) {
		override_policy(access, ret_policy);
		if (access->passkey_max > 0)
			max = access->passkey_max;
	}
	/* Whom the rule would refuse right after is better asked now. */
	if (max > 0 && (ret_policy->max_age == 0 || ret_policy->max_age > max))
		ret_policy->max_age = max;
}
