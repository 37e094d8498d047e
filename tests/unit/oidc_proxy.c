/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocking on purpose: one connection after the other. What it cannot read
 * aborts its process, and the client sees a proxy that is gone.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_proxy.h"

#define HOST_MAX	256

struct proxy_server {
	pid_t		pid;
	unsigned int	port;
	int		told;
};

static void
need(int good)
{
	if (!good)
		abort();
}

static void
get(int fd, void *buf, size_t len)
{
	need(recv(fd, buf, len, MSG_WAITALL) == (ssize_t)len);
}

static void
put(int fd, const void *buf, size_t len)
{
	need(write(fd, buf, len) == (ssize_t)len);
}

/* RFC 1928, without authentication and with IPv4 alone. */
static void
read_socks(int peer, char host[HOST_MAX], unsigned int *port)
{
	static const uint8_t answer[] = { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 };
	uint8_t head[4], len, address[4], number[2], methods[UINT8_MAX];

	get(peer, &len, 1);
	get(peer, methods, len);
	put(peer, "\5\0", 2);
	get(peer, head, sizeof(head));
	need(head[0] == 5 && head[1] == 1 && head[3] == 1);
	get(peer, address, sizeof(address));
	need(inet_ntop(AF_INET, address, host, HOST_MAX) != NULL);
	get(peer, number, sizeof(number));
	*port = (unsigned int)number[0] << 8 | number[1];
	put(peer, answer, sizeof(answer));
}

/* RFC 9110 9.3.6; the first letter was read already. */
static void
read_connect(int peer, char host[HOST_MAX], unsigned int *port)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\n\r\n";
	char head[4096] = "";
	size_t len = 0;

	while (strstr(head, "\r\n\r\n") == NULL) {
		need(len < sizeof(head) - 1);
		get(peer, head + len, 1);
		head[++len] = '\0';
	}
	need(sscanf(head, "ONNECT %255[^:]:%u HTTP/1.1\r", host, port) == 2);
	put(peer, answer, sizeof(answer) - 1);
}

static int
reach(unsigned int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)port);
	need(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	return fd;
}

static void
relay(int a, int b)
{
	struct pollfd fds[2] = { { a, POLLIN, 0 }, { b, POLLIN, 0 } };
	char buf[4096];
	ssize_t n;
	int i;

	for (;;) {
		need(poll(fds, 2, -1) > 0);
		for (i = 0; i < 2; i++) {
			if (fds[i].revents == 0)
				continue;
			n = read(fds[i].fd, buf, sizeof(buf));
			if (n <= 0)
				return;
			put(fds[1 - i].fd, buf, (size_t)n);
		}
	}
}

static void
serve(int fd, int tell)
{
	char host[HOST_MAX], first, *line;
	unsigned int port;
	int peer, other;

	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		peer = accept(fd, NULL, NULL);
		need(peer >= 0);
		get(peer, &first, 1);
		if (first == 5)
			read_socks(peer, host, &port);
		else
			read_connect(peer, host, &port);
		line = mint_text("%s %s:%u\n", first == 5 ? "socks" : "http",
		    host, port);
		put(tell, line, strlen(line));
		free(line);
		other = reach(port);
		relay(peer, other);
		close(peer);
		close(other);
	}
}

struct proxy_server *
proxy_server_new(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct proxy_server *server = calloc(1, sizeof(*server));
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0), ends[2];

	need(server != NULL && fd >= 0 && pipe(ends) == 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	need(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	need(listen(fd, 8) == 0);
	need(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	server->port = ntohs(address.sin_port);
	server->pid = fork();
	need(server->pid >= 0);
	if (server->pid == 0)
		serve(fd, ends[1]);
	close(fd);
	close(ends[1]);
	need(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
	server->told = ends[0];
	return server;
}

void
proxy_server_free(struct proxy_server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	close(server->told);
	free(server);
}

unsigned int
proxy_server_port(const struct proxy_server *server)
{
	return server->port;
}

char *
proxy_server_next(struct proxy_server *server)
{
	char line[HOST_MAX + 16] = "";
	size_t len = 0;

	while (len < sizeof(line) - 1 && read(server->told, line + len, 1) == 1
	    && line[len] != '\n')
		len++;
	line[len] = '\0';
	return mint_text("%s", line);
}
