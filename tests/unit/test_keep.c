/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sign-ins that wait while one daemon ends and another one begins: which go
 * on, for whom, and what is left of them meanwhile. device_start() and what
 * belongs to it are defined here, in place of daemon/oidc's.
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
#include <time.h>
#include <unistd.h>

#include "daemon/oidc/clock.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/flow_state.h"
#include "daemon/oidc/json.h"
#include "daemon/session/session_private.h"
#include "daemon/session/slots.h"
#include "daemon/store/seal.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n[provider]\n"
#define CLAIMS "{\"preferred_username\":\"alice\",\"groups\":[\"staff\"]}"
#define DEVICE_CODE	"the-device-code"

/* --- the provider --- */

struct device {
	struct device_request	request;
	bool			used;
};

static struct device *latest;
static unsigned started, resumed;

static void
set(struct secret *s, const char *text)
{
	assert_int_equal(secret_set(s, text, strlen(text)), 0);
}

int
device_start(struct provider *provider, const struct device_request *request,
    struct device **ret_device)
{
	(void)provider;
	latest = calloc(1, sizeof(*latest));
	assert_non_null(latest);
	latest->request = *request;
	started++;
	if (request->resume != NULL) {
		resumed++;
		assert_string_equal(request->resume->device_code.data,
		    DEVICE_CODE);
		assert_string_equal(request->resume->user_code.data, "EAAA");
		assert_string_equal(request->resume->nonce.data, "nonce");
		assert_true(request->resume->began == 77);
		assert_true(request->resume->interval == 5);
	}
	*ret_device = latest;
	return 0;
}

int
device_save(const struct device *device, struct flow_state *ret_state)
{
	if (device->used)
		return -ENODATA;
	*ret_state = (struct flow_state){
		.kind = FLOW_DEVICE, .began = 77, .interval = 5,
		.deadline = clock_steady() + 900,
		.next = clock_steady() + 3,
	};
	set(&ret_state->uri, "https://id.example.com/device");
	set(&ret_state->nonce, "nonce");
	set(&ret_state->user_code, "EAAA");
	set(&ret_state->device_code, DEVICE_CODE);
	return 0;
}

bool
device_rest(struct device *device UNUSED)
{
	return false;
}

void
device_free(struct device *device)
{
	if (device == latest)
		latest = NULL;
	free(device);
}

static void
give_code(void)
{
	const struct device_prompt prompt = {
		"https://id.example.com/device", NULL, "EAAA", 900
	};

	latest->request.ready(latest->request.arg, &prompt);
}

static void
approve(void)
{
	struct flow_result result = {
		.issuer = FIXTURE_ISSUER, .subject = ALICE_SUB,
	};
	struct json *claims;

	assert_int_equal(json_parse(CLAIMS, strlen(CLAIMS), &claims), 0);
	result.claims = claims;
	latest->request.done(latest->request.arg, REASON_GRANTED, "",
	    &result);
	json_free(claims);
}

/* --- the peer --- */

static struct session *current;
static struct {
	char		 text[4096];
	unsigned	 asks;
	unsigned	 shows;
	unsigned	 verdicts;
	enum reason	 reason;
} told;

static void
on_show(void *arg UNUSED, const char *text UNUSED)
{
	told.shows++;
}

static void
on_ask(void *arg UNUSED, bool echo UNUSED, const char *text)
{
	told.asks++;
	(void)strncpy(told.text, text, sizeof(told.text) - 1);
}

static void
on_verdict(void *arg UNUSED, enum reason reason, const char *user)
{
	assert_string_equal(user, "alice");
	told.verdicts++;
	told.reason = reason;
	current = NULL;
}

static const struct session_peer peer = { on_show, on_ask, on_verdict, NULL };

static struct session_request ssh = {
	.user = "alice", .service = "sshd", .tty = "ssh",
	.rhost = "203.0.113.7", .ruser = "", .ssh_auth_info = "",
	.conversation = PROTO_CONVERSATION_PROMPT, .retry_start = 88,
};

static const struct session_request sudo = {
	.user = "alice", .service = "sudo", .tty = "/dev/pts/1",
	.rhost = "", .ruser = "alice", .ssh_auth_info = "",
	.conversation = PROTO_CONVERSATION_TERMINAL, .retry_start = 99,
};

/* --- the daemon --- */

static struct fixture host;
static struct world world;
static struct world_provider provider;

static struct seal *
make_seal(char fill)
{
	struct secret key = SECRET_INIT;
	char bytes[SEAL_KEY_SIZE];
	struct seal *seal;

	memset(bytes, fill, sizeof(bytes));
	assert_int_equal(secret_set(&key, bytes, sizeof(bytes)), 0);
	assert_int_equal(seal_new(&key, &seal), 0);
	secret_free(&key);
	return seal;
}

