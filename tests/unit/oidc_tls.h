/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TLS server with a self-signed certificate for 127.0.0.1, in a process of
 * its own. It answers every request with {}.
 */
#ifndef TESTS_UNIT_OIDC_TLS_H
#define TESTS_UNIT_OIDC_TLS_H

struct tls_server;

/* The certificate is written to ca_file. */
struct tls_server *tls_server_new(const char *ca_file);
void	tls_server_free(struct tls_server *server);
unsigned int tls_server_port(const struct tls_server *server);

#endif
