/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A SCIM 2.0 service (RFC 7644), list by list and page by page. Groups come
 * first, so that each user is done with when she was read.
 *
 * MUST fail as a whole when a list changes while it is read, or lies of its
 *	length: who is missing in it would be revoked everywhere.
 * MUST fail where nobody is in a group: the token may not read who is, and
 *	everybody would lose all that groups allow.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/directory/scim.h"
#include "daemon/oidc/json.h"

#define TOKEN_HEADER	"Authorization: Bearer "
#define PAGE_SIZE	100
#define PAGES_MAX	20000

struct reading {
	struct export		*export;
	const struct scim_rules	*rules;
	struct scim_groups	*groups;
	struct json		*ids;		/* of users, to true */
	struct json		*subjects;	/* likewise */
	bool			 grouped;	/* somebody is in a group */
};

typedef int take_fn(struct reading *reading, const struct json *resource);

static int
take_group(struct reading *reading, const struct json *group)
{
	return scim_groups_add(reading->groups, group, reading->export->error);
}

/* Is it the first of this id, and of this sub? */
static int
check_twins(struct reading *reading, const char *id, const char *subject)
{
	if (json_has(reading->ids, id))
		return export_fail(reading->export, -EAGAIN, "the list "
		    "changed while it was read; run this again");
	if (json_has(reading->subjects, subject))
		return export_fail(reading->export, -EBADMSG, "two users have "
		    "the %s %.64s, which --sub names",
		    reading->rules->subject, subject);
	json_set_boolean(reading->ids, id, true);
	json_set_boolean(reading->subjects, subject, true);
	return 0;
}

static int
take_user(struct reading *reading, const struct json *user)
{
	struct export *export = reading->export;
	struct json *groups = NULL, *claims = NULL;
	const char *id = json_is_object(user) ? json_get_string(user, "id") :
	    NULL;
	int r;

	r = scim_groups_of(reading->groups, id != NULL ? id : "", &groups,
	    export->error);
	if (r == 0)
		r = scim_user_claims(user, reading->rules, groups, &claims,
		    export->error);
	if (r == 0)
		r = check_twins(reading, id, json_get_string(claims, "sub"));
	if (r == 0)
		r = export_add(export, claims);
	if (json_length(groups) > 0)
		reading->grouped = true;
	json_free(claims);
	json_free(groups);
	return r;
}

static int
read_page(struct reading *reading, const char *list, take_fn *take,
    struct scim_page *page)
{
	struct json *answer = NULL;
	char path[128];
	size_t i;
	int r;

	(void)snprintf(path, sizeof(path), "%s?startIndex=%lld&count=%d", list,
	    (long long)page->next, PAGE_SIZE);
	r = export_get(reading->export, path, TOKEN_HEADER, &answer);
	if (r < 0)
		return r;
	r = scim_page_read(answer, page->next, page->total, page,
	    reading->export->error);
	for (i = 0; r == 0 && i < json_length(page->resources); i++)
		r = take(reading, json_at(page->resources, i));
	page->resources = NULL;
	json_free(answer);
	return r;
}

/* Which list it was is what a sentence of it lacks. */
static int
name_list(struct export *export, const char *list, int r)
{
	char sentence[EXPORT_ERROR_MAX];

	if (r == 0 || strncmp(export->error, export->url,
	    strlen(export->url)) == 0)
		return r;
	memcpy(sentence, export->error, sizeof(sentence));
	return export_fail(export, r, "%.100s%s: %.200s", export->url, list,
	    sentence);
}

static int
read_list(struct reading *reading, const char *list, take_fn *take)
{
	struct scim_page page = { .total = -1, .next = 1 };
	size_t pages = 0;
	int r = 0;

	while (r == 0 && !page.last) {
		if (pages++ == PAGES_MAX)
			r = export_fail(reading->export, -EBADMSG, "there are "
			    "too many pages");
		else
			r = read_page(reading, list, take, &page);
	}
	return name_list(reading->export, list, r);
}

int
export_scim(struct export *export, const struct scim_rules *rules)
{
	struct reading reading = {
		.export = export,
		.rules = rules,
		.groups = scim_groups_new(),
		.ids = json_new_object(),
		.subjects = json_new_object(),
	};
	int r;

	if (reading.groups == NULL)
		r = export_fail(export, -ENOMEM, "out of memory");
	else if ((r = read_list(&reading, "/Groups", take_group)) == 0)
		r = read_list(&reading, "/Users", take_user);
	if (r == 0 && export->count > 0 && !reading.grouped)
		r = export_fail(export, -ENODATA, "nobody is in any group; may "
		    "the token read /Groups and their members?");
	if (r == 0)
		export->strangers = scim_groups_strangers(reading.groups);
	scim_groups_free(reading.groups);
	json_free(reading.ids);
	json_free(reading.subjects);
	return r;
}
