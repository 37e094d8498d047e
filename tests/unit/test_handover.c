/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon tells systemd of the file that outlives it, and how it finds
 * the file among what systemd passes. The test is systemd's end of both. And
 * whom it refuses to become.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/server/handover.h"
#include "daemon/server/listen.h"
#include "daemon/session/slots.h"
#include "daemon/store/seal.h"
#include "tests/unit/fixture.h"

#define FIRST	3	/* sd_listen_fds(3) */

static struct fixture host;
static struct world world;
static int notify = -1;
static char heard[256];

static int
setup(void **state UNUSED)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char name[64];
	int len;

	fixture_setup(&host, "[access]\nallow_groups = staff\n");
	world = (struct world){
		.config = &host.config, .store = host.store,
		.files = host.files,
	};
	len = snprintf(name, sizeof(name), "@hostpass-test-%d", getpid());
	memcpy(address.sun_path + 1, name + 1, (size_t)len - 1);
	notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(notify >= 0);
	assert_int_equal(bind(notify, (struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    (size_t)len)), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return 0;
}

static int
teardown(void **state UNUSED)
{
	handover_end(&world);
	(void)close(notify);
	fixture_teardown(&host);
	return 0;
}

/* The next message, in heard, and the file that came with it, or -1. */
static int
hear(void)
{
	union {
		struct cmsghdr	header;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec text = { heard, sizeof(heard) - 1 };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	ssize_t len;
	int fd = -1;

	len = recvmsg(notify, &message, MSG_DONTWAIT);
	heard[len < 0 ? 0 : len] = '\0';
	if (len < 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header != NULL && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static void
test_held(void **state UNUSED)
{
	size_t slot = 0;
	char page[8];
	int fd;

	handover_begin(&world, -1);
	fd = hear();
	assert_string_equal(heard, "FDSTORE=1\nFDNAME=sign-ins");
	assert_true(fd >= 0);
	/* what the sessions keep is in it */
	assert_non_null(world.slots);
	assert_int_equal(slots_put(world.slots, &slot, "kept", 4), 0);
	assert_int_equal(pread(fd, page, 8, 0), 8);
	assert_memory_equal(page + 4, "kept", 4);
	handover_end(&world);
	assert_null(world.slots);
	/* the former one is let go of before it is read */
	handover_begin(&world, fd);
	assert_int_equal(hear(), -1);
	assert_string_equal(heard, "FDSTOREREMOVE=1\nFDNAME=sign-ins");
	(void)close(hear());
	assert_string_equal(heard, "FDSTORE=1\nFDNAME=sign-ins");
	/* and is closed then */
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void
test_nobody_holds(void **state UNUSED)
{
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	handover_begin(&world, -1);
	assert_null(world.slots);
	assert_int_equal(hear(), -1);
}

/* A file that is anything but ours costs what was in it, nothing else. */
static void
test_strange_file(void **state UNUSED)
{
	struct secret key = SECRET_INIT;
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	assert_int_equal(secret_set(&key, "0123456789abcdef0123456789abcdef",
	    SEAL_KEY_SIZE), 0);
	assert_int_equal(seal_new(&key, &world.seal), 0);
	secret_free(&key);
	handover_begin(&world, fd);
	assert_non_null(world.slots);
	assert_int_equal(world.pending, 0);
	seal_free(world.seal);
	world.seal = NULL;
}

/* What listen_open() makes of these descriptors, in a process of its own: 0 if
 * the socket is want_socket and what was kept is want_kept, both numbers. */
static int
opened(const int *fds, int count, const char *names, int want_socket,
    int want_kept)
{
	char number[16];
	int status, kept, got, i;
	pid_t pid = fork();

	if (pid != 0) {
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		return WEXITSTATUS(status);
	}
	for (i = 0; i < count; i++) {
		if (dup2(fds[i], FIRST + i) < 0)
			_exit(1);
	}
	(void)snprintf(number, sizeof(number), "%d", getpid());
	(void)setenv("LISTEN_PID", number, 1);
	(void)snprintf(number, sizeof(number), "%d", count);
	(void)setenv("LISTEN_FDS", number, 1);
	(void)setenv("LISTEN_FDNAMES", names, 1);
	got = listen_open("/nowhere/else", &kept);
	_exit(got == want_socket && kept == want_kept ? 0 : 2);
}

static void
test_what_is_passed(void **state UNUSED)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fds[3], spare;

	/* out of the way of the numbers that they get */
	spare = socket(AF_UNIX, SOCK_STREAM, 0);
	fds[0] = fcntl(spare, F_DUPFD_CLOEXEC, 100);
	(void)close(spare);
	assert_int_equal(bind(fds[0], (struct sockaddr *)&address,
	    sizeof(sa_family_t)), 0);
	assert_int_equal(listen(fds[0], 1), 0);
	spare = open("/dev/null", O_RDWR | O_CLOEXEC);
	fds[1] = fcntl(spare, F_DUPFD_CLOEXEC, 100);
	(void)close(spare);
	fds[2] = fds[0];
	assert_int_equal(opened(fds, 1, "hostpassd.socket", 3, -1), 0);
	assert_int_equal(opened(fds, 2, "hostpassd.socket:sign-ins", 3, 4),
	    0);
	assert_int_equal(opened(fds + 1, 2, "sign-ins:hostpassd.socket", 4,
	    3), 0);
	/* two sockets, or something else in the place of one */
	assert_int_equal(opened(fds, 3, "a:sign-ins:b", -ENOTSOCK, 4), 0);
	assert_int_equal(opened(fds, 2, "a:b", -ENOTSOCK, -1), 0);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

/* What becomes of the daemon, in a process of its own, if the user hostpass has
 * this uid: 0, or an errno. */
static int
becomes(unsigned int uid)
{
	char text[128];
	int status;
	pid_t pid;

	(void)snprintf(text, sizeof(text), "root:x:0:0::/root:/bin/sh\n"
	    "hostpass:x:%u:%u::/:/bin/false\n", uid, uid);
	fixture_set_passwd(&host, text);
	pid = fork();
	if (pid == 0)
		_exit(-listen_drop_privileges(host.files, "hostpass",
		    host.dir));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* systemd-sysusers takes an account for the daemon's, whoever that is. */
static void
test_user_is_a_person(void **state UNUSED)
{
	unsigned int us = geteuid();

	assert_int_equal(becomes(999), 0);
	assert_int_equal(becomes(us == 0 ? 1000 : us), us > 0 && us < 1000 ?
	    0 : EEXIST);
	/* some other user's daemon, as in tests */
	if (us != 0)
		assert_int_equal(becomes(us + 1), 0);
	else
		assert_int_equal(becomes(0), ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_held),
		TEST(test_nobody_holds),
		TEST(test_strange_file),
		TEST(test_what_is_passed),
		TEST(test_user_is_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
