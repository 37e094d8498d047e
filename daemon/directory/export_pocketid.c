/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pocket ID's admin API, page by page.
 *
 * MUST fail as a whole when the list changes while it is read: who is missing
 *	in it would be revoked everywhere.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/directory/pocketid.h"
#include "daemon/oidc/json.h"

#define KEY_HEADER	"X-API-Key: "
#define PAGES_MAX	10000

struct reading {
	struct export	*export;
	struct json	*of_groups;	/* by id: their custom claims */
	struct json	*seen;		/* ids of users */
};

/* The list of users has the groups without their claims; each group is asked
 * for once. */
static int
fetch_group(struct reading *reading, const struct json *group)
{
	const char *id = pocketid_group_id(group);
	struct json *answer = NULL, *custom;
	char path[128];
	int r;

	/* One without an id is refused with her claims. */
	if (id == NULL || json_has(reading->of_groups, id))
		return 0;
	(void)snprintf(path, sizeof(path), "/api/user-groups/%s", id);
	r = export_get(reading->export, path, KEY_HEADER, &answer);
	if (r < 0)
		return r;
	custom = json_copy(json_get(answer, "customClaims"));
	json_set(reading->of_groups, id, custom != NULL ? custom :
	    json_new_array());
	json_free(answer);
	return 0;
}

static int
take_user(struct reading *reading, const struct json *user)
{
	const struct json *groups = json_get(user, "userGroups");
	const char *id = json_get_string(user, "id");
	struct json *claims = NULL;
	size_t i;
	int r = 0;

	if (id != NULL && json_has(reading->seen, id))
		return export_fail(reading->export, -EAGAIN, "the list "
		    "changed while it was read; run this again");
	if (id != NULL)
		json_set_boolean(reading->seen, id, true);
	if (id != NULL && strcmp(id, POCKETID_STATIC_USER) == 0)
		return 0;
	for (i = 0; r == 0 && i < json_length(groups); i++)
		r = fetch_group(reading, json_at(groups, i));
	if (r == 0)
		r = pocketid_user_claims(user, reading->of_groups, &claims,
		    reading->export->error);
	if (r == 0)
		r = export_add(reading->export, claims);
	json_free(claims);
	return r;
}

static int
read_page(struct reading *reading, int64_t number, struct pocketid_page *page)
{
	struct json *answer = NULL;
	char path[192];
	size_t i;
	int r;

	(void)snprintf(path, sizeof(path), "/api/users?pagination%%5Bpage%%5D="
	    "%lld&pagination%%5Blimit%%5D=100&sort%%5Bcolumn%%5D=username&"
	    "sort%%5Bdirection%%5D=asc", (long long)number);
	r = export_get(reading->export, path, KEY_HEADER, &answer);
	if (r < 0)
		return r;
	r = pocketid_page_read(answer, number, page->total, page,
	    reading->export->error);
	for (i = 0; r == 0 && i < json_length(page->users); i++)
		r = take_user(reading, json_at(page->users, i));
	page->users = NULL;
	json_free(answer);
	return r;
}

int
export_pocketid(struct export *export)
{
	struct reading reading = {
		.export = export,
		.of_groups = json_new_object(),
		.seen = json_new_object(),
	};
	struct pocketid_page page = { .total = 0 };
	int64_t number;
	int r = 0;

	for (number = 1; r == 0 && !page.last; number++) {
		if (number > PAGES_MAX)
			r = export_fail(export, -EBADMSG, "there are too many "
			    "pages");
		else
			r = read_page(&reading, number, &page);
	}
	/* The static user may or may not be counted. */
	if (r == 0 && (int64_t)export->count != page.total &&
	    (!json_has(reading.seen, POCKETID_STATIC_USER) ||
	    (int64_t)export->count + 1 != page.total))
		r = export_fail(export, -EAGAIN, "the list changed while it "
		    "was read; run this again");
	json_free(reading.of_groups);
	json_free(reading.seen);
	return r;
}
