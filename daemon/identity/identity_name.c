/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST refuse a name that the host's own files know, and every name outside
 *	the grammar of common/names.h; it is never bent until it fits.
 * MUST believe an e-mail address only if email_verified is true.
 * MUST NOT give a name that [user:NAME] gives to one person to another.
 */
#include <string.h>
#include <strings.h>

#include "daemon/identity/identity_private.h"
#include "daemon/oidc/claims.h"
#include "daemon/oidc/json.h"

/* Longer ones are no addresses (RFC 5321 4.5.3.1). */
#define ADDRESS_MAX	320

static bool
is_verified(const struct json *claims)
{
	bool verified = false;

	return json_boolean(json_get(claims, "email_verified"),
	    &verified) == 0 && verified;
}

/* The part before the '@' counts as it is; domains have no case (RFC 5321
 * 2.4). */
static bool
same_address(const char *a, const char *b)
{
	const char *at = strrchr(a, '@'), *other = strrchr(b, '@');

	return at != NULL && other != NULL && at - a == other - b &&
	    memcmp(a, b, (size_t)(at - a)) == 0 && strcasecmp(at, other) == 0;
}

static bool
matches(const struct config_match *match, const struct identity_token *token)
{
	const char *text;

	switch (match->kind) {
	case CONFIG_MATCH_SUB:
		return strcmp(match->value, token->subject) == 0;
	case CONFIG_MATCH_PREFERRED_USERNAME:
		text = json_get_string(token->claims, "preferred_username");
		return text != NULL && strcmp(match->value, text) == 0;
	case CONFIG_MATCH_EMAIL:
		text = json_get_string(token->claims, "email");
		return text != NULL && is_verified(token->claims) &&
		    same_address(match->value, text);
	case CONFIG_MATCH_NONE:
		break;
	}
	return false;
}

/* The section that the token is matched by. Two are a mistake of the admin's,
 * and which of them would count is not guessed. */
static enum reason
find_section(const struct identity_case *found,
    const struct config_user **ret_user)
{
	const struct config *config = found->context->config;
	size_t i;

	*ret_user = NULL;
	for (i = 0; i < config->user_count; i++) {
		if (!matches(&config->users[i].match, found->token))
			continue;
		if (*ret_user != NULL) {
			reason_add(found->detail, "[user:%s] and [user:%s] "
			    "match this person", (*ret_user)->name,
			    config->users[i].name);
			return REASON_NAME_AMBIGUOUS;
		}
		*ret_user = &config->users[i];
	}
	return REASON_GRANTED;
}

static bool
is_email(const char *claim)
{
	return strcmp(claim, "email") == 0 || strcmp(claim, "/email") == 0;
}

/* Cut "@domain" off the name; what is of another domain is no name. */
static bool
strip_domain(const char *domain, char *name)
{
	char *at = strchr(name, '@');

	if (at == NULL || strcasecmp(at + 1, domain) != 0)
		return false;
	*at = '\0';
	return true;
}

static void
make_lower(char *name)
{
	for (; *name != '\0'; name++) {
		if (*name >= 'A' && *name <= 'Z')
			*name = (char)(*name - 'A' + 'a');
	}
}

/* The name that the claim is by the rules of [identity]. */
static enum reason
claimed_name(const struct identity_case *found, char *name, size_t size)
{
	const struct config_identity *rules = found->rules;
	const struct json *claims = found->token->claims;
	const char *claim = rules->username_claim;
	const char *value = json_string(claims_get(claims, claim));
	size_t len;

	if (value == NULL) {
		reason_add(found->detail, "no %s in the token", claim);
		return REASON_CLAIM_MISSING;
	}
	if (is_email(claim) && !is_verified(claims)) {
		reason_add(found->detail, "email_verified is not true for %s",
		    value);
		return REASON_EMAIL_UNVERIFIED;
	}
	len = strlen(value);
	if (len < size)
		memcpy(name, value, len + 1);
	if (len >= size || (rules->strip_domain != NULL &&
	    !strip_domain(rules->strip_domain, name))) {
		reason_add(found->detail, "%s is \"%.64s\"%s%s", claim, value,
		    len >= size ? ", too long for a name" : ", not of ",
		    len >= size ? "" : rules->strip_domain);
		return REASON_CLAIM_NOT_A_NAME;
	}
	if (rules->lower_case)
		make_lower(name);
	if (!name_is_valid(name) || strcmp(name, "root") == 0) {
		reason_add(found->detail, "%s is \"%.64s\"", claim, value);
		return REASON_CLAIM_NOT_A_NAME;
	}
	return REASON_GRANTED;
}

/* By the claim, unless that name is kept for somebody. */
static enum reason
name_by_claim(struct identity_case *found, char *name, size_t size)
{
	const struct config_user *user;
	enum reason reason;

	reason = claimed_name(found, name, size);
	if (reason != REASON_GRANTED)
		return reason;
	user = config_user_for(found->context->config, name);
	if (user != NULL && user->match.kind != CONFIG_MATCH_NONE) {
		reason_add(found->detail, "match of [user:%s] does not fit sub "
		    "%.64s", name, found->token->subject);
		return REASON_NAME_RESERVED;
	}
	found->user = user;
	return REASON_GRANTED;
}

enum reason
identity_name(struct identity_case *found, char ret_name[NAME_LIMIT + 1])
{
	char name[ADDRESS_MAX + 1];
	const char *given;
	enum reason reason;

	reason = find_section(found, &found->user);
	if (reason == REASON_GRANTED && found->user == NULL)
		reason = name_by_claim(found, name, sizeof(name));
	if (reason != REASON_GRANTED)
		return reason;
	given = found->user != NULL ? found->user->name : name;
	if (localfiles_has_user(found->context->files, given)) {
		reason_add(found->detail, "%s is a local account", given);
		return REASON_CLAIM_NOT_A_NAME;
	}
	/* Both kinds have passed name_is_valid(). */
	memcpy(ret_name, given, strlen(given) + 1);
	return REASON_GRANTED;
}
