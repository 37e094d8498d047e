/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What reaches the terminal: lines, tables, times and JSON documents.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/line.h"
#include "cli/table.h"

static char *text;
static size_t text_len;

static FILE *
catch(void)
{
	FILE *out = open_memstream(&text, &text_len);

	assert_non_null(out);
	return out;
}

static void
expect(FILE *out, const char *expected)
{
	(void)fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
test_line(void **state)
{
	FILE *out = catch();

	(void)state;
	line_print(out, "%s|%s", "a\nforged", "\x1b[2J\x7f");
	expect(out, "a?forged|?[2J?\n");
}

static void
test_time(void **state)
{
	char buf[LINE_TIME_SIZE];

	(void)state;
	(void)setenv("TZ", "UTC", 1);
	line_time(buf, 1795269780);
	assert_string_equal(buf, "2026-11-21 14:03");
	line_time(buf, 0);
	assert_string_equal(buf, "never");
	/* No such year. */
	line_time(buf, INT64_MAX);
	assert_string_equal(buf, "9223372036854775807");
}

/* Columns line up by characters; the last is not padded. */
static void
test_table(void **state)
{
	static const char *const titles[] = { "A", "B", "C" };
	struct table *table = table_new(TABLE_COLUMNS(titles), titles);
	FILE *out = catch();

	(void)state;
	table_add(table, "%s", "\xc3\x84rmel");
	table_add(table, "%d", 7);
	table_add(table, "%s", "");
	table_add(table, "%s", "");
	table_add(table, "%s", "a\x1b" "b\nc");
	table_add(table, "z");
	table_add(table, "a row that is not full is not shown");
	table_print(out, table);
	expect(out,
	    "A      B      C\n"
	    "\xc3\x84rmel  7      -\n"
	    "-      a?b?c  z\n");
	table_free(table);
	table_free(NULL);
}

static void
test_table_grows(void **state)
{
	struct table *table = table_new(2, NULL);
	FILE *out = catch();
	size_t lines = 0, i;

	(void)state;
	for (i = 0; i < 1000; i++)
		table_add(table, "%zu", i);
	table_print(out, table);
	table_free(table);
	(void)fclose(out);
	for (i = 0; i < text_len; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, 500);
	free(text);
}

/* Another kind of value, more or less than one, bad UTF-8, too deep. */
static void
test_parse_refuses(void **state)
{
	static const char *const bad[] = {
		"", "[]", "7", "{", "{}x", "{} {}",
		"{\"a\":\"\xff\"}",
		"{\"a\":[[[[[[[[1]]]]]]]]}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(document_parse(bad[i]));
}

static void
print_text(const char *json, const char *expected)
{
	struct json_object *document = document_parse(json);
	FILE *out = catch();

	assert_non_null(document);
	document_print(out, document);
	json_object_put(document);
	expect(out, expected);
}

/* The same value, but nothing that a terminal acts on. */
static void
test_print(void **state)
{
	(void)state;
	print_text("{\"a\":[1,true,null,\"b/c\\n\"]}",
	    "{\"a\":[1,true,null,\"b/c\\n\"]}\n");
	print_text("{\"a\":\"\xc3\x84\xf0\x9f\x94\x91\"}",
	    "{\"a\":\"\xc3\x84\xf0\x9f\x94\x91\"}\n");
	/* ESC, DEL, CSI as C1, right-to-left override, a tag character. */
	print_text("{\"a\":\"\\u001b\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\"}",
	    "{\"a\":\"\\u001b\\u007f\\u009b\\u202e\\udb40\\udc01\"}\n");
}

/* Bytes that are no UTF-8 can come from a damaged snapshot. */
static void
test_print_bytes(void **state)
{
	struct json_object *document = json_object_new_object();
	FILE *out = catch();

	(void)state;
	(void)json_object_object_add(document, "a",
	    json_object_new_string("\xff" "b\xe2\x80" "c\xc3"));
	document_print(out, document);
	json_object_put(document);
	expect(out, "{\"a\":\"\\ufffdb\\ufffd\\ufffdc\\ufffd\"}\n");
}

/* What is missing or of another type is empty. */
static void
test_members(void **state)
{
	struct json_object *d = document_parse(
	    "{\"s\":\"x\",\"n\":7,\"b\":true,\"a\":[1,\"y\",null]}");

	(void)state;
	assert_non_null(d);
	assert_string_equal(document_string(d, "s"), "x");
	assert_string_equal(document_string(d, "n"), "");
	assert_string_equal(document_string(d, "none"), "");
	assert_string_equal(document_string(NULL, "s"), "");
	assert_int_equal(document_integer(d, "n"), 7);
	assert_int_equal(document_integer(d, "s"), 0);
	assert_true(document_boolean(d, "b"));
	assert_false(document_boolean(d, "n"));
	assert_false(document_boolean(d, "none"));
	assert_int_equal(document_count(d, "a"), 3);
	assert_int_equal(document_count(d, "s"), 0);
	assert_null(document_at(d, "a", 3));
	assert_null(document_at(d, "s", 0));
	assert_null(document_member(document_member(d, "s"), "x"));
	json_object_put(d);
}

static void
test_list(void **state)
{
	struct json_object *d = document_parse("{\"a\":[1,\"y\",null],\"n\":[]}");
	struct table *table = table_new(2, NULL);
	FILE *out = catch();

	(void)state;
	assert_non_null(d);
	document_add_list(table, d, "a");
	document_add_list(table, d, "n");
	table_print(out, table);
	expect(out, "1, y,   -\n");
	table_free(table);
	json_object_put(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_grows),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_print_bytes),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
