/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a claim stands and what its texts are: a table for each.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/claims.h"
#include "daemon/oidc/json.h"
#include "tests/unit/oidc_mint.h"

#define TEXT_MAX	256

static struct json *
parse(const char *text)
{
	struct json *json;

	if (json_parse(text, strlen(text), &json) < 0)
		fail_msg("not JSON: %s", text);
	return json;
}

/* Some as Auth0, Keycloak and Pocket ID write them. */
static const char shapes[] = "{"
	"\"groups\":\"plain\","
	"\"https://example.com/groups\":\"address\","
	"\"realm_access\":{\"roles\":\"realm\",\"null\":null},"
	"\"resource_access\":{\"my.app\":{\"roles\":\"client\"},"
	    "\"host\":{\"roles\":[\"first\",\"second\"]}},"
	"\"a\":{\"b\":\"deep\",\"\":\"nameless\",\"/b\":\"slash\"},"
	"\"a.b\":\"flat\","
	"\"c.d\":null,\"c\":{\"d\":\"hidden\"},"
	"\"e\":\"text\","
	"\"x/y\":\"written with a slash\","
	"\"\":{\"b\":\"below nothing\"}"
	"}";

static void
test_paths(void **state UNUSED)
{
	static const struct {
		const char	*path;
		const char	*value;	/* NULL: not there */
	} rows[] = {
		{ "groups", "plain" },
		{ "Groups", NULL },
		{ "group", NULL },
		{ "groups.", NULL },
		{ ".groups", NULL },
		{ "groups ", NULL },
		{ "https://example.com/groups", "address" },
		{ "https://example", NULL },
		/* dots */
		{ "realm_access.roles", "realm" },
		{ "realm_access", NULL },	/* an object */
		{ "realm_access.role", NULL },
		{ "realm_access.roles.roles", NULL },
		{ "realm_access..roles", NULL },
		{ "realm_access.null", NULL },
		{ "e.text", NULL },
		{ ".", NULL },
		/* a name may be empty, as RFC 8259 has it */
		{ "a.", "nameless" },
		{ ".b", "below nothing" },
		/* the name goes before the dots, even if it is null */
		{ "a.b", "flat" },
		{ "c.d", NULL },
		{ "a./b", NULL },
		/* which is why this needs a pointer */
		{ "resource_access.my.app.roles", NULL },
		{ "/resource_access/my.app/roles", "client" },
		{ "/a/b", "deep" },
		{ "/c/d", "hidden" },
		{ "/resource_access/host/roles/1", "second" },
		{ "/resource_access/host/roles/2", NULL },
		{ "resource_access.host.roles.1", NULL },
		{ "/x~1y", "written with a slash" },
		{ "/x/y", NULL },
		{ "/a.b", "flat" },
		{ "/groups/", NULL },
		{ "/realm_access/null", NULL },
	};
	const char *value;
	struct json *json = parse(shapes);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		value = json_string(claims_get(json, rows[i].path));
		if ((value == NULL) != (rows[i].value == NULL) ||
		    (value != NULL && strcmp(value, rows[i].value) != 0))
			fail_msg("%s: %s", rows[i].path,
			    value != NULL ? value : "not there");
	}
	assert_null(claims_get(NULL, "groups"));
	assert_null(claims_get(NULL, "a.b"));
	json_free(json);
}