static void
start_daemon(struct seal *seal)
{
	current = NULL;
	world = (struct world){
		.base = event_base_new(), .config = &host.config,
		.providers = &provider, .snapshot = host.snapshot,
		.provider_count = 1, .store = host.store, .files = host.files,
		.seal = seal,
	};
	assert_int_equal(slots_new(16, &world.slots), 0);
}

/* The daemon is gone; what it left is in the file. */
static int
end_daemon(bool killed)
{
	int fd = dup(slots_fd(world.slots));

	assert_true(fd >= 0);
	if (!killed)
		session_leave_all(&world);
	world.leaving = true;
	if (current != NULL)
		session_detach(current);
	session_end_all(&world);
	slots_free(world.slots);
	event_base_free(world.base);
	return fd;
}

static void
restart(bool killed)
{
	int fd = end_daemon(killed);

	start_daemon(world.seal);
	session_resume_all(&world, fd);
	(void)close(fd);
}

static int
setup(void **state UNUSED)
{
	memset(&told, 0, sizeof(told));
	started = resumed = 0;
	fixture_setup(&host, RULES);
	provider.config = host.config.providers;
	ssh.uid = fixture_uid(&host, "alice");
	ssh.retry_pid = (uint32_t)getpid();
	start_daemon(make_seal('k'));
	return 0;
}

static int
teardown(void **state UNUSED)
{
	struct seal *seal = world.seal;

	(void)close(end_daemon(true));
	assert_null(latest);
	seal_free(seal);
	fixture_teardown(&host);
	return 0;
}

static struct session *
begin(const struct session_request *request)
{
	session_begin(&world, request, &peer, &current);
	return current;
}

/* --- the tests --- */

static void
test_approved_meanwhile(void **state UNUSED)
{
	assert_non_null(begin(&ssh));
	give_code();
	assert_int_equal(told.asks, 1);
	restart(false);
	assert_int_equal(resumed, 1);
	assert_int_equal(world.pending, 1);
	give_code();
	/* her Enter brings the module back, and it is looked before it asks */
	assert_non_null(begin(&ssh));
	assert_int_equal(started, 2);
	assert_int_equal(told.asks, 1);
	approve();
	assert_int_equal(told.verdicts, 1);
	assert_int_equal(told.reason, REASON_GRANTED);
}

static void
test_asked_again_with_the_same_code(void **state UNUSED)
{
	struct session *session;

	(void)begin(&ssh);
	give_code();
	restart(false);
	session = begin(&ssh);
	give_code();
	assert_int_equal(told.asks, 1);
	session_on_timer(-1, 0, session);
	assert_int_equal(told.asks, 2);
	assert_non_null(strstr(told.text, "Code: EAAA"));
	(void)usleep(510000);
	session_answer(session, "");
	session_on_timer(-1, 0, session);
	assert_int_equal(told.asks, 3);
	assert_null(strstr(told.text, "EAAA"));
}

static void
approved_before_enter(bool killed)
{
	(void)begin(&ssh);
	give_code();
	approve();
	assert_int_equal(told.verdicts, 0);
	restart(killed);
	assert_int_equal(started, 1);
	assert_int_equal(world.pending, 1);
	assert_null(begin(&ssh));
	assert_int_equal(told.reason, REASON_GRANTED);
	assert_int_equal(world.pending, 0);
}

static void
test_approved_before_enter(void **state UNUSED)
{
	approved_before_enter(false);
}

static void
test_killed_before_enter(void **state UNUSED)
{
	approved_before_enter(true);
}

/* The daemon that comes cannot write the snapshot at once. */
static void
test_not_published_yet(void **state UNUSED)
{
	int fd;

	(void)begin(&ssh);
	give_code();
	approve();
	fd = end_daemon(true);
	start_daemon(world.seal);
	world.unpublished = true;
	session_resume_all(&world, fd);
	(void)close(fd);
	assert_non_null(begin(&ssh));
	assert_int_equal(told.verdicts, 0);
	world.unpublished = false;
	session_published(&world, 0);
	(void)event_base_loop(world.base, EVLOOP_ONCE);
	assert_int_equal(told.verdicts, 1);
	assert_int_equal(told.reason, REASON_GRANTED);
}

static void
test_revoked_meanwhile(void **state UNUSED)
{
	struct person *person;

	(void)begin(&ssh);
	give_code();
	approve();
	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	person->revoked = true;
	assert_int_equal(store_save(host.store, person), 0);
	person_free(person);
	restart(false);
	assert_null(begin(&ssh));
	assert_int_equal(told.reason, REASON_REVOKED);
}

static void
test_killed(void **state UNUSED)
{
	(void)begin(&ssh);
	give_code();
	restart(true);
	assert_int_equal(resumed, 1);
	restart(true);
	assert_int_equal(resumed, 2);
	assert_non_null(begin(&ssh));
	give_code();
	approve();
	assert_int_equal(told.reason, REASON_GRANTED);
}

