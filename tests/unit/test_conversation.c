/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam/conversation.c: what reaches the terminal, and what becomes of answers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/secret.h"
#include "pam/conversation.h"
#include "tests/unit/pam_fixture.h"
#include "tests/unit/wipe.h"

static struct fixture fixture;
static struct conversation conversation;

static int
begin(void **state)
{
	(void)state;
	fixture_open(&fixture, "alice", "# none\n");
	conversation = (struct conversation){
		.pamh = fixture.pamh, .kind = PROTO_CONVERSATION_TERMINAL,
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
test_detect(void **state)
{
	static const struct {
		const char *service, *tty;
		enum proto_conversation kind;
	} rows[] = {
		{ "sshd", "ssh", PROTO_CONVERSATION_PROMPT },
		{ "sshd", NULL, PROTO_CONVERSATION_PROMPT },
		{ "sshd-internal", "ssh", PROTO_CONVERSATION_PROMPT },
		{ "login", "/dev/tty1", PROTO_CONVERSATION_TERMINAL },
		{ "sudo", "/dev/pts/3", PROTO_CONVERSATION_TERMINAL },
		{ "sudo", "", PROTO_CONVERSATION_TERMINAL },
		{ "su", NULL, PROTO_CONVERSATION_TERMINAL },
		{ "sshd2", "ssh2", PROTO_CONVERSATION_TERMINAL },
		{ "xssh", "/dev/ssh", PROTO_CONVERSATION_TERMINAL },
	};
	size_t i;

	(void)state;
	(void)unsetenv("DISPLAY");
	(void)unsetenv("WAYLAND_DISPLAY");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(pam_set_item(fixture.pamh, PAM_SERVICE,
		    rows[i].service), PAM_SUCCESS);
		assert_int_equal(pam_set_item(fixture.pamh, PAM_TTY,
		    rows[i].tty), PAM_SUCCESS);
		assert_int_equal(conversation_detect(fixture.pamh),
		    rows[i].kind);
	}
}

/* The person sits at the desktop of this machine, or a display is forwarded
 * from another. What ssh brings is never a desktop of ours. */
static void
test_detect_desktop(void **state)
{
	static const struct {
		const char *service, *display, *wayland;
		enum proto_conversation kind;
	} rows[] = {
		{ "sudo", ":0", NULL, PROTO_CONVERSATION_DESKTOP },
		{ "sudo", ":1.0", NULL, PROTO_CONVERSATION_DESKTOP },
		{ "sudo", NULL, "wayland-0", PROTO_CONVERSATION_DESKTOP },
		{ "sudo", "localhost:10.0", NULL,
		    PROTO_CONVERSATION_TERMINAL },
		{ "sudo", "", "", PROTO_CONVERSATION_TERMINAL },
		{ "sshd", ":0", "wayland-0", PROTO_CONVERSATION_PROMPT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)unsetenv("DISPLAY");
		(void)unsetenv("WAYLAND_DISPLAY");
		if (rows[i].display != NULL)
			(void)setenv("DISPLAY", rows[i].display, 1);
		if (rows[i].wayland != NULL)
			(void)setenv("WAYLAND_DISPLAY", rows[i].wayland, 1);
		assert_int_equal(pam_set_item(fixture.pamh, PAM_SERVICE,
		    rows[i].service), PAM_SUCCESS);
		assert_int_equal(conversation_detect(fixture.pamh),
		    rows[i].kind);
	}
	(void)unsetenv("DISPLAY");
	(void)unsetenv("WAYLAND_DISPLAY");
}

static void
test_text_is_filtered(void **state)
{
	static const struct { const char *text, *seen; } rows[] = {
		{ "plain", "show: plain\n" },
		{ "", "show: \n" },
		{ "\n", "show: \n\n" },
		{ "\na\n\nb\n", "show: \na\n\nb\n\n" },
		{ "a\x1b[2Jb", "show: a?[2Jb\n" },
		{ "a\rb\tc\x07\x7f", "show: a?b?c??\n" },
		{ "one\n\x1b]8;;x\ntwo\x08", "show: one\n?]8;;x\ntwo?\n" },
		{ "\xe2\x96\x88\xe2\x96\x80", "show: \xe2\x96\x88\xe2\x96\x80\n" },
		{ "%s%n%d", "show: %s%n%d\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fixture_clear(&fixture);
		assert_int_equal(conversation_show(&conversation,
		    rows[i].text), PAM_SUCCESS);
		assert_string_equal(fixture.seen, rows[i].seen);
	}
}

static void
test_questions_and_errors_are_filtered(void **state)
{
	char *answer;

	(void)state;
	assert_int_equal(conversation_ask(&conversation, true, "a\x1b" "b\nc",
	    &answer), PAM_SUCCESS);
	secret_drop_string(answer);
	conversation_error(&conversation, "d\x9b\n\x1b");
	assert_string_equal(fixture.seen, "echo: a?b\nc\nerror: d?\n?\n");
}

static void
test_echo(void **state)
{
	char *answer;

	(void)state;
	fixture.answer = "1234";
	assert_int_equal(conversation_ask(&conversation, false, "Passcode:",
	    &answer), PAM_SUCCESS);
	assert_string_equal(answer, "1234");
	secret_drop_string(answer);
	assert_int_equal(conversation_ask(&conversation, true, "Enter:",
	    &answer), PAM_SUCCESS);
	secret_drop_string(answer);
	assert_string_equal(fixture.seen, "hide: Passcode:\necho: Enter:\n");
}

static void
test_no_answer_is_an_empty_line(void **state)
{
	char *answer = NULL;

	(void)state;
	fixture.answer = NULL;
	assert_int_equal(conversation_ask(&conversation, true, "Enter:",
	    &answer), PAM_SUCCESS);
	assert_string_equal(answer, "");
	secret_drop_string(answer);
}

static void
test_failures_are_passed_on(void **state)
{
	char *answer = NULL;

	(void)state;
	fixture.ask_result = PAM_CONV_ERR;
	fixture.show_result = PAM_CONV_ERR;
	assert_int_equal(conversation_ask(&conversation, true, "Enter:",
	    &answer), PAM_CONV_ERR);
	assert_null(answer);
	assert_int_equal(conversation_show(&conversation, "text"),
	    PAM_CONV_ERR);
	conversation_error(&conversation, "error");
}

static void
test_silence(void **state)
{
	(void)state;
	conversation_error(&conversation, "");
	assert_string_equal(fixture.seen, "");
	conversation.silent = true;
	conversation_error(&conversation, "error");
	assert_string_equal(fixture.seen, "");
	/* what a sign-in needs is not an error */
	assert_int_equal(conversation_show(&conversation, "link"),
	    PAM_SUCCESS);
	assert_string_equal(fixture.seen, "show: link\n");
}

static void
test_unwanted_answer_is_wiped(void **state)
{
	const char *marker = wipe_watch();
	char *answer;

	(void)state;
	fixture.answer = marker;
	assert_int_equal(conversation_ask(&conversation, false, "Passcode:",
	    &answer), PAM_SUCCESS);
	secret_drop_string(answer);
	assert_int_equal(wipe_count(), 0);
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(test_detect),
		IN_FIXTURE(test_detect_desktop),
		IN_FIXTURE(test_text_is_filtered),
		IN_FIXTURE(test_questions_and_errors_are_filtered),
		IN_FIXTURE(test_echo),
		IN_FIXTURE(test_no_answer_is_an_empty_line),
		IN_FIXTURE(test_failures_are_passed_on),
		IN_FIXTURE(test_silence),
		IN_FIXTURE(test_unwanted_answer_is_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
