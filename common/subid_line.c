/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * As strict as what reads these files in newuidmap: a line that is not quite
 * right grants nothing.
 */
#include <string.h>

#include "common/subid_line.h"

/* The digits at *p up to end, which *p moves behind. */
static bool
take_number(char **p, char end, uint64_t *ret_number)
{
	uint64_t number = 0;
	char *digit;

	for (digit = *p; *digit >= '0' && *digit <= '9'; digit++) {
		number = number * 10 + (uint64_t)(*digit - '0');
		if (number > UINT32_MAX)
			return false;
	}
	if (digit == *p || *digit != end)
		return false;
	*p = digit + 1;
	*ret_number = number;
	return true;
}

bool
subid_line_parse(char *line, struct subid_line *ret_line)
{
	uint64_t start, count;
	char *p;

	line[strcspn(line, "\n")] = '\0';
	p = strchr(line, ':');
	if (p == NULL || p == line || *line == '#')
		return false;
	*p++ = '\0';
	if (!take_number(&p, ':', &start) || !take_number(&p, '\0', &count) ||
	    count == 0 || start + count - 1 > UINT32_MAX)
		return false;
	ret_line->owner = line;
	ret_line->first = (uint32_t)start;
	ret_line->last = (uint32_t)(start + count - 1);
	return true;
}
