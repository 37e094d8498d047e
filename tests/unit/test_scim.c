/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A SCIM service's answers as people: what is told of a user, who is in which
 * group, and each list that contradicts itself.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/directory/scim.h"
#include "daemon/oidc/json.h"

static char error[EXPORT_ERROR_MAX];

static struct json *
parse(const char *text)
{
	struct json *json = NULL;

	if (json_parse(text, strlen(text), &json) < 0)
		fail_msg("%s", text);
	return json;
}

static const struct scim_rules by_id = { .subject = "id" };

/* The claims of a user in the groups a and b, as text, or the sentence. */
static char *
claims_by(const struct scim_rules *rules, const char *text)
{
	struct json *user = parse(text), *groups = parse("[\"a\",\"b\"]");
	struct json *claims = NULL;
	char *result;
	int r;

	r = scim_user_claims(user, rules, groups, &claims, error);
	assert_true(r == 0 || r == -EBADMSG);
	result = r == 0 ? json_write(claims) : strdup(error);
	assert_non_null(result);
	json_free(claims);
	json_free(groups);
	json_free(user);
	return result;
}

static void
assert_claims(const struct scim_rules *rules, const char *user,
    const char *wanted)
{
	char *claims = claims_by(rules, user);

	assert_string_equal(claims, wanted);
	free(claims);
}

static void
test_users(void **state UNUSED)
{
	assert_claims(&by_id, "{\"id\":\"1\",\"userName\":\"alice\"}",
	    "{\"sub\":\"1\",\"preferred_username\":\"alice\","
	    "\"groups\":[\"a\",\"b\"]}");
	assert_claims(&by_id, "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"displayName\":\"Alice E\",\"name\":{\"formatted\":\"no\","
	    "\"givenName\":\"Alice\",\"familyName\":\"E\"},\"active\":true,"
	    "\"phoneNumbers\":[{\"value\":\"555\"}],\"password\":\"p\"}",
	    "{\"sub\":\"1\",\"preferred_username\":\"alice\",\"name\":"
	    "\"Alice E\",\"given_name\":\"Alice\",\"family_name\":\"E\","
	    "\"groups\":[\"a\",\"b\"]}");
	assert_claims(&by_id, "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"name\":{\"formatted\":\"Alice F\"},\"active\":false}",
	    "{\"sub\":\"1\",\"preferred_username\":\"alice\",\"name\":"
	    "\"Alice F\",\"groups\":[\"a\",\"b\"],\"disabled\":true}");
	/* null is the same as nothing (RFC 7643 2.5). */
	assert_claims(&by_id, "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"active\":null,\"emails\":null,\"name\":null}",
	    "{\"sub\":\"1\",\"preferred_username\":\"alice\","
	    "\"groups\":[\"a\",\"b\"]}");
}

static void
test_users_refused(void **state UNUSED)
{
	const struct scim_rules external = { .subject = "externalId" };

	assert_claims(&by_id, "[]", "a user has no id");
	assert_claims(&by_id, "{\"userName\":\"alice\"}", "a user has no id");
	assert_claims(&by_id, "{\"id\":\"\",\"userName\":\"alice\"}",
	    "a user has no id");
	assert_claims(&by_id, "{\"id\":7,\"userName\":\"alice\"}",
	    "a user has no id");
	assert_claims(&by_id, "{\"id\":\"1\"}", "the user 1 has no userName");
	assert_claims(&by_id, "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"active\":\"False\"}", "the user alice is neither active nor "
	    "not");
	assert_claims(&external, "{\"id\":\"1\",\"userName\":\"alice\"}",
	    "the user alice has no externalId, which --sub names");
}

static void
test_subjects(void **state UNUSED)
{
	static const char user[] = "{\"id\":\"1\",\"externalId\":\"e\","
	    "\"userName\":\"alice\"}";
	struct scim_rules rules = { .subject = "externalId" };

	assert_claims(&rules, user, "{\"sub\":\"e\",\"preferred_username\":"
	    "\"alice\",\"groups\":[\"a\",\"b\"]}");
	rules.subject = "userName";
	assert_claims(&rules, user, "{\"sub\":\"alice\","
	    "\"preferred_username\":\"alice\",\"groups\":[\"a\",\"b\"]}");
}

