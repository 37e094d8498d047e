/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which command lines of sudo forbid a question.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "pam/patience.h"
#include "tests/unit/pam_fixture.h"

/* Arguments are written with spaces between them. */
static const struct {
	const char	*arguments;
	bool		 forbidden;
} rows[] = {
	{ "sudo -n true", true },
	{ "sudo --non-interactive true", true },
	{ "sudo -nv", true },
	{ "sudo -kn id", true },
	{ "sudo -H -S -n -u root sh", true },
	{ "sudo -u root -n id", true },
	{ "sudo -uroot -n id", true },
	{ "sudo --user root -n id", true },
	{ "sudo --user=root -n id", true },
	{ "sudo id", false },
	{ "sudo", false },
	{ "sudo id -n", false },
	{ "sudo -- -n", false },
	{ "sudo -u nobody id", false },
	{ "sudo -u n id", false },
	{ "sudo -un id", false },		/* the user n */
	{ "sudo -p -n id", false },		/* the prompt -n */
	{ "sudo --prompt -n id", false },
	{ "sudo - -n", false },
	{ "-n", false },			/* that is argv[0] */
	{ "", false },
};

static void
test_command_lines(void **state)
{
	char arguments[256];
	size_t i, j, len;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		len = strlen(rows[i].arguments) + 1;
		memcpy(arguments, rows[i].arguments, len);
		for (j = 0; j < len; j++) {
			if (arguments[j] == ' ')
				arguments[j] = '\0';
		}
		if (patience_forbidden(arguments, len) != rows[i].forbidden)
			fail_msg("%s", rows[i].arguments);
	}
	assert_false(patience_forbidden("", 0));
}

/* This process is no sudo -n, so that nobody is asked anything. */
static void
test_others_wait(void **state)
{
	struct fixture fixture;
	struct conversation c = { .kind = PROTO_CONVERSATION_TERMINAL };

	(void)state;
	fixture_open(&fixture, "alice", "# none\n");
	c.pamh = fixture.pamh;
	assert_int_equal(patience_check(&c), PAM_SUCCESS);
	assert_int_equal(pam_set_item(fixture.pamh, PAM_SERVICE, "sudo"),
	    PAM_SUCCESS);
	assert_int_equal(patience_check(&c), PAM_SUCCESS);
	fixture_close(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command_lines),
		cmocka_unit_test(test_others_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
