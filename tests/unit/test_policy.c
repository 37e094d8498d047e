/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policy as a truth table, and the trace that `hostpass why` shows.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "daemon/policy/policy.h"

#define LIST_MAX	4
#define TRACE_MAX	512

/* What a row sets: lists end at the first NULL. */
struct rules {
	const char	*groups[LIST_MAX];
	const char	*users[LIST_MAX];
};

struct row {
	struct rules	 access;	/* [access] */
	struct rules	 sudo;		/* [access:sudo], if has_sudo */
	int		 has_sudo;
	const char	*user;
	const char	*member[LIST_MAX];
	const char	*service;
	enum reason	 expected;
};

#define G(...)		{ .groups = { __VA_ARGS__ } }
#define U(...)		{ .users = { __VA_ARGS__ } }
#define NONE		{ { NULL }, { NULL } }
#define IN(...)		{ __VA_ARGS__ }
#define NOWHERE		{ NULL }

static const struct row rows[] = {
	/* No rules: nobody, whatever else is set. */
	{ NONE, NONE, 0, "alice", NOWHERE, "sshd", REASON_NO_RULES },
	{ NONE, NONE, 0, "alice", IN("staff"), "sshd", REASON_NO_RULES },
	{ NONE, NONE, 0, "root", IN("*"), "sshd", REASON_NO_RULES },
	{ NONE, G("staff"), 1, "alice", IN("staff"), "sudo", REASON_NO_RULES },
	{ NONE, U("alice"), 1, "alice", NOWHERE, "sudo", REASON_NO_RULES },

	/* Groups are compared byte by byte. */
	{ G("staff"), NONE, 0, "alice", IN("staff"), "sshd", REASON_GRANTED },
	{ G("staff"), NONE, 0, "alice", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ G("staff"), NONE, 0, "alice", IN("Staff"), "sshd",
	    REASON_NOT_ALLOWED },
	{ G("staff"), NONE, 0, "alice", IN("staf"), "sshd",
	    REASON_NOT_ALLOWED },
	{ G("staff"), NONE, 0, "alice", IN("staffs"), "sshd",
	    REASON_NOT_ALLOWED },
	{ G("staff"), NONE, 0, "alice", IN(" staff"), "sshd",
	    REASON_NOT_ALLOWED },
	{ G("staff"), NONE, 0, "alice", IN(""), "sshd", REASON_NOT_ALLOWED },
	{ G("staff"), NONE, 0, "staff", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ G("staff"), NONE, 0, "alice", IN("a", "b", "staff"), "sshd",
	    REASON_GRANTED },
	{ G("a", "staff"), NONE, 0, "alice", IN("staff"), "sshd",
	    REASON_GRANTED },
	{ G("staff", "a"), NONE, 0, "alice", IN("staff"), "sshd",
	    REASON_GRANTED },
	{ G("a", "b"), NONE, 0, "alice", IN("c", "d"), "sshd",
	    REASON_NOT_ALLOWED },
	{ G("system admins"), NONE, 0, "alice", IN("system admins"), "sshd",
	    REASON_GRANTED },
	{ G("\xc3\xa9quipe"), NONE, 0, "alice", IN("\xc3\xa9quipe"), "sshd",
	    REASON_GRANTED },
	/* The same to the eye, but written with a combining accent. */
	{ G("\xc3\xa9quipe"), NONE, 0, "alice", IN("e\xcc\x81quipe"), "sshd",
	    REASON_NOT_ALLOWED },
	{ G("/staff/"), NONE, 0, "alice", IN("staff"), "sshd",
	    REASON_NOT_ALLOWED },
	{ G("/staff/"), NONE, 0, "alice", IN("/staff/"), "sshd",
	    REASON_GRANTED },
	{ G("*"), NONE, 0, "alice", IN("staff"), "sshd", REASON_NOT_ALLOWED },
	{ G(".*"), NONE, 0, "alice", IN("staff"), "sshd", REASON_NOT_ALLOWED },

	/* Users, exactly. */
	{ U("alice"), NONE, 0, "alice", NOWHERE, "sshd", REASON_GRANTED },
	{ U("alice"), NONE, 0, "bob", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("alice"), NONE, 0, "malice", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("alice"), NONE, 0, "alice2", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("alice"), NONE, 0, "bob", IN("alice"), "sshd",
	    REASON_NOT_ALLOWED },
	{ U("bob", "alice"), NONE, 0, "alice", NOWHERE, "sshd",
	    REASON_GRANTED },
	{ U("alice", "bob"), NONE, 0, "alice", NOWHERE, "sshd",
	    REASON_GRANTED },
	{ U("*"), NONE, 0, "alice", NOWHERE, "sshd", REASON_NOT_ALLOWED },

	/* Users by expression: the whole name or nothing. */
	{ U("/dev-.*/"), NONE, 0, "dev-a", NOWHERE, "sshd", REASON_GRANTED },
	{ U("/dev-.*/"), NONE, 0, "xdev-a", NOWHERE, "sshd",
	    REASON_NOT_ALLOWED },
	{ U("/dev/"), NONE, 0, "dev", NOWHERE, "sshd", REASON_GRANTED },
	{ U("/dev/"), NONE, 0, "devs", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("/^dev-[a-z]+$/"), NONE, 0, "dev-a", NOWHERE, "sshd",
	    REASON_GRANTED },
	{ U("/^dev-[a-z]+$/"), NONE, 0, "dev-1", NOWHERE, "sshd",
	    REASON_NOT_ALLOWED },
	{ U("/a|al|alice/"), NONE, 0, "alice", NOWHERE, "sshd",
	    REASON_GRANTED },
	{ U("/a|al/"), NONE, 0, "alice", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("/bob|lice/"), NONE, 0, "alice", NOWHERE, "sshd",
	    REASON_NOT_ALLOWED },
	{ U("/a)|b/"), NONE, 0, "alice", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("/ALICE/"), NONE, 0, "alice", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("/a(b/"), NONE, 0, "a(b", NOWHERE, "sshd", REASON_NOT_ALLOWED },
	{ U("/a*/"), NONE, 0, "", NOWHERE, "sshd", REASON_GRANTED },
	{ U("/dev-.*/", "alice"), NONE, 0, "alice", NOWHERE, "sshd",
	    REASON_GRANTED },

	/* One of the two lists is enough. */
	{ { IN("staff"), IN("alice") }, NONE, 0, "alice", NOWHERE, "sshd",
	    REASON_GRANTED },
	{ { IN("staff"), IN("alice") }, NONE, 0, "bob", IN("staff"), "sshd",
	    REASON_GRANTED },
	{ { IN("staff"), IN("alice") }, NONE, 0, "bob", IN("guests"), "sshd",
	    REASON_NOT_ALLOWED },

	/* A section for the service can only take away. */
	{ G("staff"), G("admins"), 1, "alice", IN("staff"), "sudo",
	    REASON_SERVICE_NOT_ALLOWED },
	{ G("staff"), G("admins"), 1, "alice", IN("admins"), "sudo",
	    REASON_NOT_ALLOWED },
	{ G("staff"), G("admins"), 1, "alice", IN("staff", "admins"), "sudo",
	    REASON_GRANTED },
	{ G("staff"), U("bob"), 1, "alice", IN("staff"), "sudo",
	    REASON_SERVICE_NOT_ALLOWED },
	{ G("staff"), U("/a.*/"), 1, "alice", IN("staff"), "sudo",
	    REASON_GRANTED },
	{ U("alice"), G("admins"), 1, "alice", IN("admins"), "sudo",
	    REASON_GRANTED },

	/* A login shell by sudo is sudo. */
	{ G("staff"), G("admins"), 1, "alice", IN("staff"), "sudo-i",
	    REASON_SERVICE_NOT_ALLOWED },
	{ G("staff"), G("admins"), 1, "alice", IN("staff", "admins"), "sudo-i",
	    REASON_GRANTED },

	/* It is for that service and no other. */
	{ G("staff"), G("admins"), 1, "alice", IN("staff"), "sshd",
	    REASON_GRANTED },
	{ G("staff"), G("admins"), 1, "alice", IN("staff"), "su",
	    REASON_GRANTED },
	{ G("staff"), G("admins"), 1, "alice", IN("staff"), "sud",
	    REASON_GRANTED },
	{ G("staff"), G("admins"), 1, "alice", IN("staff"), "",
	    REASON_GRANTED },

	/* Without either of them it takes nothing away. */
	{ G("staff"), NONE, 1, "alice", IN("staff"), "sudo", REASON_GRANTED },
	{ G("staff"), NONE, 1, "alice", IN("guests"), "sudo",
	    REASON_NOT_ALLOWED },
};

