/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a client of the daemon sends.
 */
#ifndef TESTS_UNIT_SERVER_CLIENT_H
#define TESTS_UNIT_SERVER_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "common/frame.h"

/* Send bytes, or a frame, which is finished and freed. */
void	server_client_put(int fd, const void *data, size_t len);
void	server_client_put_frame(int fd, struct frame *f);

/* The fields that ACCOUNT has and AUTHENTICATE begins with, as sshd's. */
void	server_client_subject(struct frame *f, uint16_t type,
	    const char *user);
void	server_client_authenticate(struct frame *f, const char *user,
	    uint32_t conversation);

#endif
