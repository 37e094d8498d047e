/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's socket: who may send what, and what becomes of everything that
 * is not as common/proto.h says.
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
#include <time.h>
#include <unistd.h>

#include "common/frame.h"
#include "common/log.h"
#include "common/proto.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/report/audit.h"
#include "daemon/server/server.h"
#include "daemon/session/links.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_token.h"
#include "tests/unit/fixture.h"
#include "tests/unit/server_client.h"

static void
test_account(void **state)
{
	char reason[64];
	struct frame f;
	int fd = dial();

	(void)state;
	server_client_account(&f, "bob", 0, 0);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, reason, sizeof(reason)), PROTO_VERDICT);
	assert_string_equal(reason, "unknown-person");
	/* one request, and the connection is over */
	assert_int_equal(hear(fd, NULL, 0), 0);
	(void)close(fd);
	/* known, but by another uid */
	fixture_sql(&host, "UPDATE person SET last_proof = strftime("
	    "'%s', 'now'), groups_told = strftime('%s', 'now')"
	    " WHERE name = 'alice'");
	fd = dial();
	server_client_account(&f, "alice", 7, 0);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, reason, sizeof(reason)), PROTO_VERDICT);
	assert_string_equal(reason, "account-prepared");
	(void)close(fd);
}

static void
test_conversation(void **state)
{
	struct frame f;
	char text[512];
	int fd = dial(), i;

	(void)state;
	server_client_authenticate(&f, "bob", PROTO_CONVERSATION_PROMPT);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, text, sizeof(text)), PROTO_ASK);
	assert_non_null(strstr(text, "EAAAAAAA"));
	assert_int_equal(world.pending, 1);
	/* Gone without an answer: so is the sign-in. */
	(void)close(fd);
	for (i = 0; i < 100 && world.pending > 0; i++)
		(void)event_base_loop(world.base, EVLOOP_ONCE);
	assert_int_equal(world.pending, 0);
}

/* Alice's, with her uid. */
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
	frame_put_u32(f, 0);
	frame_put_u64(f, 0);
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
	latest.done(latest.arg, REASON_GRANTED, "", &result);
	json_free(json);
	assert_int_equal(store_revoke(host.store, &alice), 0);
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, "");
	server_client_put_frame(fd, &f);
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
		{ PROTO_METRICS, "\"hostpass_decisions_total\"" },
	};
	struct frame f;
	char text[1024];
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fd = dial();
		frame_start(&f, rows[i].type);
		server_client_put_frame(fd, &f);
		assert_int_equal(hear(fd, text, sizeof(text)), PROTO_JSON);
		assert_non_null(strstr(text, rows[i].part));
		/* Warnings are for root. */
		assert_int_equal(strstr(text, "\"warnings\"") != NULL,
		    rows[i].type == PROTO_STATUS && geteuid() == 0);
		(void)close(fd);
	}
}

/* Keys are those of whom sshd may let in; who was forgotten has none. */
static void
test_keys_and_forgetting(void **state)
{
	static const struct {
		uint16_t	 type;
		const char	*user;
		uint16_t	 reply;
		const char	*part;
	} rows[] = {
		{ PROTO_SSH_KEYS, "alice", PROTO_JSON, "ssh-ed25519 AAAA" },
		{ PROTO_SSH_KEYS, "lokal", PROTO_JSON, "\"keys\":[]" },
		{ PROTO_SSH_KEYS, "dora", PROTO_JSON, "\"keys\":[]" },
		{ PROTO_FORGET, "dora", PROTO_ERROR, "nobody of this name" },
		{ PROTO_FORGET, "alice", PROTO_JSON, "\"uid\"" },
		{ PROTO_FORGET, "", PROTO_JSON, "\"name\":\"alice\"" },
		{ PROTO_SSH_KEYS, "alice", PROTO_JSON, "\"keys\":[]" },
	};
	struct person *alice;
	struct frame f;
	char text[1024];
	size_t i;
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(store_find_name(host.store, "alice", &alice), 0);
	assert_int_equal(person_add_ssh_key(alice, "ssh-ed25519 AAAA"), 0);
	alice->last_proof = alice->groups_told = time(NULL);
	assert_int_equal(store_save(host.store, alice), 0);
	person_free(alice);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fd = dial();
		frame_start(&f, rows[i].type);
		frame_put_string(&f, rows[i].user);
		server_client_put_frame(fd, &f);
		assert_int_equal(hear(fd, text, sizeof(text)), rows[i].reply);
		if (strstr(text, rows[i].part) == NULL)
			fail_msg("%zu: %s", i, text);
		(void)close(fd);
	}
}

