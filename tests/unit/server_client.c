/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See server_client.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/proto.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/provider.h"
#include "daemon/report/audit.h"
#include "daemon/server/server.h"
#include "daemon/session/session.h"
#include "tests/unit/server_client.h"

#define RULES	"[access]\nallow_groups = staff\n[prompt]\n" \
	"open_browser = yes\n"

struct fixture host;
struct world world;
static struct world_provider asked;
static struct server *server;
static struct sockaddr_un address;

struct device {
	int	unused;
};

unsigned pending;
struct device_request latest;

int
device_start(struct provider *provider, const struct device_request *request,
    struct device **ret_device)
{
	struct device_prompt prompt = {
		"https://id.example.com/device", NULL, "EAAAAAAA", 900
	};

	(void)provider;
	*ret_device = calloc(1, sizeof(**ret_device));
	assert_non_null(*ret_device);
	pending++;
	latest = *request;
	request->ready(request->arg, &prompt);
	return 0;
}

int
device_save(const struct device *device UNUSED,
    struct flow_state *ret_state UNUSED)
{
	return -ENODATA;
}

bool
device_rest(struct device *device UNUSED)
{
	return false;
}

void
device_free(struct device *device)
{
	if (device != NULL)
		pending--;
	free(device);
}

int
server_client_setup(void **state)
{
	static const struct secret none = SECRET_INIT;
	struct provider_config provider = {
		.issuer = FIXTURE_ISSUER, .client_id = "host",
		.client_secret = &none, .scopes = "openid", .timeout = 1,
	};
	int fd;

	(void)state;
	memset(&world, 0, sizeof(world));
	fixture_setup(&host, RULES);
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	world.base = event_base_new();
	world.config = &host.config;
	world.store = host.store;
	world.files = host.files;
	world.snapshot = host.snapshot;
	assert_int_equal(audit_new(false, &world.audit), 0);
	asked.config = &host.config.providers[0];
	assert_int_equal(provider_new(world.base, &provider, &asked.oidc), 0);
	world.providers = &asked;
	world.provider_count = 1;
	address.sun_family = AF_UNIX;
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/s",
	    host.dir);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(chmod(address.sun_path, 0666), 0);
	assert_int_equal(chmod(host.dir, 0755), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(server_new(&world, fd, &server), 0);
	return 0;
}

int
server_client_teardown(void **state)
{
	(void)state;
	server_free(server);
	session_end_all(&world);
	assert_int_equal(pending, 0);
	provider_free(asked.oidc);
	audit_free(world.audit);
	event_base_free(world.base);
	(void)unlink(address.sun_path);
	fixture_teardown(&host);
	return 0;
}

int
dial(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	return fd;
}

/* Let the server work until fd has something, and say what type it has; 0 at
 * its end. */
int
hear(int fd, char *text, size_t size)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint8_t data[8192];
	struct frame_reader r;
	ssize_t got;
	char *s;
	int i;

	for (i = 0; i < 1000 && poll(&pfd, 1, 5) == 0; i++)
		(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
	assert_true(i < 1000);
	got = recv(fd, data, sizeof(data), 0);
	if (got <= 0)
		return 0;
	frame_open(&r, data, (size_t)got);
	if (r.type == PROTO_VERDICT || r.type == PROTO_ASK)
		(void)frame_get_u32(&r);
	if (r.type == PROTO_VERDICT) {
		free(frame_get_string(&r, PROTO_STRING_MAX));
	}
	s = frame_get_string(&r, PROTO_STRING_MAX);
	assert_non_null(s);
	if (text != NULL)
		(void)snprintf(text, size, "%s", s);
	free(s);
	return r.type;
}

/* What a client of this uid hears after sending f: its type. */
int
hear_as(uid_t uid, struct frame *f)
{
	int fd, status, i;
	pid_t pid;

	assert_int_equal(frame_finish(f, PROTO_REQUEST_MAX), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		uint8_t header[FRAME_HEADER_SIZE];

		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (setresuid(uid, uid, uid) < 0 ||
		    connect(fd, (struct sockaddr *)&address,
		    sizeof(address)) < 0 || write(fd, f->data, f->len) < 0)
			_exit(255);
		if (recv(fd, header, sizeof(header), MSG_WAITALL) !=
		    FRAME_HEADER_SIZE)
			_exit(0);
		_exit(header[6]);
	}
	frame_free(f);
	for (i = 0; i < 5000 && waitpid(pid, &status, WNOHANG) == 0; i++) {
		(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
		(void)usleep(1000);
	}
	assert_true(i < 5000 && WIFEXITED(status));
	return WEXITSTATUS(status);
}

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
server_client_account(struct frame *f, const char *user, uint32_t uid,
    uint64_t started)
{
	server_client_subject(f, PROTO_ACCOUNT, user);
	frame_put_u32(f, uid);
	frame_put_u64(f, started);
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