static size_t
count(const char *const *items)
{
	size_t i;

	for (i = 0; i < LIST_MAX && items[i] != NULL; i++)
		;
	return i;
}

/* The table's strings are lent to the list; nobody writes to them. */
static void
lend(struct config_list *list, char *items[LIST_MAX],
    const char *const *from)
{
	list->count = count(from);
	memcpy(items, from, LIST_MAX * sizeof(*items));
	list->items = items;
}

static char no_name[] = "";
static const struct config_provider nameless = { .name = no_name };

static enum reason
decide(const struct row *row, policy_trace_fn *trace, void *arg)
{
	char *lists[4][LIST_MAX], none[] = "", sudo[] = "sudo";
	struct config_access access[2] = {
		{ .service = none }, { .service = sudo, .max_age = 60 },
	};
	const struct config config = {
		.access = access,
		.access_count = row->has_sudo ? 2 : 1,
	};
	const struct policy_subject subject = {
		.user = row->user,
		.provider = &nameless,
		.groups = row->member,
		.group_count = count(row->member),
	};

	lend(&access[0].allow_groups, lists[0], row->access.groups);
	lend(&access[0].allow_users, lists[1], row->access.users);
	lend(&access[1].allow_groups, lists[2], row->sudo.groups);
	lend(&access[1].allow_users, lists[3], row->sudo.users);
	return policy_decide(&config, &subject, row->service, trace, arg);
}

