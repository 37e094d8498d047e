/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a file is still the one that was read: its inode, size and times.
 */
#ifndef DAEMON_LOCAL_FILESTAMP_H
#define DAEMON_LOCAL_FILESTAMP_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/attr.h"

/* Empty: all zeros. */
struct filestamp {
	char		*path;
	bool		 absent;	/* there was no such file */
	struct stat	 st;
};

/* Open path for reading, and remember what tells it from other versions of it,
 * before its first byte is read: a change while it is read shows afterwards. 0
 * or -errno; stamp must be cleared in any case. */
int	filestamp_open(struct filestamp *stamp, const char *path,
	    FILE **ret_stream) MUST_USE;

/* The same for a file that may be missing: then *ret_stream is NULL. */
int	filestamp_open_any(struct filestamp *stamp, const char *path,
	    FILE **ret_stream) MUST_USE;

/* True if the file is another one now, came, or can no longer be told. Never of
 * an empty stamp. */
bool	filestamp_changed(const struct filestamp *stamp);

void	filestamp_clear(struct filestamp *stamp);

#endif
