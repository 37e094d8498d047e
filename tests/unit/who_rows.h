/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of test_who.c.
 */
#ifndef TESTS_UNIT_WHO_ROWS_H
#define TESTS_UNIT_WHO_ROWS_H

#include <stddef.h>

#include "daemon/reason.h"

struct row {
	const char	*config;	/* keys of [identity], other sections */
	const char	*bound;		/* "alice=s1 -bob=s2:5000", by '-':
					 * forgotten */
	const char	*local;		/* lines of passwd, '@', of group */
	const char	*map;		/* the map file */
	const char	*sub;
	const char	*claims;	/* the members of the token */
	const char	*asked;		/* the name */
	enum reason	 reason;
	const char	*want;		/* granted: "UID:GID GIDS" as looked up,
					 * '~' computed; else part of the
					 * detail */
	const char	*service;	/* NULL: sshd */
};

extern const struct row who_rows[];
extern const size_t who_row_count;

#endif
