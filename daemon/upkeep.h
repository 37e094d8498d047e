/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What root runs by hand, or a unit before the daemon: each says what it did on
 * stdout, or what went wrong on stderr, and gives the exit status.
 */
#ifndef DAEMON_UPKEEP_H
#define DAEMON_UPKEEP_H

#include "common/attr.h"

/* Make the key that the store is sealed with, if there is none at path. */
int	upkeep_make_key(const char *path) MUST_USE;

/* Put what can be read of the damaged store at path into a new one, as user, in
 * whose directory it is; snapshot is what was published last. */
int	upkeep_rescue_store(const char *path, const char *directory,
	    const char *user, const char *snapshot) MUST_USE;

#endif
