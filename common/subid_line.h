/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line of subuid(5) or subgid(5): OWNER:START:COUNT.
 */
#ifndef COMMON_SUBID_LINE_H
#define COMMON_SUBID_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"

struct subid_line {
	const char	*owner;	/* a name, or a uid in digits */
	uint32_t	 first;
	uint32_t	 last;
};

/* Take a line apart in its place; its newline may be there. False if it is not
 * one that grants anything: a comment, empty, of no ids, or of ids that there
 * are not. The owner belongs to line. */
bool	subid_line_parse(char *line, struct subid_line *ret_line);

#endif
