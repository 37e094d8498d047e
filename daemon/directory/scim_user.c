/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST refuse a list that contradicts itself: who is missing in it would be
 *	revoked everywhere.
 * MUST tell hosts nothing of a user but what they need; a document is for
 *	everybody to read.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/directory/scim.h"
#include "daemon/oidc/json.h"

int
scim_page_read(const struct json *answer, int64_t start, int64_t total,
    struct scim_page *ret_page, char error[EXPORT_ERROR_MAX])
{
	struct scim_page page = { .resources = json_get(answer, "Resources") };
	const struct json *index = json_get(answer, "startIndex");
	int64_t begun = start, count;

	if (json_integer(json_get(answer, "totalResults"), &page.total) < 0 ||
	    page.total < 0 ||
	    (page.resources != NULL && !json_is_array(page.resources)) ||
	    (index != NULL && json_integer(index, &begun) < 0))
		return export_say(error, -EBADMSG, "this is no list of a SCIM "
		    "2.0 service");
	if (total >= 0 && page.total != total)
		return export_say(error, -EAGAIN, "the list changed while it "
		    "was read; run this again");
	if (begun != start && page.total > 0)
		return export_say(error, -EBADMSG, "the list begins with %lld "
		    "where %lld was asked for", (long long)begun,
		    (long long)start);
	count = (int64_t)json_length(page.resources);
	if (count > page.total - (start - 1) ||
	    (count == 0 && start <= page.total))
		return export_say(error, -EBADMSG, "the list says that it has "
		    "%lld entries, and has %s", (long long)page.total,
		    count == 0 ? "fewer" : "more");
	page.next = start + count;
	page.last = page.next > page.total;
	*ret_page = page;
	return 0;
}

/* The primary address, else the first (RFC 7643 2.4). */
static const char *
find_email(const struct json *user)
{
	const struct json *emails = json_get(user, "emails"), *email;
	const char *value, *first = NULL;
	bool primary;
	size_t i;

	for (i = 0; i < json_length(emails); i++) {
		email = json_at(emails, i);
		value = json_is_object(email) ?
		    json_get_string(email, "value") : NULL;
		if (value == NULL || *value == '\0')
			continue;
		if (json_boolean(json_get(email, "primary"), &primary) == 0 &&
		    primary)
			return value;
		if (first == NULL)
			first = value;
	}
	return first;
}

static void
set_names(struct json *claims, const struct json *user)
{
	const char *name = json_get_string(user, "displayName");

	if (name == NULL)
		name = json_get_string(user, "/name/formatted");
	json_set_string(claims, "name", name);
	json_set_string(claims, "given_name",
	    json_get_string(user, "/name/givenName"));
	json_set_string(claims, "family_name",
	    json_get_string(user, "/name/familyName"));
}

static void
set_claims(struct json *claims, const struct json *user,
    const struct scim_rules *rules, const struct json *groups)
{
	const char *email = find_email(user);
	const struct json *value;
	size_t i;

	/* First, so that what follows stands above it. */
	for (i = 0; i < rules->claim_count; i++) {
		value = json_get(user, rules->claims[i].path);
		if (value != NULL)
			json_set(claims, rules->claims[i].name,
			    json_copy(value));
	}
	json_set_string(claims, "sub", json_get_string(user, rules->subject));
	json_set_string(claims, "preferred_username",
	    json_get_string(user, "userName"));
	set_names(claims, user);
	json_set_string(claims, "email", email);
	if (email != NULL)
		json_set_boolean(claims, "email_verified",
		    rules->emails_verified);
	json_set(claims, "groups", json_copy(groups));
}

static bool
has_text(const struct json *user, const char *name)
{
	const char *text = json_get_string(user, name);

	return text != NULL && *text != '\0';
}

int
scim_user_claims(const struct json *user, const struct scim_rules *rules,
    const struct json *groups, struct json **ret_claims,
    char error[EXPORT_ERROR_MAX])
{
	struct json *claims;
	bool active = true;

	if (!json_is_object(user) || !has_text(user, "id"))
		return export_say(error, -EBADMSG, "a user has no id");
	if (!has_text(user, "userName"))
		return export_say(error, -EBADMSG, "the user %.64s has no "
		    "userName", json_get_string(user, "id"));
	if (!has_text(user, rules->subject))
		return export_say(error, -EBADMSG, "the user %.64s has no %s, "
		    "which --sub names", json_get_string(user, "userName"),
		    rules->subject);
	/* A service need not have such a thing (RFC 7643 4.1.1). */
	if (json_get(user, "active") != NULL &&
	    json_boolean(json_get(user, "active"), &active) < 0)
		return export_say(error, -EBADMSG, "the user %.64s is neither "
		    "active nor not", json_get_string(user, "userName"));
	claims = json_new_object();
	set_claims(claims, user, rules, groups);
	if (!active)
		json_set_boolean(claims, "disabled", true);
	if (claims == NULL)
		return export_say(error, -ENOMEM, "out of memory");
	*ret_claims = claims;
	return 0;
}
