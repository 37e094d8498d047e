/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entry points of the NSS module, called as glibc calls them, with every
 * length of buffer. The linker puts the functions below in place of geteuid()
 * and readlink(), to play different callers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nss/nss_hostpass.h"
#include "tests/unit/snapshot_sample.h"

#define BUFFER		512
#define CANARY		0xaa

uid_t	__wrap_geteuid(void);
ssize_t	__wrap_readlink(const char *path, char *buf, size_t size);

static struct sample_directory place;
struct snapshot_cache nss_snapshot;

static uid_t caller_uid;
static const char *caller_path;
static int caller_asked;

uid_t
__wrap_geteuid(void)
{
	return caller_uid;
}

ssize_t
__wrap_readlink(const char *path, char *buf, size_t size)
{
	caller_asked++;
	assert_string_equal(path, "/proc/self/exe");
	if (caller_path == NULL) {
		errno = EACCES;
		return -1;
	}
	assert_true(strlen(caller_path) < size);
	memcpy(buf, caller_path, strlen(caller_path));
	return (ssize_t)strlen(caller_path);
}

static void
publish(const struct snapshot_write_input *in)
{
	assert_int_equal(snapshot_write(place.path, in), 0);
}

/* Start over as a process that has looked nothing up yet. */
static void
forget_mapping(void)
{
	memset(&nss_snapshot, 0, sizeof(nss_snapshot));
	nss_snapshot.path = place.path;
}

static int
start(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();

	sample_directory_make(&place);
	forget_mapping();
	publish(&in);
	caller_uid = 1000;
	caller_path = "/usr/bin/id";
	caller_asked = 0;
	return 0;
}

static int
clean_up(void **state UNUSED)
{
	(void)_nss_hostpass_endpwent();
	(void)_nss_hostpass_endgrent();
	sample_directory_remove(&place);
	return 0;
}

static char buffer[BUFFER + 64];

static bool
is_in_buffer(const void *p, size_t size)
{
	uintptr_t at = (uintptr_t)p, start_at = (uintptr_t)buffer;

	return at >= start_at && at < start_at + size;
}

static void
fill_buffer(void)
{
	memset(buffer, CANARY, sizeof(buffer));
}

static void
assert_canary(size_t size)
{
	size_t i;

	for (i = size; i < sizeof(buffer); i++)
		assert_int_equal((unsigned char)buffer[i], CANARY);
}

/* What must hold of any status. errnop is errno, as in glibc. */
static void
assert_status(enum nss_status status, enum nss_status expected)
{
	assert_int_equal(status, expected);
	switch (status) {
	case NSS_STATUS_SUCCESS:
		assert_int_equal(errno, EDOM);
		break;
	case NSS_STATUS_TRYAGAIN:
		assert_int_equal(errno, ERANGE);
		break;
	default:
		assert_int_equal(errno, ENOENT);
		break;
	}
}

static enum nss_status
getpwnam_sized(const char *name, struct passwd *pwd, size_t size)
{
	errno = EDOM;
	return _nss_hostpass_getpwnam_r(name, pwd, buffer, size, &errno);
}

static void
assert_alice(const struct passwd *pwd, size_t size)
{
	assert_string_equal(pwd->pw_name, "alice");
	assert_string_equal(pwd->pw_passwd, "*");
	assert_string_equal(pwd->pw_gecos, "Alice Ä.");
	assert_string_equal(pwd->pw_dir, "/home/alice");
	assert_string_equal(pwd->pw_shell, "/bin/bash");
	assert_int_equal(pwd->pw_uid, SAMPLE_ALICE);
	assert_int_equal(pwd->pw_gid, SAMPLE_ALICE);
	assert_true(is_in_buffer(pwd->pw_name, size));
	assert_true(is_in_buffer(pwd->pw_passwd, size));
	assert_true(is_in_buffer(pwd->pw_gecos, size));
	assert_true(is_in_buffer(pwd->pw_dir, size));
	assert_true(is_in_buffer(pwd->pw_shell, size));
}

