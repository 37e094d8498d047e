/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The name grammar, the reserved ids and terminal-safe text.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "common/names.h"

static void
test_valid_names(void **state UNUSED)
{
	static const char *const valid[] = {
		"a", "_", "alice", "root", "_apt", "a1", "dev-1", "a.b", "a_b",
		"a-", "abcdefghijklmnopqrstuvwxyz012345",
	};
	size_t i;

	for (i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
		assert_true(name_is_valid(valid[i]));
}

static void
test_invalid_names(void **state UNUSED)
{
	static const char *const invalid[] = {
		"", "ROOT", "Alice", "aliCe", "1000", "0x0", "1a", "-x", ".x",
		"..", "../x", "a/b", "a b", " a", "a\n", "a:b", "a@b", "a+b",
		"a$", "a\\b", "a*", "a,b", "a%u", "\xc3\xa9lise", "ali\xc3\xa7",
		"a\x7f", "a\x80", "abcdefghijklmnopqrstuvwxyz0123456",
	};
	size_t i;

	assert_false(name_is_valid(NULL));
	for (i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		assert_false(name_is_valid(invalid[i]));
}

/* The last id before each reserved range, its ends, and the first after. */
static void
test_ids(void **state UNUSED)
{
	static const uint32_t allowed[] = {
		1000, 61183, 65520, 65533, 65536, 524287, 1879048192,
		2147483646, 0xfffffffe,
	};
	static const uint32_t reserved[] = {
		0, 1, 999, 61184, 65519, 65534, 65535, 524288, 1879048191,
		0xffffffff,
	};
	size_t i;

	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		assert_true(id_is_allowed(allowed[i]));
	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		assert_false(id_is_allowed(reserved[i]));
}

struct text {
	const char	*in;
	const char	*plain;		/* NULL: as it is */
};

static const struct text texts[] = {
	{ "", NULL },
	{ "Alice Example", NULL },
	{ "\xc3\x84rger \xe2\x82\xac \xf0\x9f\x94\x91", NULL },
	{ "a\nb", "a?b" },
	{ "\x1b[31m", "?[31m" },
	{ "a\x7f", "a?" },
	{ "\xc2\x9b" "31m", "?31m" },			/* C1 CSI */
	{ "\xc2\xad", "?" },				/* soft hyphen */
	{ "a\xe2\x80\xae" "b", "a?b" },			/* U+202E */
	{ "a\xe2\x80\x8b" "b", "a?b" },			/* U+200B */
	{ "\xe2\x80\xa8", "?" },			/* U+2028 */
	{ "\xe2\x81\xa6", "?" },			/* U+2066 */
	{ "\xd8\x9c", "?" },				/* U+061C */
	{ "\xef\xbb\xbf" "a", "?a" },			/* U+FEFF */
	{ "\xf3\xa0\x80\x81", "?" },			/* U+E0001 */
	{ "a\xff", "a?" },
	{ "\x80", "?" },
	{ "\xc3", "?" },				/* cut short */
	{ "\xe2\x82", "??" },
	{ "\xc0\xaf", "??" },				/* overlong */
	{ "\xe0\x80\xaf", "???" },
	{ "\xf0\x80\x80\xaf", "????" },
	{ "\xed\xa0\x80", "???" },			/* a surrogate */
	{ "\xf4\x90\x80\x80", "????" },			/* past U+10FFFF */
	{ "\xf8\x88\x80\x80\x80", "?????" },
};

static void
test_text(void **state UNUSED)
{
	char buf[64];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(text_is_plain(texts[i].in),
		    texts[i].plain == NULL);
		text_copy_plain(buf, sizeof(buf), texts[i].in);
		assert_string_equal(buf, texts[i].plain == NULL ?
		    texts[i].in : texts[i].plain);
	}
}

/* Never more than size bytes, always a NUL, never half a character. */
static void
test_text_is_cut(void **state UNUSED)
{
	static const char text[] = "a\xe2\x82\xac" "b\n";
	static const char *const cut[] = {
		NULL, "", "a", "a", "a", "a\xe2\x82\xac",
		"a\xe2\x82\xac" "b", "a\xe2\x82\xac" "b?",
	};
	char buf[16];
	size_t size;

	for (size = 0; size < sizeof(cut) / sizeof(cut[0]); size++) {
		memset(buf, 0xaa, sizeof(buf));
		text_copy_plain(buf, size, text);
		if (size > 0)
			assert_string_equal(buf, cut[size]);
		assert_int_equal((unsigned char)buf[size], 0xaa);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid_names),
		cmocka_unit_test(test_invalid_names),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_is_cut),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
