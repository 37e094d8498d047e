/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nobody keeps others out: what happens to the next one when so many sign-ins
 * wait, or have begun, of each kind. device_start() is defined here: a sign-in
 * that waits for ever.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "daemon/oidc/device.h"
#include "daemon/session/session_private.h"
#include "tests/unit/fixture.h"

#define RULES	"[access]\nallow_groups = staff\n" \
	"[limits]\npending = 12\npending_user = 4\npending_source = 6\n" \
	"pending_uid = 3\nrate_user = 20\nrate_source = 40\n"

#define PEOPLE	64

struct device {
	int	unused;
};

static struct fixture host;
static struct world world;

int
device_start(struct provider *from, const struct device_request *request,
    struct device **ret_device)
{
	struct device_prompt prompt = {
		"https://id.example.com/device", NULL, "EAAAAAAA", 900
	};

	(void)from;
	*ret_device = calloc(1, sizeof(**ret_device));
	assert_non_null(*ret_device);
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
	free(device);
}

static int
setup(void **state)
{
	(void)state;
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	world.base = event_base_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	session_end_all(&world);
	assert_int_equal(world.pending, 0);
	event_base_free(world.base);
	fixture_teardown(&host);
	return 0;
}

/* --- people at their doors ----------------------------------------------- */

static struct person_there {
	struct session	*session;
	unsigned	 verdicts;
	enum reason	 reason;
} people[PEOPLE];

static void
on_text(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static void
on_question(void *arg, bool echo, const char *text)
{
	(void)echo;
	on_text(arg, text);
}

static void
on_verdict(void *arg, enum reason reason, const char *user)
{
	struct person_there *person = arg;

	(void)user;
	person->verdicts++;
	person->reason = reason;
	person->session = NULL;
}

static const struct session_request ssh = {
	.user = "alice", .service = "sshd", .tty = "ssh",
	.rhost = "203.0.113.7", .ruser = "", .ssh_auth_info = "",
	.conversation = PROTO_CONVERSATION_PROMPT,
};

static const struct session_request sudo = {
	.user = "alice", .service = "sudo", .tty = "/dev/pts/1",
	.rhost = "", .ruser = "alice", .ssh_auth_info = "",
	.conversation = PROTO_CONVERSATION_TERMINAL,
};

/* Person number i comes. REASON_GRANTED: she waits. */
static enum reason
come(unsigned i, const struct session_request *request)
{
	const struct session_peer peer = {
		on_text, on_question, on_verdict, &people[i]
	};

	memset(&people[i], 0, sizeof(people[i]));
	session_begin(&world, request, &peer, &people[i].session);
	return people[i].session != NULL ? REASON_GRANTED : people[i].reason;
}

static struct session_request
from(const char *user, const char *rhost)
{
	struct session_request request = ssh;

	request.user = user;
	request.rhost = rhost;
	return request;
}

/* --- the tests ------------------------------------------------------------ */

static void
test_one_name(void **state)
{
	struct session_request bob = from("bob", ssh.rhost);
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(come(i, &ssh), REASON_GRANTED);
	assert_int_equal(come(4, &ssh), REASON_TOO_MANY_USER);
	assert_int_equal(world.pending, 4);
	/* and only for that name */
	assert_int_equal(come(5, &bob), REASON_GRANTED);
}

/* Others at the network's door do not keep alice from her console. */
static void
test_terminals_have_a_line_of_their_own(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(come(i, &ssh), REASON_GRANTED);
	assert_int_equal(come(4, &sudo), REASON_GRANTED);
	assert_int_equal(world.pending, 5);
}

/* Mallory asks with alice's name, from one address, as often as she may: alice
 * comes in from hers, at mallory's cost, and so does she a second time. */
static void
test_a_name_is_shared_fairly(void **state)
{
	struct session_request alice = from("alice", "192.0.2.1");
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(come(i, &ssh), REASON_GRANTED);
	assert_int_equal(come(4, &alice), REASON_GRANTED);
	assert_int_equal(people[3].verdicts, 1);
	assert_int_equal(people[3].reason, REASON_TOO_MANY_USER);
	assert_int_equal(people[0].verdicts, 0);
	assert_int_equal(come(5, &alice), REASON_GRANTED);
	assert_int_equal(people[2].reason, REASON_TOO_MANY_USER);
	/* each has two now; nobody gets more by asking again */
	assert_int_equal(come(6, &alice), REASON_TOO_MANY_USER);
	assert_int_equal(come(7, &ssh), REASON_TOO_MANY_USER);
	assert_int_equal(people[4].verdicts + people[5].verdicts, 0);
	assert_int_equal(world.pending, 4);
}

static void
test_one_source(void **state)
{
	static const char *const names[] = { "p1", "p2", "p3", "p4", "p5",
		"p6", "p7" };
	struct session_request request;
	unsigned i;

	(void)state;
	for (i = 0; i < 6; i++) {
		request = from(names[i], "2001:db8::1");
		assert_int_equal(come(i, &request), REASON_GRANTED);
	}
	/* another address of the same network is the same source */
	request = from(names[6], "2001:db8::ffff:2");
	assert_int_equal(come(6, &request), REASON_TOO_MANY_SOURCE);
	request = from(names[6], "2001:db8:0:1::1");
	assert_int_equal(come(6, &request), REASON_GRANTED);
}

/* All places are taken by two; a third is let in, and so is a console. */
static void
test_all_places_are_shared_fairly(void **state)
{
	static const char *const names[] = { "p0", "p1", "p2" };
	struct session_request request;
	unsigned i;

	(void)state;
	for (i = 0; i < 12; i++) {
		request = from(names[i / 4], i % 2 == 0 ? "198.51.100.1" :
		    "198.51.100.2");
		assert_int_equal(come(i, &request), REASON_GRANTED);
	}
	request = from("alice", "192.0.2.1");
	assert_int_equal(come(12, &request), REASON_GRANTED);
	assert_int_equal(people[11].reason, REASON_TOO_MANY);
	request = sudo;
	request.ruser = "";
	assert_int_equal(come(13, &request), REASON_GRANTED);
	assert_int_equal(people[10].reason, REASON_TOO_MANY);
	assert_int_equal(world.pending, 12);
	/* whoever has the most gets nothing for asking */
	request = from("p9", "198.51.100.1");
	assert_int_equal(come(14, &request), REASON_TOO_MANY);
	assert_int_equal(world.pending, 12);
}

/* An approval that only waits for Enter is not taken away. */
static void
test_the_approved_stay(void **state)
{
	struct session_request alice = from("alice", "192.0.2.1");
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_int_equal(come(i, &ssh), REASON_GRANTED);
		people[i].session->decided = true;
	}
	assert_int_equal(come(4, &alice), REASON_TOO_MANY_USER);
	assert_int_equal(world.pending, 4);
}

