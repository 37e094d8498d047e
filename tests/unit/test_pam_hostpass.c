/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam/pam_hostpass.c: what each entry point returns for each kind of account.
 * Owner and relay are stand-ins here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "pam/pam_hostpass.c"
#include "tests/unit/pam_fixture.h"

static struct fixture fixture;

/* What the stand-ins say, and how they were called. */
static enum owner owner;
static int verdict;
static int asked;
static struct conversation conversation;

enum owner
owner_find(pam_handle_t *pamh, const char *path, const char *user,
    struct account *ret_account)
{
	(void)pamh;
	assert_string_equal(path, SNAPSHOT_PATH);
	assert_string_equal(user, "alice");
	if (owner == OWNER_OURS)
		*ret_account = (struct account){ .user = "alice",
		    .daemon = 997 };
	return owner;
}

static int
relay(const struct conversation *c, const char *path,
    const struct account *account)
{
	assert_string_equal(path, PROTO_SOCKET);
	assert_string_equal(account->user, "alice");
	assert_int_equal(account->daemon, 997);
	conversation = *c;
	asked++;
	return verdict;
}

int
relay_authenticate(const struct conversation *c, const char *path,
    const struct account *account)
{
	return relay(c, path, account);
}

int
relay_account(const struct conversation *c, const char *path,
    const struct account *account)
{
	return relay(c, path, account);
}

static int
begin(void **state)
{
	(void)state;
	fixture_open(&fixture, "alice", "# none\n");
	owner = OWNER_UNDECIDED;
	verdict = PAM_PERM_DENIED;
	asked = 0;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fixture_close(&fixture);
	return 0;
}

typedef int	entry_fn(pam_handle_t *, int, int, const char **);

static const struct {
	entry_fn	*entry;
	int		 undecided;
	bool		 asks;
	int		 ours;		/* if it does not ask */
} entries[] = {
	{ pam_sm_authenticate, PAM_AUTHINFO_UNAVAIL, true, 0 },
	{ pam_sm_acct_mgmt, PAM_PERM_DENIED, true, 0 },
	{ pam_sm_setcred, PAM_CRED_UNAVAIL, false, PAM_SUCCESS },
	{ pam_sm_open_session, PAM_SESSION_ERR, false, PAM_SUCCESS },
	{ pam_sm_close_session, PAM_SESSION_ERR, false, PAM_SUCCESS },
	{ pam_sm_chauthtok, PAM_PERM_DENIED, false, PAM_PERM_DENIED },
};

#define ENTRIES	(sizeof(entries) / sizeof(entries[0]))

static void
test_others_are_ignored(void **state)
{
	size_t i;

	(void)state;
	owner = OWNER_OTHERS;
	for (i = 0; i < ENTRIES; i++)
		assert_int_equal(entries[i].entry(fixture.pamh, 0, 0, NULL),
		    PAM_IGNORE);
	assert_int_equal(asked, 0);
	assert_string_equal(fixture.seen, "");
	assert_string_equal(fixture.logged, "");
}

static void
test_undecided_is_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ENTRIES; i++) {
		fixture_clear(&fixture);
		assert_int_equal(entries[i].entry(fixture.pamh, 0, 0, NULL),
		    entries[i].undecided);
		assert_non_null(strstr(fixture.logged, SNAPSHOT_PATH));
	}
	assert_int_equal(asked, 0);
}

static void
test_ours(void **state)
{
	static const int verdicts[] = { PAM_SUCCESS, PAM_AUTH_ERR,
	    PAM_PERM_DENIED, PAM_AUTHINFO_UNAVAIL };
	size_t i, v;
	int want;

	(void)state;
	owner = OWNER_OURS;
	for (v = 0; v < sizeof(verdicts) / sizeof(verdicts[0]); v++) {
		verdict = verdicts[v];
		asked = 0;
		for (i = 0; i < ENTRIES; i++) {
			want = entries[i].asks ? verdict : entries[i].ours;
			assert_int_equal(entries[i].entry(fixture.pamh, 0, 0,
			    NULL), want);
		}
		assert_int_equal(asked, 2);
	}
}

