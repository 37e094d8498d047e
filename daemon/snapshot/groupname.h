/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a group of the provider is called on this host. As computed ids, this
 * holds for ever: sudoers and access lists speak of these names.
 *
 * 1. ASCII letters become small, and each blank becomes a '-'.
 * 2. Each other character that name_is_valid() does not let stand in a name
 *    becomes a '_'; what may not stand first gets a '_' before it.
 * 3. If rule 2 changed anything, or more than NAME_LIMIT bytes are left, the
 *    first 23 bytes, a '-' and eight hexadecimal digits are the name: the upper
 *    half of mix(fnv(0xcbf29ce484222325, the provider's name)), as in
 *    common/snapshot.h.
 *
 * "Site Admins" is site-admins, "Ops & Dev" is ops-_-dev-56cf63e3, "2024" is
 * _2024-8e74f6f5 and "/parent/child" is _parent_child-b710f80e. Two groups may
 * still be called the same ("Devs" and "devs"): then neither is shown.
 */
#ifndef DAEMON_SNAPSHOT_GROUPNAME_H
#define DAEMON_SNAPSHOT_GROUPNAME_H

#include "common/names.h"

/* Write the name of the group that the provider calls group, which is UTF-8.
 * It always is a valid name. */
void	groupname_make(const char *group, char ret_name[NAME_LIMIT + 1]);

#endif
