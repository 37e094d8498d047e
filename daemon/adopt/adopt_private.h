/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an adopt is made of, for adopt*.c.
 */
#ifndef DAEMON_ADOPT_ADOPT_PRIVATE_H
#define DAEMON_ADOPT_ADOPT_PRIVATE_H

#include "daemon/adopt/adopt.h"
#include "daemon/store/store_directory.h"

#define ADOPT_PROBLEM_MAX	320

struct adopt {
	struct world		*world;
	struct jwk_set		*keys;
	struct pull		*pull;
	struct event		*turn;
	struct signed_directory	 document;	/* being applied */
	bool			 all_taken;	/* all of its lines */
	int64_t			 after;		/* who left so far */
	size_t			 fresh, refused, left;
	int64_t			 begun;		/* who came is bound since */
	int64_t			 shown;		/* see adopt_shown() */
	bool			 taken;		/* one was, since the start */
	bool			 known;		/* there is one in force */
	struct store_directory	 row;		/* that one */
	int64_t			 answered;	/* when it, or that it is the
						 * last, came; 0: never */
	bool			 expiry_told;	/* that it is near */
	char			 problem[ADOPT_PROBLEM_MAX];	/* or "" */
};

/* Is the one in force past the last quarter of its time, or expired? */
bool	adopt_is_ending(const struct adopt *adopt, int64_t now);

/* Take in the person of one line, in the batch that is open. 0, or -errno if
 * the document is not to be gone on with. */
int	adopt_line(struct adopt *adopt, const char *line,
	    size_t len) MUST_USE;

#endif
