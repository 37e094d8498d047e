/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pocket ID's admin API, read as its ID tokens would tell it: the claims of
 * the scopes profile, email and groups, and the custom ones, of the person
 * before those of her groups.
 *
 * MUST fail as a whole when the list changes while it is read page by page: who
 *	is missing in it would be revoked everywhere.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/directory/export.h"
#include "daemon/oidc/json.h"

#define KEY_HEADER	"X-API-Key: "
/* The owner of STATIC_API_KEY, who is nobody. */
#define STATIC_USER	"00000000-0000-0000-0000-000000000000"
#define PAGES_MAX	10000
#define ID_MAX		64

/* Pocket ID keeps strings, and sends what they are when read as JSON. */
static void
set_custom(struct json *claims, const char *key, const char *value)
{
	struct json *parsed = NULL;
	char text[8192];
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

/* The list of users has the groups without their claims; each group is asked
 * for once. cache: id to custom claims. */
static int
add_group_claims(struct export *export, struct json *cache,
    struct json *claims, const struct json *group)
{
	const char *id = json_get_string(group, "id");
	struct json *answer = NULL, *custom;
	char path[128];
	int r;

	if (id == NULL || strlen(id) > ID_MAX ||
	    id[strspn(id, "0123456789abcdefABCDEF-")] != '\0')
		return export_fail(export, -EBADMSG, "a group has no id");
	if (!json_has(cache, id)) {
		(void)snprintf(path, sizeof(path), "/api/user-groups/%s", id);
		r = export_get(export, path, KEY_HEADER, &answer);
		if (r < 0)
			return r;
		custom = json_copy(json_get(answer, "customClaims"));
		json_set(cache, id, custom != NULL ? custom :
		    json_new_array());
		json_free(answer);
	}
	add_custom(claims, json_get(cache, id));
	return 0;
}

static int
add_groups(struct export *export, struct json *cache, struct json *claims,
    const struct json *groups)
{
	struct json *names = json_new_array();
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < json_length(groups); i++) {
		json_append_string(names,
		    json_get_string(json_at(groups, i), "name"));
		r = add_group_claims(export, cache, claims,
		    json_at(groups, i));
	}
	json_set(claims, "groups", names);
	return r;
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

static int
add_user(struct export *export, struct json *cache, struct json *seen,
    const struct json *user)
{
	const char *id = json_get_string(user, "id");
	struct json *claims;
	bool disabled = false;
	int r;

	if (id == NULL || json_boolean(json_get(user, "disabled"),
	    &disabled) < 0)
		return export_fail(export, -EBADMSG, "a user has no id, or "
		    "does not say whether she is disabled");
	if (json_has(seen, id))
		return export_fail(export, -EAGAIN, "the list changed while "
		    "it was read; run this again");
	json_set_boolean(seen, id, true);
	if (strcmp(id, STATIC_USER) == 0)
		return 0;
	claims = json_new_object();
	r = add_groups(export, cache, claims, json_get(user, "userGroups"));
	add_custom(claims, json_get(user, "customClaims"));
	/* Above whatever a custom claim calls itself. */
	set_profile(claims, user);
	if (disabled)
		json_set_boolean(claims, "disabled", true);
	if (r == 0)
		r = export_add(export, claims);
	json_free(claims);
	return r;
}

/* One page; *ret_last says whether it is the last. */
static int
add_page(struct export *export, struct json *cache, struct json *seen,
    int64_t page, int64_t *total, bool *ret_last)
{
	struct json *answer = NULL;
	const struct json *users;
	int64_t pages = 0, items = 0, current = 0;
	char path[192];
	size_t i;
	int r;

	(void)snprintf(path, sizeof(path), "/api/users?pagination%%5Bpage%%5D="
	    "%lld&pagination%%5Blimit%%5D=100&sort%%5Bcolumn%%5D=username&"
	    "sort%%5Bdirection%%5D=asc", (long long)page);
	r = export_get(export, path, KEY_HEADER, &answer);
	if (r < 0)
		return r;
	users = json_get(answer, "data");
	if (!json_is_array(users) ||
	    json_integer(json_get(answer, "/pagination/totalPages"),
	    &pages) < 0 ||
	    json_integer(json_get(answer, "/pagination/totalItems"),
	    &items) < 0 ||
	    json_integer(json_get(answer, "/pagination/currentPage"),
	    &current) < 0)
		r = export_fail(export, -EBADMSG, "%s: this is not the list "
		    "of users of Pocket ID", export->url);
	else if ((page > 1 && items != *total) || current != page)
		r = export_fail(export, -EAGAIN, "the list changed while it "
		    "was read; run this again");
	for (i = 0; r == 0 && i < json_length(users); i++)
		r = add_user(export, cache, seen, json_at(users, i));
	*total = items;
	*ret_last = page >= pages;
	json_free(answer);
	return r;
}

int
export_pocketid(struct export *export)
{
	struct json *cache = json_new_object(), *seen = json_new_object();
	int64_t page, total = 0;
	bool last = false;
	int r = 0;

	for (page = 1; r == 0 && !last; page++) {
		if (page > PAGES_MAX)
			r = export_fail(export, -EBADMSG, "there are too many "
			    "pages");
		else
			r = add_page(export, cache, seen, page, &total, &last);
	}
	/* The static user may or may not be counted. */
	if (r == 0 && (int64_t)export->count != total &&
	    (!json_has(seen, STATIC_USER) ||
	    (int64_t)export->count + 1 != total))
		r = export_fail(export, -EAGAIN, "the list changed while it "
		    "was read; run this again");
	json_free(cache);
	json_free(seen);
	return r;
}
