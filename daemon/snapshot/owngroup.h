/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups of the provider as groups of this host (design D9 b): which there
 * are, how they are called, which number they have, who is in them, and which
 * of them are not shown.
 */
#ifndef DAEMON_SNAPSHOT_OWNGROUP_H
#define DAEMON_SNAPSHOT_OWNGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/names.h"
#include "daemon/config/config.h"
#include "daemon/local/localfiles.h"
#include "daemon/store/store.h"

/* Why a group is not shown. */
enum owngroup_problem {
	OWNGROUP_SHOWN,
	OWNGROUP_LOCAL,		/* name or gid is in passwd or group */
	OWNGROUP_PERSON,	/* ... is somebody's, or was */
	OWNGROUP_TWINS,		/* another group has this name or gid */
	OWNGROUP_RESERVED,	/* the name or the gid is nobody's */
	OWNGROUP_POWER,		/* the name alone makes root of people */
};

struct owngroup {
	const char		*issuer;	/* the people's */
	const char		*provider;	/* its name there; likewise */
	char			 name[NAME_LIMIT + 1];
	uint32_t		 gid;
	bool			 listed;	/* other than by "*" */
	enum owngroup_problem	 problem;
	size_t			*members;	/* indices of people who are */
	size_t			 member_count;	/* shown and not revoked */
};

struct owngroups {
	struct owngroup		*groups;	/* by issuer and provider */
	size_t			 count;
	size_t			*members;	/* room for those of all */
};

/* Who the people are decides, in the order in which they come, and which of
 * them person_is_alive() says it of at the time now; they must outlive the
 * result, which must be freed. 0 or -errno. */
int	owngroup_list(const struct config *config,
	    const struct localfiles *files, struct store *store,
	    struct person *const *people, size_t count, int64_t now,
	    struct owngroups *ret_groups) MUST_USE;
void	owngroup_free(struct owngroups *groups);

/* The problem as half a sentence, "" for none; and what to do about it. */
const char *owngroup_why(enum owngroup_problem problem);

/* Set problem of each group that must not be shown. 0 or -errno. */
int	owngroup_check(const struct localfiles *files, struct store *store,
	    struct person *const *people, size_t count,
	    struct owngroups *groups) MUST_USE;

/* Keep all of them for ever, and log those that are refused from now on. 0 or
 * -errno. */
int	owngroup_keep(struct store *store,
	    const struct owngroups *groups) MUST_USE;

/* May nobody have this name or this id because a group of the provider has or
 * had it, or will, as far as the configuration names it? 1, 0 or -errno. */
int	owngroup_reserves(const struct config *config, struct store *store,
	    const char *name, uint32_t id) MUST_USE;

#endif
