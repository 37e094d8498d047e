/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's side of a sign-in by a script: which frames it expects, what it
 * answers, and where it goes silent or away. It runs in a child.
 */
#ifndef TESTS_UNIT_RELAY_SCRIPT_H
#define TESTS_UNIT_RELAY_SCRIPT_H

#include <stdint.h>
#include <sys/types.h>

struct frame;

/* Milliseconds: what a silent daemon gets, and everybody else. */
#define SHORT		60
/* Something has to come first, on a busy machine too. */
#define LATER		3000
#define LONG		20000

/* One step of the daemon. Zero ends the script and the connection. */
struct step {
	enum {
		END,
		LISTEN,		/* a frame of type n whose last field is text */
		SHOW,		/* text */
		ASK,		/* n = echo, text */
		VERDICT,	/* n, user, text */
		REFUSE,		/* ERROR: text */
		RAW,		/* a VERDICT as above, changed by edit */
		TYPED,		/* a frame of type n without fields */
		STALL,		/* until the other side closes */
		SLEEP,		/* n milliseconds */
	} what;
	uint32_t	 n;
	const char	*user;
	const char	*text;
	void		(*edit)(struct frame *f);
};

/* Play these steps over a new connection, *ret_fd. The child's status is 0 if
 * it saw what the script expects. */
pid_t	relay_script_start(const struct step *steps, int *ret_fd);

/* A daemon at path that serves a connection by each of these scripts up to
 * NULL, and then nobody any more. */
pid_t	relay_script_listen(const char *path, const struct step *const *each);

#endif
