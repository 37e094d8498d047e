/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's socket with a client in the same process. device_start() is
 * defined here: a sign-in that waits for ever.
 */
#ifndef TESTS_UNIT_SERVER_CLIENT_H
#define TESTS_UNIT_SERVER_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "common/frame.h"
#include "daemon/oidc/device.h"
#include "daemon/world.h"
#include "tests/unit/fixture.h"

#define NOBODY	65534

/* Between setup and teardown; alice, of staff, is bound. */
extern struct fixture host;
extern struct world world;
/* Sign-ins that wait. */
extern unsigned pending;
/* What the latest was begun with. */
extern struct device_request latest;

int	server_client_setup(void **state);
int	server_client_teardown(void **state);

/* A connection. */
int	dial(void);

/* Let the server work until fd has something, and say what type it has; 0 at
 * its end. text, if it is not NULL, gets its string. */
int	hear(int fd, char *text, size_t size);

/* What a client of this uid hears after sending f, which is freed: its
 * type. */
int	hear_as(uid_t uid, struct frame *f);

/* Send bytes, or a frame, which is finished and freed. */
void	server_client_put(int fd, const void *data, size_t len);
void	server_client_put_frame(int fd, struct frame *f);

/* The fields that ACCOUNT has and AUTHENTICATE begins with, as sshd's. */
void	server_client_subject(struct frame *f, uint16_t type,
	    const char *user);
void	server_client_account(struct frame *f, const char *user, uint32_t uid,
	    uint64_t started);
void	server_client_authenticate(struct frame *f, const char *user,
	    uint32_t conversation);

#endif