/* The text stands there still. */
static void
test_terminal(void **state UNUSED)
{
	(void)begin(&sudo);
	give_code();
	assert_int_equal(told.shows, 1);
	restart(false);
	give_code();
	assert_non_null(begin(&sudo));
	assert_int_equal(started, 2);
	assert_int_equal(told.shows, 1);
	approve();
	assert_int_equal(told.verdicts, 1);
}

/* Whoever does not know the number begins anew, and so does another uid. */
static void
test_somebody_else(void **state UNUSED)
{
	struct session_request other[3] = { sudo, sudo, sudo };
	size_t i;

	(void)begin(&sudo);
	give_code();
	restart(false);
	other[0].retry_start = 98;
	other[1].peer = 1001;
	other[2].retry_pid = (uint32_t)getpid();
	for (i = 0; i < 3; i++) {
		assert_non_null(begin(&other[i]));
		assert_int_equal(started, 3 + i);
		session_detach(current);
		current = NULL;
	}
}

static void
test_without_number(void **state UNUSED)
{
	struct session_request request = sudo;

	request.retry_start = 0;
	(void)begin(&request);
	give_code();
	restart(false);
	assert_int_equal(world.pending, 0);
}

/* Nothing to go on with: before the code, when it was redeemed, when she was
 * refused. */
static void
test_nothing_to_keep(void **state UNUSED)
{
	(void)begin(&ssh);
	latest->used = true;
	restart(false);
	assert_int_equal(world.pending, 0);
	(void)begin(&ssh);
	give_code();
	latest->used = true;
	restart(false);
	assert_int_equal(world.pending, 0);
	(void)begin(&ssh);
	give_code();
	latest->request.done(latest->request.arg, REASON_ACCESS_DENIED, "",
	    NULL);
	restart(false);
	assert_int_equal(world.pending, 0);
	assert_int_equal(resumed, 0);
}

/* What has ended leaves no copy, so that a kill right afterwards brings
 * nothing back. */
static void
test_ended(void **state UNUSED)
{
	struct session *session = begin(&ssh);

	give_code();
	approve();
	session_answer(session, "");
	assert_int_equal(told.reason, REASON_GRANTED);
	restart(true);
	assert_int_equal(world.pending, 0);
}

static void
test_other_configuration(void **state UNUSED)
{
	char *client_id = host.config.providers[0].client_id;
	char another[] = "another";

	(void)begin(&ssh);
	give_code();
	host.config.providers[0].client_id = another;
	restart(true);
	host.config.providers[0].client_id = client_id;
	assert_int_equal(world.pending, 0);
	assert_int_equal(resumed, 0);
}

static void
test_local_now(void **state UNUSED)
{
	(void)begin(&ssh);
	give_code();
	fixture_add_local(&host, "alice:x:1001:1001::/home/alice:/bin/sh\n",
	    "");
	restart(false);
	assert_int_equal(world.pending, 0);
}

static void
test_another_key(void **state UNUSED)
{
	struct seal *seal = world.seal;
	int fd;

	(void)begin(&ssh);
	give_code();
	fd = end_daemon(false);
	start_daemon(make_seal('x'));
	session_resume_all(&world, fd);
	(void)close(fd);
	assert_int_equal(world.pending, 0);
	seal_free(seal);
}

static void
see(void *arg, const void *data, size_t len)
{
	unsigned *seen = arg;

	++*seen;
	assert_null(memmem(data, len, DEVICE_CODE, strlen(DEVICE_CODE)));
	assert_null(memmem(data, len, "alice", 5));
}

static void
test_nothing_is_readable(void **state UNUSED)
{
	unsigned seen = 0;
	int fd;

	(void)begin(&ssh);
	give_code();
	fd = end_daemon(false);
	assert_int_equal(slots_take(fd, see, &seen), 0);
	assert_int_equal(seen, 1);
	/* it is wiped by that */
	assert_int_equal(slots_take(fd, see, &seen), 0);
	assert_int_equal(seen, 1);
	(void)close(fd);
	start_daemon(world.seal);
}

/* Nobody comes back: sshd's connection is gone. */
static void
test_nobody_comes_back(void **state UNUSED)
{
	struct session_request request = ssh;

	request.retry_pid = INT32_MAX;
	(void)begin(&request);
	give_code();
	restart(false);
	assert_int_equal(world.pending, 1);
	session_on_timer(-1, 0, world.sessions);
	assert_int_equal(world.pending, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_approved_meanwhile),
		TEST(test_asked_again_with_the_same_code),
		TEST(test_approved_before_enter),
		TEST(test_killed_before_enter),
		TEST(test_not_published_yet),
		TEST(test_revoked_meanwhile),
		TEST(test_killed),
		TEST(test_terminal),
		TEST(test_somebody_else),
		TEST(test_without_number),
		TEST(test_nothing_to_keep),
		TEST(test_ended),
		TEST(test_other_configuration),
		TEST(test_local_now),
		TEST(test_another_key),
		TEST(test_nothing_is_readable),
		TEST(test_nobody_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
