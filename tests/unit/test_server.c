/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's socket: who may send what, and what becomes of everything that
 * is not as common/proto.h says. device_start() is defined here: a sign-in
 * that waits for ever.
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
#include "daemon/links.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/seal.h"
#include "daemon/server.h"
#include "daemon/store_token.h"
#include "tests/unit/fixture.h"

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

static void
put(int fd, const void *data, size_t len)
{
	assert_int_equal(send(fd, data, len, MSG_NOSIGNAL), (ssize_t)len);
}

static void
put_frame(int fd, struct frame *f)
{
	assert_int_equal(frame_finish(f, PROTO_REQUEST_MAX), 0);
	put(fd, f->data, f->len);
	frame_free(f);
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

static void
start_subject(struct frame *f, uint16_t type, const char *user)
{
	frame_start(f, type);
	frame_put_string(f, user);
	frame_put_string(f, "sshd");
	frame_put_string(f, "ssh");
	frame_put_string(f, "203.0.113.7");
}

static void
make_authenticate(struct frame *f, const char *user, uint32_t conversation)
{
	start_subject(f, PROTO_AUTHENTICATE, user);
	frame_put_string(f, "");
	frame_put_u32(f, 0);
	frame_put_string(f, "");
	frame_put_u32(f, conversation);
	frame_put_u32(f, 0);
	frame_put_u64(f, 0);
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

static void
test_account(void **state)
{
	char reason[64];
	struct frame f;
	int fd = dial();

	(void)state;
	start_subject(&f, PROTO_ACCOUNT, "bob");
	put_frame(fd, &f);
	assert_int_equal(hear(fd, reason, sizeof(reason)), PROTO_VERDICT);
	assert_string_equal(reason, "unknown-person");
	/* one request, and the connection is over */
	assert_int_equal(hear(fd, NULL, 0), 0);
	(void)close(fd);
}

static void
test_conversation(void **state)
{
	struct frame f;
	char text[512];
	int fd = dial(), i;

	(void)state;
	make_authenticate(&f, "bob", PROTO_CONVERSATION_PROMPT);
	put_frame(fd, &f);
	assert_int_equal(hear(fd, text, sizeof(text)), PROTO_ASK);
	assert_non_null(strstr(text, "EAAAAAAA"));
	assert_int_equal(world.pending, 1);
	/* Gone without an answer: so is the sign-in. */
	(void)close(fd);
	for (i = 0; i < 100 && world.pending > 0; i++)
		(void)event_base_loop(world.base, EVLOOP_ONCE);
	assert_int_equal(world.pending, 0);
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
	make_authenticate(&f, "alice", PROTO_CONVERSATION_PROMPT);
	put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ASK);
	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	result.claims = json;
	flow.done(flow.arg, REASON_GRANTED, "", &result);
	json_free(json);
	assert_int_equal(store_revoke(host.store, &alice), 0);
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, "");
	put_frame(fd, &f);
	assert_int_equal(hear(fd, reason, sizeof(reason)), PROTO_VERDICT);
	assert_string_equal(reason, "revoked");
	(void)close(fd);
}

static void
test_reports(void **state)
{
	static const struct {
		uint16_t	 type;
		const char	*part;
	} rows[] = {
		{ PROTO_STATUS, "\"issuer\"" },
		{ PROTO_USERS, "\"alice\"" },
		{ PROTO_GROUPS, "\"groups\"" },
	};
	struct frame f;
	char text[1024];
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fd = dial();
		frame_start(&f, rows[i].type);
		put_frame(fd, &f);
		assert_int_equal(hear(fd, text, sizeof(text)), PROTO_JSON);
		assert_non_null(strstr(text, rows[i].part));
		(void)close(fd);
	}
}

static void
make_claims(struct frame *f, const char *claims)
{
	frame_start(f, PROTO_WHY_CLAIMS);
	frame_put_string(f, "alice");
	frame_put_string(f, "sshd");
	frame_put_string(f, claims);
}

