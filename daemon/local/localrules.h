/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host's own files say of groups that are merged (nsswitch.conf) and
 * of subordinate ids (subuid, subgid). Any of them may be missing.
 */
#ifndef DAEMON_LOCAL_LOCALRULES_H
#define DAEMON_LOCAL_LOCALRULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/local/filestamp.h"

/* Subordinate ids that a line grants to somebody. */
struct local_range {
	uint32_t	first;
	uint32_t	last;
};

/* Empty: all zeros. */
struct localrules {
	struct filestamp	 nsswitch, subuid, subgid;
	bool			 merges;	/* groups, by nsswitch.conf */
	struct local_range	*ranges;	/* of both files */
	size_t			 range_count;
	bool			 unread;	/* they could not be read: there
						 * may be ranges */
};

/* Read nsswitch.conf, in place of what was read before: 0 or -errno, and then
 * it is as if there were none. */
int	localrules_read_nsswitch(struct localrules *rules,
	    const char *path) MUST_USE;

/* Likewise subuid and subgid, but for unread, which is true after -errno. */
int	localrules_read_subids(struct localrules *rules, const char *subuid,
	    const char *subgid) MUST_USE;

/* True if a file that was read, or was missing, is another one now, or if
 * subuid and subgid can be read and could not. */
bool	localrules_changed(const struct localrules *rules);

void	localrules_clear(struct localrules *rules);

#endif
