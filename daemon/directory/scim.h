/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a SCIM 2.0 service answers (RFC 7643, RFC 7644), as the claims that the
 * ID tokens of the same people would have. All of this is pure: nothing here
 * asks anybody.
 *
 * Names of attributes are taken as RFC 7643 writes them.
 */
#ifndef DAEMON_DIRECTORY_SCIM_H
#define DAEMON_DIRECTORY_SCIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/directory/export.h"

#define SCIM_CLAIMS_MAX	16

struct json;
struct scim_groups;

/* How users become claims. */
struct scim_rules {
	const char	*subject;	/* id, externalId or userName: the
					 * attribute that tokens have as sub */
	bool		 emails_verified;
	size_t		 claim_count;
	struct {
		const char	*name;
		const char	*path;	/* as json_get() has it */
	}		 claims[SCIM_CLAIMS_MAX];
};

/* One answer of a list (RFC 7644 3.4.2.4). */
struct scim_page {
	const struct json	*resources;	/* of the answer */
	int64_t			 total;
	int64_t			 next;		/* where the next one begins */
	bool			 last;
};

/* Read the answer that was to begin with resource start, of total ones as the
 * answers before it said; the first begins with 1, and has -1. 0; -EAGAIN if
 * the list changed; -EBADMSG if it is none, or cannot be. */
int	scim_page_read(const struct json *answer, int64_t start, int64_t total,
	    struct scim_page *ret_page,
	    char error[EXPORT_ERROR_MAX]) MUST_USE;

/* The claims of a user (RFC 7643 4.1) who is in these groups, which stay the
 * caller's. 0 and claims that must be freed, -EBADMSG with a sentence, or
 * -ENOMEM. */
int	scim_user_claims(const struct json *user,
	    const struct scim_rules *rules, const struct json *groups,
	    struct json **ret_claims, char error[EXPORT_ERROR_MAX]) MUST_USE;

/* The groups (RFC 7643 4.2), to be freed; NULL when memory is short. */
struct scim_groups *scim_groups_new(void);
void	scim_groups_free(struct scim_groups *groups);

/* Add one, before anybody is asked for. 0; -EAGAIN if it is there already;
 * -EBADMSG with a sentence; or -ENOMEM. */
int	scim_groups_add(struct scim_groups *groups, const struct json *group,
	    char error[EXPORT_ERROR_MAX]) MUST_USE;

/* The names of the groups that a user is in, be it by groups in groups. Ask
 * once for each user. 0 and an array that must be freed, -EBADMSG with a
 * sentence if the id is that of a group, or -ENOMEM. */
int	scim_groups_of(struct scim_groups *groups, const char *id,
	    struct json **ret_names, char error[EXPORT_ERROR_MAX]) MUST_USE;

/* How many members are neither a group nor somebody who was asked for. */
size_t	scim_groups_strangers(const struct scim_groups *groups);

#endif