/* Requests by root, by alice about herself, by others: who is answered. */
static void
test_who_may_ask(void **state)
{
	static const uint16_t reports[] = {
		PROTO_STATUS, PROTO_USERS, PROTO_GROUPS
	};
	struct person *alice;
	struct frame f;
	uid_t uid;
	size_t i;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	uid = alice->uid;
	person_free(alice);
	for (i = 0; i < 3; i++) {
		frame_start(&f, reports[i]);
		assert_int_equal(hear_as(NOBODY, &f),
		    reports[i] == PROTO_STATUS ? PROTO_JSON : PROTO_ERROR);
	}
	/* Whoever is nobody of ours signs in nowhere. */
	frame_start(&f, PROTO_LINKS);
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	frame_start(&f, PROTO_LINKS);
	assert_int_equal(hear_as(0, &f), PROTO_ERROR);
	start_subject(&f, PROTO_ACCOUNT, "alice");
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	start_subject(&f, PROTO_ACCOUNT, "alice");
	assert_int_equal(hear_as(uid, &f), PROTO_VERDICT);
	start_subject(&f, PROTO_ACCOUNT, "bob");
	assert_int_equal(hear_as(uid, &f), PROTO_ERROR);
	make_authenticate(&f, "alice", PROTO_CONVERSATION_TERMINAL);
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	make_authenticate(&f, "alice", PROTO_CONVERSATION_TERMINAL);
	assert_int_equal(hear_as(uid, &f), PROTO_SHOW);
	frame_start(&f, PROTO_WHY);
	frame_put_string(&f, "alice");
	frame_put_string(&f, "sudo");
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	make_claims(&f, "{}");
	assert_int_equal(hear_as(uid, &f), PROTO_ERROR);
	make_claims(&f, "{}");
	assert_int_equal(hear_as(0, &f), PROTO_JSON);
	make_claims(&f, "[]");
	assert_int_equal(hear_as(0, &f), PROTO_ERROR);
	make_claims(&f, "{\"sub\":");
	assert_int_equal(hear_as(0, &f), PROTO_ERROR);
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
	start_subject(&f, PROTO_AUTHENTICATE, "alice");
	frame_put_string(&f, "");
	frame_put_u32(&f, alice->uid);
	frame_put_string(&f, "");
	frame_put_u32(&f, PROTO_CONVERSATION_TERMINAL);
	frame_put_u32(&f, 1);
	frame_put_u64(&f, 1);
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

static void
test_nonsense_is_refused(void **state)
{
	static const uint16_t types[] = {
		0, PROTO_ANSWER, 99, PROTO_SHOW, PROTO_VERDICT, PROTO_JSON
	};
	struct frame f;
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		fd = dial();
		frame_start(&f, types[i]);
		frame_put_string(&f, "x");
		put_frame(fd, &f);
		assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
		(void)close(fd);
	}
	/* fields left over, fields missing, a conversation that is none */
	fd = dial();
	frame_start(&f, PROTO_STATUS);
	frame_put_u32(&f, 1);
	put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	(void)close(fd);
	fd = dial();
	frame_start(&f, PROTO_ACCOUNT);
	frame_put_string(&f, "alice");
	put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	(void)close(fd);
	for (i = 0; i < 2; i++) {
		fd = dial();
		make_authenticate(&f, "bob", i == 0 ? 0 : 4);
		put_frame(fd, &f);
		assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
		(void)close(fd);
	}
	assert_int_equal(world.pending, 0);
}

static void
test_other_versions_and_sizes(void **state)
{
	static const uint8_t version_2[] = { 4, 0, 0, 0, 2, 0, 16, 0 };
	static const uint8_t huge[] = { 0, 0, 16, 0, 1, 0, 16, 0 };
	static const uint8_t tiny[] = { 3, 0, 0, 0, 1, 0, 16, 0 };
	const uint8_t *const frames[] = { version_2, huge, tiny };
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < 3; i++) {
		fd = dial();
		put(fd, frames[i], 8);
		assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
		(void)close(fd);
	}
}

/* A second request, or an answer that was not asked for, ends a sign-in. */
static void
test_only_answers_within_a_sign_in(void **state)
{
	static const uint16_t types[] = { PROTO_STATUS, PROTO_ANSWER };
	struct frame f;
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < 2; i++) {
		fd = dial();
		make_authenticate(&f, "bob", PROTO_CONVERSATION_TERMINAL);
		put_frame(fd, &f);
		assert_int_equal(hear(fd, NULL, 0), PROTO_SHOW);
		frame_start(&f, types[i]);
		if (types[i] == PROTO_ANSWER)
			frame_put_string(&f, "");
		put_frame(fd, &f);
		assert_int_equal(hear(fd, NULL, 0), 0);
		assert_int_equal(world.pending, 0);
		(void)close(fd);
	}
}

