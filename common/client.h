/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calling side of common/proto.h, for the PAM module and the command. One
 * deadline covers each operation as a whole, not each system call.
 */
#ifndef COMMON_CLIENT_H
#define COMMON_CLIENT_H

#include <stdint.h>
#include <sys/types.h>

#include "common/attr.h"
#include "common/frame.h"

/* Milliseconds of CLOCK_MONOTONIC: what every deadline here is measured in. */
uint64_t client_now(void);

/* Connect to the daemon's socket at path. The directory of path must belong to
 * root and be writable by nobody else, and the one who listens must be root or
 * allowed (the owner of the snapshot). Returns a CLOEXEC, non-blocking fd
 * above 2, or -errno; -EPERM if a check failed. */
int	client_connect(const char *path, uid_t allowed,
	    uint64_t deadline) MUST_USE;

/* Finish f and send it whole. Never raises SIGPIPE. 0 or -errno; -ETIMEDOUT
 * past the deadline. f stays the caller's. */
int	client_send(int fd, struct frame *f, uint64_t deadline) MUST_USE;

/* What came back: frame_open() has been called on reader. */
struct client_reply {
	uint8_t			*data;
	size_t			 len;
	struct frame_reader	 reader;
};

/* Receive one frame. 0, or -errno: -ETIMEDOUT, -ECONNRESET at end of file,
 * -EINTR if a signal came (terminal conversations end on Ctrl-C), and what
 * frame_peek() gives. The reply must be freed when 0 was returned. */
int	client_receive(int fd, struct client_reply *ret_reply,
	    uint64_t deadline) MUST_USE;

/* Wipe and free. */
void	client_reply_free(struct client_reply *reply);

#endif
