/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every wait here ends at the deadline of the operation, however the bytes
 * dribble in. Nothing is sent before the one who listens has been checked.
 *
 * MUST: no SIGPIPE, no fd below 3, no fd left to a child, no signal handler:
 * this runs inside sshd, sudo and login.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/client.h"
#include "common/proto.h"

/* How often a full backlog is tried again, in milliseconds: connect(2) of a
 * unix socket says EAGAIN then, and poll(2) does not tell when it is over. */
#define BACKLOG_PAUSE	20

uint64_t
client_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Milliseconds that poll(2) may wait; 0 once the deadline is over. */
static int
time_left(uint64_t deadline)
{
	uint64_t now = client_now();

	if (now >= deadline)
		return 0;
	return deadline - now > INT_MAX ? INT_MAX : (int)(deadline - now);
}

/* Checked before each step, so that a peer who always has one more byte
 * cannot keep us beyond the deadline either. */
static int
wait_ready(int fd, short events, uint64_t deadline)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	int ms = time_left(deadline);
	int n;

	if (ms == 0)
		return -ETIMEDOUT;
	n = poll(&pfd, 1, ms);
	if (n < 0)
		return -errno;
	return n == 0 ? -ETIMEDOUT : 0;
}

/* Only root may put a socket where we look for ours. */
static int
check_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX];
	struct stat st;
	size_t len;

	if (slash == NULL || slash == path)
		return -EINVAL;
	len = (size_t)(slash - path);
	if (len >= sizeof(directory))
		return -ENAMETOOLONG;
	memcpy(directory, path, len);
	directory[len] = '\0';
	if (lstat(directory, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode) || st.st_uid != 0 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return -EPERM;
	return 0;
}

/* SO_PEERCRED names who called listen(2): systemd or the daemon itself. */
static int
check_peer(int fd, uid_t allowed)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	return peer.uid == 0 || peer.uid == allowed ? 0 : -EPERM;
}

/* A program may have closed its stdin; what it prints must not reach us. */
static int
move_above_stdio(int fd)
{
	int moved;

	if (fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (moved < 0)
		moved = -errno;
	(void)close(fd);
	return moved;
}

static int
connect_until(int fd, const struct sockaddr_un *address, uint64_t deadline)
{
	while (connect(fd, (const struct sockaddr *)address,
	    sizeof(*address)) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		if (time_left(deadline) == 0)
			return -ETIMEDOUT;
		(void)poll(NULL, 0, BACKLOG_PAUSE);
	}
	return 0;
}

int
client_connect(const char *path, uid_t allowed, uint64_t deadline)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, rc;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	rc = check_directory(path);
	if (rc < 0)
		return rc;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	fd = move_above_stdio(fd);
	if (fd < 0)
		return fd;
	rc = connect_until(fd, &address, deadline);
	if (rc == 0)
		rc = check_peer(fd, allowed);
	if (rc < 0) {
		(void)close(fd);
		return rc;
	}
	return fd;
}

int
client_send(int fd, struct frame *f, uint64_t deadline)
{
	size_t sent = 0;
	ssize_t n;
	int rc;

	rc = frame_finish(f, PROTO_REQUEST_MAX);
	if (rc < 0)
		return rc;
	while (sent < f->len) {
		rc = wait_ready(fd, POLLOUT, deadline);
		/* Half a frame is of no use to anybody: go on. */
		if (rc == -EINTR)
			continue;
		if (rc < 0)
			return rc;
		n = send(fd, f->data + sent, f->len - sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0)
			sent += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return 0;
}

/* Read size bytes. -EINTR only while nothing has come, or the bytes that did
 * come would be lost. */
static int
receive_bytes(int fd, uint8_t *data, size_t size, bool interruptible,
    uint64_t deadline)
{
	size_t len = 0;
	ssize_t n;
	int rc;

	while (len < size) {
		rc = wait_ready(fd, POLLIN, deadline);
		if (rc == -EINTR && (!interruptible || len > 0))
			continue;
		if (rc < 0)
			return rc;
		n = recv(fd, data + len, size - len, MSG_DONTWAIT);
		if (n == 0)
			return -ECONNRESET;
		if (n > 0)
			len += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return 0;
}

int
client_receive(int fd, struct client_reply *ret_reply, uint64_t deadline)
{
	struct client_reply reply = { 0 };
	uint8_t header[FRAME_HEADER_SIZE];
	int rc;

	rc = receive_bytes(fd, header, sizeof(header), true, deadline);
	if (rc < 0)
		return rc;
	rc = frame_peek(header, sizeof(header), PROTO_REPLY_MAX, &reply.len);
	if (rc < 0)
		return rc;
	reply.data = malloc(reply.len);
	if (reply.data == NULL)
		return -ENOMEM;
	memcpy(reply.data, header, sizeof(header));
	rc = receive_bytes(fd, reply.data + sizeof(header),
	    reply.len - sizeof(header), false, deadline);
	if (rc < 0) {
		client_reply_free(&reply);
		return rc;
	}
	frame_open(&reply.reader, reply.data, reply.len);
	*ret_reply = reply;
	return 0;
}

void
client_reply_free(struct client_reply *reply)
{
	if (reply->data != NULL) {
		explicit_bzero(reply->data, reply->len);
		free(reply->data);
	}
	*reply = (struct client_reply){ 0 };
}
