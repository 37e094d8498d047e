/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose account a name is, told without asking anybody who could be down: from
 * the snapshot and the system's own account databases. No socket is opened.
 */
#ifndef PAM_OWNER_H
#define PAM_OWNER_H

#include <sys/types.h>

#include <security/pam_modules.h>

#include "common/attr.h"
#include "common/names.h"

/* The zero is the one that must be refused. */
enum owner {
	OWNER_UNDECIDED = 0,	/* nobody can tell: refuse, never ignore */
	OWNER_OURS,
	OWNER_OTHERS,		/* root, local files, another directory */
};

/* An account of ours. The name is a copy: a conversation function may change
 * PAM_USER and with it the memory that pam_get_user() gave out. */
struct account {
	char	user[NAME_LIMIT + 1];
	uid_t	uid;		/* hers, or what she would get */
	uid_t	daemon;		/* who may listen besides root */
};

/* Decide by the snapshot at path. With OWNER_OURS *ret_account is filled in,
 * else it is untouched. user is not empty. */
enum owner owner_find(pam_handle_t *pamh, const char *path, const char *user,
	    struct account *ret_account) MUST_USE;

#endif
