/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A daemon that does what the test says, right or wrong.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/client.h"
#include "common/frame.h"
#include "common/proto.h"
#include "tests/unit/relay_script.h"

static bool
hear_frame(int fd, const struct step *s)
{
	struct client_reply reply;
	char *text;
	bool ok;

	if (client_receive(fd, &reply, client_now() + LONG) < 0)
		return false;
	ok = reply.reader.type == s->n;
	if (ok && s->text != NULL) {
		text = frame_get_string(&reply.reader, PROTO_STRING_MAX);
		ok = text != NULL && strcmp(text, s->text) == 0;
		free(text);
	}
	client_reply_free(&reply);
	return ok;
}

static void
write_step(struct frame *f, const struct step *s)
{
	switch (s->what) {
	case SHOW:
		frame_start(f, PROTO_SHOW);
		frame_put_string(f, s->text);
		break;
	case ASK:
		frame_start(f, PROTO_ASK);
		frame_put_u32(f, s->n);
		frame_put_string(f, s->text);
		break;
	case REFUSE:
		frame_start(f, PROTO_ERROR);
		frame_put_string(f, s->text);
		break;
	case TYPED:
		frame_start(f, (uint16_t)s->n);
		break;
	default:
		frame_start(f, PROTO_VERDICT);
		frame_put_u32(f, s->n);
		frame_put_string(f, s->user);
		frame_put_string(f, "reason");
		frame_put_string(f, s->text);
		break;
	}
	if (frame_finish(f, PROTO_REPLY_MAX) == 0 && s->edit != NULL)
		s->edit(f);
}

static bool
run_step(int fd, const struct step *s)
{
	struct frame f;
	bool ok;
	char byte;

	switch (s->what) {
	case LISTEN:
		return hear_frame(fd, s);
	case STALL:
		return recv(fd, &byte, 1, 0) <= 0;
	case SLEEP:
		return usleep(s->n * 1000) == 0;
	default:
		write_step(&f, s);
		/* the other side may have had enough: no error */
		ok = f.error == 0 && (send(fd, f.data, f.len, MSG_NOSIGNAL) ==
		    (ssize_t)f.len || errno == EPIPE || errno == ECONNRESET);
		frame_free(&f);
		return ok;
	}
}

pid_t
relay_script_start(const struct step *steps, int *ret_fd)
{
	int fds[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(fds[0]);
		while (steps->what != END && run_step(fds[1], steps))
			steps++;
		_exit(steps->what == END ? 0 : 1);
	}
	(void)close(fds[1]);
	*ret_fd = fds[0];
	return pid;
}

pid_t
relay_script_listen(const char *path, const struct step *const *each)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct step *steps;
	int listener, fd;
	pid_t pid;

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (; *each != NULL; each++) {
			fd = accept(listener, NULL, NULL);
			steps = *each;
			while (fd >= 0 && steps->what != END &&
			    run_step(fd, steps))
				steps++;
			(void)close(fd);
		}
		_exit(0);
	}
	(void)close(listener);
	return pid;
}
