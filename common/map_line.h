/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of the static map file: who has which uid and gid. The daemon reads
 * such files; the command writes and checks them.
 *
 *	NAME UID[:GID]		a login name
 *	sub:SUBJECT UID[:GID]	the sub of a token; it may contain blanks
 *
 * Without a GID it is the UID. Lines that are empty or start with '#' say
 * nothing. Everything else is an error.
 */
#ifndef COMMON_MAP_LINE_H
#define COMMON_MAP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

/* Longest line, without its end. */
#define MAP_LINE_MAX	512

struct map_line {
	const char	*key;		/* the name, or the subject */
	bool		 is_subject;
	uint32_t	 uid;
	uint32_t	 gid;
};

/* Read len decimal digits, without a sign or a leading zero. False if text is
 * something else, or beyond 32 bits. */
bool	map_parse_id(const char *text, size_t len, uint32_t *ret_id) MUST_USE;

/* Cut up line, which has no newline. 0 and a map_line that points into it; 1
 * if the line says nothing; -EINVAL and in *ret_why a clause that says what is
 * wrong. Ids that id_is_allowed() refuses are wrong. */
int	map_line_parse(char *line, struct map_line *ret_line,
	    const char **ret_why) MUST_USE;

#endif
