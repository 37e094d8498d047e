/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which lines of nsswitch.conf make the C library merge our members into local
 * groups, and no others: what is answered elsewhere hides who is in them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "daemon/local/nsswitch.h"

/* The services of "group:". */
static const char *const merging[] = {
	"files [SUCCESS=merge] hostpass",
	"files[SUCCESS=merge]hostpass",
	"\tfiles \t[ SUCCESS = merge ]\thostpass ",
	"files [success=MERGE] hostpass",
	"files [NOTFOUND=continue SUCCESS=merge] hostpass",
	"files [SUCCESS=return SUCCESS=merge] hostpass",
	"files [!NOTFOUND=merge] hostpass",
	"files [SUCCESS=merge] systemd [SUCCESS=merge] hostpass",
	"files [SUCCESS=merge NOTFOUND=return] hostpass",
	"files [SUCCESS=merge] hostpass [SUCCESS=merge] systemd",
	"files [SUCCESS=merge] hostpass files",
	"systemd files [SUCCESS=merge] hostpass",
	"systemd [NOTFOUND=return] files [SUCCESS=merge] hostpass",
	"cache [SUCCESS=merge] files [SUCCESS=merge] hostpass",
};

static const char *const others[] = {
	"",
	"files",
	"hostpass",
	"files hostpass",
	"hostpass files",
	"hostpass [SUCCESS=merge] files",
	"hostpass files [SUCCESS=merge] hostpass",
	"files [SUCCESS=merge]",
	"files [SUCCESS=merge] systemd hostpass",
	"files [SUCCESS=merge] systemd [NOTFOUND=merge] hostpass",
	"files systemd [SUCCESS=merge] hostpass",
	"files [SUCCESS=continue] hostpass",
	"files [SUCCESS=return] hostpass",
	"files [!SUCCESS=merge] hostpass",
	"files [NOTFOUND=merge] hostpass",
	"files [NOTFOUND=return] hostpass",
	"files [SUCCESS=merge SUCCESS=return] hostpass",
	"files [SUCCESS=merge !NOTFOUND=return] hostpass",
	"compat [SUCCESS=merge] hostpass",
	"files [SUCCESS=merge] sss",
	"files [SUCCESS=merge] hostpass2",
	"files [SUCCESS=merge] Hostpass",
	"Files [SUCCESS=merge] hostpass",
	/* What cannot be read. */
	"files [SUCCESS=merge hostpass",
	"files [SUCCESS=merge",
	"files [SUCCESS] hostpass",
	"files [SUCCESS=] hostpass",
	"files [=merge] hostpass",
	"files [] hostpass",
	"files [",
	"files [!",
	"files [SUCCES=merge] hostpass",
	"files [SUCCESS=merged] hostpass",
	"files [SUCCESS=merge] [SUCCESS=merge] hostpass",
	"[SUCCESS=merge] files hostpass",
};

static void
test_services(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(merging) / sizeof(merging[0]); i++) {
		if (!nsswitch_list_merges(merging[i]))
			fail_msg("does not merge: %s", merging[i]);
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (nsswitch_list_merges(others[i]))
			fail_msg("merges: %s", others[i]);
	}
}

static bool
file_merges(const char *text)
{
	char copy[512];
	FILE *stream;
	bool merges;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	stream = fmemopen(copy, strlen(copy), "r");
	assert_non_null(stream);
	merges = nsswitch_merges_groups(stream);
	(void)fclose(stream);
	return merges;
}

#define MERGES	"group: files [SUCCESS=merge] hostpass\n"

static void
test_lines(void **state)
{
	(void)state;
	assert_true(file_merges(MERGES));
	assert_true(file_merges("group: files [SUCCESS=merge] hostpass"));
	assert_true(file_merges("# a comment\n\npasswd: files\n"
	    "  group:files [SUCCESS=merge] hostpass # and another\n"
	    "shadow: files\n"));
	assert_true(file_merges("group: files\n" MERGES));
	/* The last one counts, and the others' do not. */
	assert_false(file_merges(MERGES "group: files hostpass\n"));
	assert_false(file_merges("\n"));
	assert_false(file_merges("passwd: files [SUCCESS=merge] hostpass\n"));
	assert_false(file_merges("initgroups: files [SUCCESS=merge] hostpass\n"
	    "group: files hostpass\n"));
	assert_false(file_merges("#" MERGES));
	assert_false(file_merges("group: files #[SUCCESS=merge] hostpass\n"));
	assert_false(file_merges("gshadow: files [SUCCESS=merge] hostpass\n"));
	assert_false(file_merges("groups: files [SUCCESS=merge] hostpass\n"));
	assert_false(file_merges("group\n"));
	assert_false(file_merges("group:\n files [SUCCESS=merge] hostpass\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
