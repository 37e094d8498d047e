/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of design D7, for each conversation.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "daemon/session/prompt.h"

#define URI	"https://id.example.com/device?user_code=E7K2MQ9X"

static const struct prompt_input ssh = {
	.conversation = PROTO_CONVERSATION_PROMPT,
	.host = "web1", .user = "alice", .service = "sshd",
	.rhost = "203.0.113.7", .uri = URI, .code = "E7K2MQ9X",
	.seconds = 100, .qr = false,
};

static void
test_prompt_of_sshd(void **state)
{
	char *text = prompt_compose(&ssh);

	(void)state;
	assert_string_equal(text,
	    "\nSign in to web1 as alice (from 203.0.113.7):\n\n"
	    "  " URI "\n\n"
	    "  Code: E7K2MQ9X   (valid for 100 seconds)\n\n"
	    "Approve only if you started this yourself, and only if the code is "
	    "the same.\n"
	    "Press Enter after approving: ");
	free(text);
}

static void
test_terminal_asks_for_no_enter(void **state)
{
	struct prompt_input in = ssh;
	char *text;

	(void)state;
	in.conversation = PROTO_CONVERSATION_TERMINAL;
	in.service = "sudo";
	in.rhost = "";
	text = prompt_compose(&in);
	assert_non_null(strstr(text, "\nUse sudo on web1 as alice:\n"));
	assert_null(strstr(text, "Enter"));
	assert_null(strstr(text, "from"));
	free(text);
}

/* The browser flow has no code to compare. */
static void
test_prompt_for_an_address(void **state)
{
	struct prompt_input in = ssh;
	char *text;

	(void)state;
	in.code = NULL;
	in.paste = true;
	text = prompt_compose(&in);
	assert_string_equal(text,
	    "\nSign in to web1 as alice (from 203.0.113.7):\n\n"
	    "  " URI "\n\n"
	    "Approve only if you started this yourself.\n"
	    "Your browser then ends on a page that cannot be opened, at "
	    "127.0.0.1:1.\n"
	    "Paste the address of that page here: ");
	free(text);
	in.conversation = PROTO_CONVERSATION_DESKTOP;
	in.paste = false;
	text = prompt_compose(&in);
	assert_null(strstr(text, "Paste"));
	assert_null(strstr(text, "Enter"));
	assert_non_null(strstr(text, "Waiting for your approval"));
	free(text);
}

static void
test_qr_comes_after_the_link(void **state)
{
	struct prompt_input in = ssh;
	const char *link, *block;
	char *text, *p;

	(void)state;
	in.qr = true;
	text = prompt_compose(&in);
	link = strstr(text, URI);
	block = strstr(text, "\xe2\x96\x88");
	assert_non_null(link);
	assert_non_null(block);
	assert_true(block > link);
	for (p = text; *p != '\0'; p++)
		assert_true((unsigned char)*p >= 0x20 || *p == '\n');
	free(text);
}

static void
test_long_link_has_no_qr(void **state)
{
	struct prompt_input in = ssh;
	char uri[1500], *text;

	(void)state;
	memset(uri, 'a', sizeof(uri) - 1);
	uri[sizeof(uri) - 1] = '\0';
	in.uri = uri;
	in.qr = true;
	text = prompt_compose(&in);
	assert_non_null(text);
	assert_null(strstr(text, "\xe2\x96\x88"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prompt_of_sshd),
		cmocka_unit_test(test_terminal_asks_for_no_enter),
		cmocka_unit_test(test_prompt_for_an_address),
		cmocka_unit_test(test_qr_comes_after_the_link),
		cmocka_unit_test(test_long_link_has_no_qr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
