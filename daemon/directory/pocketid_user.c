/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST let no custom claim stand for what the provider itself says of a user.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/directory/pocketid.h"
#include "daemon/oidc/json.h"

#define ID_MAX		64
#define CUSTOM_MAX	8192

int
pocketid_page_read(const struct json *answer, int64_t page, int64_t total,
    struct pocketid_page *ret_page, char error[EXPORT_ERROR_MAX])
{
	int64_t pages = 0, items = 0, current = 0;
	const struct json *users = json_get(answer, "data");

	if (!json_is_array(users) ||
	    json_integer(json_get(answer, "/pagination/totalPages"),
	    &pages) < 0 ||
	    json_integer(json_get(answer, "/pagination/totalItems"),
	    &items) < 0 ||
	    json_integer(json_get(answer, "/pagination/currentPage"),
	    &current) < 0)
		return export_say(error, -EBADMSG, "this is not the list of "
		    "users of Pocket ID");
	if ((page > 1 && items != total) || current != page)
		return export_say(error, -EAGAIN, "the list changed while it "
		    "was read; run this again");
	*ret_page = (struct pocketid_page){
		.users = users, .total = items, .last = page >= pages,
	};
	return 0;
}

const char *
pocketid_group_id(const struct json *group)
{
	const char *id = json_is_object(group) ? json_get_string(group, "id") :
	    NULL;

	if (id == NULL || *id == '\0' || strlen(id) > ID_MAX ||
	    id[strspn(id, "0123456789abcdefABCDEF-")] != '\0')
		return NULL;
	return id;
}

/* Pocket ID keeps strings, and sends what they are when read as JSON. */
static void
set_custom(struct json *claims, const char *key, const char *value)
{
	struct json *parsed = NULL;
	char text[CUSTOM_MAX];
	int len;

	/* Not a claim of a token, but of a line. */
	if (key == NULL || value == NULL || strcmp(key, "disabled") == 0)
		return;
	len = snprintf(text, sizeof(text), "[%s]", value);
	if (len < (int)sizeof(text) &&
	    json_parse(text, (size_t)len, &parsed) == 0 &&
	    json_length(parsed) == 1 && json_at(parsed, 0) != NULL)
		json_set(claims, key, json_copy(json_at(parsed, 0)));
	else
		json_set_string(claims, key, value);
	json_free(parsed);
}

static void
add_custom(struct json *claims, const struct json *custom)
{
	const struct json *claim;
	size_t i;

	for (i = 0; i < json_length(custom); i++) {
		claim = json_at(custom, i);
		set_custom(claims, json_get_string(claim, "key"),
		    json_get_string(claim, "value"));
	}
}

/* The claims of groups, then hers in the place of theirs. */
static int
set_groups(struct json *claims, const struct json *user,
    const struct json *of_groups, char error[EXPORT_ERROR_MAX])
{
	const struct json *groups = json_get(user, "userGroups"), *group;
	struct json *names = json_new_array();
	size_t i;

	for (i = 0; i < json_length(groups); i++) {
		group = json_at(groups, i);
		if (pocketid_group_id(group) == NULL ||
		    json_get_string(group, "name") == NULL) {
			json_free(names);
			return export_say(error, -EBADMSG, "a group has no id "
			    "or no name");
		}
		json_append_string(names, json_get_string(group, "name"));
		add_custom(claims, json_get(of_groups,
		    pocketid_group_id(group)));
	}
	add_custom(claims, json_get(user, "customClaims"));
	json_set(claims, "groups", names);
	return 0;
}

static void
set_profile(struct json *claims, const struct json *user)
{
	const char *email = json_get_string(user, "email");
	bool verified = false;

	json_set_string(claims, "sub", json_get_string(user, "id"));
	json_set_string(claims, "preferred_username",
	    json_get_string(user, "username"));
	json_set_string(claims, "given_name",
	    json_get_string(user, "firstName"));
	json_set_string(claims, "family_name",
	    json_get_string(user, "lastName"));
	json_set_string(claims, "name", json_get_string(user, "displayName"));
	json_set_string(claims, "display_name",
	    json_get_string(user, "displayName"));
	if (email != NULL && *email != '\0') {
		if (json_boolean(json_get(user, "emailVerified"),
		    &verified) < 0)
			verified = false;
		json_set_string(claims, "email", email);
		json_set_boolean(claims, "email_verified", verified);
	}
}

int
pocketid_user_claims(const struct json *user, const struct json *of_groups,
    struct json **ret_claims, char error[EXPORT_ERROR_MAX])
{
	struct json *claims;
	bool disabled = false;
	int r;

	if (!json_is_object(user) || json_get_string(user, "id") == NULL ||
	    json_boolean(json_get(user, "disabled"), &disabled) < 0)
		return export_say(error, -EBADMSG, "a user has no id, or does "
		    "not say whether she is disabled");
	claims = json_new_object();
	if (claims == NULL)
		return export_say(error, -ENOMEM, "out of memory");
	r = set_groups(claims, user, of_groups, error);
	if (r < 0) {
		json_free(claims);
		return r;
	}
	/* Above whatever a custom claim calls itself. */
	set_profile(claims, user);
	if (disabled)
		json_set_boolean(claims, "disabled", true);
	*ret_claims = claims;
	return 0;
}
