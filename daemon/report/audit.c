/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See audit.h. What is kept has a fixed size: a flood of sign-ins costs no
 * memory, only the oldest records.
 *
 * MUST keep no text that a terminal could act on: names and addresses come
 *	from whoever stands before the door.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "common/names.h"
#include "daemon/report/audit.h"

#define LINE_SIZE	1280

enum {
	REASONS = 0
#define X(symbol, code, person, admin) + 1
	REASON_TABLE(X)
#undef X
};

struct audit {
	struct audit_record	 records[AUDIT_RECORDS];
	size_t			 next;		/* place of the next one */
	size_t			 count;
	uint64_t		 counts[AUDIT_KINDS][REASONS];
	uint64_t		 milliseconds[AUDIT_KINDS];
	audit_watch_fn		*watch;
	void			*watch_arg;
	bool			 journal;
};

int
audit_new(bool journal, struct audit **ret_audit)
{
	struct audit *audit;

	audit = calloc(1, sizeof(*audit));
	if (audit == NULL)
		return -ENOMEM;
	audit->journal = journal;
	*ret_audit = audit;
	return 0;
}

void
audit_free(struct audit *audit)
{
	free(audit);
}

const char *
audit_kind_name(enum audit_kind kind)
{
	return kind == AUDIT_ACCOUNT ? "account" : "sign-in";
}

static void
take(char *buf, size_t size, const char *text)
{
	text_copy_plain(buf, size, text == NULL ? "" : text);
}

static void
fill(struct audit_record *record, const struct audit_event *event)
{
	record->time = time(NULL);
	record->kind = event->kind;
	record->reason = event->reason;
	record->number = event->number;
	record->milliseconds = event->milliseconds;
	record->flow = event->flow == NULL ? "" : event->flow;
	take(record->user, sizeof(record->user), event->user);
	take(record->subject, sizeof(record->subject), event->subject);
	take(record->service, sizeof(record->service), event->service);
	take(record->source, sizeof(record->source), event->source);
	take(record->detail, sizeof(record->detail), event->detail);
	take(record->key, sizeof(record->key), event->key);
}

/* The line for people; what else is known has fields of its own. */
static void
compose(char line[LINE_SIZE], const struct audit_record *record)
{
	char number[24] = "";

	if (record->number != 0)
		(void)snprintf(number, sizeof(number), " %llu",
		    (unsigned long long)record->number);
	(void)snprintf(line, LINE_SIZE,
	    "%s%s: user=%s service=%s from=%s reason=%s: %s%s%s%s",
	    audit_kind_name(record->kind), number, record->user,
	    record->service, record->source[0] == '\0' ? "-" : record->source,
	    reason_code(record->reason), reason_admin(record->reason),
	    record->detail[0] != '\0' ? " (" : "", record->detail,
	    record->detail[0] != '\0' ? ")" : "");
}

static void
write_log(bool journal, const struct audit_record *record)
{
	int priority = record->reason == REASON_GRANTED ? LOG_INFO :
	    LOG_NOTICE;
	char line[LINE_SIZE];

	compose(line, record);
	if (!journal || audit_journal_send(record, priority, line) < 0)
		log_line(priority, "%s", line);
}

void
audit_note(struct audit *audit, const struct audit_event *event)
{
	struct audit_record alone, *record = &alone;

	if (audit != NULL) {
		record = &audit->records[audit->next];
		audit->next = (audit->next + 1) % AUDIT_RECORDS;
		if (audit->count < AUDIT_RECORDS)
			audit->count++;
		if ((size_t)event->reason < REASONS)
			audit->counts[event->kind][event->reason]++;
		if (event->reason == REASON_GRANTED)
			audit->milliseconds[event->kind] +=
			    event->milliseconds;
	}
	fill(record, event);
	write_log(audit != NULL && audit->journal, record);
	if (audit != NULL && audit->watch != NULL)
		audit->watch(audit->watch_arg, record);
}

void
audit_watch(struct audit *audit, audit_watch_fn *fn, void *arg)
{
	if (audit == NULL)
		return;
	audit->watch = fn;
	audit->watch_arg = arg;
}

const struct audit_record *
audit_at(const struct audit *audit, size_t i)
{
	if (audit == NULL || i >= audit->count)
		return NULL;
	return &audit->records[(audit->next + AUDIT_RECORDS - audit->count +
	    i) % AUDIT_RECORDS];
}

uint64_t
audit_count(const struct audit *audit, enum audit_kind kind,
    enum reason reason)
{
	return audit == NULL || (size_t)reason >= REASONS ? 0 :
	    audit->counts[kind][reason];
}

uint64_t
audit_milliseconds(const struct audit *audit, enum audit_kind kind)
{
	return audit == NULL ? 0 : audit->milliseconds[kind];
}
