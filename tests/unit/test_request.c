/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam/request.c: each field says what the program said, in the order of
 * common/proto.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "pam/request.c"	/* for parse_start_time() */
#include "tests/unit/pam_fixture.h"

static struct fixture fixture;
static struct conversation conversation;

static int
begin(void **state)
{
	(void)state;
	fixture_open(&fixture, "alice", "# none\n");
	conversation = (struct conversation){
		.pamh = fixture.pamh, .kind = PROTO_CONVERSATION_PROMPT,
		.number = 12,
	};
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fixture_close(&fixture);
	return 0;
}

static void
take_string(struct frame_reader *r, const char *want)
{
	char *s = frame_get_string(r, PROTO_STRING_MAX);

	assert_non_null(s);
	assert_string_equal(s, want);
	free(s);
}

static const struct account alice = { .user = "alice", .uid = 1907802556 };

static void
open_request(struct frame *f, struct frame_reader *r)
{
	assert_int_equal(frame_finish(f, PROTO_REQUEST_MAX), 0);
	frame_open(r, f->data, f->len);
}

static void
test_authenticate_fields(void **state)
{
	struct frame_reader r;
	struct frame f;
	uint64_t start;
	pid_t pid;

	(void)state;
	assert_int_equal(pam_set_item(fixture.pamh, PAM_TTY, "ssh"), 0);
	assert_int_equal(pam_set_item(fixture.pamh, PAM_RHOST, "192.0.2.7"),
	    0);
	assert_int_equal(pam_set_item(fixture.pamh, PAM_RUSER, "bob"), 0);
	assert_int_equal(pam_putenv(fixture.pamh,
	    "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAA"), 0);
	request_authenticate(&f, &conversation, &alice);
	open_request(&f, &r);
	assert_int_equal(r.type, PROTO_AUTHENTICATE);
	take_string(&r, "alice");
	take_string(&r, FIXTURE_SERVICE);
	take_string(&r, "ssh");
	take_string(&r, "192.0.2.7");
	take_string(&r, "bob");
	assert_int_equal(frame_get_u32(&r), alice.uid);
	take_string(&r, "publickey ssh-ed25519 AAAA");
	assert_int_equal(frame_get_u32(&r), PROTO_CONVERSATION_PROMPT);
	assert_int_equal(find_monitor(&pid, &start), 0);
	assert_int_equal(frame_get_u32(&r), pid);
	assert_true(frame_get_u64(&r) == start);
	assert_int_equal(frame_close(&r), 0);
	frame_free(&f);
}

static void
test_what_is_missing_is_empty(void **state)
{
	struct frame_reader r;
	struct frame f;

	(void)state;
	conversation.kind = PROTO_CONVERSATION_TERMINAL;
	request_authenticate(&f, &conversation, &alice);
	open_request(&f, &r);
	take_string(&r, "alice");
	take_string(&r, FIXTURE_SERVICE);
	take_string(&r, "");
	take_string(&r, "");
	take_string(&r, "");
	assert_int_equal(frame_get_u32(&r), alice.uid);
	take_string(&r, "");
	assert_int_equal(frame_get_u32(&r), PROTO_CONVERSATION_TERMINAL);
	/* nobody retries by a new process here */
	assert_int_equal(frame_get_u32(&r), 0);
	assert_true(frame_get_u64(&r) == 12);
	assert_int_equal(frame_close(&r), 0);
	frame_free(&f);
}

static void
test_account_fields(void **state)
{
	struct frame_reader r;
	struct frame f;

	(void)state;
	assert_int_equal(pam_set_item(fixture.pamh, PAM_TTY, "cron"), 0);
	request_account(&f, &conversation, &alice);
	open_request(&f, &r);
	assert_int_equal(r.type, PROTO_ACCOUNT);
	take_string(&r, "alice");
	take_string(&r, FIXTURE_SERVICE);
	take_string(&r, "cron");
	take_string(&r, "");
	assert_int_equal(frame_get_u32(&r), alice.uid);
	assert_true(frame_get_u64(&r) == 0);
	assert_int_equal(frame_close(&r), 0);
	frame_free(&f);
}

