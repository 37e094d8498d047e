/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who was let in and who was not: each decision becomes one entry of the log,
 * is counted, and is kept for `hostpass events` as long as there is room.
 */
#ifndef DAEMON_REPORT_AUDIT_H
#define DAEMON_REPORT_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/reason.h"

/* How many decisions are kept. */
#define AUDIT_RECORDS	1024

/* Of a fingerprint of an SSH key, with its end. */
#define AUDIT_KEY_SIZE	64

enum audit_kind {
	AUDIT_SIGN_IN,		/* the verdict of a sign-in */
	AUDIT_ACCOUNT,		/* of the account phase */
	AUDIT_KINDS,
};

/* A decision. Strings may be NULL, and may hold anything. */
struct audit_event {
	enum audit_kind	 kind;
	uint64_t	 number;	/* of the sign-in; 0: never begun */
	const char	*user;		/* as it was asked for */
	const char	*subject;	/* of who approved, or is bound */
	const char	*service;
	const char	*source;	/* an address, or who called */
	enum reason	 reason;
	const char	*detail;
	const char	*flow;		/* "device", "browser"; a literal */
	const char	*key;		/* fingerprint of the SSH key */
	uint64_t	 milliseconds;	/* from the request to the verdict */
};

/* One that is kept; every text has passed text_copy_plain(). */
struct audit_record {
	int64_t		 time;		/* CLOCK_REALTIME seconds */
	enum audit_kind	 kind;
	enum reason	 reason;
	uint64_t	 number;
	uint64_t	 milliseconds;
	const char	*flow;		/* never NULL */
	char		 user[64];
	char		 subject[256];
	char		 service[64];
	char		 source[64];
	char		 detail[REASON_DETAIL_SIZE];
	char		 key[AUDIT_KEY_SIZE];
};

struct audit;

/* Nothing has been decided yet. journal: entries go to the journal with their
 * fields (systemd.journal-fields(7)), not as lines of the log. 0 or -ENOMEM;
 * the result must be freed. */
int	audit_new(bool journal, struct audit **ret_audit) MUST_USE;

/* audit may be NULL. */
void	audit_free(struct audit *audit);

/* Log it, count it and keep it. audit may be NULL: then it is only logged. */
void	audit_note(struct audit *audit, const struct audit_event *event);

/* From now on fn is told of each; NULL: nobody is. It must not note. */
typedef void audit_watch_fn(void *arg, const struct audit_record *record);
void	audit_watch(struct audit *audit, audit_watch_fn *fn, void *arg);

/* The one at i, of those that are kept, from the oldest; NULL beyond. */
const struct audit_record *audit_at(const struct audit *audit, size_t i);

/* How many there were since the start. */
uint64_t audit_count(const struct audit *audit, enum audit_kind kind,
	    enum reason reason);

/* How long those that were granted took, in milliseconds together. */
uint64_t audit_milliseconds(const struct audit *audit, enum audit_kind kind);

/* "sign-in" or "account". */
const char *audit_kind_name(enum audit_kind kind);

/* Send a record to the journal with this text. 0 or -errno. */
int	audit_journal_send(const struct audit_record *record, int priority,
	    const char *text) MUST_USE;

#endif
