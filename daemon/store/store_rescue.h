/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an admin has done with a store that is damaged, while no daemon runs.
 */
#ifndef DAEMON_STORE_STORE_RESCUE_H
#define DAEMON_STORE_STORE_RESCUE_H

#include <limits.h>
#include <stddef.h>

#include "common/attr.h"

struct store_rescued {
	char	aside[PATH_MAX];	/* where the damaged store is now */
	size_t	people;			/* who could be read */
	size_t	tokens;
	size_t	failed;			/* reads that found damage */
};

/*
 * Move the store at path aside, with what SQLite keeps beside it, and make a
 * new one there of all that can be read. 0; -EBUSY if a daemon has it open,
 * -EEXIST if nothing is wrong with it, or another -errno; then it was moved
 * back.
 */
int	store_rescue(const char *path,
	    struct store_rescued *ret_rescued) MUST_USE;

#endif
