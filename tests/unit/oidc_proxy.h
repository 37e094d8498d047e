/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A proxy in a process of its own, HTTP (CONNECT) and SOCKS5 on one port. Every
 * host is this one; what it was asked for is told.
 */
#ifndef TESTS_UNIT_OIDC_PROXY_H
#define TESTS_UNIT_OIDC_PROXY_H

struct proxy_server;

struct proxy_server *proxy_server_new(void);
void	proxy_server_free(struct proxy_server *server);
unsigned int proxy_server_port(const struct proxy_server *server);

/* The next connection that it made, as "http HOST:PORT" or "socks HOST:PORT";
 * "" if there was none. The caller's to free. */
char	*proxy_server_next(struct proxy_server *server);

#endif
