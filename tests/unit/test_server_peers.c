/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody who is not root cannot get out of the daemon's socket, and what
 * a sign-in is worth whose person is revoked before its verdict.
 * device_start() is defined here: a sign-in that waits for ever.
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
#include <time.h>
#include <unistd.h>

#include "common/frame.h"
#include "common/log.h"
#include "common/proto.h"
#include "daemon/audit.h"
#include "daemon/links.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/seal.h"
#include "daemon/server.h"
#include "daemon/store_token.h"
#include "tests/unit/fixture.h"
#include "tests/unit/server_client.h"

#define RULES	"[access]\nallow_groups = staff\n[prompt]\n" \
	"open_browser = yes\n"
#define NOBODY	65534

static struct fixture host;
static struct session_world world;
static struct session_provider asked;
static struct server *server;
static struct sockaddr_un address;

struct device {
	int	unused;
};

static unsigned pending;
static struct device_request flow;	/* the latest */

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
	flow = *request;
	request->ready(request->arg, &prompt);
	return 0;
}

void
device_free(struct device *device)
{
	if (device != NULL)
		pending--;
	free(device);
}

static int
setup(void **state)
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

static int
teardown(void **state)
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

/* --- a client, in this process ------------------------------------------- */

static int
dial(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	return fd;
}

/* Let the server work until fd has something, and say what type it has; 0 at
 * its end. */
static int
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
static int
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

/* --- the tests ------------------------------------------------------------ */

/* Alice's, with her uid and a process that would retry: init. */
static void
authenticate(struct frame *f, uint32_t conversation)
{
	struct person *alice;

	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	server_client_subject(f, PROTO_AUTHENTICATE, "alice");
	frame_put_string(f, "");
	frame_put_u32(f, alice->uid);
	frame_put_string(f, "");
	frame_put_u32(f, conversation);
	frame_put_u32(f, 1);
	frame_put_u64(f, 1);
	person_free(alice);
}

/* Between the approval and the answer that sshd waits for, an admin, or the
 * provider, lets go of her. */
static void
test_revoked_before_the_verdict(void **state)
{
	static const char claims[] = "{\"preferred_username\":\"alice\","
	    "\"groups\":[\"staff\"]}";
	const struct token_owner alice = { FIXTURE_ISSUER, ALICE_SUB };
	struct flow_result result = {
		.issuer = FIXTURE_ISSUER, .subject = ALICE_SUB,
	};
	struct json *json;
	struct frame f;
	char reason[64];
	int fd = dial();

	(void)state;
	authenticate(&f, PROTO_CONVERSATION_PROMPT);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ASK);
	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	result.claims = json;
	flow.done(flow.arg, REASON_GRANTED, "", &result);
	json_free(json);
	assert_int_equal(store_revoke(host.store, &alice), 0);
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, "");
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, reason, sizeof(reason)), PROTO_VERDICT);
	assert_string_equal(reason, "revoked");
	(void)close(fd);
}

/* A sign-in outlives its connection for root's programs alone. */
static void
test_nothing_is_left_of_others(void **state)
{
	struct person *alice;
	struct frame f;
	int i;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	authenticate(&f, PROTO_CONVERSATION_TERMINAL);
	assert_int_equal(hear_as(alice->uid, &f), PROTO_SHOW);
	for (i = 0; i < 5000 && world.pending > 0; i++) {
		(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
		(void)usleep(1000);
	}
	assert_int_equal(world.pending, 0);
	person_free(alice);
}

/* Keep a token of hers, about which the provider was asked just now. */
static void
keep_token(const struct person *person, const char *outcome)
{
	const struct token_owner owner = { person->issuer, person->subject };
	struct token_state token = { .kept = true, .told = time(NULL) };
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct secret key = SECRET_INIT;
	char bytes[SEAL_KEY_SIZE] = "";
	struct seal *seal;

	assert_int_equal(secret_set(&key, bytes, sizeof(bytes)), 0);
	assert_int_equal(seal_new(&key, &seal), 0);
	(void)snprintf(token.outcome, sizeof(token.outcome), "%s", outcome);
	assert_int_equal(store_token_save(host.store, seal, &owner, &pair,
	    &token), 0);
	seal_free(seal);
	secret_free(&key);
}

/* Nobody but root can have the provider asked again and again: here that
 * would be a crash, for there is no refresher. */
static void
test_asks_too_often(void **state)
{
	struct person *alice;
	struct frame f;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	keep_token(alice, "renewed");
	frame_start(&f, PROTO_REFRESH);
	frame_put_string(&f, "");
	assert_int_equal(hear_as(alice->uid, &f), PROTO_JSON);
	keep_token(alice, "later: provider-unreachable");
	frame_start(&f, PROTO_REFRESH);
	frame_put_string(&f, "alice");
	assert_int_equal(hear_as(alice->uid, &f), PROTO_ERROR);
	person_free(alice);
}

/* What somebody who is not root says ends in the log. */
static void
test_service_is_a_word(void **state)
{
	struct person *alice;
	struct frame f;
	int i;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	for (i = 0; i < 2; i++) {
		frame_start(&f, PROTO_ACCOUNT);
		frame_put_string(&f, "alice");
		frame_put_string(&f, "sshd from=203.0.113.7 reason=granted");
		frame_put_string(&f, "");
		frame_put_string(&f, "");
		assert_int_equal(hear_as(i == 0 ? 0 : alice->uid, &f),
		    i == 0 ? PROTO_VERDICT : PROTO_ERROR);
	}
	person_free(alice);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_revoked_before_the_verdict),
		TEST(test_nothing_is_left_of_others),
		TEST(test_asks_too_often),
		TEST(test_service_is_a_word),
	};

	log_open(LOG_TO_STDERR, LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
