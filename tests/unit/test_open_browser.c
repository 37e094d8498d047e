/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass open-browser` with the test as its daemon, and a script that says
 * what it was called with in place of xdg-open.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/client.h"
#include "common/proto.h"
#include "tests/unit/command.h"

#define SOCKET	"run/hostpass.sock"
#define PIPE	"opened"
/* As long as anything may take; nothing is waited for that does not come. */
#define PATIENCE	60000

static const char opener[] =
    "#!/bin/sh\n"
    "printf '%s|%s\\n' \"$#\" \"$1\" >" PIPE "\n";

static int listener, opened;
static pid_t command;

static uint64_t
deadline(void)
{
	return client_now() + PATIENCE;
}

static void
write_opener(void)
{
	FILE *out = fopen("xdg-open", "w");

	assert_non_null(out);
	assert_true(fputs(opener, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod("xdg-open", 0755), 0);
}

static int
setup(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[PATH_MAX];

	(void)state;
	write_opener();
	assert_non_null(getcwd(path, sizeof(path)));
	assert_int_equal(setenv("PATH", path, 1), 0);
	(void)strncpy(address.sun_path, SOCKET, sizeof(address.sun_path) - 1);
	(void)unlink(SOCKET);
	(void)unlink(PIPE);
	assert_int_equal(mkfifo(PIPE, 0600), 0);
	opened = open(PIPE, O_RDWR | O_CLOEXEC);
	assert_true(opened >= 0);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(listener, 4), 0);
	(void)fflush(NULL);
	command = fork();
	assert_true(command >= 0);
	if (command == 0) {
		(void)snprintf(path, sizeof(path),
		    "%s/tests/unit/hostpass_scripted", getenv("TOP_BUILDDIR"));
		if (freopen("err", "w", stderr) != NULL)
			(void)execl(path, path, "open-browser", (char *)NULL);
		_exit(98);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	if (command > 0) {
		(void)kill(command, SIGTERM);
		(void)waitpid(command, NULL, 0);
	}
	(void)close(listener);
	(void)close(opened);
	return 0;
}

static void
wait_for_question(int fd)
{
	struct client_reply reply;

	assert_int_equal(client_receive(fd, &reply, deadline()), 0);
	assert_int_equal(reply.reader.type, PROTO_LINKS);
	assert_int_equal(frame_close(&reply.reader), 0);
	client_reply_free(&reply);
}

/* The command comes, and asks for a link. */
static int
meet(void)
{
	int fd = accept(listener, NULL, NULL);

	assert_true(fd >= 0);
	wait_for_question(fd);
	return fd;
}

static void
say(int fd, uint16_t type, const char *text)
{
	struct frame frame;

	frame_start(&frame, type);
	frame_put_string(&frame, text);
	assert_int_equal(client_send(fd, &frame, deadline()), 0);
	frame_free(&frame);
}

/* What the next xdg-open was called with: it is one argument. */
static void
expect_opened(const char *uri)
{
	char line[1024], wanted[1024];
	size_t len = 0;

	do {
		assert_int_equal(read(opened, line + len, 1), 1);
	} while (line[len++] != '\n');
	line[len] = '\0';
	(void)snprintf(wanted, sizeof(wanted), "1|%s\n", uri);
	assert_string_equal(line, wanted);
}

static int
wait_for_end(void)
{
	int status;

	assert_int_equal(waitpid(command, &status, 0), command);
	command = 0;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_links_are_opened(void **state)
{
	int fd = meet();

	(void)state;
	say(fd, PROTO_LINK, "https://id.example.com/device?code=A&b='$(id)'");
	expect_opened("https://id.example.com/device?code=A&b='$(id)'");
	wait_for_question(fd);
	say(fd, PROTO_LINK, "http://127.0.0.1:4444/authorize");
	expect_opened("http://127.0.0.1:4444/authorize");
	wait_for_question(fd);
	(void)close(fd);
}

/* What the daemon must not have opened, if ever somebody made it try; the
 * one after it is the first that is. */
static void
test_others_are_not(void **state)
{
	static const char *const uris[] = {
		"http://id.example.com/", "javascript:alert(1)",
		"file:///etc/passwd", "--version", "", "https://a b/",
		"https://id.example.com@other.example/",
		"http://127.0.0.1.other.example/", "https://a/\x1b[2J",
	};
	size_t i;
	int fd = meet();

	(void)state;
	for (i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		say(fd, PROTO_LINK, uris[i]);
		wait_for_question(fd);
	}
	say(fd, PROTO_LINK, "https://id.example.com/last");
	expect_opened("https://id.example.com/last");
	(void)close(fd);
}

static void
test_daemon_comes_again(void **state)
{
	int fd = meet();

	(void)state;
	(void)close(fd);
	fd = meet();
	say(fd, PROTO_LINK, "https://id.example.com/again");
	expect_opened("https://id.example.com/again");
	wait_for_question(fd);
	/* Another one took over: it does not come back. */
	say(fd, PROTO_ERROR, "another does this now");
	assert_int_equal(wait_for_end(), 1);
	(void)close(fd);
}

static void
test_no_opener(void **state)
{
	int fd = meet();

	(void)state;
	assert_int_equal(unlink("xdg-open"), 0);
	say(fd, PROTO_LINK, "https://id.example.com/");
	wait_for_question(fd);
	say(fd, PROTO_JSON, "{}");
	assert_int_equal(wait_for_end(), 3);
	(void)close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_links_are_opened),
		TEST(test_others_are_not),
		TEST(test_daemon_comes_again),
		TEST(test_no_opener),
	};

	if (!command_can_run())
		return 0;
	return cmocka_run_group_tests(tests, command_set_up,
	    command_tear_down);
}
