/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See line.h. Running out of memory ends the command here: it holds nothing
 * that would have to be put right first.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/hostpass.h"
#include "cli/line.h"
#include "common/names.h"

void
line_print(FILE *out, const char *fmt, ...)
{
	char *line = NULL;
	char *plain;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&line, fmt, ap) < 0)
		line = NULL;
	va_end(ap);
	plain = line_plain(line_need(line));
	(void)fprintf(out, "%s\n", plain);	/* main looks at ferror() */
	free(plain);
	free(line);
}

void
line_text(FILE *out, const char *text)
{
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1)
		line_print(out, "%.*s", (int)(end - text), text);
	if (*text != '\0') {
		char *plain = line_plain(text);

		(void)fputs(plain, out);
		free(plain);
	}
}

char *
line_plain(const char *text)
{
	/* What is replaced never becomes longer. */
	size_t size = strlen(text) + 1;
	char *plain = line_need(malloc(size));

	text_copy_plain(plain, size, text);
	return plain;
}

void
line_time(char buf[LINE_TIME_SIZE], int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm tm;

	if (when == 0)
		(void)snprintf(buf, LINE_TIME_SIZE, "never");
	else if (localtime_r(&seconds, &tm) == NULL ||
	    strftime(buf, LINE_TIME_SIZE, "%Y-%m-%d %H:%M", &tm) == 0)
		(void)snprintf(buf, LINE_TIME_SIZE, "%lld", (long long)when);
}

void *
line_need(void *pointer)
{
	if (pointer == NULL) {
		(void)fputs("hostpass: out of memory\n", stderr);
		exit(CLI_NO);
	}
	return pointer;
}
