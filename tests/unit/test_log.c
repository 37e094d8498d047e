/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/log.c: one call is one line, whatever is in it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

static FILE *capture;
static int saved_stderr;

static int
begin(void **state)
{
	(void)state;
	capture = tmpfile();
	saved_stderr = dup(STDERR_FILENO);
	if (capture == NULL || saved_stderr < 0)
		return -1;
	return dup2(fileno(capture), STDERR_FILENO) < 0 ? -1 : 0;
}

/* What was written since begin(). */
static void
end(char *buf, size_t size)
{
	size_t len;

	(void)fflush(stderr);
	assert_true(dup2(saved_stderr, STDERR_FILENO) >= 0);
	(void)close(saved_stderr);
	rewind(capture);
	len = fread(buf, 1, size - 1, capture);
	buf[len] = '\0';
	(void)fclose(capture);
}

static void
test_control_characters_are_shown(void **state)
{
	char out[256];

	(void)state;
	log_open(LOG_TO_STDERR, LOG_INFO);
	log_line(LOG_INFO, "user %s", "a\nhostpassd: b\x1b[2J\x7f\t");
	end(out, sizeof(out));
	assert_string_equal(out,
	    "hostpassd: user a?hostpassd: b?[2J??\n");
}

static void
test_journal_prefix(void **state)
{
	char out[256];

	(void)state;
	log_open(LOG_TO_JOURNAL, LOG_INFO);
	log_line(LOG_ERR, "bad");
	end(out, sizeof(out));
	assert_string_equal(out, "<3>bad\n");
}

static void
test_threshold(void **state)
{
	char out[256];

	(void)state;
	log_open(LOG_TO_STDERR, LOG_WARNING);
	log_line(LOG_INFO, "dropped");
	log_line(LOG_WARNING, "kept");
	end(out, sizeof(out));
	assert_string_equal(out, "hostpassd: kept\n");
}

static void
test_long_line_is_cut(void **state)
{
	char text[8192], out[8192];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_open(LOG_TO_STDERR, LOG_INFO);
	log_line(LOG_INFO, "%s", text);
	end(out, sizeof(out));
	assert_in_range(strlen(out), 100, 4096);
	assert_int_equal(out[strlen(out) - 1], '\n');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_control_characters_are_shown,
		    begin),
		cmocka_unit_test_setup(test_journal_prefix, begin),
		cmocka_unit_test_setup(test_threshold, begin),
		cmocka_unit_test_setup(test_long_line_is_cut, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
