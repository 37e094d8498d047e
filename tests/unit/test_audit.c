/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is kept, counted and sent to the journal of each decision.
 * sd_journal_sendv() is defined here, in place of libsystemd's.
 */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "daemon/report/audit.h"

static char sent[8192];
static unsigned entries;
static int journal_says;

int
sd_journal_sendv(const struct iovec *fields, int count)
{
	size_t used = 0;
	int i;

	entries++;
	for (i = 0; i < count; i++)
		used += (size_t)snprintf(sent + used, sizeof(sent) - used,
		    "%.*s\n", (int)fields[i].iov_len,
		    (const char *)fields[i].iov_base);
	return journal_says;
}

static const struct audit_event alice = {
	.kind = AUDIT_SIGN_IN, .number = 7, .user = "alice",
	.subject = "f3b1", .service = "sshd", .source = "203.0.113.7",
	.reason = REASON_OTHER_PERSON, .detail = "sub a9", .flow = "device",
	.key = "SHA256:abc", .milliseconds = 12345,
};

static int
setup(void **state)
{
	struct audit *audit;

	memset(sent, 0, sizeof(sent));
	entries = 0;
	journal_says = 0;
	log_open(LOG_TO_STDERR, LOG_EMERG);
	assert_int_equal(audit_new(true, &audit), 0);
	*state = audit;
	return 0;
}

static int
teardown(void **state)
{
	audit_free(*state);
	return 0;
}

static void
test_fields_of_the_journal(void **state)
{
	audit_note(*state, &alice);
	assert_int_equal(entries, 1);
	assert_string_equal(sent,
	    "MESSAGE=sign-in 7: user=alice service=sshd from=203.0.113.7 "
	    "reason=other-person: the person who approved is not the one who "
	    "was asked for (sub a9)\n"
	    "MESSAGE_ID=09b619bd117f4907ab84e7dfdf7dfc9f\n"
	    "PRIORITY=5\n"
	    "HOSTPASS_KIND=sign-in\n"
	    "HOSTPASS_USER=alice\n"
	    "HOSTPASS_SUB=f3b1\n"
	    "HOSTPASS_SERVICE=sshd\n"
	    "HOSTPASS_SOURCE=203.0.113.7\n"
	    "HOSTPASS_REASON=other-person\n"
	    "HOSTPASS_DETAIL=sub a9\n"
	    "HOSTPASS_FLOW=device\n"
	    "HOSTPASS_KEY=SHA256:abc\n"
	    "HOSTPASS_DURATION_MS=12345\n"
	    "HOSTPASS_SIGN_IN=7\n");
}

/* Fields are of our making: no name or address adds another one. */
static void
test_no_field_is_forged(void **state)
{
	struct audit_event event = {
		.kind = AUDIT_ACCOUNT, .user = "a\nHOSTPASS_REASON=granted",
		.service = "\x1b[2J", .reason = REASON_BAD_NAME,
	};
	char longest[16000];

	audit_note(*state, &event);
	assert_null(strstr(sent, "\nHOSTPASS_REASON=granted"));
	assert_non_null(strstr(sent, "\nHOSTPASS_REASON=bad-name\n"));
	assert_null(strchr(sent, '\x1b'));
	assert_null(strstr(sent, "HOSTPASS_SUB"));
	/* a name as long as a request may hold */
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	event.user = event.service = event.source = event.subject =
	    event.detail = event.key = longest;
	memset(sent, 0, sizeof(sent));
	audit_note(*state, &event);
	assert_non_null(strstr(sent, "\nHOSTPASS_REASON=bad-name\n"));
	assert_non_null(strstr(sent, "\nHOSTPASS_DURATION_MS=0\n"));
}

static void
test_granted_is_no_notice(void **state)
{
	struct audit_event event = alice;

	event.reason = REASON_GRANTED;
	audit_note(*state, &event);
	assert_non_null(strstr(sent, "\nPRIORITY=6\n"));
}

/* Without a journal, or when it does not take it, there is the line. */
static void
test_the_line(void **state)
{
	static const char line[] = "hostpassd: account: user=bob service=cron "
	    "from=- reason=revoked: ";
	struct audit_event event = {
		.kind = AUDIT_ACCOUNT, .user = "bob", .service = "cron",
		.reason = REASON_REVOKED,
	};
	char text[2048] = "";
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);

	assert_non_null(file);
	log_open(LOG_TO_STDERR, LOG_INFO);
	journal_says = -ENOSPC;
	(void)fflush(stderr);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	audit_note(NULL, &event);
	audit_note(*state, &event);
	(void)fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(entries, 1);
	rewind(file);
	assert_non_null(fgets(text, sizeof(text), file));
	assert_memory_equal(text, line, sizeof(line) - 1);
	assert_non_null(fgets(text, sizeof(text), file));
	assert_memory_equal(text, line, sizeof(line) - 1);
	assert_int_equal(fclose(file), 0);
	(void)close(saved);
}

static void
test_the_latest_are_kept(void **state)
{
	struct audit_event event = alice;
	char name[32];
	unsigned i;

	assert_null(audit_at(*state, 0));
	event.user = name;
	for (i = 0; i < AUDIT_RECORDS + 10; i++) {
		(void)snprintf(name, sizeof(name), "p%u", i);
		audit_note(*state, &event);
	}
	assert_string_equal(audit_at(*state, 0)->user, "p10");
	assert_string_equal(audit_at(*state, AUDIT_RECORDS - 1)->user,
	    "p1033");
	assert_null(audit_at(*state, AUDIT_RECORDS));
	assert_null(audit_at(NULL, 0));
	assert_true(audit_at(*state, 0)->time <= time(NULL));
}

static void
test_counts(void **state)
{
	struct audit_event event = alice;

	audit_note(*state, &event);
	event.reason = REASON_GRANTED;
	audit_note(*state, &event);
	audit_note(*state, &event);
	event.kind = AUDIT_ACCOUNT;
	audit_note(*state, &event);
	assert_int_equal(audit_count(*state, AUDIT_SIGN_IN,
	    REASON_OTHER_PERSON), 1);
	assert_int_equal(audit_count(*state, AUDIT_SIGN_IN, REASON_GRANTED),
	    2);
	assert_int_equal(audit_count(*state, AUDIT_ACCOUNT, REASON_GRANTED),
	    1);
	assert_int_equal(audit_count(*state, AUDIT_ACCOUNT, REASON_REVOKED),
	    0);
	/* of those that were granted */
	assert_int_equal(audit_milliseconds(*state, AUDIT_SIGN_IN), 24690);
	assert_int_equal(audit_count(NULL, AUDIT_SIGN_IN, REASON_GRANTED), 0);
}

static void
remember(void *arg, const struct audit_record *record)
{
	*(const struct audit_record **)arg = record;
}

static void
test_watch(void **state)
{
	const struct audit_record *record = NULL;

	audit_watch(*state, remember, (void *)(uintptr_t)&record);
	audit_note(*state, &alice);
	assert_ptr_equal(record, audit_at(*state, 0));
	audit_watch(*state, NULL, NULL);
	audit_note(*state, &alice);
	assert_ptr_equal(record, audit_at(*state, 0));
	audit_watch(NULL, NULL, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fields_of_the_journal),
		TEST(test_no_field_is_forged),
		TEST(test_granted_is_no_notice),
		TEST(test_the_line),
		TEST(test_the_latest_are_kept),
		TEST(test_counts),
		TEST(test_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
