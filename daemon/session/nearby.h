/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Does the person sit at this host whose program asks? PAM does not say: a
 * sudo knows no remote host, however its user came in. What counts is what the
 * kernel and logind know of the program, and nothing that it says of itself.
 */
#ifndef DAEMON_SESSION_NEARBY_H
#define DAEMON_SESSION_NEARBY_H

#include <sys/types.h>

#include "common/attr.h"

struct nearby {
	const char	*proc;		/* "/proc", but for tests */
	pid_t		 pid;		/* who asks (SO_PEERCRED) */
	const char	*service;	/* PAM's */
};

/* NULL: she does. Else a literal, for the log, that says why that is not so,
 * or not known. No network; a few small files are read. */
const char *nearby_refuses(const struct nearby *asked) MUST_USE;

#endif