static void
test_emails(void **state UNUSED)
{
	static const char user[] = "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"emails\":[7,{\"value\":\"\"},{\"value\":\"first@example.com\","
	    "\"primary\":false},{\"value\":\"a@example.com\",\"primary\":"
	    "true},{\"value\":\"last@example.com\"}]}";
	struct scim_rules rules = by_id;

	assert_claims(&rules, user, "{\"sub\":\"1\",\"preferred_username\":"
	    "\"alice\",\"email\":\"a@example.com\",\"email_verified\":false,"
	    "\"groups\":[\"a\",\"b\"]}");
	rules.emails_verified = true;
	assert_claims(&rules, "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"emails\":[{\"value\":\"x@example.com\"},{\"value\":\"y\"}]}",
	    "{\"sub\":\"1\",\"preferred_username\":\"alice\",\"email\":"
	    "\"x@example.com\",\"email_verified\":true,"
	    "\"groups\":[\"a\",\"b\"]}");
	assert_claims(&rules, "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"emails\":\"x@example.com\"}", "{\"sub\":\"1\","
	    "\"preferred_username\":\"alice\",\"groups\":[\"a\",\"b\"]}");
}

/* Attributes that were asked for, and no more of them. */
static void
test_claims(void **state UNUSED)
{
	const struct scim_rules rules = {
		.subject = "id", .claim_count = 3, .claims = {
			{ "uid", "/urn:example:posix:2.0:User/uidNumber" },
			{ "title", "title" },
			{ "name", "title" },
		},
	};

	assert_claims(&rules, "{\"id\":\"1\",\"userName\":\"alice\","
	    "\"displayName\":\"Alice\",\"urn:example:posix:2.0:User\":"
	    "{\"uidNumber\":20001,\"gidNumber\":20002}}",
	    "{\"uid\":20001,\"sub\":\"1\",\"preferred_username\":\"alice\","
	    "\"name\":\"Alice\",\"groups\":[\"a\",\"b\"]}");
}

static int
read_page(const char *text, int64_t start, int64_t total,
    struct scim_page *page)
{
	struct json *answer = parse(text);
	int r = scim_page_read(answer, start, total, page, error);

	json_free(answer);
	return r;
}

static void
test_pages(void **state UNUSED)
{
	struct scim_page page;

	assert_int_equal(read_page("{\"totalResults\":3,\"startIndex\":1,"
	    "\"itemsPerPage\":2,\"Resources\":[{},{}]}", 1, -1, &page), 0);
	assert_int_equal(page.total, 3);
	assert_int_equal(page.next, 3);
	assert_false(page.last);
	assert_int_equal(read_page("{\"totalResults\":3,\"startIndex\":3,"
	    "\"Resources\":[{}]}", 3, 3, &page), 0);
	assert_true(page.last);
	/* Nobody at all, which need not be said by an array. */
	assert_int_equal(read_page("{\"totalResults\":0}", 1, -1, &page), 0);
	assert_true(page.last);
	assert_int_equal(read_page("{\"totalResults\":0,\"startIndex\":0,"
	    "\"Resources\":[]}", 1, -1, &page), 0);
	assert_true(page.last);
}

static void
test_pages_refused(void **state UNUSED)
{
	static const struct {
		const char	*text;
		int64_t		 start, total;
		int		 r;
		const char	*words;
	} rows[] = {
		{ "[]", 1, -1, -EBADMSG, "no list of a SCIM 2.0 service" },
		{ "{}", 1, -1, -EBADMSG, "no list" },
		{ "{\"totalResults\":\"2\"}", 1, -1, -EBADMSG, "no list" },
		{ "{\"totalResults\":-1}", 1, -1, -EBADMSG, "no list" },
		{ "{\"totalResults\":1,\"Resources\":{}}", 1, -1, -EBADMSG,
		    "no list" },
		{ "{\"totalResults\":1,\"startIndex\":\"1\",\"Resources\":[1]"
		    "}", 1, -1, -EBADMSG, "no list" },
		{ "{\"totalResults\":4,\"Resources\":[1]}", 3, 3, -EAGAIN,
		    "changed while it was read" },
		{ "{\"totalResults\":3,\"startIndex\":1,\"Resources\":[1]}",
		    3, 3, -EBADMSG, "begins with 1 where 3 was asked" },
		{ "{\"totalResults\":3,\"Resources\":[]}", 3, 3, -EBADMSG,
		    "that it has 3 entries, and has fewer" },
		{ "{\"totalResults\":1}", 1, -1, -EBADMSG, "has fewer" },
		{ "{\"totalResults\":3,\"Resources\":[1,2]}", 3, 3, -EBADMSG,
		    "that it has 3 entries, and has more" },
		{ "{\"totalResults\":0,\"Resources\":[1]}", 1, -1, -EBADMSG,
		    "has more" },
	};
	struct scim_page page;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		*error = '\0';
		if (read_page(rows[i].text, rows[i].start, rows[i].total,
		    &page) != rows[i].r || strstr(error, rows[i].words) == NULL)
			fail_msg("%s: %s", rows[i].text, error);
	}
}

