/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only way from this command to a terminal that is not JSON: a line at a
 * time, filtered after it was put together, so that no text from the provider
 * can move the cursor, forge a second line or hide a part of the first.
 */
#ifndef CLI_LINE_H
#define CLI_LINE_H

#include <stdint.h>
#include <stdio.h>

#include "common/attr.h"

/* Print one line; a newline is added. What text_is_plain() refuses is shown
 * as '?'. */
void	line_print(FILE *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Print a text of the daemon's, line by line like the above; what stands after
 * its last newline, such as a question, goes without one. */
void	line_text(FILE *out, const char *text);

/* A copy of text with what text_is_plain() refuses as '?', the caller's to
 * free. */
char	*line_plain(const char *text) MUST_USE;

#define LINE_TIME_SIZE	32

/* A time (seconds of CLOCK_REALTIME) as "2026-11-21 14:03" in the local zone;
 * 0 is "never". */
void	line_time(char buf[LINE_TIME_SIZE], int64_t when);

/* Give pointer back. If it is NULL, memory was short: say so and exit. */
void	*line_need(void *pointer);

#endif
