/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nss_probe WHAT USER GROUP: one question to the C library of the host, whose
 * nsswitch.conf names the module. USER is in GROUP. Ends with 0 if the answer
 * is right, else with a line that says what was not. Also built without shared
 * libraries, for which glibc loads the module all the same.
 */
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <shadow.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM		(4 * 1024 * 1024)
#define THREADS		8
#define ROUNDS		2000
#define CANARY		0x5a

static const char *user, *group;
static struct passwd known_user;
static struct group known_group;
static atomic_bool wrong;

static void
fail(const char *what)
{
	(void)printf("%s\n", what);
	exit(1);
}

static void
check(bool fact, const char *what)
{
	if (!fact)
		fail(what);
}

/* Is this the user whom we know? */
static bool
is_user(const struct passwd *pw)
{
	return pw != NULL && strcmp(pw->pw_name, user) == 0 &&
	    pw->pw_uid == known_user.pw_uid &&
	    pw->pw_gid == known_user.pw_gid;
}

static bool
is_group(const struct group *gr)
{
	return gr != NULL && strcmp(gr->gr_name, group) == 0 &&
	    gr->gr_gid == known_group.gr_gid;
}

static bool
has_member(const struct group *gr, const char *name)
{
	char **member;

	for (member = gr->gr_mem; *member != NULL; member++) {
		if (strcmp(*member, name) == 0)
			return true;
	}
	return false;
}

static void
learn(void)
{
	struct passwd *pw = getpwnam(user);
	struct group *gr;

	check(pw != NULL, "the user is nobody");
	known_user = *pw;
	gr = getgrnam(group);
	check(gr != NULL, "the group is none");
	known_group = *gr;
	check(has_member(gr, user), "the user is not in the group");
}

/* Every size from nothing on: ERANGE until it is enough, and nothing is
 * written beyond. Large groups are tried in larger steps. */
static void
probe_buffers(void)
{
	char *buf = malloc(ROOM + 1);
	struct passwd pw, *found;
	struct group gr, *found_group;
	size_t size, step = 1;
	int error;

	check(buf != NULL, "no memory");
	for (size = 0, error = ERANGE; error == ERANGE; size++) {
		buf[size] = CANARY;
		error = getpwnam_r(user, &pw, buf, size, &found);
		check(buf[size] == CANARY, "written beyond the buffer");
		check(error == 0 || error == ERANGE, "getpwnam_r");
		check(size < 4096, "ERANGE for ever");
	}
	check(is_user(found), "another user");
	for (size = 0, error = ERANGE; error == ERANGE; size += step) {
		buf[size] = CANARY;
		error = getgrnam_r(group, &gr, buf, size, &found_group);
		check(buf[size] == CANARY, "written beyond the buffer");
		check(error == 0 || error == ERANGE, "getgrnam_r");
		check(size + 4096 < ROOM, "ERANGE for ever");
		step = size < 4096 ? 1 : 509;
	}
	check(is_group(found_group), "another group");
	check(has_member(found_group, user), "not a member");
	free(buf);
}

/* getgrouplist() with no room tells how much is needed. */
static void
probe_initgroups(void)
{
	gid_t one[1], *gids;
	int count = 1, needed, i, seen = 0;

	check(getgrouplist(user, known_user.pw_gid, one, &count) < 0,
	    "one gid was enough");
	needed = count;
	check(needed > 1, "no number");
	gids = calloc((size_t)needed + 1, sizeof(*gids));
	check(gids != NULL, "no memory");
	for (count = 1; count < needed; count++) {
		int room = count;

		gids[room] = 77;
		check(getgrouplist(user, known_user.pw_gid, gids, &room) < 0 &&
		    room == needed && gids[count] == 77, "a short list");
	}
	check(getgrouplist(user, known_user.pw_gid, gids, &count) == needed,
	    "the whole list");
	check(gids[0] == known_user.pw_gid, "the primary group is first");
	for (i = 0; i < needed; i++) {
		check(gids[i] != 0 && gids[i] != (gid_t)-1, "a bad gid");
		if (gids[i] == known_group.gr_gid)
			seen++;
	}
	check(seen == 1, "the group is there once");
	if (geteuid() == 0) {
		check(initgroups(user, known_user.pw_gid) == 0, "initgroups");
		check(getgroups(0, NULL) == needed, "getgroups");
	}
	free(gids);
}

/* Enumeration is not moved by lookups, and each comes once. */
static void
probe_enumeration(void)
{
	const struct passwd *pw;
	const struct group *gr;
	int users = 0, groups = 0;

	setpwent();
	while ((pw = getpwent()) != NULL) {
		if (is_user(pw))
			users++;
		check(getpwuid(known_user.pw_uid) != NULL, "getpwuid");
		check(getgrnam(group) != NULL, "getgrnam");
	}
	endpwent();
	setgrent();
	while ((gr = getgrent()) != NULL) {
		if (is_group(gr))
			groups++;
		check(getgrgid(known_group.gr_gid) != NULL, "getgrgid");
	}
	endgrent();
	(void)printf("%d %d\n", users, groups);
}

