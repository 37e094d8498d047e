/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See server_client.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/socket.h>

#include "common/proto.h"
#include "tests/unit/server_client.h"

void
server_client_put(int fd, const void *data, size_t len)
{
	assert_int_equal(send(fd, data, len, MSG_NOSIGNAL), (ssize_t)len);
}

void
server_client_put_frame(int fd, struct frame *f)
{
	assert_int_equal(frame_finish(f, PROTO_REQUEST_MAX), 0);
	server_client_put(fd, f->data, f->len);
	frame_free(f);
}

void
server_client_subject(struct frame *f, uint16_t type, const char *user)
{
	frame_start(f, type);
	frame_put_string(f, user);
	frame_put_string(f, "sshd");
	frame_put_string(f, "ssh");
	frame_put_string(f, "203.0.113.7");
}

void
server_client_authenticate(struct frame *f, const char *user,
    uint32_t conversation)
{
	server_client_subject(f, PROTO_AUTHENTICATE, user);
	frame_put_string(f, "");
	frame_put_u32(f, 0);
	frame_put_string(f, "");
	frame_put_u32(f, conversation);
	frame_put_u32(f, 0);
	frame_put_u64(f, 0);
}