static void
make_events(struct frame *f, uint32_t follow)
{
	frame_start(f, PROTO_EVENTS);
	frame_put_u32(f, follow);
}

static void
note(const char *user)
{
	const struct audit_event event = {
		.kind = AUDIT_ACCOUNT, .user = user, .service = "sshd",
		.reason = REASON_REVOKED,
	};

	audit_note(world.audit, &event);
}

static void
test_events(void **state)
{
	struct frame f;
	char text[1024];
	int fd = dial();

	(void)state;
	note("alice");
	make_events(&f, 0);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, text, sizeof(text)), PROTO_JSON);
	assert_non_null(strstr(text, "\"user\":\"alice\""));
	assert_non_null(strstr(text, "\"reason\":\"revoked\""));
	assert_int_equal(hear(fd, NULL, 0), 0);
	(void)close(fd);
	fd = dial();
	make_events(&f, 1);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, text, sizeof(text)), PROTO_JSON);
	assert_non_null(strstr(text, "alice"));
	note("bob");
	assert_int_equal(hear(fd, text, sizeof(text)), PROTO_JSON);
	assert_null(strstr(text, "alice"));
	assert_non_null(strstr(text, "bob"));
	/* one question for each connection, here too */
	make_events(&f, 1);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	(void)close(fd);
	fd = dial();
	make_events(&f, 2);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	(void)close(fd);
}

