/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one log sink of the daemon. What only answers (oidc, identity, policy,
 * store, directory) does not call it, but returns what went wrong.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>
#include <syslog.h>

#include "common/attr.h"

enum log_target {
	LOG_TO_STDERR,		/* plain lines, for a terminal and for tests */
	LOG_TO_JOURNAL,		/* stderr with systemd's <N> priority prefix */
	LOG_TO_SYSLOG,
};

/* Is stderr the journal? */
bool	log_is_journal(void);

/* Choose the sink. Lines below priority (a syslog level) are dropped. Until
 * it is called, everything up to LOG_INFO goes to stderr. */
void	log_open(enum log_target target, int priority);

/* Write one line, without a newline. Control characters in the result are
 * shown as '?', so that no text from the network can forge a line. */
void	log_line(int priority, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