/* Too small a buffer leaves pwd alone and nothing behind its end; the first
 * that is large enough holds everything. Returns its size. */
static size_t
test_lengths(const char *name)
{
	struct passwd pwd, untouched;
	size_t size;

	memset(&untouched, CANARY, sizeof(untouched));
	for (size = 0; size < BUFFER; size++) {
		fill_buffer();
		pwd = untouched;
		if (getpwnam_sized(name, &pwd, size) == NSS_STATUS_SUCCESS)
			break;
		assert_status(NSS_STATUS_TRYAGAIN, NSS_STATUS_TRYAGAIN);
		assert_memory_equal(&pwd, &untouched, sizeof(pwd));
		assert_canary(size);
	}
	assert_canary(size);
	return size;
}

static void
test_passwd_lengths(void **state UNUSED)
{
	struct passwd pwd;
	size_t size;

	size = test_lengths("alice");
	/* The five strings and their NULs, not a byte more. */
	assert_int_equal(size, 6 + 2 + 10 + 12 + 10);
	for (; size <= BUFFER; size++) {
		fill_buffer();
		assert_status(getpwnam_sized("alice", &pwd, size),
		    NSS_STATUS_SUCCESS);
		assert_alice(&pwd, size);
		assert_canary(size);
	}
	errno = EDOM;
	assert_status(_nss_hostpass_getpwnam_r("alice", &pwd, NULL, 0, &errno),
	    NSS_STATUS_TRYAGAIN);
}