static void
truth_table(void **state)
{
	enum reason reason;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reason = decide(&rows[i], NULL, NULL);
		if (reason != rows[i].expected)
			fail_msg("row %zu (%s, %s): %s, not %s", i,
			    rows[i].user, rows[i].service, reason_code(reason),
			    reason_code(rows[i].expected));
	}
}

/* Appends "+rule;" or "-rule;". */
static void
note(void *arg, const char *rule, int fits)
{
	char *trace = arg;
	size_t len = strlen(trace);

	(void)snprintf(trace + len, TRACE_MAX - len, "%c%s;",
	    fits ? '+' : '-', rule);
}

static void
assert_trace(const struct row *row, const char *expected)
{
	char trace[TRACE_MAX] = "";

	assert_int_equal(decide(row, note, trace), row->expected);
	assert_string_equal(trace, expected);
}

static void
traces(void **state)
{
	static const struct row granted = {
		{ IN("staff", "guests"), IN("alice", "/b.*/") },
		G("admins"), 1, "alice", IN("staff", "admins"), "sudo",
		REASON_GRANTED
	}, denied = {
		G("staff"), U("alice"), 1, "alice", NOWHERE, "sudo",
		REASON_NOT_ALLOWED
	}, service = {
		G("staff"), { IN("admins"), IN("/b.*/") }, 1, "alice",
		IN("staff"), "sudo", REASON_SERVICE_NOT_ALLOWED
	}, none = {
		NONE, G("admins"), 1, "alice", IN("admins"), "sudo",
		REASON_NO_RULES
	};

	(void)state;
	assert_trace(&granted, "+[access] allow_groups = staff;"
	    "-[access] allow_groups = guests;+[access] allow_users = alice;"
	    "-[access] allow_users = /b.*/;"
	    "+[access:sudo] allow_groups = admins;");
	assert_trace(&denied, "-[access] allow_groups = staff;");
	assert_trace(&service, "+[access] allow_groups = staff;"
	    "-[access:sudo] allow_groups = admins;"
	    "-[access:sudo] allow_users = /b.*/;");
	assert_trace(&none, "");
}

static struct config_provider provider;

static struct flow_policy
demanded(const struct config *config, const char *service)
{
	struct flow_policy policy;

	memset(&policy, 0xff, sizeof(policy));
	policy_sign_in(config, &provider, service, &policy);
	return policy;
}

static void
presets(void **state)
{
	char none[] = "";
	struct config_access access = { .service = none };
	struct config config = { .access = &access, .access_count = 1 };
	struct flow_policy policy;

	(void)state;
	provider.preset = CONFIG_PRESET_GENERIC;
	policy = demanded(&config, "sshd");
	assert_int_equal(policy.max_age, 0);
	assert_false(policy.fresh_auth);
	assert_int_equal(policy.amr_count, 0);
	assert_false(policy.amr_may_be_missing);

	provider.preset = CONFIG_PRESET_POCKETID;
	policy = demanded(&config, "sshd");
	assert_int_equal(policy.max_age, 0);
	assert_true(policy.fresh_auth);
	assert_int_equal(policy.amr_count, 1);
	assert_string_equal(policy.amr[0], "phr");
	assert_true(policy.amr_may_be_missing);
}

