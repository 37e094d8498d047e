/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostpass-directory as an admin meets it: each call that is not right, and
 * what it says, compared with a golden file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/command.h"

#define COMMON	"--issuer", "https://id.example.com", "--key", "key", \
	"--out", "people"
#define POCKETID "--pocketid", "https://id.example.com"
#define KEY	"--api-key-file", "secret"
#define SCIM	"--scim", "https://scim.example.com/v2"
#define TOKEN	"--token-file", "secret"
#define SUB	"--sub", "id"
#define CLAIM	"--claim", "a=b"

static const struct {
	const char	*golden;
	const char	*args[COMMAND_ARGS];
} calls[] = {
	{ "directory_help", { "--help" } },
	{ "directory_none", { NULL } },
	{ "directory_unknown", { "import" } },
	{ "directory_keygen_usage", { "keygen" } },
	{ "directory_keygen_there", { "keygen", "there" } },
	{ "directory_no_source", { "export", COMMON } },
	{ "directory_two_sources", { "export", POCKETID, SCIM, COMMON } },
	{ "directory_twice", { "export", POCKETID, POCKETID, KEY, COMMON } },
	{ "directory_two_secrets", { "export", SCIM, SUB, TOKEN, KEY,
	    COMMON } },
	{ "directory_wrong_secret", { "export", SCIM, SUB, KEY, COMMON } },
	{ "directory_wrong_secret", { "export", POCKETID, TOKEN, COMMON } },
	{ "directory_wrong_secret", { "export", POCKETID, KEY, SUB, COMMON } },
	{ "directory_wrong_secret", { "export", POCKETID, KEY, CLAIM,
	    COMMON } },
	{ "directory_wrong_secret", { "export", POCKETID, KEY,
	    "--emails-verified", COMMON } },
	{ "directory_no_key_file", { "export", POCKETID, COMMON } },
	{ "directory_no_token", { "export", SCIM, SUB, COMMON } },
	{ "directory_no_sub", { "export", SCIM, TOKEN, COMMON } },
	{ "directory_no_issuer", { "export", SCIM, TOKEN, SUB, "--key", "key",
	    "--out", "people" } },
	{ "directory_no_key", { "export", SCIM, TOKEN, SUB, "--issuer",
	    "https://id.example.com", "--out", "people" } },
	{ "directory_no_out", { "export", SCIM, TOKEN, SUB, "--issuer",
	    "https://id.example.com", "--key", "key" } },
	{ "directory_bad_sub", { "export", SCIM, TOKEN, "--sub", "email",
	    COMMON } },
	{ "directory_bad_valid", { "export", POCKETID, KEY, "--valid", "1y",
	    COMMON } },
	{ "directory_bad_valid", { "export", POCKETID, KEY, "--valid", "0",
	    COMMON } },
	{ "directory_bad_valid", { "export", POCKETID, KEY, "--valid", "367d",
	    COMMON } },
	{ "directory_bad_claim", { "export", SCIM, TOKEN, SUB, "--claim",
	    "uid", COMMON } },
	{ "directory_bad_claim", { "export", SCIM, TOKEN, SUB, "--claim",
	    "=uid", COMMON } },
	{ "directory_taken_claim", { "export", SCIM, TOKEN, SUB, "--claim",
	    "groups=title", COMMON } },
	{ "directory_bad_option", { "export", "--tokenfile", "x", COMMON } },
	{ "directory_no_argument", { "export", COMMON, "--scim" } },
	{ "directory_word", { "export", SCIM, TOKEN, SUB, COMMON, "more" } },
	{ "directory_no_file", { "export", SCIM, "--token-file", "absent", SUB,
	    COMMON } },
	{ "directory_open_file", { "export", SCIM, TOKEN, SUB, COMMON } },
	{ "directory_not_https", { "export", "--scim",
	    "http://scim.example.com/v2", "--token-file", "private", SUB,
	    COMMON } },
};

static void
write_file(const char *name, mode_t mode)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	assert_true(fputs("t0ken\n", out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(name, mode), 0);
}

static void
test_calls(void **state)
{
	char result[COMMAND_OUTPUT];
	size_t i;

	(void)state;
	command_use("hostpass-directory");
	write_file("there", 0600);
	write_file("secret", 0644);
	write_file("private", 0600);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		command_run(calls[i].args, "out", result);
		assert_null(strstr(result, "t0ken"));
		command_compare(calls[i].golden, result);
		assert_int_equal(access("people", F_OK), -1);
	}
}

/* The private half is for its owner alone, and is never shown. */
static void
test_keygen(void **state)
{
	static const char *const args[] = { "keygen", "made", NULL };
	char result[COMMAND_OUTPUT];
	struct stat st;

	(void)state;
	command_use("hostpass-directory");
	command_run(args, "out", result);
	assert_non_null(strstr(result, "\"crv\":\"Ed25519\""));
	assert_null(strstr(result, "\"d\""));
	assert_int_equal(stat("made", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(st.st_size > 0);
}

/* What follows the word goes to that program as it is. */
static void
test_handed_over(void **state)
{
	static const char *const args[] = { "directory", "export", SCIM, TOKEN,
	    SUB, "--json", COMMON, NULL };
	char result[COMMAND_OUTPUT];

	(void)state;
	command_use("tests/unit/hostpass_scripted");
	command_run(args, "out", result);
	command_compare("directory_handed_over", result);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_keygen),
		cmocka_unit_test(test_handed_over),
	};

	if (!command_is_built())
		return 0;
	return cmocka_run_group_tests(tests, command_set_up,
	    command_tear_down);
}
