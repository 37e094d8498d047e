/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/client.c: whom it talks to, and that every wait ends in time. What
 * needs a directory of root is skipped for everybody else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/client.h"
#include "common/proto.h"
#include "tests/unit/wipe.h"

#define STRANGER	12345	/* a uid that may not listen */

static char directory[40];
static char path[64];
static int listener = -1;

static int
make_directory(void **state)
{
	(void)state;
	(void)snprintf(directory, sizeof(directory), "/tmp/hostpass.XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/socket", directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	if (listener >= 0)
		(void)close(listener);
	listener = -1;
	(void)unlink(path);
	return rmdir(directory);
}

/* Listen at path as uid: SO_PEERCRED keeps who called listen(2). */
static void
listen_as(uid_t uid, int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	if (uid != geteuid())
		assert_int_equal(seteuid(uid), 0);
	assert_int_equal(listen(listener, backlog), 0);
	if (geteuid() != getuid())
		assert_int_equal(seteuid(getuid()), 0);
}

static int
try_connect(uid_t allowed)
{
	int fd = client_connect(path, allowed, client_now() + 200);

	if (fd < 0)
		return fd;
	(void)close(fd);
	return 0;
}

static void
need_root(void)
{
	if (geteuid() != 0)
		skip();
}

static void
test_directory_must_be_roots(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		listen_as(geteuid(), 5);
		assert_int_equal(try_connect(geteuid()), -EPERM);
		return;
	}
	listen_as(0, 5);
	assert_int_equal(try_connect(0), 0);
	assert_int_equal(chown(directory, STRANGER, (gid_t)-1), 0);
	assert_int_equal(try_connect(0), -EPERM);
	assert_int_equal(try_connect(STRANGER), -EPERM);
}

static void
test_directory_must_not_be_writable(void **state)
{
	static const struct { mode_t mode; int rc; } rows[] = {
		{ 0700, 0 }, { 0755, 0 }, { 0711, 0 },
		{ 0720, -EPERM }, { 0775, -EPERM }, { 0702, -EPERM },
		{ 0757, -EPERM }, { 01777, -EPERM },
	};
	size_t i;

	(void)state;
	need_root();
	listen_as(0, 20);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(chmod(directory, rows[i].mode), 0);
		assert_int_equal(try_connect(0), rows[i].rc);
	}
}

static void
test_directory_must_not_be_a_link(void **state)
{
	char real[40], link[48];

	(void)state;
	need_root();
	listen_as(0, 5);
	(void)snprintf(real, sizeof(real), "%s", directory);
	(void)snprintf(link, sizeof(link), "%s.link", directory);
	assert_int_equal(symlink(real, link), 0);
	(void)snprintf(path, sizeof(path), "%s/socket", link);
	assert_int_equal(try_connect(0), -EPERM);
	(void)unlink(link);
	(void)snprintf(path, sizeof(path), "%s/socket", real);
}

static void
test_directory_must_be_one(void **state)
{
	char file[48];
	int fd;

	(void)state;
	need_root();
	(void)snprintf(file, sizeof(file), "%s/file", directory);
	fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	(void)snprintf(path, sizeof(path), "%s/socket", file);
	assert_int_equal(try_connect(0), -EPERM);
	(void)unlink(file);
}

static void
test_peer_must_be_known(void **state)
{
	(void)state;
	need_root();
	listen_as(STRANGER, 5);
	assert_int_equal(try_connect(0), -EPERM);
	assert_int_equal(try_connect(STRANGER + 1), -EPERM);
	assert_int_equal(try_connect(STRANGER), 0);
}

static void
test_nobody_listens(void **state)
{
	char longest[PATH_MAX];

	(void)state;
	assert_int_equal(client_connect("socket", 0, client_now() + 100),
	    -EINVAL);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(client_connect(longest, 0, client_now() + 100),
	    -ENAMETOOLONG);
	assert_int_equal(client_connect("/nonexistent/socket", 0,
	    client_now() + 100), -ENOENT);
	need_root();
	assert_int_equal(try_connect(0), -ENOENT);
	listen_as(0, 5);
	(void)close(listener);
	listener = -1;
	assert_int_equal(try_connect(0), -ECONNREFUSED);
}

static void
test_full_backlog_ends_in_time(void **state)
{
	uint64_t start = client_now();
	int fds[8], n, rc = 0;

	(void)state;
	need_root();
	listen_as(0, 0);
	for (n = 0; n < 8 && rc == 0; n++) {
		fds[n] = client_connect(path, 0, client_now() + 100);
		if (fds[n] < 0)
			rc = fds[n];
	}
	while (--n >= 0) {
		if (fds[n] >= 0)
			(void)close(fds[n]);
	}
	assert_int_equal(rc, -ETIMEDOUT);
	assert_true(client_now() - start >= 100);
}

