/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Pocket ID's admin API answers, as people.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/directory/pocketid.h"
#include "daemon/oidc/json.h"

#define GROUPS	"{\"a1\":[{\"key\":\"badge\",\"value\":\"blue\"},{\"key\":" \
	"\"uid\",\"value\":\"1\"}],\"b2\":[]}"

static char error[EXPORT_ERROR_MAX];

static struct json *
parse(const char *text)
{
	struct json *json = NULL;

	if (json_parse(text, strlen(text), &json) < 0)
		fail_msg("%s", text);
	return json;
}

static void
assert_claims(const char *text, const char *wanted)
{
	struct json *user = parse(text), *groups = parse(GROUPS);
	struct json *claims = NULL;
	char *result;
	int r;

	r = pocketid_user_claims(user, groups, &claims, error);
	assert_true(r == 0 || r == -EBADMSG);
	result = r == 0 ? json_write(claims) : strdup(error);
	assert_string_equal(result, wanted);
	free(result);
	json_free(claims);
	json_free(groups);
	json_free(user);
}

static void
test_users(void **state UNUSED)
{
	assert_claims("{\"id\":\"1\",\"username\":\"alice\",\"disabled\":"
	    "false}", "{\"groups\":[],\"sub\":\"1\",\"preferred_username\":"
	    "\"alice\"}");
	assert_claims("{\"id\":\"1\",\"username\":\"alice\",\"firstName\":"
	    "\"Alice\",\"lastName\":\"E\",\"displayName\":\"Alice E\","
	    "\"email\":\"a@example.com\",\"emailVerified\":true,\"disabled\":"
	    "true,\"userGroups\":[],\"isAdmin\":true}",
	    "{\"groups\":[],\"sub\":\"1\",\"preferred_username\":\"alice\","
	    "\"given_name\":\"Alice\",\"family_name\":\"E\",\"name\":"
	    "\"Alice E\",\"display_name\":\"Alice E\",\"email\":"
	    "\"a@example.com\",\"email_verified\":true,\"disabled\":true}");
	/* Unless it says so, an address is not verified. */
	assert_claims("{\"id\":\"1\",\"disabled\":false,\"email\":"
	    "\"a@example.com\",\"emailVerified\":\"true\"}", "{\"groups\":[],"
	    "\"sub\":\"1\",\"email\":\"a@example.com\",\"email_verified\":"
	    "false}");
	assert_claims("{\"id\":\"1\",\"disabled\":false,\"email\":\"\"}",
	    "{\"groups\":[],\"sub\":\"1\"}");
}

/* Those of her groups, hers above them, and the provider's own above all. */
static void
test_custom(void **state UNUSED)
{
	assert_claims("{\"id\":\"1\",\"username\":\"alice\",\"disabled\":"
	    "false,\"userGroups\":[{\"id\":\"a1\",\"name\":\"staff\"},"
	    "{\"id\":\"b2\",\"name\":\"ops\"}],\"customClaims\":["
	    "{\"key\":\"uid\",\"value\":\"20001\"},"
	    "{\"key\":\"list\",\"value\":\"[1,\\\"a\\\"]\"},"
	    "{\"key\":\"text\",\"value\":\"1, 2\"},"
	    "{\"key\":\"sub\",\"value\":\"2\"},"
	    "{\"key\":\"groups\",\"value\":\"[\\\"admins\\\"]\"},"
	    "{\"key\":\"disabled\",\"value\":\"false\"},"
	    "{\"key\":7,\"value\":\"x\"},{\"key\":\"none\"}]}",
	    "{\"badge\":\"blue\",\"uid\":20001,\"list\":[1,\"a\"],\"text\":"
	    "\"1, 2\",\"sub\":\"1\",\"groups\":[\"staff\",\"ops\"],"
	    "\"preferred_username\":\"alice\"}");
}

static void
test_users_refused(void **state UNUSED)
{
	static const char neither[] = "a user has no id, or does not say "
	    "whether she is disabled";
	static const char group[] = "a group has no id or no name";

	assert_claims("[]", neither);
	assert_claims("{\"disabled\":false}", neither);
	assert_claims("{\"id\":\"1\"}", neither);
	assert_claims("{\"id\":\"1\",\"disabled\":\"no\"}", neither);
	assert_claims("{\"id\":\"1\",\"disabled\":false,\"userGroups\":[7]}",
	    group);
	assert_claims("{\"id\":\"1\",\"disabled\":false,\"userGroups\":["
	    "{\"id\":\"a1\"}]}", group);
	assert_claims("{\"id\":\"1\",\"disabled\":false,\"userGroups\":["
	    "{\"id\":\"../a1\",\"name\":\"x\"}]}", group);
}

static void
test_group_ids(void **state UNUSED)
{
	static const struct { const char *text; bool good; } rows[] = {
		{ "{\"id\":\"0b1C-2\"}", true }, { "{\"id\":\"\"}", false },
		{ "{\"id\":\"a/b\"}", false }, { "{\"id\":7}", false },
		{ "{\"id\":\"a%2e\"}", false }, { "[]", false },
		{ "{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", false },
	};
	struct json *group;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		group = parse(rows[i].text);
		if ((pocketid_group_id(group) != NULL) != rows[i].good)
			fail_msg("%s", rows[i].text);
		json_free(group);
	}
}

static int
read_page(const char *text, int64_t number, int64_t total,
    struct pocketid_page *page)
{
	struct json *answer = parse(text);
	int r = pocketid_page_read(answer, number, total, page, error);

	json_free(answer);
	return r;
}

#define PAGE(pages, items, current) \
	"{\"data\":[],\"pagination\":{\"totalPages\":" pages \
	",\"totalItems\":" items ",\"currentPage\":" current "}}"

static void
test_pages(void **state UNUSED)
{
	struct pocketid_page page;

	assert_int_equal(read_page(PAGE("2", "101", "1"), 1, 0, &page), 0);
	assert_false(page.last);
	assert_int_equal(page.total, 101);
	assert_int_equal(read_page(PAGE("2", "101", "2"), 2, 101, &page), 0);
	assert_true(page.last);
	assert_int_equal(read_page(PAGE("2", "102", "2"), 2, 101, &page),
	    -EAGAIN);
	assert_int_equal(read_page(PAGE("2", "101", "1"), 2, 101, &page),
	    -EAGAIN);
	assert_string_equal(error, "the list changed while it was read; run "
	    "this again");
	assert_int_equal(read_page("{\"data\":{}}", 1, 0, &page), -EBADMSG);
	assert_int_equal(read_page("[]", 1, 0, &page), -EBADMSG);
	assert_int_equal(read_page(PAGE("2", "\"101\"", "1"), 1, 0, &page),
	    -EBADMSG);
	assert_string_equal(error, "this is not the list of users of Pocket "
	    "ID");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_custom),
		cmocka_unit_test(test_users_refused),
		cmocka_unit_test(test_group_ids),
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
