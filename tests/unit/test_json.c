/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON is read strictly and written as it was meant.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/json.h"

static struct json *
parse(const char *text)
{
	struct json *json;

	assert_int_equal(json_parse(text, strlen(text), &json), 0);
	return json;
}

static void
test_refused(void **state UNUSED)
{
	static const char *const texts[] = {
		"", " ", "1", "\"a\"", "null", "true", "[", "{", "[1", "[\"a]",
		"[1]x", "[1][2]", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}",
		"{\"a\" 1}", "{\"a\":}", "{a:1}", "['a']", "/**/[1]", "[1]//",
		"[1000000000000000000]", "[-9223372036854775809]",
		"[NaN]", "[nan]", "[Infinity]", "[-Infinity]", "[1e999]",
		"[nUll]", "[tru]", "[01]", "[+1]", "[.5]", "[-]", "[0x1]",
		"[\v1]", "\xef\xbb\xbf[1]", "[\"a\nb\"]", "[\"a\x1f\"]",
		/* equal keys, also when the same thing is spelt otherwise */
		"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
		"[{\"b\":{\"a\":1,\"a\":1}}]",
		/* NUL and half pairs, which json-c would change */
		"[\"\\u0000\"]", "{\"a\\u0000b\":1}", "[\"\\ud800\"]",
		"[\"\\udc00\"]", "[\"\\ud800\\u0041\"]", "[\"\\ud800x\"]",
		"[\"\\ud800\\ud800\"]", "[\"\\udc00\\udc00\"]",
		"[\"\\x\"]", "[\"\\u12\"]", "[\"\\u12g4\"]",
		/* not UTF-8: bare, cut, overlong, surrogate, too large */
		"[\"\x80\"]", "[\"\xff\"]", "[\"\xc3\"]", "[\"\xc0\xaf\"]",
		"[\"\xe0\x80\xaf\"]", "[\"\xed\xa0\x80\"]",
		"[\"\xe2\x28\xa1\"]", "[\"\xf0\x80\x80\xaf\"]", "[\"\xf4\x90\x80\x80\"]",
		"[\"\xf5\x80\x80\x80\"]",
	};
	struct json *json = NULL;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (json_parse(texts[i], strlen(texts[i]), &json) != -EBADMSG)
			fail_msg("taken: %s", texts[i]);
		assert_null(json);
	}
	assert_int_equal(json_parse("[1]\0", 4, &json), -EBADMSG);
	assert_int_equal(json_parse("[\0]", 3, &json), -EBADMSG);
}

static void
test_taken(void **state UNUSED)
{
	static const char *const texts[] = {
		"{}", "[]", " [1] \r\n\t", "{\"a\":{\"a\":1}}",
		"[{\"a\":1},{\"a\":1}]", "[\"\\\\u0000\"]", "[\":\"]",
		"{\"a:b\":\":\"}", "[\"\\\":\"]", "[null]", "[-0.5e+3]",
		"[\"\\ud83d\\ude00\"]", "[\"\xf0\x9f\x98\x80\xc3\xa9\"]",
		"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
	};
	struct json *json;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (json_parse(texts[i], strlen(texts[i]), &json) != 0)
			fail_msg("refused: %s", texts[i]);
		json_free(json);
	}
}

static void
test_limits(void **state UNUSED)
{
	char depth[2 * (JSON_DEPTH_MAX + 1)], *big;
	struct json *json;
	size_t i, len;

	for (i = JSON_DEPTH_MAX; i <= JSON_DEPTH_MAX + 1; i++) {
		memset(depth, '[', i);
		memset(depth + i, ']', i);
		if (i > JSON_DEPTH_MAX) {
			assert_int_equal(json_parse(depth, 2 * i, &json),
			    -EBADMSG);
		} else {
			assert_int_equal(json_parse(depth, 2 * i, &json), 0);
			json_free(json);
		}
	}
	len = JSON_SIZE_MAX + 1;
	big = malloc(len);
	assert_non_null(big);
	memset(big, '[', len);
	assert_int_equal(json_parse(big, JSON_SIZE_MAX, &json), -EBADMSG);
	memset(big, ' ', len);
	big[0] = '[';
	big[JSON_SIZE_MAX - 1] = ']';
	assert_int_equal(json_parse(big, JSON_SIZE_MAX, &json), 0);
	json_free(json);
	assert_int_equal(json_parse(big, len, &json), -EMSGSIZE);
	free(big);
}