static int
add_group(struct scim_groups *groups, const char *text)
{
	struct json *group = parse(text);
	int r = scim_groups_add(groups, group, error);

	json_free(group);
	return r;
}

static void
assert_groups(struct scim_groups *groups, const char *id, const char *wanted)
{
	struct json *names;
	char *text;

	assert_int_equal(scim_groups_of(groups, id, &names, error), 0);
	text = json_write(names);
	assert_string_equal(text, wanted);
	free(text);
	json_free(names);
}

/* Groups in groups, in a ring and by two ways; and members who are nobody. */
static void
test_groups(void **state UNUSED)
{
	struct scim_groups *groups = scim_groups_new();

	assert_int_equal(add_group(groups, "{\"id\":\"g1\",\"displayName\":"
	    "\"staff\",\"members\":[{\"value\":\"u1\"},{\"value\":\"u2\"}]}"),
	    0);
	assert_int_equal(add_group(groups, "{\"id\":\"g2\",\"displayName\":"
	    "\"ops\",\"members\":[{\"value\":\"u1\"},{\"value\":\"g3\","
	    "\"type\":\"Group\"},{\"value\":\"gone\"}]}"), 0);
	assert_int_equal(add_group(groups, "{\"id\":\"g3\",\"displayName\":"
	    "\"admins\",\"members\":[{\"value\":\"u3\"},{\"value\":\"g4\"}]}"),
	    0);
	assert_int_equal(add_group(groups, "{\"id\":\"g4\",\"displayName\":"
	    "\"ring\",\"members\":[{\"value\":\"g2\"},{\"value\":\"g4\"},"
	    "{\"value\":\"u3\"}]}"), 0);
	assert_int_equal(add_group(groups, "{\"id\":\"g5\",\"displayName\":"
	    "\"empty\"}"), 0);
	assert_groups(groups, "u1", "[\"staff\",\"ops\",\"ring\",\"admins\"]");
	assert_groups(groups, "u2", "[\"staff\"]");
	assert_groups(groups, "u3", "[\"admins\",\"ring\",\"ops\"]");
	assert_groups(groups, "u4", "[]");
	assert_groups(groups, "/u5", "[]");
	assert_int_equal(scim_groups_strangers(groups), 1);
	scim_groups_free(groups);
}

static void
test_groups_refused(void **state UNUSED)
{
	static const char *const wrong[] = { "[]", "{}", "{\"id\":\"x\"}",
	    "{\"id\":\"\",\"displayName\":\"x\"}",
	    "{\"id\":\"x\",\"displayName\":\"\"}", "{\"displayName\":\"x\"}",
	    "{\"id\":\"x\",\"displayName\":\"x\",\"members\":{}}",
	    "{\"id\":\"x\",\"displayName\":7}" };
	struct scim_groups *groups = scim_groups_new();
	struct json *names;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(add_group(groups, wrong[i]), -EBADMSG);
	assert_int_equal(add_group(groups, "{\"id\":\"g1\",\"displayName\":"
	    "\"staff\",\"members\":[]}"), 0);
	assert_int_equal(add_group(groups, "{\"id\":\"g1\",\"displayName\":"
	    "\"other\",\"members\":[]}"), -EAGAIN);
	assert_int_equal(add_group(groups, "{\"id\":\"g2\",\"displayName\":"
	    "\"staff\",\"members\":[]}"), -EBADMSG);
	assert_string_equal(error, "two groups have the name staff; hosts "
	    "could not tell them apart");
	assert_int_equal(add_group(groups, "{\"id\":\"g3\",\"displayName\":"
	    "\"c\",\"members\":[7]}"), -EBADMSG);
	assert_int_equal(add_group(groups, "{\"id\":\"g4\",\"displayName\":"
	    "\"d\",\"members\":[{\"display\":\"alice\"}]}"), -EBADMSG);
	assert_string_equal(error, "a member of the group d has no value");
	/* Whose members would the group's be? */
	assert_int_equal(scim_groups_of(groups, "g1", &names, error),
	    -EBADMSG);
	assert_string_equal(error, "a user and a group have the id g1");
	scim_groups_free(groups);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_users_refused),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_emails),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_pages_refused),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_groups_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
