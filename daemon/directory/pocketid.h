/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Pocket ID's admin API answers, as the ID tokens of the same people would
 * tell it. All of this is pure: nothing here asks anybody.
 */
#ifndef DAEMON_DIRECTORY_POCKETID_H
#define DAEMON_DIRECTORY_POCKETID_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/directory/export.h"

/* The owner of STATIC_API_KEY, who is nobody. */
#define POCKETID_STATIC_USER	"00000000-0000-0000-0000-000000000000"

struct json;

struct pocketid_page {
	const struct json	*users;		/* of the answer */
	int64_t			 total;		/* of all pages */
	bool			 last;
};

/* Read the answer for this page, of total people as the answers before it said;
 * the first is 1, and its total is not looked at. 0; -EAGAIN if the list
 * changed; -EBADMSG if it is none. */
int	pocketid_page_read(const struct json *answer, int64_t page,
	    int64_t total, struct pocketid_page *ret_page,
	    char error[EXPORT_ERROR_MAX]) MUST_USE;

/* The id of a group, or NULL if it is none that a path may have in it. */
const char *pocketid_group_id(const struct json *group);

/* The claims of a user: of the scopes profile, email and groups, and the custom
 * ones, hers before those of her groups. of_groups has the list of custom
 * claims of each by its id. 0 and claims that must be freed, -EBADMSG with a
 * sentence, or -ENOMEM. */
int	pocketid_user_claims(const struct json *user,
	    const struct json *of_groups, struct json **ret_claims,
	    char error[EXPORT_ERROR_MAX]) MUST_USE;

#endif
