/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The snapshot is written once for many, and nobody is let in before it tells
 * of her. Time is the test's: the steady clock stands still, and a timer of a
 * second fires when the loop runs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/oidc/browser.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/session/session.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_token.h"
#include "tests/unit/fixture.h"
#include "tests/unit/oidc_clock.h"

#define RULES "[access]\nallow_groups = staff\n" \
	"[groups]\nadmins = sudo\n"
#define CAROL_SUB	"0c6a7c39-1f0e-4b0e-8f7b-6d5c4b3a2910"

/* --- the provider --- */

struct device {
	struct device_request request;
};

static struct device *latest;

int
device_start(struct provider *provider UNUSED,
    const struct device_request *request, struct device **ret_device)
{
	latest = calloc(1, sizeof(*latest));
	assert_non_null(latest);
	latest->request = *request;
	*ret_device = latest;
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

int
browser_start(struct provider *provider UNUSED,
    const struct browser_request *request UNUSED,
    struct browser **ret_browser UNUSED)
{
	return -ENOSYS;
}

enum reason
browser_answer(struct browser *browser UNUSED, const char *address UNUSED)
{
	return REASON_DENIED;
}

int
browser_save(const struct browser *browser UNUSED,
    struct flow_state *ret_state UNUSED)
{
	return -ENODATA;
}

bool
browser_is_busy(const struct browser *browser UNUSED)
{
	return false;
}

void
browser_free(struct browser *browser UNUSED, enum reason verdict UNUSED)
{
}

/* The sign-in that began last is approved by subject. */
static void
approve(const char *subject, const char *claims)
{
	struct flow_result result = { 0 };
	struct json *json;

	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	result.claims = json;
	result.issuer = FIXTURE_ISSUER;
	result.subject = subject;
	latest->request.done(latest->request.arg, REASON_GRANTED, "", &result);
	json_free(json);
}

/* --- the host --- */

static struct fixture host;
static struct world world;
static struct world_provider provider;
static unsigned verdicts;
static enum reason told;

static void
on_show(void *arg UNUSED, const char *text UNUSED)
{
}

static void
on_ask(void *arg UNUSED, bool echo UNUSED, const char *text UNUSED)
{
}

static void
on_verdict(void *arg UNUSED, enum reason reason, const char *user UNUSED)
{
	verdicts++;
	told = reason;
}

static const struct session_peer peer = { on_show, on_ask, on_verdict, NULL };

static int
setup(void **state UNUSED)
{
	verdicts = 0;
	told = REASON_DENIED;
	fixture_setup(&host, RULES);
	provider.config = host.config.providers;
	world = (struct world){
		.base = event_base_new(), .config = &host.config,
		.providers = &provider, .snapshot = host.snapshot,
		.provider_count = 1, .store = host.store, .files = host.files,
	};
	test_clock_hold(true);
	test_clock_forget();
	assert_int_equal(publish_start(&world), 0);
	return 0;
}

static int
teardown(void **state UNUSED)
{
	session_end_all(&world);
	assert_int_equal(world.pending, 0);
	publish_stop(&world);
	event_base_free(world.base);
	fixture_teardown(&host);
	test_clock_hold(false);
	return 0;
}

static struct session *
begin(const char *user)
{
	const struct session_request request = {
		.user = user, .service = "sshd", .tty = "ssh",
		.rhost = "203.0.113.7", .ruser = "", .ssh_auth_info = "",
		.conversation = PROTO_CONVERSATION_PROMPT,
		.uid = fixture_uid(&host, user), .retry_pid =
		    (uint32_t)getpid(), .retry_start = 88,
	};
	struct session *session;

	session_begin(&world, &request, &peer, &session);
	return session;
}

#define CLAIMS(name, groups) \
	"{\"preferred_username\":\"" name "\",\"groups\":[" groups "]}"
#define ALICE	CLAIMS("alice", "\"staff\",\"admins\"")
#define BOB	CLAIMS("bob", "\"staff\"")

/* Everybody signs in with one program's request; retries would be taken for
 * one, so each is over before the next begins. */
static void
sign_in(const char *user, const char *subject, const char *claims)
{
	assert_non_null(begin(user));
	approve(subject, claims);
}

static bool
is_told_of(const char *name)
{
	struct snapshot_user user;
	struct snapshot s;
	bool found;

	if (snapshot_map(host.snapshot, &s) < 0)
		return false;
	found = snapshot_user_by_name(&s, name, &user) == 0;
	snapshot_unmap(&s);
	return found;
}

/* The second is over, and all that follows from it. */
static void
next_second(void)
{
	test_clock_skip(1);
	(void)event_base_loop(world.base, EVLOOP_ONCE);
	(void)event_base_loop(world.base, EVLOOP_NONBLOCK);
}

/* --- tests --- */

static void
test_once_for_many(void **state UNUSED)
{
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	assert_int_equal(publish_soon(&world), 0);
	assert_true(is_told_of("alice"));
	fixture_bind(&host, BOB_SUB, "bob", "[\"staff\"]");
	assert_int_equal(publish_soon(&world), 1);
	fixture_bind(&host, CAROL_SUB, "carol", "[\"staff\"]");
	assert_int_equal(publish_soon(&world), 1);
	assert_int_equal(test_clock_armed(1), 1);
	assert_true(world.unpublished);
	assert_true(publish_is_due(&world));
	assert_false(is_told_of("bob"));
	next_second();
	assert_true(is_told_of("bob"));
	assert_true(is_told_of("carol"));
	assert_false(world.unpublished);
	/* What cannot wait takes the others with it. */
	fixture_bind(&host, "sub-dave", "dave", "[\"staff\"]");
	assert_int_equal(publish_soon(&world), 1);
	assert_int_equal(publish_world(&world), 0);
	assert_true(is_told_of("dave"));
	assert_false(evtimer_pending(world.publish_timer, NULL));
	test_clock_skip(1);
	fixture_bind(&host, "sub-erin", "erin", "[\"staff\"]");
	assert_int_equal(publish_soon(&world), 0);
	assert_true(is_told_of("erin"));
}

static void
test_failure_is_not_forgotten(void **state UNUSED)
{
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	world.snapshot = "/nonexistent/hostpass/snapshot";
	assert_true(publish_soon(&world) < 0);
	assert_true(publish_is_due(&world));
	world.snapshot = host.snapshot;
	assert_int_equal(publish_soon(&world), 1);
	next_second();
	assert_true(is_told_of("alice"));
	assert_false(publish_is_due(&world));
}

static struct person *
alice(void)
{
	struct person *person;

	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	return person;
}

static void
replace(char **field, const char *text)
{
	free(*field);
	*field = strdup(text);
}

static void
test_tells_the_same(void **state UNUSED)
{
	struct person *before, *after;

	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	before = alice();
	before->last_proof = before->groups_told = time(NULL);
	after = alice();
	after->last_proof = after->groups_told = time(NULL) + 60;
	assert_int_equal(store_save(host.store, before), 0);
	/* Nothing tells of her yet. */
	assert_false(publish_tells(&world, before, after));
	assert_int_equal(publish_world(&world), 0);
	assert_true(publish_tells(&world, before, after));
	world.unpublished = true;
	assert_false(publish_tells(&world, before, after));
	world.unpublished = false;
	assert_int_equal(person_add_group(after, "admins"), 0);
	assert_false(publish_tells(&world, before, after));
	assert_false(publish_tells(&world, after, before));
	person_clear_groups(after);
	assert_int_equal(person_add_group(after, "other"), 0);
	assert_false(publish_tells(&world, before, after));
	person_free(after);
	after = alice();
	before->revoked = true;
	assert_false(publish_tells(&world, before, after));
	assert_false(publish_tells(&world, after, before));
	before->revoked = false;
	before->last_proof -= (int64_t)host.config.offline_max + 60;
	assert_false(publish_tells(&world, before, after));
	before->last_proof = before->groups_told;
	assert_true(publish_tells(&world, before, after));
	/* proven after the file was written; but not in a time to come */
	world.published -= 7200;
	assert_true(publish_tells(&world, before, after));
	world.published += 7200;
	before->last_proof += 7200;
	assert_false(publish_tells(&world, before, after));
	before->last_proof -= 7200;
	replace(&after->gecos, "Alice");
	assert_false(publish_tells(&world, before, after));
	replace(&after->gecos, before->gecos);
	replace(&after->home, "/srv/alice");
	assert_false(publish_tells(&world, before, after));
	replace(&after->home, before->home);
	replace(&after->shell, "/bin/zsh");
	assert_false(publish_tells(&world, before, after));
	replace(&after->shell, before->shell);
	assert_true(publish_tells(&world, before, after));
	assert_int_equal(unlink(host.snapshot), 0);
	assert_false(publish_tells(&world, before, after));
	person_free(before);
	person_free(after);
}

/* Two first sign-ins in a second: the other one waits for the snapshot, and
 * whoever is refused waits for nothing. */
static void
test_granted_once_it_is_told(void **state UNUSED)
{
	sign_in("alice", ALICE_SUB, ALICE);
	assert_int_equal(verdicts, 1);
	assert_int_equal(told, REASON_GRANTED);
	assert_true(is_told_of("alice"));
	sign_in("bob", BOB_SUB, BOB);
	assert_int_equal(verdicts, 1);
	assert_false(is_told_of("bob"));
	sign_in("carol", CAROL_SUB, CLAIMS("carol", "\"guests\""));
	assert_int_equal(verdicts, 2);
	assert_int_equal(told, REASON_NOT_ALLOWED);
	next_second();
	assert_int_equal(verdicts, 3);
	assert_int_equal(told, REASON_GRANTED);
	assert_true(is_told_of("bob"));
	assert_int_equal(world.pending, 0);
}

/* The file that is there stays when she comes again as she was. */
static void
test_again_as_she_was(void **state UNUSED)
{
	struct snapshot s;

	sign_in("alice", ALICE_SUB, ALICE);
	assert_int_equal(snapshot_map(host.snapshot, &s), 0);
	test_clock_skip(1);
	sign_in("alice", ALICE_SUB, ALICE);
	assert_int_equal(verdicts, 2);
	assert_int_equal(told, REASON_GRANTED);
	assert_false(snapshot_is_retired(&s));
	sign_in("alice", ALICE_SUB, CLAIMS("alice", "\"staff\""));
	assert_int_equal(verdicts, 3);
	assert_int_equal(told, REASON_GRANTED);
	assert_true(snapshot_is_retired(&s));
	snapshot_unmap(&s);
}

static void
test_revoked_while_it_waits(void **state UNUSED)
{
	struct token_owner owner = { FIXTURE_ISSUER, BOB_SUB };

	sign_in("alice", ALICE_SUB, ALICE);
	sign_in("bob", BOB_SUB, BOB);
	assert_int_equal(verdicts, 1);
	assert_int_equal(store_revoke(host.store, &owner), 0);
	next_second();
	assert_int_equal(verdicts, 2);
	assert_int_equal(told, REASON_REVOKED);
}

static void
test_nobody_without_a_snapshot(void **state UNUSED)
{
	sign_in("alice", ALICE_SUB, ALICE);
	sign_in("bob", BOB_SUB, BOB);
	world.snapshot = "/nonexistent/hostpass/snapshot";
	next_second();
	assert_int_equal(verdicts, 2);
	assert_int_not_equal(told, REASON_GRANTED);
	assert_int_equal(world.pending, 0);
}

/* sshd's client went away and comes back before the snapshot is there. */
static void
test_comes_back_meanwhile(void **state UNUSED)
{
	struct session *session;

	sign_in("alice", ALICE_SUB, ALICE);
	session = begin("bob");
	approve(BOB_SUB, BOB);
	session_detach(session);
	assert_int_equal(world.pending, 1);
	assert_ptr_equal(begin("bob"), session);
	assert_int_equal(verdicts, 1);
	next_second();
	assert_int_equal(verdicts, 2);
	assert_int_equal(told, REASON_GRANTED);
	assert_int_equal(world.pending, 0);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_once_for_many),
		TEST(test_failure_is_not_forgotten),
		TEST(test_tells_the_same),
		TEST(test_granted_once_it_is_told),
		TEST(test_again_as_she_was),
		TEST(test_revoked_while_it_waits),
		TEST(test_nobody_without_a_snapshot),
		TEST(test_comes_back_meanwhile),
	};

	return cmocka_run_group_tests_name("publish_when", tests, NULL, NULL);
}
