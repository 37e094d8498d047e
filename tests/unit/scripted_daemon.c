/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See scripted_daemon.h. It gives up after PATIENCE, so that no test hangs.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/frame.h"
#include "common/proto.h"
#include "tests/unit/scripted_daemon.h"

#define PATIENCE	10000	/* milliseconds */

static void
need(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

/* Read until the frame is whole; how long it is, 0 if it never is. */
static size_t
read_frame(int fd, uint8_t *data, size_t room)
{
	size_t len = 0, size = 0;
	ssize_t n;
	int r;

	while ((r = frame_peek(data, len, room, &size)) != 0 || len < size) {
		if (r != 0 && r != -EAGAIN)
			return 0;
		n = read(fd, data + len, room - len);
		if (n <= 0)
			return 0;
		len += (size_t)n;
	}
	return len == size ? size : 0;
}

static bool
is_expected(const uint8_t *data, size_t len, const struct script *script)
{
	struct frame_reader reader;
	bool same = true;
	char *field;
	size_t i;

	frame_open(&reader, data, len);
	for (i = 0; i < SCRIPT_FIELDS && script->fields[i] != NULL; i++) {
		field = frame_get_string(&reader, PROTO_STRING_MAX);
		if (field == NULL || strcmp(field, script->fields[i]) != 0)
			same = false;
		free(field);
	}
	if (script->numbers > 0 && frame_get_u32(&reader) != script->number)
		same = false;
	return same && frame_close(&reader) == 0 &&
	    reader.type == script->request;
}

static void
answer(int fd, const struct script *script)
{
	struct frame frame;
	unsigned i;

	frame_start(&frame, script->reply);
	frame_put_string(&frame, script->text);
	for (i = 0; i < script->extra; i++)
		frame_put_u32(&frame, 0);
	need(frame_finish(&frame, PROTO_REPLY_MAX) == 0, "frame_finish");
	if (script->version != 0)
		frame.data[4] = (uint8_t)script->version;
	for (i = 0; i <= script->repeat; i++)
		(void)send(fd, frame.data, frame.len, MSG_NOSIGNAL);
	frame_free(&frame);
}

static void *
serve(void *arg)
{
	struct scripted_daemon *d = arg;
	struct pollfd pfd = { .fd = d->listener, .events = POLLIN };
	uint8_t data[PROTO_REQUEST_MAX / 16];
	size_t len;
	int fd;

	if (poll(&pfd, 1, PATIENCE) != 1)
		return NULL;
	fd = accept(d->listener, NULL, NULL);
	if (fd < 0)
		return NULL;
	len = read_frame(fd, data, sizeof(data));
	d->asked = len > 0 && is_expected(data, len, d->script);
	if (d->script->reply != 0)
		answer(fd, d->script);
	(void)close(fd);
	return NULL;
}

void
scripted_daemon_start(struct scripted_daemon *d, const char *path,
    const struct script *script)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memset(d, 0, sizeof(*d));
	d->script = script;
	(void)unlink(path);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	d->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	need(d->listener >= 0, "socket");
	need(bind(d->listener, (struct sockaddr *)&address,
	    sizeof(address)) == 0, "bind");
	/* SO_PEERCRED remembers who called listen(2). */
	need(seteuid(script->uid) == 0, "seteuid");
	need(listen(d->listener, 1) == 0, "listen");
	need(seteuid(0) == 0, "seteuid");
	need(pthread_create(&d->thread, NULL, serve, d) == 0, "pthread_create");
}

bool
scripted_daemon_stop(struct scripted_daemon *d)
{
	/* Wakes up who waits for a caller that never came. */
	(void)shutdown(d->listener, SHUT_RDWR);
	need(pthread_join(d->thread, NULL) == 0, "pthread_join");
	(void)close(d->listener);
	return d->asked;
}
