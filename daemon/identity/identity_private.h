/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of an identity, for identity*.c and idmap.c.
 */
#ifndef DAEMON_IDENTITY_IDENTITY_PRIVATE_H
#define DAEMON_IDENTITY_IDENTITY_PRIVATE_H

#include "common/names.h"
#include "daemon/identity/identity.h"

/* One token that is looked at. */
struct identity_case {
	const struct identity_context	*context;
	const struct config_provider	*provider;
	const struct config_identity	*rules;		/* the provider's */
	const struct identity_token	*token;
	struct reason_detail		*detail;
	const struct config_user	*user;	/* her section, or NULL */
};

/* The name that the token gets here by [user:NAME] or by the claim, and her
 * section in found->user. REASON_GRANTED, or why it may be none. */
enum reason identity_name(struct identity_case *found,
	    char ret_name[NAME_LIMIT + 1]) MUST_USE;

/* What follows the token at each sign-in: groups, gecos, shell, ssh keys. */
enum reason identity_profile(const struct identity_case *found,
	    struct person *person) MUST_USE;

/* Is a groups claim that is not there a mistake that the admin must hear of?
 * Without rules that ask for groups it is none. */
bool	identity_groups_matter(const struct identity_case *found);

/* Her line in the map file, or NULL. Where there are several providers, a sub
 * does not say whose it is, and only lines with names count. */
const struct map_line *identity_map_line(const struct identity_case *found,
	    const char *name);

/* The home of a new person, to be freed: hers from the claim, from
 * [user:NAME], or from the pattern. NULL for want of memory. */
char	*identity_home(const struct identity_case *found, const char *name);

#endif
