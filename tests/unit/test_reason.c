/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of reasons is whole, hostpass-reasons(7) has all of it, and a
 * detail is text that a log and a terminal can take, whatever came.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "daemon/reason.h"

#define MANUAL_MAX	(256 * 1024)

static const enum reason all[] = {
#define X(symbol, code, person, admin) REASON_##symbol,
	REASON_TABLE(X)
#undef X
};
#define COUNT	(sizeof(all) / sizeof(all[0]))

static void
the_table_is_whole(void **state UNUSED)
{
	const char *person, *admin;
	size_t i, j;

	assert_int_equal(REASON_DENIED, 0);
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(all[i], i);
		person = reason_person(all[i]);
		admin = reason_admin(all[i]);
		/* A sentence for her; for the log, one that goes on. */
		assert_true(strchr(".", person[strlen(person) - 1]) != NULL);
		assert_true(text_is_plain(person) && text_is_plain(admin));
		assert_null(strchr(".\n", admin[strlen(admin) - 1]));
		for (j = 0; j < i; j++)
			assert_string_not_equal(reason_code(all[i]),
			    reason_code(all[j]));
	}
	assert_string_equal(reason_code((enum reason)COUNT), "denied");
	assert_string_equal(reason_code((enum reason)-1), "denied");
}

/* The item with the sentences of a reason, as the manual is written. */
static char *
make_item(enum reason reason)
{
	const char *admin = reason_admin(reason);
	bool asks = admin[strlen(admin) - 1] == '?';
	const char *const parts[] = { "\n.It Ic ", reason_code(reason), "\n",
	    admin, asks ? "" : ".", "\n.br\n.Dq \"", reason_person(reason),
	    "\"\n" };
	char *item = calloc(1, 4096), *end = item;
	const char *p;
	size_t i;

	assert_non_null(item);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		for (p = parts[i]; *p != '\0'; p++) {
			if (*p == '-')
				*end++ = '\\';
			*end++ = *p;
			assert_in_range(end - item, 0, 4000);
		}
	}
	return item;
}

static void
the_manual_has_all(void **state UNUSED)
{
	const char *top = getenv("TOP_BUILDDIR");
	char path[1024], *text = malloc(MANUAL_MAX), *item;
	FILE *stream;
	size_t i, len;

	(void)snprintf(path, sizeof(path), "%s/man/hostpass-reasons.7",
	    top != NULL ? top : ".");
	stream = fopen(path, "r");
	if (stream == NULL || text == NULL)
		fail_msg("cannot read %s", path);
	len = fread(text, 1, MANUAL_MAX - 1, stream);
	assert_true(feof(stream));
	assert_int_equal(fclose(stream), 0);
	text[len] = '\0';
	for (i = 0; i < COUNT; i++) {
		item = make_item(all[i]);
		if (strstr(text, item) == NULL)
			fail_msg("not there: %s", item);
		free(item);
	}
	free(text);
}

static void
a_detail_is_plain(void **state UNUSED)
{
	struct reason_detail detail = { "" };

	reason_say(&detail, "%s is %d", "a\x1b[31m\r\nb\xff", 7);
	assert_string_equal(detail.text, "a?[31m??b? is 7");
	reason_say(&detail, "again");
	assert_string_equal(detail.text, "again");
	reason_add(&detail, "and %s", "\xe2\x80\xae" "x");
	assert_string_equal(detail.text, "again, and ?x");
	reason_say(&detail, "%s", "");
	assert_string_equal(detail.text, "");
	reason_add(&detail, "first");
	assert_string_equal(detail.text, "first");
	reason_say(NULL, "nobody");
	reason_add(NULL, "nobody");
}

/* Cut between two characters, at the end and at each byte before it. */
static void
a_detail_is_cut(void **state UNUSED)
{
	struct reason_detail detail;
	char text[2000];
	size_t i;

	for (i = 0; i < 4; i++) {
		memset(text, 'x', i);
		memset(text + i, 0, sizeof(text) - i);
		while (strlen(text) < sizeof(text) - 4)
			memcpy(text + strlen(text), "\xf0\x9f\x94\x91", 4);
		reason_say(&detail, "%s", text);
		assert_true(text_is_plain(detail.text));
		assert_in_range(strlen(detail.text), REASON_DETAIL_SIZE - 4,
		    REASON_DETAIL_SIZE - 1);
		assert_int_equal(strncmp(detail.text, text,
		    strlen(detail.text)), 0);
	}
	for (i = 0; i < 2 * REASON_DETAIL_SIZE; i++) {
		reason_add(&detail, "x");
		assert_in_range(strlen(detail.text), 0, REASON_DETAIL_SIZE - 1);
	}
}

static void
what_may_pass(void **state UNUSED)
{
	size_t i, count = 0;

	for (i = 0; i < COUNT; i++)
		count += reason_may_pass(all[i]);
	assert_int_equal(count, 4);
	assert_true(reason_may_pass(REASON_PROVIDER_UNREACHABLE));
	assert_true(reason_may_pass(REASON_PROVIDER_TLS));
	assert_true(reason_may_pass(REASON_PROVIDER_BUSY));
	assert_true(reason_may_pass(REASON_PROVIDER_LIMITED));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(the_manual_has_all),
		cmocka_unit_test(a_detail_is_plain),
		cmocka_unit_test(a_detail_is_cut),
		cmocka_unit_test(what_may_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
