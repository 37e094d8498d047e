/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam/owner.c: a table of what snapshot and system can say about a name. The
 * snapshot and NSS are stand-ins here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "pam/owner.c"	/* for find_local() and the snapshot's types */

#include <stdlib.h>
#include <unistd.h>

#define DAEMON	997
#define NOBODY	UINT32_MAX

/* What the stand-ins say. */
static struct world {
	int		map;		/* result of snapshot_map() */
	int		find;		/* ... of snapshot_user_by_name() */
	uint32_t	uid;
	bool		may_sign_in;
	int		sign_in;	/* ... of snapshot_sign_in_uid() */
	uint32_t	computed;
	uint32_t	resolved;	/* uid that NSS gives, or NOBODY */
	int		mapped;		/* mappings that are open */
} world;

int
snapshot_map(const char *path, struct snapshot *ret)
{
	assert_string_equal(path, "/snapshot");
	if (world.map != 0)
		return world.map;
	*ret = (struct snapshot){ .owner = DAEMON };
	world.mapped++;
	return 0;
}

void
snapshot_unmap(struct snapshot *snapshot)
{
	(void)snapshot;
	world.mapped--;
}

int
snapshot_user_by_name(const struct snapshot *snapshot, const char *name,
    struct snapshot_user *ret)
{
	(void)snapshot;
	(void)name;
	if (world.find == 0)
		*ret = (struct snapshot_user){ .uid = world.uid };
	return world.find;
}

bool
snapshot_caller_may_sign_in(const struct snapshot *snapshot)
{
	(void)snapshot;
	return world.may_sign_in;
}

int
snapshot_sign_in_uid(const struct snapshot *snapshot, const char *name,
    uint32_t *ret_uid)
{
	(void)snapshot;
	(void)name;
	if (world.sign_in == 0)
		*ret_uid = world.computed;
	return world.sign_in;
}

struct passwd *
pam_modutil_getpwnam(pam_handle_t *pamh, const char *user)
{
	static struct passwd entry;

	(void)pamh;
	(void)user;
	if (world.resolved == NOBODY)
		return NULL;
	entry.pw_uid = world.resolved;
	return &entry;
}

#define A	1900000000u	/* uids */
#define B	1900000001u

/* "daemon" is in /etc/passwd wherever this runs, "alice" is not. */
static const struct row {
	const char	*what;
	const char	*user;
	struct world	 world;
	enum owner	 owner;
} rows[] = {
	{ "no snapshot", "alice", { .map = -ENOENT, .resolved = A },
	    OWNER_OTHERS },
	{ "known, and NSS agrees", "alice", { .uid = A, .resolved = A },
	    OWNER_OURS },
	{ "known, NSS is not set up", "alice", { .uid = A,
	    .resolved = NOBODY }, OWNER_OURS },
	{ "known, but another account has the name", "alice", { .uid = A,
	    .resolved = B }, OWNER_OTHERS },
	{ "known, but a root account has the name", "toor", { .uid = A,
	    .resolved = 0 }, OWNER_OTHERS },
	{ "root", "root", { .uid = A, .resolved = A }, OWNER_OTHERS },
	{ "root in a broken snapshot", "root", { .map = -EUCLEAN },
	    OWNER_OTHERS },
	{ "invalid: upper case", "Alice", { .uid = A, .resolved = A },
	    OWNER_OTHERS },
	{ "invalid: digit", "1000", { .uid = A, .resolved = A },
	    OWNER_OTHERS },
	{ "invalid: 33 bytes", "abcdefghijklmnopqrstuvwxyz0123456",
	    { .uid = A, .resolved = A }, OWNER_OTHERS },
	{ "32 bytes", "abcdefghijklmnopqrstuvwxyz012345",
	    { .uid = A, .resolved = A }, OWNER_OURS },
	{ "invalid: newline", "alice\n", { .uid = A, .resolved = A },
	    OWNER_OTHERS },
	{ "invalid: path", "../alice", { .uid = A, .resolved = A },
	    OWNER_OTHERS },
	{ "first sign-in", "alice", { .find = -ENOENT, .may_sign_in = true,
	    .computed = A, .resolved = A }, OWNER_OURS },
	{ "first sign-in, not by a login program", "alice", {
	    .find = -ENOENT, .computed = A, .resolved = A }, OWNER_OTHERS },
	{ "first sign-in, no uid for the name", "alice", { .find = -ENOENT,
	    .may_sign_in = true, .sign_in = -ENOENT, .computed = A,
	    .resolved = A }, OWNER_OTHERS },
	{ "first sign-in, NSS says another uid", "alice", {
	    .find = -ENOENT, .may_sign_in = true, .computed = A,
	    .resolved = B }, OWNER_OTHERS },
	{ "first sign-in, NSS knows nobody", "alice", { .find = -ENOENT,
	    .may_sign_in = true, .computed = A, .resolved = NOBODY },
	    OWNER_OTHERS },
	{ "unknown, of another directory", "alice", { .find = -ENOENT,
	    .sign_in = -ENOENT, .resolved = B }, OWNER_OTHERS },
	{ "broken file", "alice", { .map = -EUCLEAN, .resolved = A },
	    OWNER_UNDECIDED },
	{ "file not readable", "alice", { .map = -EACCES, .resolved = A },
	    OWNER_UNDECIDED },
	{ "no memory", "alice", { .map = -ENOMEM, .resolved = A },
	    OWNER_UNDECIDED },
	{ "broken entry", "alice", { .find = -EUCLEAN, .resolved = A },
	    OWNER_UNDECIDED },
	{ "broken file, local account", "daemon", { .map = -EUCLEAN,
	    .resolved = 1 }, OWNER_OTHERS },
	{ "broken entry, local account", "daemon", { .find = -EUCLEAN,
	    .resolved = 1 }, OWNER_OTHERS },
	{ "broken file, unknown name", "alice", { .map = -EUCLEAN,
	    .resolved = NOBODY }, OWNER_UNDECIDED },
};

static void
test_table(void **state)
{
	static char handle;	/* only passed on */
	struct account account;
	enum owner owner;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];

		world = r->world;
		account = (struct account){ .user = "kept", .daemon = 5 };
		owner = owner_find((pam_handle_t *)(void *)&handle,
		    "/snapshot", r->user, &account);
		if (owner != r->owner)
			fail_msg("%s: %d", r->what, (int)owner);
		assert_int_equal(world.mapped, 0);
		assert_string_equal(account.user, owner == OWNER_OURS ?
		    r->user : "kept");
		assert_int_equal(account.daemon, owner == OWNER_OURS ?
		    DAEMON : 5);
	}
}

static void
test_find_local(void **state)
{
	char path[] = "/tmp/hostpass.XXXXXX";
	int fd = mkstemp(path);
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	(void)fputs("ann:x:1:1::/:/bin/sh\n# bob\n\nbobby:x:2:2::/:/bin/sh\n",
	    file);
	(void)fflush(file);
	assert_int_equal(find_local(path, "ann"), 0);
	assert_int_equal(find_local(path, "bobby"), 0);
	assert_int_equal(find_local(path, "bob"), -ENOENT);
	/* a line that does not fit hides what comes after it */
	(void)fprintf(file, "eve:x:3:3:%*s:/:/bin/sh\nfay:x:4:4::/:/bin/sh\n",
	    PASSWD_LINE_MAX, "");
	(void)fclose(file);
	assert_int_equal(find_local(path, "ann"), 0);
	assert_int_equal(find_local(path, "fay"), -ERANGE);
	(void)unlink(path);
	assert_int_equal(find_local(path, "ann"), -ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_find_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
