/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three columns of REASON_TABLE, and what is said besides them. A value
 * that is not in the table reads as the plain denial.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/attr.h"
#include "common/names.h"
#include "daemon/reason.h"

static const struct {
	const char *code;
	const char *person;
	const char *admin;
} reasons[] = {
#define X(symbol, code, person, admin) { code, person, admin },
	REASON_TABLE(X)
#undef X
};

static size_t
row(enum reason reason)
{
	size_t i = (size_t)reason;

	return i < sizeof(reasons) / sizeof(reasons[0]) ? i : 0;
}

const char *
reason_code(enum reason reason)
{
	return reasons[row(reason)].code;
}

const char *
reason_person(enum reason reason)
{
	return reasons[row(reason)].person;
}

const char *
reason_admin(enum reason reason)
{
	return reasons[row(reason)].admin;
}

bool
reason_may_pass(enum reason reason)
{
	return reason == REASON_PROVIDER_UNREACHABLE ||
	    reason == REASON_PROVIDER_TLS || reason == REASON_PROVIDER_BUSY ||
	    reason == REASON_PROVIDER_LIMITED;
}

/* Filtered into text, size bytes. More than twice of what is kept is not even
 * looked at. */
static void PRINTF_LIKE(3, 0)
say(char *text, size_t size, const char *fmt, va_list arguments)
{
	char raw[2 * REASON_DETAIL_SIZE];

	if (vsnprintf(raw, sizeof(raw), fmt, arguments) < 0)
		raw[0] = '\0';
	text_copy_plain(text, size, raw);
}

void
reason_say(struct reason_detail *detail, const char *fmt, ...)
{
	va_list arguments;

	if (detail == NULL)
		return;
	va_start(arguments, fmt);
	say(detail->text, sizeof(detail->text), fmt, arguments);
	va_end(arguments);
}

void
reason_add(struct reason_detail *detail, const char *fmt, ...)
{
	va_list arguments;
	size_t used;

	if (detail == NULL)
		return;
	used = strlen(detail->text);
	if (used > 0 && used + 2 < sizeof(detail->text)) {
		memcpy(detail->text + used, ", ", 3);
		used += 2;
	}
	va_start(arguments, fmt);
	say(detail->text + used, sizeof(detail->text) - used, fmt, arguments);
	va_end(arguments);
}