/* Longer than any name, in one part and in the last of two. */
static void
test_long_paths(void **state UNUSED)
{
	char path[1024];
	struct json *json = parse(shapes);

	memset(path, 'a', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_null(claims_get(json, path));
	path[1] = '.';
	assert_null(claims_get(json, path));
	json_free(json);
}

static int
note(void *arg, const char *item)
{
	char *text = arg;

	assert_true(strlen(text) + strlen(item) + 2 < TEXT_MAX);
	strncat(text, item, TEXT_MAX - 1 - strlen(text));
	strncat(text, ";", TEXT_MAX - 1 - strlen(text));
	return 0;
}

static void
test_lists(void **state UNUSED)
{
	static const struct {
		const char	*claim;
		char		 separator;
		const char	*items;	/* NULL: refused */
	} rows[] = {
		{ "[]", '\0', "" },
		{ "[\"a\"]", '\0', "a;" },
		{ "[\"a\",\"b c\",\" d,e \"]", '\0', "a;b c; d,e ;" },
		{ "[\"\",\"a\"]", '\0', ";a;" },
		/* an array is not split, whatever strings are */
		{ "[\"a b\",\"c,d\"]", ' ', "a b;c,d;" },
		{ "[\"a b\",\"c,d\"]", ',', "a b;c,d;" },
		/* one name */
		{ "\"a\"", '\0', "a;" },
		{ "\"a b,c\"", '\0', "a b,c;" },
		{ "\" a \"", '\0', " a ;" },
		{ "\"\"", '\0', ";" },
		/* blanks */
		{ "\"a\"", ' ', "a;" },
		{ "\"a b,c d\"", ' ', "a;b,c;d;" },
		{ "\"  a   b \"", ' ', "a;b;;" },
		{ "\"\"", ' ', ";" },
		{ "\"a\\tb\"", ' ', "a\tb;" },
		/* commas */
		{ "\"a\"", ',', "a;" },
		{ "\"a,b c,d\"", ',', "a;b c;d;" },
		{ "\" a , b c ,\"", ',', "a;b c;;" },
		{ "\",\"", ',', ";;" },
		{ "\"\"", ',', ";" },
		/* nothing else is a list, or an empty one */
		{ "{}", '\0', NULL },
		{ "{\"a\":\"b\"}", ' ', NULL },
		{ "1", '\0', NULL },
		{ "0", ',', NULL },
		{ "true", '\0', NULL },
		{ "false", ' ', NULL },
		{ "null", '\0', NULL },
		{ "[1]", '\0', NULL },
		{ "[\"a\",null]", '\0', NULL },
		{ "[\"a\",[\"b\"]]", '\0', NULL },
		{ "[{\"name\":\"a\"}]", '\0', NULL },
	};
	char items[TEXT_MAX], *text;
	struct json *json;
	size_t i;
	int r;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		text = mint_text("{\"g\":%s}", rows[i].claim);
		json = parse(text);
		items[0] = '\0';
		r = claims_each(claims_get(json, "g"), rows[i].separator, note,
		    items);
		if (r != (rows[i].items != NULL ? 0 : -EBADMSG) ||
		    (r == 0 && strcmp(items, rows[i].items) != 0))
			fail_msg("%s by '%c': %d %s", rows[i].claim,
			    rows[i].separator, r, items);
		json_free(json);
		free(text);
	}
}

static int
count(void *arg, const char *item UNUSED)
{
	size_t *number = arg;

	++*number;
	return 0;
}

/* {"g":[WORD,WORD...]}, or with '"' in front and behind, {"g":"x,x..."}. */
static struct json *
repeat(const char *open, const char *word, size_t times, const char *close)
{
	size_t size = 16 + times * (strlen(word) + 1), i;
	char *text = calloc(1, size), *p;
	struct json *json;

	assert_non_null(text);
	p = stpcpy(text, open);
	for (i = 0; i < times; i++) {
		if (i > 0)
			*p++ = ',';
		p = stpcpy(p, word);
	}
	(void)stpcpy(p, close);
	json = parse(text);
	free(text);
	return json;
}

static void
assert_count(struct json *json, int r, size_t wanted)
{
	size_t number = 0;

	assert_int_equal(claims_each(claims_get(json, "g"), ',', count,
	    &number), r);
	if (r == 0)
		assert_int_equal(number, wanted);
	json_free(json);
}

static void
test_limits(void **state UNUSED)
{
	char item[CLAIMS_ITEM_MAX + 4];

	assert_count(repeat("{\"g\":[", "\"a\"", CLAIMS_LIST_MAX, "]}"), 0,
	    CLAIMS_LIST_MAX);
	assert_count(repeat("{\"g\":[", "\"a\"", CLAIMS_LIST_MAX + 1, "]}"),
	    -EBADMSG, 0);
	assert_count(repeat("{\"g\":\"", "a", CLAIMS_LIST_MAX, "\"}"), 0,
	    CLAIMS_LIST_MAX);
	assert_count(repeat("{\"g\":\"", "a", CLAIMS_LIST_MAX + 1, "\"}"),
	    -EBADMSG, 0);
	memset(item, 'a', sizeof(item));
	item[0] = '"';
	item[CLAIMS_ITEM_MAX + 1] = '"';
	item[CLAIMS_ITEM_MAX + 2] = '\0';
	assert_count(repeat("{\"g\":", item, 1, "}"), 0, 1);
	assert_count(repeat("{\"g\":[", item, 1, "]}"), 0, 1);
	item[CLAIMS_ITEM_MAX + 1] = 'a';
	item[CLAIMS_ITEM_MAX + 2] = '"';
	item[CLAIMS_ITEM_MAX + 3] = '\0';
	assert_count(repeat("{\"g\":", item, 1, "}"), -EBADMSG, 0);
	assert_count(repeat("{\"g\":[", item, 1, "]}"), -EBADMSG, 0);
}

static int
give_up(void *arg, const char *item UNUSED)
{
	(void)count(arg, item);
	return -ENOMEM;
}

static void
test_end(void **state UNUSED)
{
	static const char *const lists[] = {
		"{\"g\":\"a,b\"}", "{\"g\":[\"a\",\"b\"]}", "{\"g\":\"\"}",
	};
	struct json *json;
	size_t i, number;

	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		json = parse(lists[i]);
		number = 0;
		assert_int_equal(claims_each(claims_get(json, "g"), ',',
		    give_up, &number), -ENOMEM);
		assert_int_equal(number, 1);
		json_free(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_long_paths),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