/* Whoever follows and does not read is let go of; nobody waits for her. */
static void
test_slow_follower(void **state)
{
	static char text[65536];
	struct frame f;
	ssize_t got = -1;
	size_t total = 0;
	int fd = dial(), i;

	(void)state;
	make_events(&f, 1);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, text, sizeof(text)), PROTO_JSON);
	for (i = 0; i < 40000; i++) {
		note("alice");
		if (i % 100 == 0)
			(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
	}
	(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
	/* She gets what the kernel held, not all of it, and then the end. */
	for (i = 0; i < 5000; i++) {
		got = recv(fd, text, sizeof(text), MSG_DONTWAIT);
		if (got == 0)
			break;
		total += got > 0 ? (size_t)got : 0;
		(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
	}
	assert_int_equal(got, 0);
	assert_in_range(total, 1, 2 * PROTO_REPLY_MAX);
	(void)close(fd);
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
		PROTO_STATUS, PROTO_METRICS, PROTO_USERS, PROTO_GROUPS
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
	for (i = 0; i < 4; i++) {
		frame_start(&f, reports[i]);
		assert_int_equal(hear_as(NOBODY, &f),
		    i < 2 ? PROTO_JSON : PROTO_ERROR);
	}
	/* Whoever is nobody of ours signs in nowhere. */
	frame_start(&f, PROTO_LINKS);
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	frame_start(&f, PROTO_LINKS);
	assert_int_equal(hear_as(0, &f), PROTO_ERROR);
	make_events(&f, 1);
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	server_client_account(&f, "alice", uid, 0);
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	server_client_account(&f, "alice", uid, 0);
	assert_int_equal(hear_as(uid, &f), PROTO_VERDICT);
	server_client_account(&f, "bob", 0, 0);
	assert_int_equal(hear_as(uid, &f), PROTO_ERROR);
	server_client_authenticate(&f, "alice", PROTO_CONVERSATION_TERMINAL);
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	server_client_authenticate(&f, "alice", PROTO_CONVERSATION_TERMINAL);
	assert_int_equal(hear_as(uid, &f), PROTO_SHOW);
	frame_start(&f, PROTO_WHY);
	frame_put_string(&f, "alice");
	frame_put_string(&f, "sudo");
	assert_int_equal(hear_as(NOBODY, &f), PROTO_ERROR);
	for (i = 0; i < 4; i++) {
		frame_start(&f, i % 2 == 0 ? PROTO_FORGET : PROTO_SSH_KEYS);
		frame_put_string(&f, "alice");
		assert_int_equal(hear_as(i < 2 ? NOBODY : uid, &f),
		    PROTO_ERROR);
	}
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
	server_client_subject(&f, PROTO_AUTHENTICATE, "alice");
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
	struct seal *seal = fixture_seal(1);

	(void)snprintf(token.outcome, sizeof(token.outcome), "%s", outcome);
	assert_int_equal(store_token_save(host.store, seal, &owner, &pair,
	    &token), 0);
	seal_free(seal);
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
		frame_put_u32(&f, alice->uid);
		frame_put_u64(&f, 0);
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
		server_client_put_frame(fd, &f);
		assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
		(void)close(fd);
	}
	/* fields left over, fields missing, a conversation that is none */
	fd = dial();
	frame_start(&f, PROTO_STATUS);
	frame_put_u32(&f, 1);
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	(void)close(fd);
	fd = dial();
	frame_start(&f, PROTO_ACCOUNT);
	frame_put_string(&f, "alice");
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	(void)close(fd);
	for (i = 0; i < 2; i++) {
		fd = dial();
		server_client_authenticate(&f, "bob", i == 0 ? 0 : 4);
		server_client_put_frame(fd, &f);
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
		server_client_put(fd, frames[i], 8);
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
		server_client_authenticate(&f, "bob", PROTO_CONVERSATION_TERMINAL);
		server_client_put_frame(fd, &f);
		assert_int_equal(hear(fd, NULL, 0), PROTO_SHOW);
		frame_start(&f, types[i]);
		if (types[i] == PROTO_ANSWER)
			frame_put_string(&f, "");
		server_client_put_frame(fd, &f);
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
	server_client_account(&f, "bob", 0, 0);
	assert_int_equal(frame_finish(&f, PROTO_REQUEST_MAX), 0);
	for (i = 0; i < f.len; i++) {
		server_client_put(fd, f.data + i, 1);
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
	server_client_put_frame(fd, &f);
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
	server_client_put_frame(fd, &f);
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
	server_client_put_frame(newer, &f);
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
	server_client_put_frame(newer, &f);
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
	server_client_put_frame(fd, &f);
	assert_int_equal(hear(fd, NULL, 0), PROTO_ERROR);
	assert_null(world.links);
	(void)close(fd);
}

/* A byte now and then is not a request; nor is nothing at all. */
static void
test_half_a_request_ends_in_time(void **state)
{
	struct pollfd silent = { .fd = dial(), .events = POLLIN };
	struct pollfd slow = { .fd = dial(), .events = POLLIN };
	struct frame f;
	size_t i;

	(void)state;
	server_client_account(&f, "bob", 0, 0);
	assert_int_equal(frame_finish(&f, PROTO_REQUEST_MAX), 0);
	for (i = 0; i < f.len - 1 && poll(&slow, 1, 0) == 0; i++) {
		(void)send(slow.fd, f.data + i, 1, MSG_NOSIGNAL);
		(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
		(void)poll(NULL, 0, 500);
	}
	assert_true(i < f.len - 1);
	frame_free(&f);
	assert_int_equal(hear(slow.fd, NULL, 0), 0);
	assert_int_equal(hear(silent.fd, NULL, 0), 0);
	(void)close(slow.fd);
	(void)close(silent.fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, \
	    server_client_setup, server_client_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_account),
		TEST(test_conversation),
		TEST(test_revoked_before_the_verdict),
		TEST(test_reports),
		TEST(test_events),
		TEST(test_slow_follower),
		TEST(test_who_may_ask),
		TEST(test_keys_and_forgetting),
		TEST(test_nothing_is_left_of_others),
		TEST(test_asks_too_often),
		TEST(test_service_is_a_word),
		TEST(test_nonsense_is_refused),
		TEST(test_other_versions_and_sizes),
		TEST(test_only_answers_within_a_sign_in),
		TEST(test_one_byte_at_a_time),
		TEST(test_links),
		TEST(test_links_are_off),
		TEST(test_half_a_request_ends_in_time),
	};

	log_open(LOG_TO_STDERR, LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