static void
test_one_byte_at_a_time(void **state)
{
	struct frame f;
	size_t i;
	int fd = dial();

	(void)state;
	start_subject(&f, PROTO_ACCOUNT, "bob");
	assert_int_equal(frame_finish(&f, PROTO_REQUEST_MAX), 0);
	for (i = 0; i < f.len; i++) {
		put(fd, f.data + i, 1);
		(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
	}
	frame_free(&f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_VERDICT);
	(void)close(fd);
}

/* A connection that is alice's, for all that the daemon can tell. */
static int
dial_as_alice(void)
{
	struct person *alice;
	int fd;

	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	assert_int_equal(seteuid(alice->uid), 0);
	fd = dial();
	assert_int_equal(seteuid(0), 0);
	person_free(alice);
	return fd;
}

static void
ask_for_links(int fd)
{
	struct frame f;

	frame_start(&f, PROTO_LINKS);
	put_frame(fd, &f);
	while (event_base_loop(world.base, EVLOOP_NONBLOCK) == 0 &&
	    (world.links == NULL || !world.links->ready))
		(void)usleep(1000);
}

/* sudo of alice's, as root's program tells it. */
static int
sudo(const char *ruser)
{
	struct frame f;
	int fd = dial();

	frame_start(&f, PROTO_AUTHENTICATE);
	frame_put_string(&f, "alice");
	frame_put_string(&f, "sudo");
	frame_put_string(&f, "/dev/pts/1");
	frame_put_string(&f, "");
	frame_put_string(&f, ruser);
	frame_put_u32(&f, 0);
	frame_put_string(&f, "");
	frame_put_u32(&f, PROTO_CONVERSATION_DESKTOP);
	frame_put_u32(&f, 0);
	frame_put_u64(&f, 0);
	put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_SHOW);
	return fd;
}

static void
test_links(void **state)
{
	char text[256];
	struct frame f;
	int older, newer, sign_ins[4];
	size_t i;

	(void)state;
	if (geteuid() != 0)
		skip();
	older = dial_as_alice();
	ask_for_links(older);
	newer = dial_as_alice();
	frame_start(&f, PROTO_LINKS);
	put_frame(newer, &f);
	assert_int_equal(hear(older, NULL, 0), PROTO_ERROR);
	assert_int_equal(hear(older, NULL, 0), 0);
	assert_true(world.links != NULL && world.links->ready);
	/* bob's su, then two of her own: one link was asked for, and one
	 * comes. */
	sign_ins[0] = sudo("bob");
	sign_ins[1] = sudo("alice");
	sign_ins[2] = sudo("alice");
	assert_int_equal(hear(newer, text, sizeof(text)), PROTO_LINK);
	assert_string_equal(text, "https://id.example.com/device");
	ask_for_links(newer);
	sign_ins[3] = sudo("alice");
	assert_int_equal(hear(newer, text, sizeof(text)), PROTO_LINK);
	/* Nothing else may be asked for there. */
	frame_start(&f, PROTO_STATUS);
	put_frame(newer, &f);
	assert_int_equal(hear(newer, NULL, 0), PROTO_ERROR);
	assert_int_equal(hear(newer, NULL, 0), 0);
	assert_null(world.links);
	for (i = 0; i < 4; i++)
		(void)close(sign_ins[i]);
	(void)close(older);
	(void)close(newer);
}

static void
test_links_are_off(void **state)
{
	struct frame f;
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	host.config.open_browser = false;
	fd = dial_as_alice();
	frame_start(&f, PROTO_LINKS);
	put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	assert_null(world.links);
	(void)close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_account),
		TEST(test_conversation),
		TEST(test_revoked_before_the_verdict),
		TEST(test_reports),
		TEST(test_who_may_ask),
		TEST(test_nothing_is_left_of_others),
		TEST(test_asks_too_often),
		TEST(test_service_is_a_word),
		TEST(test_nonsense_is_refused),
		TEST(test_other_versions_and_sizes),
		TEST(test_only_answers_within_a_sign_in),
		TEST(test_one_byte_at_a_time),
		TEST(test_links),
		TEST(test_links_are_off),
	};

	log_open(LOG_TO_STDERR, LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