static void
test_fd_is_above_stdio(void **state)
{
	int saved, fd;

	(void)state;
	need_root();
	listen_as(0, 5);
	saved = dup(STDIN_FILENO);
	assert_true(saved >= 0);
	(void)close(STDIN_FILENO);
	fd = client_connect(path, 0, client_now() + 100);
	assert_true(fd > STDERR_FILENO);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	(void)close(fd);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	(void)close(saved);
}

/* What a child writes: bytes in pieces with a pause (ms) between them. */
struct peer {
	const uint8_t	*data;
	size_t		 len;
	size_t		 piece;
	useconds_t	 pause;
	bool		 stall;	/* at the end: hold the line, do not close */
};

static pid_t
start_peer(const struct peer *p, int *ret_fd)
{
	size_t n, sent;
	int fds[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(fds[0]);
		for (sent = 0; sent < p->len; sent += n) {
			n = p->len - sent < p->piece ?
			    p->len - sent : p->piece;
			if (send(fds[1], p->data + sent, n, MSG_NOSIGNAL) < 0)
				break;
			(void)usleep(p->pause * 1000);
		}
		while (p->stall)
			(void)pause();
		_exit(0);
	}
	(void)close(fds[1]);
	*ret_fd = fds[0];
	return pid;
}

static void
end_peer(pid_t pid, int fd)
{
	pid_t ended;

	(void)close(fd);
	(void)kill(pid, SIGKILL);
	do {
		ended = waitpid(pid, NULL, 0);
	} while (ended < 0 && errno == EINTR);
	assert_int_equal(ended, pid);
}

/* Receive what comes on fd; the reply is freed, its text compared. */
static int
receive_on(int fd, unsigned int timeout, const char *want)
{
	struct client_reply reply;
	char *text;
	int rc;

	rc = client_receive(fd, &reply, client_now() + timeout);
	if (rc == 0) {
		assert_int_equal(reply.reader.type, PROTO_SHOW);
		text = frame_get_string(&reply.reader, 1000);
		assert_int_equal(frame_close(&reply.reader), 0);
		assert_string_equal(text, want);
		free(text);
		client_reply_free(&reply);
		assert_null(reply.data);
	}
	return rc;
}

static int
receive_from(const struct peer *p, unsigned int timeout, const char *want)
{
	pid_t pid;
	int fd, rc;

	pid = start_peer(p, &fd);
	rc = receive_on(fd, timeout, want);
	end_peer(pid, fd);
	return rc;
}

static void
make_show(struct frame *f, const char *text)
{
	frame_start(f, PROTO_SHOW);
	frame_put_string(f, text);
	assert_int_equal(frame_finish(f, PROTO_REPLY_MAX), 0);
}

static void
test_dribbled_bytes_arrive(void **state)
{
	struct frame f;
	struct peer p = { .piece = 1, .pause = 2 };

	(void)state;
	make_show(&f, "hello");
	p.data = f.data;
	p.len = f.len;
	assert_int_equal(receive_from(&p, 5000, "hello"), 0);
	frame_free(&f);
}

static void
test_deadline_is_for_the_whole(void **state)
{
	uint64_t start = client_now();
	struct frame f;
	struct peer p = { .piece = 1, .pause = 40, .stall = true };

	(void)state;
	make_show(&f, "each byte comes in time, all of them do not");
	p.data = f.data;
	p.len = f.len;
	assert_int_equal(receive_from(&p, 200, ""), -ETIMEDOUT);
	assert_true(client_now() - start >= 200);
	frame_free(&f);
}

static void
test_stall_at_every_byte(void **state)
{
	struct frame f;
	struct peer p = { .piece = 1000, .stall = true };

	(void)state;
	make_show(&f, "x");
	p.data = f.data;
	for (p.len = 0; p.len < f.len; p.len++)
		assert_int_equal(receive_from(&p, 20, ""), -ETIMEDOUT);
	frame_free(&f);
}

static void
test_end_of_file_at_every_byte(void **state)
{
	struct frame f;
	struct peer p = { .piece = 1000 };

	(void)state;
	make_show(&f, "x");
	p.data = f.data;
	for (p.len = 0; p.len < f.len; p.len++)
		assert_int_equal(receive_from(&p, 5000, ""), -ECONNRESET);
	frame_free(&f);
}

static void
test_header_is_judged_at_once(void **state)
{
	struct frame f;
	struct peer p = { .piece = 1000, .len = FRAME_HEADER_SIZE,
	    .stall = true };

	(void)state;
	make_show(&f, "x");
	p.data = f.data;
	memset(f.data, 0xff, 4);
	assert_int_equal(receive_from(&p, 5000, ""), -EMSGSIZE);
	memset(f.data, 0, 4);
	assert_int_equal(receive_from(&p, 5000, ""), -EMSGSIZE);
	f.data[4]++;
	assert_int_equal(receive_from(&p, 5000, ""), -EPROTO);
	frame_free(&f);
}

static void
ignore_signal(int signo)
{
	(void)signo;
}

