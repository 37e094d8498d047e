/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The built pam_hostpass.so, loaded by the real libpam: what it exports, and
 * that accounts of /etc/passwd pass it by.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/pam_fixture.h"

static char module[PATH_MAX];

static int
find_module(void **state)
{
	const char *top = getenv("TOP_BUILDDIR");

	(void)state;
	(void)snprintf(module, sizeof(module), "%s/pam/.libs/pam_hostpass.so",
	    top == NULL ? "." : top);
	return 0;
}

static void
test_exports(void **state)
{
	static const char *const exported[] = {
		"pam_sm_authenticate", "pam_sm_setcred", "pam_sm_acct_mgmt",
		"pam_sm_open_session", "pam_sm_close_session",
		"pam_sm_chauthtok",
	};
	/* helpers of a module in sshd could be taken over by others */
	static const char *const hidden[] = {
		"relay_authenticate", "relay_account", "owner_find",
		"conversation_show", "request_account", "client_connect",
		"frame_start", "secret_free", "name_is_valid", "log_line",
		"snapshot_map",
	};
	void *handle = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	size_t i;

	(void)state;
	if (handle == NULL)
		fail_msg("%s", dlerror());
	for (i = 0; i < sizeof(exported) / sizeof(exported[0]); i++)
		assert_non_null(dlsym(handle, exported[i]));
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		assert_null(dlsym(handle, hidden[i]));
	(void)dlclose(handle);
}

/* The codes of all six calls with this end of the stack. */
static void
expect(const char *user, const char *next, int code)
{
	static char lines[8 * (PATH_MAX + 32)];
	static struct fixture f;

	(void)snprintf(lines, sizeof(lines),
	    "auth required %1$s\nauth required %2$s\n"
	    "account required %1$s\naccount required %2$s\n"
	    "session required %1$s\nsession required %2$s\n"
	    "password required %1$s\npassword required %2$s\n",
	    module, next);
	fixture_open(&f, user, lines);
	assert_int_equal(pam_authenticate(f.pamh, 0), code);
	assert_int_equal(pam_setcred(f.pamh, PAM_ESTABLISH_CRED), code);
	assert_int_equal(pam_acct_mgmt(f.pamh, 0), code);
	assert_int_equal(pam_open_session(f.pamh, 0), code);
	assert_int_equal(pam_close_session(f.pamh, 0), code);
	assert_int_equal(pam_chauthtok(f.pamh, 0), code);
	assert_string_equal(f.seen, "");
	fixture_close(&f);
}

static void
test_local_accounts_pass_by(void **state)
{
	static const char *const users[] = { "root", "daemon" };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++)
		expect(users[i], "pam_permit.so", PAM_SUCCESS);
}

/* Stepping aside lets nobody in: alone in a stack it is a refusal. */
static void
test_alone_it_refuses(void **state)
{
	static char lines[PATH_MAX + 32];
	static struct fixture f;

	(void)state;
	(void)snprintf(lines, sizeof(lines), "auth required %s\n", module);
	fixture_open(&f, "daemon", lines);
	assert_int_equal(pam_authenticate(f.pamh, 0), PAM_PERM_DENIED);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exports),
		cmocka_unit_test(test_local_accounts_pass_by),
		cmocka_unit_test(test_alone_it_refuses),
	};

	return cmocka_run_group_tests(tests, find_module, NULL);
}