/* Each key by itself: the service's, else [access], else the preset's. */
static void
keys_of_services(void **state)
{
	char none[] = "", sudo[] = "sudo", su[] = "su", cron[] = "cron";
	char hwk[] = "hwk", pin[] = "pin", star[] = "*";
	char *two[] = { hwk, pin }, *any[] = { pin, star };
	struct config_access access[] = {
		{ .service = none, .max_age = 3600 },
		{ .service = sudo, .max_age = 900,
		    .require_amr = { two, 2 } },
		{ .service = su, .fresh_auth = CONFIG_SWITCH_NO,
		    .require_amr = { any, 2 } },
		{ .service = cron },
	};
	struct config config = { .access = access, .access_count = 4 };
	struct flow_policy policy;

	(void)state;
	provider.preset = CONFIG_PRESET_POCKETID;
	policy = demanded(&config, "sudo");
	assert_int_equal(policy.max_age, 900);
	assert_true(policy.fresh_auth);
	assert_int_equal(policy.amr_count, 2);
	assert_ptr_equal(policy.amr, two);
	assert_false(policy.amr_may_be_missing);

	policy = demanded(&config, "su");
	assert_int_equal(policy.max_age, 3600);
	assert_false(policy.fresh_auth);
	assert_int_equal(policy.amr_count, 0);

	policy = demanded(&config, "cron");
	assert_int_equal(policy.max_age, 3600);
	assert_true(policy.fresh_auth);
	assert_string_equal(policy.amr[0], "phr");

	access[0].fresh_auth = CONFIG_SWITCH_NO;
	access[0].require_amr = (struct config_list){ two, 1 };
	access[1].fresh_auth = CONFIG_SWITCH_YES;
	assert_false(demanded(&config, "sshd").fresh_auth);
	assert_true(demanded(&config, "sudo").fresh_auth);
	policy = demanded(&config, "cron");
	assert_int_equal(policy.amr_count, 1);
	assert_ptr_equal(policy.amr, two);
	assert_false(policy.amr_may_be_missing);

	access[0].max_age = 0;
	assert_int_equal(demanded(&config, "sshd").max_age, 0);
	assert_int_equal(demanded(&config, "sudo").max_age, 900);
}

/* Denials, and how the passkey's age reads. */
static void
deny_traces(void **state)
{
	char none[] = "", staff[] = "staff", alice[] = "alice", bob[] = "bob";
	char *groups[] = { staff }, *users[] = { bob, alice };
	const char *member[] = { staff };
	struct config_access access = {
		.service = none, .allow_groups = { groups, 1 },
		.deny_users = { users, 2 },
	};
	const struct config config = { .access = &access, .access_count = 1 };
	struct policy_subject subject = {
		.user = alice, .provider = &nameless, .groups = member,
		.group_count = 1,
	};
	char trace[TRACE_MAX] = "";

	(void)state;
	assert_int_equal(policy_decide(&config, &subject, "sshd", note, trace),
	    REASON_DENY_RULE);
	assert_string_equal(trace, "+[access] allow_groups = staff;"
	    "-[access] deny_users = bob;+[access] deny_users = alice;");
	access.deny_users.count = 0;
	access.passkey_max = 8 * 3600;
	trace[0] = '\0';
	assert_int_equal(policy_decide(&config, &subject, "sshd", note, trace),
	    REASON_PASSKEY_TOO_OLD);
	assert_string_equal(trace, "+[access] allow_groups = staff;"
	    "-[access] passkey_max = 8h (never used);");
	subject.now = 100000;
	subject.last_passkey = 100000 - 90;
	trace[0] = '\0';
	assert_int_equal(policy_decide(&config, &subject, "sshd", note, trace),
	    REASON_GRANTED);
	assert_string_equal(trace, "+[access] allow_groups = staff;"
	    "+[access] passkey_max = 8h (used 90s ago);");
	subject.last_passkey = 101000;
	trace[0] = '\0';
	assert_int_equal(policy_decide(&config, &subject, "sshd", note, trace),
	    REASON_PASSKEY_TOO_OLD);
	assert_string_equal(trace, "+[access] allow_groups = staff;"
	    "-[access] passkey_max = 8h (used in the future);");
}

/* A sign-in is not let in to be refused right after. */
static void
passkey_max_is_a_max_age(void **state)
{
	char none[] = "", sudo[] = "sudo", su[] = "su";
	struct config_access access[] = {
		{ .service = none, .passkey_max = 3600 },
		{ .service = sudo, .passkey_max = 7200, .max_age = 9000 },
		{ .service = su, .max_age = 900 },
	};
	struct config config = { .access = access, .access_count = 3 };

	(void)state;
	assert_int_equal(demanded(&config, "sshd").max_age, 3600);
	assert_int_equal(demanded(&config, "sudo").max_age, 7200);
	assert_int_equal(demanded(&config, "su").max_age, 900);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth_table),
		cmocka_unit_test(traces),
		cmocka_unit_test(deny_traces),
		cmocka_unit_test(passkey_max_is_a_max_age),
		cmocka_unit_test(presets),
		cmocka_unit_test(keys_of_services),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