static void
test_integers(void **state UNUSED)
{
	static const struct {
		const char	*text;
		int		 r;
		int64_t		 value;
	} rows[] = {
		{ "[0]", 0, 0 }, { "[-7]", 0, -7 }, { "[1e3]", 0, 1000 },
		{ "[1700000000.0]", 0, 1700000000 },
		{ "[999999999999999999]", 0, 999999999999999999 },
		{ "[-999999999999999999]", 0, -999999999999999999 },
		{ "[1e17]", -EBADMSG, 0 }, { "[-1e300]", -EBADMSG, 0 },
		{ "[1.5]", -EBADMSG, 0 }, { "[\"1\"]", -EBADMSG, 0 },
		{ "[true]", -EBADMSG, 0 }, { "[null]", -EBADMSG, 0 },
		{ "[[1]]", -EBADMSG, 0 },
	};
	struct json *json;
	int64_t value;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json = parse(rows[i].text);
		value = 0;
		if (json_integer(json_at(json, 0), &value) != rows[i].r ||
		    value != rows[i].value)
			fail_msg("%s", rows[i].text);
		json_free(json);
	}
}

static void
test_reading(void **state UNUSED)
{
	struct json *json = parse("{\"s\":\"x\",\"n\":null,\"t\":true,"
	    "\"a\":[\"y\",{\"b\":\"z\"}],\"c/d\":{\"~\":\"q\"},\"\":\"e\"}");
	bool flag = false;

	assert_string_equal(json_get_string(json, "s"), "x");
	assert_string_equal(json_get_string(json, ""), "e");
	assert_string_equal(json_get_string(json, "/a/0"), "y");
	assert_string_equal(json_get_string(json, "/a/1/b"), "z");
	assert_string_equal(json_get_string(json, "/c~1d/~0"), "q");
	assert_null(json_get(json, "/a/2"));
	assert_null(json_get(json, "/a/-"));
	assert_null(json_get(json, "/a/00"));
	assert_null(json_get(json, "/s/x"));
	assert_null(json_get(json, "n"));
	assert_true(json_has(json, "n"));
	assert_false(json_has(json, "m"));
	assert_false(json_has(json_get(json, "a"), "0"));
	assert_null(json_get(json_get(json, "s"), "x"));
	assert_null(json_get(NULL, "x"));
	assert_null(json_get_string(json, "t"));
	assert_int_equal(json_boolean(json_get(json, "t"), &flag), 0);
	assert_true(flag);
	assert_int_equal(json_boolean(json_get(json, "s"), &flag), -EBADMSG);
	assert_int_equal(json_length(json_get(json, "a")), 2);
	assert_int_equal(json_length(json), 0);
	assert_int_equal(json_length(NULL), 0);
	assert_null(json_at(json_get(json, "a"), 2));
	assert_true(json_is_object(json));
	assert_false(json_is_object(NULL));
	assert_false(json_is_array(json));
	json_free(json);
	json_free(NULL);
}

static void
test_writing(void **state UNUSED)
{
	struct json *copy, *json = json_new_object(), *list = json_new_array();
	char *text;

	json_set_string(json, "s", "a\"/\x01\xc3\xa9");
	json_set_string(json, "none", NULL);
	json_set_integer(json, "i", INT64_MIN);
	json_set_boolean(json, "b", false);
	json_append_string(list, "x");
	json_append(list, json_new_object());
	json_set(json, "l", list);
	copy = json_copy(json);
	json_free(json);
	text = json_write(copy);
	json_free(copy);
	assert_string_equal(text, "{\"s\":\"a\\\"/\\u0001\xc3\xa9\","
	    "\"i\":-9223372036854775808,\"b\":false,\"l\":[\"x\",{}]}");
	free(text);
	assert_null(json_copy(NULL));
}

/* A document that lost a part for want of memory is not written. */
static void
test_writing_without_memory(void **state UNUSED)
{
	struct json *inner = json_new_object(), *json = json_new_object();

	json_set(inner, "a", NULL);
	json_set(json, "inner", inner);
	assert_null(json_write(json));
	json_free(json);
	json = json_new_array();
	json_append(json, NULL);
	assert_null(json_write(json));
	json_free(json);
	json_set_string(NULL, "a", "b");
	assert_null(json_write(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_writing),
		cmocka_unit_test(test_writing_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