/* Let a handled signal come every ms milliseconds; 0 ends it. */
static void
interrupt_every(int ms)
{
	struct sigaction action = { .sa_handler = ignore_signal };
	struct itimerval timer = {
		.it_value = { .tv_usec = ms * 1000 },
		.it_interval = { .tv_usec = ms * 1000 },
	};

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void
test_signal_interrupts_between_frames_only(void **state)
{
	struct frame f;
	struct peer silent = { .stall = true };
	struct peer slow = { .piece = 9, .pause = 100 };
	struct pollfd begun = { .events = POLLIN };
	pid_t pid;

	(void)state;
	interrupt_every(30);
	assert_int_equal(receive_from(&silent, 5000, ""), -EINTR);
	make_show(&f, "hello");
	slow.data = f.data;
	slow.len = f.len;
	interrupt_every(0);
	pid = start_peer(&slow, &begun.fd);
	assert_int_equal(poll(&begun, 1, 5000), 1);
	interrupt_every(30);
	assert_int_equal(receive_on(begun.fd, 5000, "hello"), 0);
	interrupt_every(0);
	end_peer(pid, begun.fd);
	frame_free(&f);
}

static void
test_send(void **state)
{
	struct client_reply reply;
	struct frame f;
	char *text;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	frame_start(&f, PROTO_SHOW);
	frame_put_string(&f, "hello");
	assert_int_equal(client_send(fds[0], &f, client_now() + 1000), 0);
	frame_free(&f);
	assert_int_equal(client_receive(fds[1], &reply, client_now() + 1000),
	    0);
	text = frame_get_string(&reply.reader, 1000);
	assert_string_equal(text, "hello");
	free(text);
	client_reply_free(&reply);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
test_send_to_nobody(void **state)
{
	struct frame f;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	(void)close(fds[1]);
	frame_start(&f, PROTO_STATUS);
	/* SIGPIPE would end this program */
	assert_int_equal(client_send(fds[0], &f, client_now() + 1000),
	    -EPIPE);
	frame_free(&f);
	(void)close(fds[0]);
}

static void
test_send_ends_in_time(void **state)
{
	static char text[PROTO_REQUEST_MAX - 100];
	uint64_t start = client_now();
	struct frame f;
	int fds[2], size = 4096;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size,
	    sizeof(size)), 0);
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, text);
	interrupt_every(30);
	assert_int_equal(client_send(fds[0], &f, client_now() + 200),
	    -ETIMEDOUT);
	interrupt_every(0);
	assert_true(client_now() - start >= 200);
	frame_free(&f);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
test_send_too_much(void **state)
{
	static char text[PROTO_REQUEST_MAX];
	struct frame f;
	int fds[2];
	char byte;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, text);
	assert_int_equal(client_send(fds[0], &f, client_now() + 1000),
	    -EMSGSIZE);
	assert_int_equal(recv(fds[1], &byte, 1, MSG_DONTWAIT), -1);
	frame_free(&f);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
test_reply_is_wiped(void **state)
{
	const char *marker = wipe_watch();
	struct client_reply reply;
	struct frame f;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	make_show(&f, marker);
	/* one that is whole, and one that ends too early */
	assert_int_equal(send(fds[1], f.data, f.len, 0), f.len);
	assert_int_equal(send(fds[1], f.data, f.len - 1, 0), f.len - 1);
	(void)close(fds[1]);
	assert_int_equal(client_receive(fds[0], &reply, client_now() + 1000),
	    0);
	client_reply_free(&reply);
	assert_int_equal(client_receive(fds[0], &reply, client_now() + 1000),
	    -ECONNRESET);
	frame_free(&f);
	(void)close(fds[0]);
	assert_int_equal(wipe_count(), 0);
}

#define WITH_DIRECTORY(test) \
	cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DIRECTORY(test_directory_must_be_roots),
		WITH_DIRECTORY(test_directory_must_not_be_writable),
		WITH_DIRECTORY(test_directory_must_not_be_a_link),
		WITH_DIRECTORY(test_directory_must_be_one),
		WITH_DIRECTORY(test_peer_must_be_known),
		WITH_DIRECTORY(test_nobody_listens),
		WITH_DIRECTORY(test_full_backlog_ends_in_time),
		WITH_DIRECTORY(test_fd_is_above_stdio),
		cmocka_unit_test(test_dribbled_bytes_arrive),
		cmocka_unit_test(test_deadline_is_for_the_whole),
		cmocka_unit_test(test_stall_at_every_byte),
		cmocka_unit_test(test_end_of_file_at_every_byte),
		cmocka_unit_test(test_header_is_judged_at_once),
		cmocka_unit_test(test_signal_interrupts_between_frames_only),
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_send_to_nobody),
		cmocka_unit_test(test_send_ends_in_time),
		cmocka_unit_test(test_send_too_much),
		cmocka_unit_test(test_reply_is_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