static void
test_getpwuid(void **state UNUSED)
{
	struct passwd pwd;

	errno = EDOM;
	assert_status(_nss_hostpass_getpwuid_r(SAMPLE_ALICE, &pwd, buffer,
	    BUFFER, &errno), NSS_STATUS_SUCCESS);
	assert_alice(&pwd, BUFFER);
	assert_status(_nss_hostpass_getpwuid_r(SAMPLE_ALICE, &pwd, buffer, 8,
	    &errno), NSS_STATUS_TRYAGAIN);
	assert_status(_nss_hostpass_getpwuid_r(70009, &pwd, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
	assert_status(_nss_hostpass_getpwuid_r(0, &pwd, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
	assert_status(_nss_hostpass_getpwuid_r((uid_t)-1, &pwd, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
}

static void
test_unknown_names(void **state UNUSED)
{
	static const char *const names[] = {
		"dave", "root", "", "-x", "../x", "a b", "1000", "ALICE",
	};
	long used = 0, size = 0;
	struct passwd pwd;
	struct group grp;
	gid_t *gids = NULL;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_status(getpwnam_sized(names[i], &pwd, BUFFER),
		    NSS_STATUS_NOTFOUND);
		assert_status(_nss_hostpass_getgrnam_r(names[i], &grp, buffer,
		    BUFFER, &errno), NSS_STATUS_NOTFOUND);
		assert_status(_nss_hostpass_initgroups_dyn(names[i], 100,
		    &used, &size, &gids, -1, &errno), NSS_STATUS_NOTFOUND);
	}
	assert_status(getpwnam_sized(NULL, &pwd, BUFFER), NSS_STATUS_NOTFOUND);
	assert_null(gids);
	assert_int_equal(used, 0);
}

static void
assert_staff(const struct group *grp, size_t size)
{
	assert_string_equal(grp->gr_name, "staff");
	assert_string_equal(grp->gr_passwd, "*");
	assert_int_equal(grp->gr_gid, 5000);
	assert_int_equal((uintptr_t)grp->gr_mem % sizeof(char *), 0);
	assert_true(is_in_buffer(grp->gr_mem + 2, size));
	assert_string_equal(grp->gr_mem[0], "alice");
	assert_string_equal(grp->gr_mem[1], "bob");
	assert_null(grp->gr_mem[2]);
	assert_true(is_in_buffer(grp->gr_name, size));
	assert_true(is_in_buffer(grp->gr_passwd, size));
	assert_true(is_in_buffer(grp->gr_mem[1] + 3, size));
}

/* At every length, and at every alignment of the buffer. */
static void
test_group_lengths(void **state UNUSED)
{
	const size_t least = 3 * sizeof(char *) + 6 + 6 + 4 + 2;
	struct group grp;
	size_t size, shift, padding;
	enum nss_status status;

	for (shift = 0; shift < 2 * sizeof(char *); shift++) {
		padding = (size_t)-(uintptr_t)(buffer + shift) % sizeof(char *);
		for (size = 0; size < 128; size++) {
			fill_buffer();
			errno = EDOM;
			status = _nss_hostpass_getgrnam_r("staff", &grp,
			    buffer + shift, size, &errno);
			assert_status(status, size < least + padding ?
			    NSS_STATUS_TRYAGAIN : NSS_STATUS_SUCCESS);
			if (status == NSS_STATUS_SUCCESS)
				assert_staff(&grp, shift + size);
			assert_canary(shift + size);
		}
	}
	assert_status(_nss_hostpass_getgrnam_r("staff", &grp, NULL, 0, &errno),
	    NSS_STATUS_TRYAGAIN);
}

static void
test_getgrgid(void **state UNUSED)
{
	struct group grp;

	errno = EDOM;
	assert_status(_nss_hostpass_getgrgid_r(5000, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_SUCCESS);
	assert_staff(&grp, BUFFER);
	errno = EDOM;
	assert_status(_nss_hostpass_getgrgid_r(5002, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_SUCCESS);
	assert_null(grp.gr_mem[0]);
	assert_status(_nss_hostpass_getgrgid_r(5003, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
}

/* A local group that people are in: our part of it, and only where it is
 * published, which is where nsswitch.conf merges. Never in a list. */
static void
test_merging(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	struct group grp;
	int count = 0;

	errno = EDOM;
	assert_status(_nss_hostpass_getgrnam_r("sudo", &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_SUCCESS);
	assert_int_equal(grp.gr_gid, 27);
	assert_string_equal(grp.gr_mem[0], "alice");
	assert_null(grp.gr_mem[1]);
	errno = EDOM;
	assert_status(_nss_hostpass_getgrgid_r(27, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_SUCCESS);
	assert_string_equal(grp.gr_name, "sudo");
	errno = EDOM;
	assert_status(_nss_hostpass_getgrgid_r(100, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_SUCCESS);
	assert_null(grp.gr_mem[0]);
	while (_nss_hostpass_getgrent_r(&grp, buffer, BUFFER, &errno) ==
	    NSS_STATUS_SUCCESS) {
		assert_int_not_equal(grp.gr_gid, 27);
		count++;
	}
	assert_int_equal(count, 3);
	assert_status(_nss_hostpass_getgrgid_r(27, &grp, buffer, 3, &errno),
	    NSS_STATUS_TRYAGAIN);
	in.local_group_count = 0;
	publish(&in);
	assert_status(_nss_hostpass_getgrnam_r("sudo", &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
	assert_status(_nss_hostpass_getgrgid_r(27, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
}

static void
assert_next_user(const char *name)
{
	struct passwd pwd;

	errno = EDOM;
	assert_status(_nss_hostpass_getpwent_r(&pwd, buffer, BUFFER, &errno),
	    name == NULL ? NSS_STATUS_NOTFOUND : NSS_STATUS_SUCCESS);
	if (name != NULL)
		assert_string_equal(pwd.pw_name, name);
}

static void
test_enumeration(void **state UNUSED)
{
	struct passwd pwd;
	struct group grp;

	/* Without setpwent(); lookups and short buffers do not move it. */
	assert_next_user("alice");
	assert_status(_nss_hostpass_getpwent_r(&pwd, buffer, 3, &errno),
	    NSS_STATUS_TRYAGAIN);
	assert_status(getpwnam_sized("carol", &pwd, BUFFER),
	    NSS_STATUS_SUCCESS);
	assert_status(_nss_hostpass_getgrent_r(&grp, buffer, BUFFER, &errno),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(grp.gr_name, "staff");
	assert_next_user("bob");
	assert_next_user("carol");
	assert_next_user(NULL);
	assert_next_user(NULL);
	errno = EDOM;
	assert_status(_nss_hostpass_setpwent(0), NSS_STATUS_SUCCESS);
	assert_next_user("alice");
	errno = EDOM;
	assert_status(_nss_hostpass_endpwent(), NSS_STATUS_SUCCESS);
	assert_next_user("alice");

	/* The place of groups is another one. */
	errno = EDOM;
	assert_status(_nss_hostpass_getgrent_r(&grp, buffer, BUFFER, &errno),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(grp.gr_name, "admins");
	assert_status(_nss_hostpass_getgrent_r(&grp, buffer, 3, &errno),
	    NSS_STATUS_TRYAGAIN);
	errno = EDOM;
	assert_status(_nss_hostpass_setgrent(1), NSS_STATUS_SUCCESS);
	assert_status(_nss_hostpass_getgrent_r(&grp, buffer, BUFFER, &errno),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(grp.gr_name, "staff");
	assert_status(_nss_hostpass_endgrent(), NSS_STATUS_SUCCESS);
}

static void
test_enumeration_is_off(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();
	struct passwd pwd;
	struct group grp;

	in.enumerate = false;
	publish(&in);
	assert_next_user(NULL);
	assert_status(_nss_hostpass_getgrent_r(&grp, buffer, BUFFER, &errno),
	    NSS_STATUS_NOTFOUND);
	assert_status(getpwnam_sized("alice", &pwd, BUFFER),
	    NSS_STATUS_SUCCESS);
}

/* Threads that enumerate together get each record once. */
static void *
count_users(void *argument)
{
	struct passwd pwd;
	char buf[BUFFER];
	int error;
	int *count = argument;

	while (_nss_hostpass_getpwent_r(&pwd, buf, sizeof(buf), &error) ==
	    NSS_STATUS_SUCCESS)
		(*count)++;
	return NULL;
}

static void
test_enumeration_by_threads(void **state UNUSED)
{
	pthread_t thread;
	int round, a, b;

	for (round = 0; round < 200; round++) {
		a = b = 0;
		(void)_nss_hostpass_setpwent(0);
		assert_int_equal(pthread_create(&thread, NULL, count_users,
		    &a), 0);
		(void)count_users(&b);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_int_equal(a + b, 3);
	}
}

/* The primary first, as glibc does it; room for size gids. */
static gid_t *
start_groups(gid_t primary, long size)
{
	gid_t *gids;

	gids = malloc((size_t)size * sizeof(*gids));
	assert_non_null(gids);
	gids[0] = primary;
	return gids;
}

static void
test_initgroups(void **state UNUSED)
{
	static const gid_t expected[] = { SAMPLE_ALICE, 27, 5000, 5001 };
	long used, size, limit, first;
	gid_t *gids;

	for (first = 1; first <= 6; first++) {
		for (limit = -1; limit <= 6; limit++) {
			used = 1;
			size = first;
			if (limit > 0 && size > limit)
				size = limit;
			gids = start_groups(SAMPLE_ALICE, size);
			errno = EDOM;
			assert_status(_nss_hostpass_initgroups_dyn("alice",
			    SAMPLE_ALICE, &used, &size, &gids, limit, &errno),
			    NSS_STATUS_SUCCESS);
			assert_int_equal(used,
			    limit > 0 && limit < 4 ? limit : 4);
			assert_true(used <= size);
			assert_true(limit <= 0 || size <= limit);
			assert_memory_equal(gids, expected,
			    (size_t)used * sizeof(*gids));
			free(gids);
		}
	}
}

/* The primary that the caller names is skipped, whatever the file says. */
static void
test_initgroups_primary(void **state UNUSED)
{
	long used = 1, size = 1;
	gid_t *gids = start_groups(5000, 1);

	errno = EDOM;
	assert_status(_nss_hostpass_initgroups_dyn("alice", 5000, &used, &size,
	    &gids, -1, &errno), NSS_STATUS_SUCCESS);
	assert_int_equal(used, 3);
	assert_int_equal(gids[1], 27);
	assert_int_equal(gids[2], 5001);
	used = 1;
	errno = EDOM;
	assert_status(_nss_hostpass_initgroups_dyn("carol", 70002, &used,
	    &size, &gids, -1, &errno), NSS_STATUS_SUCCESS);
	assert_int_equal(used, 1);
	free(gids);
}

static void
assert_dave(enum nss_status expected)
{
	long used = 1, size = 1;
	gid_t *gids = start_groups(100, 1);
	struct passwd pwd;

	assert_status(getpwnam_sized("dave", &pwd, BUFFER), expected);
	errno = EDOM;
	assert_status(_nss_hostpass_initgroups_dyn("dave", 100, &used, &size,
	    &gids, -1, &errno), expected);
	assert_int_equal(used, 1);
	free(gids);
}

static void
test_sign_in_callers(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();

	caller_uid = 0;
	caller_path = "/usr/sbin/sshd";
	assert_dave(NSS_STATUS_SUCCESS);
	caller_path = "/usr/sbin/sshd (deleted)";
	assert_dave(NSS_STATUS_SUCCESS);
	caller_path = "/bin/login";
	assert_dave(NSS_STATUS_SUCCESS);
	caller_path = "/usr/bin/id";
	assert_dave(NSS_STATUS_NOTFOUND);
	caller_path = "/usr/sbin/sshd/x";
	assert_dave(NSS_STATUS_NOTFOUND);
	caller_path = "sshd";
	assert_dave(NSS_STATUS_NOTFOUND);
	caller_path = " (deleted)";
	assert_dave(NSS_STATUS_NOTFOUND);
	caller_path = NULL;
	assert_dave(NSS_STATUS_NOTFOUND);
	caller_path = "/usr/sbin/sshd";
	caller_uid = 1000;
	assert_dave(NSS_STATUS_NOTFOUND);
	caller_uid = 0;
	in.sign_in = false;
	publish(&in);
	caller_asked = 0;
	assert_dave(NSS_STATUS_NOTFOUND);
	assert_int_equal(caller_asked, 0);
}

static void
test_sign_in_record(void **state UNUSED)
{
	struct passwd pwd;
	uint32_t uid;
	size_t size;

	caller_uid = 0;
	caller_path = "/usr/sbin/sshd";
	size = test_lengths("dave");
	assert_int_equal(size, 5 + 2 + 5 + 11 + 10);
	assert_status(getpwnam_sized("dave", &pwd, size), NSS_STATUS_SUCCESS);
	uid = snapshot_computed_id(SAMPLE_SEED, "dave", SAMPLE_RANGE_START,
	    SAMPLE_RANGE_SIZE);
	assert_string_equal(pwd.pw_name, "dave");
	assert_string_equal(pwd.pw_passwd, "*");
	assert_string_equal(pwd.pw_gecos, "dave");
	assert_string_equal(pwd.pw_dir, "/home/dave");
	assert_string_equal(pwd.pw_shell, "/bin/bash");
	assert_int_equal(pwd.pw_uid, uid);
	assert_int_equal(pwd.pw_gid, uid);
	assert_true(is_in_buffer(pwd.pw_shell, size));
	/* Nobody has that uid yet, not even for sshd. */
	assert_status(_nss_hostpass_getpwuid_r(uid, &pwd, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
}

/* A hit, or a name that cannot be, never asks who the caller is. */
static void
test_sign_in_is_the_last_resort(void **state UNUSED)
{
	struct passwd pwd;

	caller_uid = 0;
	caller_path = "/usr/sbin/sshd";
	assert_status(getpwnam_sized("alice", &pwd, BUFFER),
	    NSS_STATUS_SUCCESS);
	assert_int_equal(pwd.pw_uid, SAMPLE_ALICE);
	assert_status(getpwnam_sized("-x", &pwd, BUFFER), NSS_STATUS_NOTFOUND);
	assert_int_equal(caller_asked, 0);
	assert_status(getpwnam_sized("root", &pwd, BUFFER),
	    NSS_STATUS_NOTFOUND);
}

/* sshd looks dave up before he signs in, and again once he is somebody. */
static void
test_sign_in_then_published(void **state UNUSED)
{
	struct snapshot_write_user dave = { "dave", "Dave D.", "/srv/dave",
	    "/bin/zsh", 70007, 70007, NULL, 0, 0 };
	struct snapshot_write_input in = sample_input();
	struct passwd pwd;

	caller_uid = 0;
	caller_path = "/usr/sbin/sshd";
	assert_status(getpwnam_sized("dave", &pwd, BUFFER),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(pwd.pw_gecos, "dave");
	in.users = &dave;
	in.user_count = 1;
	publish(&in);
	assert_status(getpwnam_sized("dave", &pwd, BUFFER),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(pwd.pw_gecos, "Dave D.");
	assert_int_equal(pwd.pw_uid, 70007);
}

static void
assert_unavailable(void)
{
	long used = 1, size = 1;
	gid_t *gids = start_groups(100, 1);
	struct passwd pwd;
	struct group grp;

	assert_status(getpwnam_sized("alice", &pwd, BUFFER),
	    NSS_STATUS_UNAVAIL);
	assert_status(_nss_hostpass_getpwuid_r(SAMPLE_ALICE, &pwd, buffer,
	    BUFFER, &errno), NSS_STATUS_UNAVAIL);
	assert_status(_nss_hostpass_getpwent_r(&pwd, buffer, BUFFER, &errno),
	    NSS_STATUS_UNAVAIL);
	assert_status(_nss_hostpass_getgrnam_r("staff", &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_UNAVAIL);
	assert_status(_nss_hostpass_getgrgid_r(5000, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_UNAVAIL);
	assert_status(_nss_hostpass_getgrent_r(&grp, buffer, BUFFER, &errno),
	    NSS_STATUS_UNAVAIL);
	assert_status(_nss_hostpass_initgroups_dyn("alice", 100, &used, &size,
	    &gids, -1, &errno), NSS_STATUS_UNAVAIL);
	free(gids);
}

static void
test_unavailable(void **state UNUSED)
{
	struct snapshot_reader reader;
	int fd;

	assert_int_equal(unlink(place.path), 0);
	forget_mapping();
	assert_unavailable();
	fd = open(place.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, "hostpass", 8), 8);
	assert_int_equal(close(fd), 0);
	assert_unavailable();
	assert_int_equal(snapshot_cache_acquire(&nss_snapshot, &reader),
	    -EUCLEAN);
}

/* Without a snapshot, what cannot be ours is still known not to be: lookups of
 * root do not depend on us. */
static void
test_not_ours(void **state UNUSED)
{
	struct passwd pwd;
	struct group grp;

	assert_int_equal(unlink(place.path), 0);
	forget_mapping();
	assert_status(getpwnam_sized("-x", &pwd, BUFFER), NSS_STATUS_NOTFOUND);
	assert_status(_nss_hostpass_getpwuid_r(0, &pwd, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
	assert_status(_nss_hostpass_getgrnam_r("A", &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
	assert_status(_nss_hostpass_getgrgid_r(0, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
	assert_status(_nss_hostpass_getgrgid_r(65534, &grp, buffer, BUFFER,
	    &errno), NSS_STATUS_NOTFOUND);
}

/* Put a snapshot in place in which the bytes from become to. */
static void
publish_patched(const void *from, const void *to, size_t size)
{
	struct snapshot_write_input in = sample_input();
	struct snapshot_image image;
	unsigned char *at;
	int fd;

	sample_layout(&in, &image);
	at = memmem(image.data, image.size, from, size);
	assert_non_null(at);
	memcpy(at, to, size);
	(void)unlink(place.path);
	fd = open(place.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, image.data, image.size), image.size);
	assert_int_equal(close(fd), 0);
	free(image.data);
	forget_mapping();
}

/* Members that are not as long as they say: UNAVAIL, not a wild pointer. The
 * buffer is of the right size to the byte, for AddressSanitizer to see. */
static void
test_lying_members(void **state UNUSED)
{
	static const char good[] = "staff\0\5\3alice\0bob";
	static const char wrong[][sizeof(good)] = {
		"staff\0\xc8\3alice\0bob",	/* past the end */
		"staff\0\4\3alice\0bob",	/* no NUL there */
		"staff\0\x9\3alice\0bob",	/* nothing left for the other */
		"staff\0\5\1alice\0b\0b",	/* something left over */
	};
	const size_t need = 3 * sizeof(char *) + 6 + 10 + 2;
	char *exact = malloc(need);
	struct group grp;
	size_t i;

	assert_non_null(exact);
	publish_patched(good, good, sizeof(good));
	errno = EDOM;
	assert_status(_nss_hostpass_getgrnam_r("staff", &grp, exact, need,
	    &errno), NSS_STATUS_SUCCESS);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		publish_patched(good, wrong[i], sizeof(good));
		assert_status(_nss_hostpass_getgrnam_r("staff", &grp, exact,
		    need, &errno), NSS_STATUS_UNAVAIL);
	}
	free(exact);
}

/* A file that was tampered with cannot hand out root's group. */
static void
test_initgroups_gid_0(void **state UNUSED)
{
	const uint32_t good[] = { htole32(27), htole32(5000), htole32(5001) };
	const uint32_t patched[] = { 0, htole32(5000), UINT32_MAX };
	long used = 1, size = 1;
	gid_t *gids = start_groups(SAMPLE_ALICE, 1);

	publish_patched(good, patched, sizeof(good));
	errno = EDOM;
	assert_status(_nss_hostpass_initgroups_dyn("alice", SAMPLE_ALICE,
	    &used, &size, &gids, -1, &errno), NSS_STATUS_SUCCESS);
	assert_int_equal(used, 2);
	assert_int_equal(gids[1], 5000);
	free(gids);
}

#define WITH_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, start, clean_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(test_passwd_lengths),
		WITH_PLACE(test_getpwuid),
		WITH_PLACE(test_unknown_names),
		WITH_PLACE(test_group_lengths),
		WITH_PLACE(test_getgrgid),
		WITH_PLACE(test_merging),
		WITH_PLACE(test_enumeration),
		WITH_PLACE(test_enumeration_is_off),
		WITH_PLACE(test_enumeration_by_threads),
		WITH_PLACE(test_initgroups),
		WITH_PLACE(test_initgroups_primary),
		WITH_PLACE(test_sign_in_callers),
		WITH_PLACE(test_sign_in_record),
		WITH_PLACE(test_sign_in_is_the_last_resort),
		WITH_PLACE(test_sign_in_then_published),
		WITH_PLACE(test_unavailable),
		WITH_PLACE(test_not_ours),
		WITH_PLACE(test_lying_members),
		WITH_PLACE(test_initgroups_gid_0),
	};

	return cmocka_run_group_tests_name("nss", tests, NULL, NULL);
}
