/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims as providers shape them: where one stands, and which texts it is.
 * Nothing is guessed: a path is read in one way, a text is split only if the
 * caller says by what, and another type is refused, which is not the same as a
 * claim without anything in it.
 */
#ifndef DAEMON_OIDC_CLAIMS_H
#define DAEMON_OIDC_CLAIMS_H

#include "common/attr.h"

/* Longer lists are not believed, nor are longer items. */
#define CLAIMS_LIST_MAX	4096
#define CLAIMS_ITEM_MAX	255

struct json;

/*
 * The claim at path, or NULL if it is missing or null:
 * 1. a path that starts with '/' is a JSON pointer (RFC 6901);
 * 2. else it is the name of a member, dots and all, if there is that member
 *    ("https://example.com/groups");
 * 3. else each dot leads into an object ("realm_access.roles").
 * A name with dots within a path with dots needs the pointer.
 */
const struct json *claims_get(const struct json *claims, const char *path);

/* Given each item of a list; what is less than 0 ends it. */
typedef int claims_item_fn(void *arg, const char *item);

/*
 * Hand over every text of claim, some of which may be empty: the items of an
 * array as they are, or the parts of a string, without the blanks around them.
 * A separator of '\0' leaves the string whole. 0, -EBADMSG if claim is neither,
 * if an item is no string, or beyond the limits above, in which case the items
 * before were handed over, or what item returned.
 */
int	claims_each(const struct json *claim, char separator,
	    claims_item_fn *item, void *arg) MUST_USE;

#endif
