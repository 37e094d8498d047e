/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocking on purpose: one connection after the other.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_tls.h"

struct tls_server {
	pid_t		pid;
	unsigned int	port;
};

static void
need(int good)
{
	if (!good)
		abort();
}

static X509 *
make_certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL,
	    NID_subject_alt_name, "IP:127.0.0.1");

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -60);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_add_ext(cert, san, -1);
	X509_EXTENSION_free(san);
	need(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

static void
serve(SSL_CTX *ctx, int fd)
{
	static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
	    "Connection: close\r\n\r\n{}";
	char buf[4096];
	SSL *ssl;
	int peer;

	/* A client that refuses the certificate goes without a word. */
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		peer = accept(fd, NULL, NULL);
		need(peer >= 0);
		ssl = SSL_new(ctx);
		SSL_set_fd(ssl, peer);
		if (SSL_accept(ssl) == 1 && SSL_read(ssl, buf,
		    sizeof(buf)) > 0) {
			SSL_write(ssl, reply, (int)strlen(reply));
			SSL_shutdown(ssl);
		}
		SSL_free(ssl);
		close(peer);
	}
}

struct tls_server *
tls_server_new(const char *ca_file)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct tls_server *server = calloc(1, sizeof(*server));
	socklen_t len = sizeof(address);
	EVP_PKEY *key = mint_key("P-256", 0);
	X509 *cert = make_certificate(key);
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	FILE *file = fopen(ca_file, "w");

	need(server != NULL && ctx != NULL && fd >= 0 && file != NULL);
	need(PEM_write_X509(file, cert) == 1);
	fclose(file);
	SSL_CTX_use_certificate(ctx, cert);
	SSL_CTX_use_PrivateKey(ctx, key);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	need(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	need(listen(fd, 8) == 0);
	need(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	server->port = ntohs(address.sin_port);
	server->pid = fork();
	need(server->pid >= 0);
	if (server->pid == 0)
		serve(ctx, fd);
	close(fd);
	SSL_CTX_free(ctx);
	X509_free(cert);
	mint_key_free(key);
	return server;
}

void
tls_server_free(struct tls_server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	free(server);
}

unsigned int
tls_server_port(const struct tls_server *server)
{
	return server->port;
}
