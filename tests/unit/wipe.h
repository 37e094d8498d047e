/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches what is freed: link with -Wl,--wrap=free, and every block that still
 * holds the marker when it is given back is counted.
 */
#ifndef TESTS_UNIT_WIPE_H
#define TESTS_UNIT_WIPE_H

/* What no freed block may hold. Built at run time, so that the program's own
 * constants do not count. Begins to watch and sets the count to 0. */
const char *wipe_watch(void);

/* Blocks that held the marker since wipe_watch(). Stops watching. */
int	wipe_count(void);

void	__wrap_free(void *block);
void	__real_free(void *block);

#endif
