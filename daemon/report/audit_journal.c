/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A decision as an entry of the journal, with a field for each thing that one
 * searches for: journalctl HOSTPASS_USER=alice HOSTPASS_REASON=revoked.
 */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "daemon/report/audit.h"

/* Of "a decision was made"; journalctl MESSAGE_ID=... finds them all. */
#define MESSAGE_ID	"09b619bd117f4907ab84e7dfdf7dfc9f"

#define FIELDS_MAX	16
#define TEXT_MAX	4096

struct entry {
	struct iovec	fields[FIELDS_MAX];
	int		count;
	char		text[TEXT_MAX];
	size_t		used;
};

/* Add "NAME=value"; one that does not fit, or has no value, is left out. */
static void PRINTF_LIKE(3, 4)
add(struct entry *entry, const char *name, const char *fmt, ...)
{
	char *start = entry->text + entry->used;
	size_t room = sizeof(entry->text) - entry->used;
	size_t len = strlen(name) + 1;
	va_list arguments;
	int n;

	if (entry->count == FIELDS_MAX || len >= room)
		return;
	(void)snprintf(start, room, "%s=", name);
	va_start(arguments, fmt);
	n = vsnprintf(start + len, room - len, fmt, arguments);
	va_end(arguments);
	if (n <= 0 || (size_t)n >= room - len)
		return;
	len += (size_t)n;
	entry->fields[entry->count].iov_base = start;
	entry->fields[entry->count++].iov_len = len;
	entry->used += len;
}

int
audit_journal_send(const struct audit_record *record, int priority,
    const char *text)
{
	struct entry entry = { .count = 0 };

	add(&entry, "MESSAGE", "%s", text);
	add(&entry, "MESSAGE_ID", "%s", MESSAGE_ID);
	add(&entry, "PRIORITY", "%d", priority);
	add(&entry, "HOSTPASS_KIND", "%s", audit_kind_name(record->kind));
	add(&entry, "HOSTPASS_USER", "%s", record->user);
	add(&entry, "HOSTPASS_SUB", "%s", record->subject);
	add(&entry, "HOSTPASS_SERVICE", "%s", record->service);
	add(&entry, "HOSTPASS_SOURCE", "%s", record->source);
	add(&entry, "HOSTPASS_REASON", "%s", reason_code(record->reason));
	add(&entry, "HOSTPASS_DETAIL", "%s", record->detail);
	add(&entry, "HOSTPASS_FLOW", "%s", record->flow);
	add(&entry, "HOSTPASS_KEY", "%s", record->key);
	add(&entry, "HOSTPASS_DURATION_MS", "%llu",
	    (unsigned long long)record->milliseconds);
	if (record->number != 0)
		add(&entry, "HOSTPASS_SIGN_IN", "%llu",
		    (unsigned long long)record->number);
	return sd_journal_sendv(entry.fields, entry.count);
}