/* A key login has no conversation, but a connection. */
static void
test_account_of_sshd(void **state)
{
	struct frame_reader r;
	struct frame f;
	uint64_t start;
	pid_t pid;

	(void)state;
	assert_int_equal(pam_set_item(fixture.pamh, PAM_TTY, "ssh"), 0);
	conversation.kind = PROTO_CONVERSATION_TERMINAL;
	request_account(&f, &conversation, &alice);
	open_request(&f, &r);
	take_string(&r, "alice");
	take_string(&r, FIXTURE_SERVICE);
	take_string(&r, "ssh");
	take_string(&r, "");
	assert_int_equal(frame_get_u32(&r), alice.uid);
	assert_int_equal(find_monitor(&pid, &start), 0);
	assert_true(start > 0 && frame_get_u64(&r) == start);
	assert_int_equal(frame_close(&r), 0);
	frame_free(&f);
}

/* What find_monitor() finds in a child, as the child's exit status: 'p' for its
 * parent, 's' for itself. */
static int
found_by_child(bool leads, const char *name)
{
	uint64_t start = 0, real = 0;
	pid_t child, pid = 0;
	char stat[STAT_MAX];
	int status;

	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if ((leads && setsid() < 0) || (name != NULL &&
		    prctl(PR_SET_NAME, name) < 0) ||
		    find_monitor(&pid, &start) < 0 ||
		    read_stat(pid, stat) < 0 ||
		    parse_start_time(stat, &real) < 0 || start != real)
			_exit('x');
		_exit(pid == getpid() ? 's' : pid == getppid() ? 'p' : 'x');
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* An emulator of another processor tells a process its own name, and of others
 * that of the emulator. */
static bool
is_emulated(void)
{
	char name[64] = "", other[64] = "", text[STAT_MAX];
	pid_t child;
	int status;

	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (read_stat(getpid(), text) < 0 ||
		    sscanf(text, "%*d %63[^)]", name) != 1 ||
		    read_stat(getppid(), text) < 0 ||
		    sscanf(text, "%*d %63[^)]", other) != 1)
			_exit(2);
		_exit(strcmp(name, other) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 2);
	return WEXITSTATUS(status) == 1;
}

/* The monitor leads a session; who converses is its child and does not; what
 * another program started without a session is nobody's child in this sense. */
static void
test_monitor(void **state)
{
	(void)state;
	assert_int_equal(found_by_child(true, NULL), 's');
	if (is_emulated())
		skip();
	assert_int_equal(found_by_child(false, NULL), 'p');
	assert_int_equal(found_by_child(false, "a) b (c)"), 's');
}

#define FIELDS_4_TO_21	"4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21"

static void
test_start_time(void **state)
{
	static const struct { const char *stat; int rc; uint64_t start; }
	    rows[] = {
		{ "7 (sshd) S " FIELDS_4_TO_21 " 987654 23\n", 0, 987654 },
		{ "7 (a) b) (c) S " FIELDS_4_TO_21
		    " 18446744073709551615 23\n", 0, UINT64_MAX },
		{ "7 (x 1 2 3) S " FIELDS_4_TO_21 " 0 23\n", 0, 0 },
		{ "", -EINVAL, 0 },
		{ "7 (sshd", -EINVAL, 0 },
		{ "7 (sshd)", -EINVAL, 0 },
		{ "7 (sshd) S 4 5", -EINVAL, 0 },
		{ "7 (sshd) S " FIELDS_4_TO_21, -EINVAL, 0 },
		{ "7 (sshd) S " FIELDS_4_TO_21 " ", -EINVAL, 0 },
		{ "7 (sshd) S " FIELDS_4_TO_21 " soon 23", -EINVAL, 0 },
	};
	uint64_t start;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start = 0;
		assert_int_equal(parse_start_time(rows[i].stat, &start),
		    rows[i].rc);
		assert_true(start == rows[i].start);
	}
}

static void
test_start_time_of_processes(void **state)
{
	char stat[STAT_MAX];
	uint64_t start = 0;

	(void)state;
	assert_int_equal(read_stat(getpid(), stat), 0);
	assert_int_equal(parse_start_time(stat, &start), 0);
	assert_true(start > 0);
	assert_int_equal(read_stat(-1, stat), -ENOENT);
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(test_authenticate_fields),
		IN_FIXTURE(test_what_is_missing_is_empty),
		IN_FIXTURE(test_account_fields),
		IN_FIXTURE(test_account_of_sshd),
		cmocka_unit_test(test_monitor),
		cmocka_unit_test(test_start_time),
		cmocka_unit_test(test_start_time_of_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
