/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks into each block of the code under test just before it is freed.
 */
#include <malloc.h>
#include <stdbool.h>
#include <string.h>

#include "tests/unit/wipe.h"

#define MARKER_SIZE	16

static char marker[MARKER_SIZE + 1];
static bool watching;
static int found;

const char *
wipe_watch(void)
{
	size_t i;

	for (i = 0; i < MARKER_SIZE; i++)
		marker[i] = (char)('A' + (i * 7) % 26);
	found = 0;
	watching = true;
	return marker;
}

int
wipe_count(void)
{
	watching = false;
	return found;
}

void
__wrap_free(void *block)
{
	if (watching && block != NULL && memmem(block,
	    malloc_usable_size(block), marker, MARKER_SIZE) != NULL)
		found++;
	__real_free(block);
}
