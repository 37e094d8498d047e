/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entry points of libsubid_hostpass.so, as newuidmap, newgidmap, getsubids
 * and libsubid load them (shadow 4.9 and later) where nsswitch.conf(5) says
 * "subid: hostpass". That line has room for one source, which then answers for
 * everybody: so the host's own subuid and subgid are read here too.
 */
#ifndef SUBID_SUBID_HOSTPASS_H
#define SUBID_SUBID_HOSTPASS_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/attr.h"

/* What follows is a binary interface: the values and the order are fixed. */
enum subid_type {
	SUBID_TYPE_UID = 1,
	SUBID_TYPE_GID = 2,
};

enum subid_status {
	SUBID_SUCCESS = 0,
	SUBID_UNKNOWN_USER = 1,
	SUBID_UNREACHABLE = 2,
	SUBID_ERROR = 3,
};

struct subid_range {
	unsigned long	start;
	unsigned long	count;
};

/* Does owner, a user name, own all of count ids from start on? *result is
 * written on SUCCESS, and false in any other case. UNREACHABLE if it does not
 * by the host's own file, and the snapshot cannot be read. Missing, as dlsym(3)
 * sees it, in a program that subid_is_editor() knows. */
EXPORTED enum subid_status shadow_subid_has_range(const char *owner,
	    unsigned long start, unsigned long count, enum subid_type type,
	    bool *result);

/* What that does, for whoever links it. */
enum subid_status subid_has_range(const char *owner, unsigned long start,
	    unsigned long count, enum subid_type type, bool *result);

/* The ranges of owner; the array is for shadow_subid_free(), and NULL if there
 * are none. */
EXPORTED enum subid_status shadow_subid_list_owner_ranges(const char *owner,
	    enum subid_type type, struct subid_range **ranges, int *count);

/* The uids of those who own id, likewise. */
EXPORTED enum subid_status shadow_subid_find_subid_owners(unsigned long id,
	    enum subid_type type, uid_t **uids, int *count);

EXPORTED void shadow_subid_free(void *memory);

#endif