/* The module that comes first says that there is nobody of that name, which
 * may be left in errno; what comes from ours would be another error. */
static bool
is_harmless(int error)
{
	return error == 0 || error == EDOM || error == ENOENT ||
	    error == ESRCH;
}

static void
probe_errno(void)
{
	struct passwd pw, *found;
	char buf[4096];

	errno = EDOM;
	check(is_user(getpwnam(user)) && is_harmless(errno),
	    "errno after a user");
	check(is_user(getpwuid(known_user.pw_uid)) && is_harmless(errno),
	    "errno after a uid");
	check(is_group(getgrnam(group)) && is_harmless(errno),
	    "errno after a group");
	errno = EDOM;
	endpwent();
	endgrent();
	check(errno == EDOM, "errno after endpwent and endgrent");
	check(getpwnam_r("nobody-ever", &pw, buf, sizeof(buf), &found) == 0 &&
	    found == NULL, "nobody is an error");
	check(getpwuid_r((uid_t)-1, &pw, buf, sizeof(buf), &found) == 0 &&
	    found == NULL, "uid -1 is an error");
	errno = 0;
	check(getpwnam("nobody-ever") == NULL, "nobody is somebody");
	check(is_harmless(errno), "errno after nobody");
}

static void
probe_shadow(void)
{
	const struct passwd *pw = getpwnam(user);

	check(pw != NULL && strcmp(pw->pw_passwd, "*") == 0,
	    "a password that sends to shadow");
	errno = 0;
	check(getspnam(user) == NULL, "a shadow entry");
	check(is_harmless(errno), "an error in the place of none");
}

static int
count_descriptors(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++) {
		if (lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF)
			count++;
	}
	return count;
}

/* Programs close what they did not open, and use the number again. */
static void
probe_descriptors(void)
{
	int before = count_descriptors(), i;

	for (i = 0; i < 100; i++)
		check(is_user(getpwnam(user)), "getpwnam");
	check(count_descriptors() == before, "a descriptor is kept");
	for (i = 3; i < 256; i++)
		(void)close(i);
	check(is_user(getpwnam(user)), "after closing everything");
	check(is_group(getgrnam(group)), "after closing everything");
}

static void *
look(void *arg)
{
	struct passwd pw, *found;
	struct group gr, *found_group;
	char *buf = malloc(ROOM);
	gid_t gids[2048];
	int i, count;

	for (i = 0; buf != NULL && i < ROUNDS; i++) {
		count = 2048;
		if (getpwnam_r(user, &pw, buf, ROOM, &found) != 0 ||
		    !is_user(found) ||
		    getgrnam_r(group, &gr, buf, ROOM, &found_group) != 0 ||
		    !is_group(found_group) ||
		    getgrouplist(user, known_user.pw_gid, gids, &count) < 0) {
			wrong = true;
			break;
		}
	}
	if (buf == NULL)
		wrong = true;
	free(buf);
	return arg;
}

static void
child_looks(void)
{
	int status;
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (pid == 0) {
		/* What waited for a lock would be ended by this. */
		(void)alarm(60);
		_exit(is_user(getpwnam(user)) &&
		    is_group(getgrnam(group)) ? 0 : 1);
	}
	check(waitpid(pid, &status, 0) == pid && status == 0,
	    "a child of a fork");
}

/* Threads look, and the process forks in the middle of it. */
static void
probe_threads(void)
{
	pthread_t threads[THREADS];
	int i;

	for (i = 0; i < THREADS; i++)
		check(pthread_create(&threads[i], NULL, look, NULL) == 0,
		    "pthread_create");
	for (i = 0; i < 20; i++)
		child_looks();
	for (i = 0; i < THREADS; i++)
		check(pthread_join(threads[i], NULL) == 0, "pthread_join");
	check(!wrong, "a thread saw another answer");
}

static void
probe_fork(void)
{
	int i;

	for (i = 0; i < 20; i++)
		child_looks();
}

/* How many members: nothing is left out of a large group. */
static void
probe_members(void)
{
	const struct group *gr = getgrnam(group);
	size_t count = 0;

	check(gr != NULL, "getgrnam");
	while (gr->gr_mem[count] != NULL)
		count++;
	(void)printf("%zu\n", count);
}

static const struct {
	const char	*name;
	void		(*run)(void);
} probes[] = {
	{ "buffers", probe_buffers },
	{ "descriptors", probe_descriptors },
	{ "enumeration", probe_enumeration },
	{ "errno", probe_errno },
	{ "fork", probe_fork },
	{ "initgroups", probe_initgroups },
	{ "members", probe_members },
	{ "shadow", probe_shadow },
	{ "threads", probe_threads },
};

int
main(int argc, char **argv)
{
	size_t i;

	if (argc != 4)
		fail("usage: nss_probe WHAT USER GROUP");
	user = argv[2];
	group = argv[3];
	learn();
	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		if (strcmp(probes[i].name, argv[1]) != 0)
			continue;
		probes[i].run();
		return 0;
	}
	fail("nothing to probe by that name");
	return 1;
}
