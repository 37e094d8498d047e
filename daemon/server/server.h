/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's end of common/proto.h: it accepts connections, reads one
 * request from each, asks who sent it (SO_PEERCRED), and passes on what the
 * sessions and the reports say.
 */
#ifndef DAEMON_SERVER_SERVER_H
#define DAEMON_SERVER_SERVER_H

#include "common/attr.h"
#include "daemon/world.h"

struct server;

/* Serve on fd, a listening socket that the server then owns. world outlives
 * the server. 0 or -errno; the result must be freed. */
int	server_new(struct world *world, int fd,
	    struct server **ret_server) MUST_USE;

/* Close the listening socket and all connections. server may be NULL. */
void	server_free(struct server *server);

#endif
