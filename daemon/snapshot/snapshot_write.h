/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Publishing the snapshot of common/snapshot.h: the only writer. It receives
 * arrays and knows nothing of where they come from.
 */
#ifndef DAEMON_SNAPSHOT_SNAPSHOT_WRITE_H
#define DAEMON_SNAPSHOT_SNAPSHOT_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

struct snapshot_write_user {
	const char	*name;
	const char	*gecos;
	const char	*home;
	const char	*shell;
	uint32_t	 uid;
	uint32_t	 gid;
	const uint32_t	*gids;		/* supplementary, without gid */
	size_t		 gid_count;
	uint32_t	 subid_start;	/* 0: no subordinate ids */
};

struct snapshot_write_group {
	const char		*name;
	uint32_t		 gid;
	const char *const	*members;
	size_t			 member_count;
};

struct snapshot_write_input {
	const char	*issuer;	/* seeds the computed ids */
	uint32_t	 range_start;	/* computed ids are in */
	uint32_t	 range_size;	/* [start, start + size) */
	const char	*home;		/* of a sign-in name; %u is the name */
	const char	*shell;		/* of a sign-in name */
	bool		 enumerate;	/* answer getpwent and getgrent */
	bool		 sign_in;	/* compute unknown names for callers */
	const char *const *callers;	/* base names of login programs */
	size_t		 caller_count;
	const char *const *local_names;	/* in /etc/passwd: never computed */
	size_t		 local_name_count;
	const uint32_t	*taken_ids;	/* never computed: local ids and */
	size_t		 taken_id_count; /* those of forgotten people */
	const struct snapshot_write_user *users;
	size_t		 user_count;
	const struct snapshot_write_group *groups;
	size_t		 group_count;
	/* of /etc/group, with our members, for nsswitch.conf to merge */
	const struct snapshot_write_group *local_groups;
	size_t		 local_group_count;
};

/* Write a snapshot beside path, rename it to path and retire the one that was
 * there (design D1). Users and groups may come in any order; two with one name
 * or one id, an invalid name or root, an id that id_is_allowed() refuses (for
 * local groups: gid_may_be_extended()), a supplementary gid 0 or -1 (others may
 * be local), subordinate ids that are not a range of their own, a text with ':'
 * or a control character, a home with another '%' than %u, or any text longer
 * than SNAPSHOT_STRING_MAX are -EINVAL and nothing is published. No pointer may
 * be NULL unless its count is 0. 0 or -errno; the former snapshot stays in
 * force on failure, unless it was the directory that could not be synced. */
int	snapshot_write(const char *path,
	    const struct snapshot_write_input *in) MUST_USE;

#endif
