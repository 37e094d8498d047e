/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subuid(5) and subgid(5) of the host itself.
 */
#ifndef SUBID_SUBID_LOCAL_H
#define SUBID_SUBID_LOCAL_H

#include "common/subid_line.h"
#include "subid/subid_hostpass.h"

/* Told of a line; not 0 ends the walk. */
typedef int subid_local_fn(void *arg, const struct subid_line *line);

/* Call each for the lines of the file of this type, in order. What each said
 * last; 0 too if there is no file; -EINVAL for another type, or -errno. */
int	subid_local_walk(enum subid_type type, subid_local_fn *each,
	    void *arg) MUST_USE;

/* The uid of a user of whatever source: 0, -ENOENT or another -errno. */
int	subid_local_uid(const char *name, uid_t *ret_uid) MUST_USE;

/* The uid that the owner of a line means: digits, or a name. As above. */
int	subid_local_owner(const char *owner, uid_t *ret_uid) MUST_USE;

#endif