/* A screen locker cannot say that it comes from elsewhere. */
static void
test_one_uid(void **state)
{
	struct session_request request = sudo;
	unsigned i;

	(void)state;
	request.peer = 1907802556;
	for (i = 0; i < 3; i++)
		assert_int_equal(come(i, &request), REASON_GRANTED);
	request.rhost = "192.0.2.99";
	request.ruser = "bob";
	assert_int_equal(come(3, &request), REASON_TOO_MANY_UID);
	assert_int_equal(come(4, &sudo), REASON_GRANTED);
}

/* Begun and given up again and again: the door closes for that name at that
 * address, and for nobody else. */
static void
test_rate_of_a_name(void **state)
{
	struct session_request alice = from("alice", "192.0.2.1");
	struct session_request bob = from("bob", ssh.rhost);
	unsigned i;

	(void)state;
	for (i = 0; i < 20; i++) {
		assert_int_equal(come(0, &ssh), REASON_GRANTED);
		session_detach(people[0].session);
	}
	assert_int_equal(come(0, &ssh), REASON_TOO_FAST_USER);
	assert_int_equal(come(0, &alice), REASON_GRANTED);
	assert_int_equal(come(1, &bob), REASON_GRANTED);
}

/* su by mallory, again and again, does not take sudo from alice. */
static void
test_rate_at_terminals(void **state)
{
	struct session_request su = sudo;
	unsigned i;

	(void)state;
	su.service = "su";
	su.ruser = "mallory";
	for (i = 0; i < 20; i++) {
		assert_int_equal(come(0, &su), REASON_GRANTED);
		session_detach(people[0].session);
	}
	assert_int_equal(come(0, &su), REASON_TOO_FAST_USER);
	assert_int_equal(come(1, &sudo), REASON_GRANTED);
}

static void
test_rate_of_a_source(void **state)
{
	static const char *const names[] = { "p0", "p1", "p2", "p3" };
	struct session_request request;
	unsigned i;

	(void)state;
	for (i = 0; i < 40; i++) {
		request = from(names[i % 4], "198.51.100.1");
		assert_int_equal(come(0, &request), REASON_GRANTED);
		session_detach(people[0].session);
	}
	request = from("p5", "198.51.100.1");
	assert_int_equal(come(0, &request), REASON_TOO_FAST_SOURCE);
	request.rhost = "198.51.100.2";
	assert_int_equal(come(0, &request), REASON_GRANTED);
}

static void
test_sources(void **state)
{
	static const struct {
		const char	*rhost, *ruser;
		uid_t		 peer;
		const char	*source;
	} rows[] = {
		{ "203.0.113.7", "", 0, "203.0.113.7" },
		{ "203.0.113.7", "bob", 0, "203.0.113.7" },
		{ "::ffff:203.0.113.7", "", 0, "203.0.113.7" },
		{ "2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64" },
		{ "fe80::1%eth0", "", 0, "fe80::/64" },
		{ "host.example.com", "", 0, "host.example.com" },
		{ "a\x1b[2Jb", "", 0, "a?[2Jb" },
		{ "", "bob", 0, "user bob" },
		{ "", "", 0, "" },
		{ "203.0.113.7", "bob", 1000, "uid 1000" },
	};
	struct session_request request = ssh;
	char source[SESSION_SOURCE_SIZE], longest[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		request.rhost = rows[i].rhost;
		request.ruser = rows[i].ruser;
		request.peer = rows[i].peer;
		session_source(&request, source);
		assert_string_equal(source, rows[i].source);
	}
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	request.rhost = longest;
	request.peer = 0;
	session_source(&request, source);
	assert_int_equal(strlen(source), sizeof(source) - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_name),
		TEST(test_terminals_have_a_line_of_their_own),
		TEST(test_a_name_is_shared_fairly),
		TEST(test_one_source),
		TEST(test_all_places_are_shared_fairly),
		TEST(test_the_approved_stay),
		TEST(test_one_uid),
		TEST(test_rate_of_a_name),
		TEST(test_rate_at_terminals),
		TEST(test_rate_of_a_source),
		TEST(test_sources),
	};

	log_open(LOG_TO_STDERR, LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