static void
test_empty_name(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(pam_set_item(fixture.pamh, PAM_USER, ""),
	    PAM_SUCCESS);
	for (i = 0; i < ENTRIES; i++)
		assert_int_equal(entries[i].entry(fixture.pamh, 0, 0, NULL),
		    PAM_USER_UNKNOWN);
}

static void
test_no_name(void **state)
{
	size_t i;
	int rc;

	(void)state;
	assert_int_equal(pam_set_item(fixture.pamh, PAM_USER, NULL),
	    PAM_SUCCESS);
	fixture.ask_result = PAM_CONV_ERR;
	for (i = 0; i < ENTRIES; i++) {
		rc = entries[i].entry(fixture.pamh, 0, 0, NULL);
		assert_int_not_equal(rc, PAM_SUCCESS);
		assert_int_not_equal(rc, PAM_IGNORE);
	}
}

static void
test_arguments(void **state)
{
	const char *prompt[] = { "conversation=prompt" };
	const char *terminal[] = { "conversation=terminal" };
	const char *unknown[] = { "conversation=none", "nullok" };

	(void)state;
	owner = OWNER_OURS;
	(void)pam_sm_authenticate(fixture.pamh, 0, 0, NULL);
	assert_int_equal(conversation.kind, PROTO_CONVERSATION_TERMINAL);
	(void)pam_sm_authenticate(fixture.pamh, 0, 1, prompt);
	assert_int_equal(conversation.kind, PROTO_CONVERSATION_PROMPT);
	assert_int_equal(pam_set_item(fixture.pamh, PAM_TTY, "ssh"),
	    PAM_SUCCESS);
	(void)pam_sm_authenticate(fixture.pamh, 0, 0, NULL);
	assert_int_equal(conversation.kind, PROTO_CONVERSATION_PROMPT);
	(void)pam_sm_authenticate(fixture.pamh, 0, 1, terminal);
	assert_int_equal(conversation.kind, PROTO_CONVERSATION_TERMINAL);
	assert_string_equal(fixture.logged, "");

	verdict = PAM_AUTH_ERR;
	assert_int_equal(pam_sm_authenticate(fixture.pamh, 0, 2, unknown),
	    PAM_AUTH_ERR);
	assert_int_equal(conversation.kind, PROTO_CONVERSATION_PROMPT);
	assert_string_equal(fixture.logged, "unknown argument: "
	    "conversation=none\nunknown argument: nullok\n");
}

static void
test_silent_flag(void **state)
{
	(void)state;
	owner = OWNER_OURS;
	/* sudo sets it, and the person needs the link nevertheless */
	(void)pam_sm_authenticate(fixture.pamh, (int)PAM_SILENT, 0, NULL);
	assert_false(conversation.silent);
	(void)pam_sm_acct_mgmt(fixture.pamh, (int)PAM_SILENT, 0, NULL);
	assert_true(conversation.silent);
	(void)pam_sm_acct_mgmt(fixture.pamh, 0, 0, NULL);
	assert_false(conversation.silent);
}

static void
test_password_change(void **state)
{
	(void)state;
	owner = OWNER_OURS;
	assert_int_equal(pam_sm_chauthtok(fixture.pamh, PAM_PRELIM_CHECK, 0,
	    NULL), PAM_PERM_DENIED);
	assert_string_equal(fixture.seen, "error: " PASSWORD_TEXT "\n");
	fixture_clear(&fixture);
	assert_int_equal(pam_sm_chauthtok(fixture.pamh,
	    (int)(PAM_PRELIM_CHECK | PAM_SILENT), 0, NULL), PAM_PERM_DENIED);
	assert_int_equal(pam_sm_chauthtok(fixture.pamh, PAM_UPDATE_AUTHTOK,
	    0, NULL), PAM_PERM_DENIED);
	assert_string_equal(fixture.seen, "");
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(test_others_are_ignored),
		IN_FIXTURE(test_undecided_is_refused),
		IN_FIXTURE(test_ours),
		IN_FIXTURE(test_empty_name),
		IN_FIXTURE(test_no_name),
		IN_FIXTURE(test_arguments),
		IN_FIXTURE(test_silent_flag),
		IN_FIXTURE(test_password_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
