/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line in, one line out: whatever the arguments held, a log entry can
 * neither be split nor carry an escape sequence to the terminal of an admin.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"

#define LOG_LINE_MAX	2048

static enum log_target sink = LOG_TO_STDERR;
static int threshold = LOG_INFO;

/* systemd.exec(5): the variable may be inherited by who logs elsewhere. */
bool
log_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char text[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) < 0)
		return false;
	(void)snprintf(text, sizeof(text), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(stream, text) == 0;
}

void
log_open(enum log_target target, int priority)
{
	sink = target;
	threshold = priority;
	if (target == LOG_TO_SYSLOG)
		openlog("hostpassd", LOG_PID, LOG_AUTHPRIV);
}

void
log_line(int priority, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list ap;
	char *p;

	if (priority > threshold)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (p = line; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	}
	switch (sink) {
	case LOG_TO_SYSLOG:
		syslog(priority, "%s", line);
		break;
	case LOG_TO_JOURNAL:
		(void)fprintf(stderr, "<%d>%s\n", priority, line);
		break;
	case LOG_TO_STDERR:
		(void)fprintf(stderr, "hostpassd: %s\n", line);
		break;
	}
}
