/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sign-in with a provider that the test plays itself: what the peer is
 * told, when, and what is kept. device_start(), browser_start() and what
 * belongs to them are defined here, in place of daemon/oidc's.
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
#include <sys/wait.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/oidc/browser.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/policy/account.h"
#include "daemon/session/session.h"
#include "tests/unit/fixture.h"

/* Microseconds after which an answer is a person's. */
#define AUTOMATIC_PAUSE	510000

#define RULES "[access]\nallow_groups = staff\n" \
	"[access:sudo]\nallow_groups = admins\nmax_age = 15m\n" \
	"[groups]\nadmins = sudo\n"

/* --- the provider --- */

struct device {
	struct device_request request;
};

static struct device *latest;
static unsigned started, freed;

int
device_start(struct provider *provider, const struct device_request *request,
    struct device **ret_device)
{
	(void)provider;
	latest = calloc(1, sizeof(*latest));
	assert_non_null(latest);
	latest->request = *request;
	started++;
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
	if (device == NULL)
		return;
	freed++;
	if (device == latest)
		latest = NULL;
	free(device);
}

struct browser {
	struct browser_request request;
	char user[32];
};

static struct browser *window;
static enum reason shown;
static const char *pasted;

int
browser_start(struct provider *provider, const struct browser_request *request,
    struct browser **ret_browser)
{
	(void)provider;
	window = calloc(1, sizeof(*window));
	assert_non_null(window);
	window->request = *request;
	(void)strncpy(window->user, request->user, sizeof(window->user) - 1);
	started++;
	*ret_browser = window;
	return 0;
}

enum reason
browser_answer(struct browser *browser, const char *address)
{
	assert_ptr_equal(browser, window);
	if (strcmp(address, "right") == 0) {
		pasted = "right";
		return REASON_GRANTED;
	}
	return strcmp(address, "other") == 0 ? REASON_CALLBACK_STATE :
	    REASON_CALLBACK_MALFORMED;
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
browser_free(struct browser *browser, enum reason verdict)
{
	if (browser == NULL)
		return;
	freed++;
	shown = verdict;
	window = NULL;
	free(browser);
}

static void
give_link(void)
{
	window->request.ready(window->request.arg,
	    "https://id.example.com/authorize?state=s", 300);
}

static void
give_code(const char *code)
{
	struct device_prompt prompt = {
		"https://id.example.com/device",
		"https://id.example.com/device?user_code=EAAAAAAA", code, 900
	};

	latest->request.ready(latest->request.arg, &prompt);
}

/* Whichever flow runs ends with these claims. */
static void
approve(const char *subject, const char *claims)
{
	flow_done_fn *done = window != NULL ? window->request.done :
	    latest->request.done;
	void *arg = window != NULL ? window->request.arg :
	    latest->request.arg;
	struct flow_result result = { 0 };
	struct json *json;

	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	result.claims = json;
	result.issuer = FIXTURE_ISSUER;
	result.subject = subject;
	done(arg, REASON_GRANTED, "", &result);
	json_free(json);
}

/* --- the peer --- */

static struct {
	char		 text[4096];
	char		 user[64];
	unsigned	 asks;
	unsigned	 shows;
	unsigned	 verdicts;
	enum reason	 reason;
} told;

static void
on_show(void *arg, const char *text)
{
	(void)arg;
	told.shows++;
	(void)strncpy(told.text, text, sizeof(told.text) - 1);
}

static void
on_ask(void *arg, bool echo UNUSED, const char *text)
{
	(void)arg;
	told.asks++;
	(void)strncpy(told.text, text, sizeof(told.text) - 1);
}

static void
on_verdict(void *arg, enum reason reason, const char *user)
{
	(void)arg;
	told.verdicts++;
	told.reason = reason;
	(void)strncpy(told.user, user, sizeof(told.user) - 1);
}

static const struct session_peer peer = { on_show, on_ask, on_verdict, NULL };

static struct session_request ssh = {
	.user = "alice", .service = "sshd", .tty = "ssh",
	.rhost = "203.0.113.7", .ruser = "", .ssh_auth_info = "",
	.conversation = PROTO_CONVERSATION_PROMPT,
	.retry_pid = 77, .retry_start = 88,
};

#define ALICE	"{\"preferred_username\":\"alice\"," \
		"\"groups\":[\"staff\",\"admins\"]}"
#define GUEST	"{\"preferred_username\":\"alice\",\"groups\":[\"guests\"]}"
#define BOB	"{\"preferred_username\":\"bob\",\"groups\":[\"staff\"]}"

static struct fixture host;
static struct world world;

static int
setup(void **state)
{
	(void)state;
	memset(&told, 0, sizeof(told));
	started = freed = 0;
	shown = REASON_DENIED;
	pasted = NULL;
	fixture_setup(&host, RULES);
	ssh.uid = fixture_uid(&host, "alice");
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
	assert_int_equal(started, freed);
	event_base_free(world.base);
	fixture_teardown(&host);
	return 0;
}

static struct session *
begin(const struct session_request *request)
{
	struct session *session;

	session_begin(&world, request, &peer, &session);
	return session;
}

static void
assert_not_bound(const char *name)
{
	struct person *person;

	assert_int_equal(store_find_name(host.store, name, &person), -ENOENT);
}

/* --- the tests --- */

static void
test_granted_after_enter(void **state)
{
	struct session *session = begin(&ssh);
	struct snapshot_user user;
	struct snapshot s;

	(void)state;
	assert_non_null(session);
	assert_int_equal(told.asks, 0);
	give_code("EAAAAAAA");
	assert_int_equal(told.asks, 1);
	assert_non_null(strstr(told.text, "Code: EAAAAAAA"));
	approve(ALICE_SUB, ALICE);
	/* sshd can show nothing before the person pressed Enter */
	assert_int_equal(told.verdicts, 0);
	/* but whoever looks her up by now must find her */
	assert_int_equal(snapshot_map(host.snapshot, &s), 0);
	assert_int_equal(snapshot_user_by_name(&s, "alice", &user), 0);
	assert_int_equal(user.gid_count, 1);
	snapshot_unmap(&s);
	session_answer(session, "");
	assert_int_equal(told.verdicts, 1);
	assert_int_equal(told.reason, REASON_GRANTED);
	assert_string_equal(told.user, "alice");
	assert_int_equal(world.pending, 0);
}

static void
test_approved_during_hold(void **state)
{
	struct session *session = begin(&ssh);

	(void)state;
	give_code("EAAAAAAA");
	session_answer(session, "");
	assert_int_equal(told.verdicts, 0);
	approve(ALICE_SUB, ALICE);
	assert_int_equal(told.verdicts, 1);
	assert_int_equal(told.reason, REASON_GRANTED);
}

static void
test_terminal_goes_on_by_itself(void **state)
{
	struct session_request request = ssh;

	(void)state;
	request.conversation = PROTO_CONVERSATION_TERMINAL;
	request.service = "sudo";
	assert_non_null(begin(&request));
	assert_int_equal(latest->request.policy.max_age, 15 * 60);
	assert_true(latest->request.policy.fresh_auth);
	give_code("EAAAAAAA");
	assert_int_equal(told.shows, 1);
	assert_int_equal(told.asks, 0);
	approve(ALICE_SUB, ALICE);
	assert_int_equal(told.verdicts, 1);
	assert_int_equal(told.reason, REASON_GRANTED);
}

static void
test_somebody_else_approves(void **state)
{
	struct session *session = begin(&ssh);

	(void)state;
	give_code("EAAAAAAA");
	approve(BOB_SUB, BOB);
	session_answer(session, "");
	assert_int_equal(told.reason, REASON_OTHER_PERSON);
	assert_not_bound("alice");
	assert_not_bound("bob");
	assert_int_not_equal(access(host.snapshot, F_OK), 0);
}

static void
test_policy_denies(void **state)
{
	struct session *session = begin(&ssh);

	(void)state;
	give_code("EAAAAAAA");
	approve(ALICE_SUB, GUEST);
	session_answer(session, "");
	assert_int_equal(told.reason, REASON_NOT_ALLOWED);
	assert_not_bound("alice");
}

static void
test_lost_groups_count_at_once(void **state)
{
	struct session *session;
	struct person *person;

	(void)state;
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\",\"admins\"]");
	session = begin(&ssh);
	give_code("EAAAAAAA");
	approve(ALICE_SUB, GUEST);
	session_answer(session, "");
	assert_int_equal(told.reason, REASON_NOT_ALLOWED);
	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	assert_int_equal(person->group_count, 1);
	assert_string_equal(person->groups[0], "guests");
	person_free(person);
	assert_int_equal(account_decide(&world, "alice", "sshd", NULL, NULL),
	    REASON_NOT_ALLOWED);
}

static void
test_provider_refuses_before_the_code(void **state)
{
	(void)state;
	assert_non_null(begin(&ssh));
	latest->request.done(latest->request.arg, REASON_PROVIDER_UNREACHABLE,
	    "", NULL);
	assert_int_equal(told.asks, 0);
	assert_int_equal(told.verdicts, 1);
	assert_int_equal(told.reason, REASON_PROVIDER_UNREACHABLE);
}

static void
test_granted_without_result_is_not(void **state)
{
	(void)state;
	assert_non_null(begin(&ssh));
	latest->request.done(latest->request.arg, REASON_GRANTED, "", NULL);
	assert_int_equal(told.reason, REASON_INTERNAL);
}

static void
test_retry_has_the_same_code(void **state)
{
	struct session *session = begin(&ssh);

	(void)state;
	give_code("EAAAAAAA");
	session_detach(session);
	assert_int_equal(world.pending, 1);
	assert_ptr_equal(begin(&ssh), session);
	assert_int_equal(started, 1);
	assert_int_equal(told.asks, 2);
	assert_non_null(strstr(told.text, "EAAAAAAA"));
}

static void
test_approval_between_retries(void **state)
{
	struct session *session = begin(&ssh);

	(void)state;
	give_code("EAAAAAAA");
	session_detach(session);
	approve(ALICE_SUB, ALICE);
	assert_int_equal(told.verdicts, 0);
	assert_null(begin(&ssh));
	assert_int_equal(told.reason, REASON_GRANTED);
}

/* Another connection, user, service or start time is another sign-in. */
static void
test_nothing_crosses_connections(void **state)
{
	struct session_request other[6];
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++)
		other[i] = ssh;
	other[0].retry_pid = 78;
	other[1].retry_start = 89;
	other[2].user = "bob";
	other[3].service = "sudo";
	other[4].retry_pid = 0;
	other[5].rhost = "203.0.113.8";
	session_detach(begin(&ssh));
	for (i = 0; i < 6; i++) {
		assert_non_null(begin(&other[i]));
		assert_int_equal(started, i + 2);
	}
}

static void
test_attached_session_is_not_taken_over(void **state)
{
	struct session *first = begin(&ssh);

	(void)state;
	assert_ptr_not_equal(begin(&ssh), first);
	assert_int_equal(started, 2);
}

static void
test_without_retry_key_it_ends_with_the_connection(void **state)
{
	struct session_request request = ssh;

	(void)state;
	request.retry_pid = 0;
	session_detach(begin(&request));
	assert_int_equal(world.pending, 0);
	assert_int_equal(freed, 1);
}

static void
test_denial_is_not_kept_for_a_retry(void **state)
{
	struct session *session = begin(&ssh);

	(void)state;
	give_code("EAAAAAAA");
	approve(BOB_SUB, BOB);
	session_detach(session);
	assert_int_equal(world.pending, 0);
}

static void
test_nobody_is_there(void **state)
{
	struct session *session = begin(&ssh);

	(void)state;
	give_code("EAAAAAAA");
	session_answer(session, "");
	session_answer(session, "");
	assert_int_equal(told.verdicts, 0);
	session_answer(session, "");
	assert_int_equal(told.reason, REASON_NO_PERSON);
}

/* --- the browser flow --- */

static struct session *
begin_with_link(const struct session_request *request)
{
	struct session *session;

	host.config.providers[0].flow = FLOW_BROWSER;
	session = begin(request);
	assert_non_null(session);
	assert_string_equal(window->user, "alice");
	give_link();
	return session;
}

/* A person needs longer than a program. */
static void
answer(struct session *session, const char *text)
{
	(void)usleep(AUTOMATIC_PAUSE);
	session_answer(session, text);
}

static void
test_paste(void **state)
{
	struct session *session = begin_with_link(&ssh);

	(void)state;
	assert_false(window->request.local);
	assert_int_equal(told.asks, 1);
	assert_non_null(strstr(told.text, "authorize?state=s"));
	assert_non_null(strstr(told.text, "Paste the address"));
	answer(session, "wrong");
	assert_int_equal(told.asks, 2);
	assert_non_null(strstr(told.text, "not the address"));
	answer(session, "other");
	assert_int_equal(told.asks, 3);
	assert_non_null(strstr(told.text, "another sign-in"));
	answer(session, "right");
	assert_string_equal(pasted, "right");
	/* held until the provider has said who it is */
	assert_int_equal(told.asks, 3);
	assert_int_equal(told.verdicts, 0);
	approve(ALICE_SUB, ALICE);
	assert_int_equal(told.reason, REASON_GRANTED);
	assert_int_equal(shown, REASON_GRANTED);
}

static void
test_paste_three_times_wrong(void **state)
{
	struct session *session = begin_with_link(&ssh);

	(void)state;
	answer(session, "");
	answer(session, "wrong");
	assert_int_equal(told.verdicts, 0);
	answer(session, "other");
	assert_int_equal(told.reason, REASON_CALLBACK_STATE);
	assert_int_equal(world.pending, 0);
}

/* A slow provider: asked to wait on, and what is typed then is no address. */
static void
test_paste_is_checked_for_long(void **state)
{
	struct session *session = begin_with_link(&ssh);
	struct timeval hold = { 5, 200000 };

	(void)state;
	answer(session, "right");
	pasted = NULL;
	(void)event_base_loopexit(world.base, &hold);
	(void)event_base_dispatch(world.base);
	assert_int_equal(told.asks, 2);
	assert_non_null(strstr(told.text, "Not checked yet"));
	answer(session, "right");
	assert_null(pasted);
	approve(ALICE_SUB, ALICE);
	assert_int_equal(told.reason, REASON_GRANTED);
}

/* What was pasted before a retry is not asked for again. */
static void
test_paste_and_retry(void **state)
{
	struct session *session = begin_with_link(&ssh);

	(void)state;
	answer(session, "right");
	session_detach(session);
	assert_ptr_equal(begin(&ssh), session);
	assert_int_equal(told.asks, 1);
	approve(ALICE_SUB, ALICE);
	assert_int_equal(told.reason, REASON_GRANTED);
}

/* A console has no browser; neither has who comes from elsewhere. */
static void
test_paste_at_terminals(void **state)
{
	struct session_request request = ssh;

	(void)state;
	request.conversation = PROTO_CONVERSATION_TERMINAL;
	request.rhost = "";
	(void)begin_with_link(&request);
	assert_false(window->request.local);
	request.conversation = PROTO_CONVERSATION_DESKTOP;
	request.rhost = "203.0.113.7";
	(void)begin_with_link(&request);
	assert_false(window->request.local);
	assert_int_equal(told.asks, 2);
	assert_int_equal(told.shows, 0);
}

static void
test_desktop_goes_on_by_itself(void **state)
{
	struct session_request request = ssh;

	(void)state;
	request.conversation = PROTO_CONVERSATION_DESKTOP;
	request.rhost = "";
	(void)begin_with_link(&request);
	assert_true(window->request.local);
	assert_int_equal(told.asks, 0);
	assert_int_equal(told.shows, 1);
	approve(BOB_SUB, BOB);
	assert_int_equal(told.reason, REASON_OTHER_PERSON);
	/* and her browser says the same */
	assert_int_equal(shown, REASON_OTHER_PERSON);
}

static void
test_cancelled_is_shown(void **state)
{
	struct session_request request = ssh;

	(void)state;
	request.conversation = PROTO_CONVERSATION_DESKTOP;
	request.retry_pid = 0;
	session_detach(begin_with_link(&request));
	assert_int_equal(shown, REASON_CANCELLED);
}

static void
test_names_that_never_begin(void **state)
{
	static const struct {
		const char	*user;
		enum reason	 reason;
	} rows[] = {
		{ "root", REASON_LOCAL_NAME },
		{ "lokal", REASON_LOCAL_NAME },
		{ "1000", REASON_BAD_NAME },
		{ "", REASON_BAD_NAME },
		{ "Alice", REASON_BAD_NAME },
		{ "a b", REASON_BAD_NAME },
	};
	struct session_request request = ssh;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		request.user = rows[i].user;
		assert_null(begin(&request));
		assert_int_equal(told.reason, rows[i].reason);
	}
	assert_int_equal(started, 0);
}

/* Whoever has gone makes room for whoever comes. */
static void
test_parked_make_room(void **state)
{
	struct session_request request = ssh;
	unsigned i;

	(void)state;
	for (i = 0; i < 20; i++) {
		request.retry_pid = 1000 + i;
		session_detach(begin(&request));
	}
	assert_int_equal(world.pending, 8);
	/* the oldest went first */
	request.retry_pid = 1019;
	started = 0;
	assert_non_null(begin(&request));
	assert_int_equal(started, 0);
	request.retry_pid = 1000;
	assert_non_null(begin(&request));
	assert_int_equal(started, 1);
	started += 20;
}

static void
test_parked_ends_with_its_process(void **state)
{
	struct session_request request = ssh;
	pid_t pid = fork();
	int i;

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	request.retry_pid = (uint32_t)pid;
	session_detach(begin(&request));
	assert_int_equal(world.pending, 1);
	for (i = 0; i < 10 && world.pending > 0; i++)
		(void)event_base_loop(world.base, EVLOOP_ONCE);
	assert_int_equal(world.pending, 0);
}

static void
test_account_phase(void **state)
{
	struct person *person;

	(void)state;
	assert_int_equal(account_decide(&world, "alice", "sshd", NULL, NULL),
	    REASON_UNKNOWN_PERSON);
	assert_int_equal(account_decide(&world, "root", "sshd", NULL, NULL),
	    REASON_LOCAL_NAME);
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	/* fixture_bind()'s proof of life is from 1970 */
	assert_int_equal(account_decide(&world, "alice", "sshd", NULL, NULL),
	    REASON_PROOF_TOO_OLD);
	person->last_proof = person->groups_told = time(NULL);
	assert_int_equal(store_save(host.store, person), 0);
	assert_int_equal(account_decide(&world, "alice", "sshd", NULL, NULL),
	    REASON_GRANTED);
	assert_int_equal(account_decide(&world, "alice", "sudo", NULL, NULL),
	    REASON_SERVICE_NOT_ALLOWED);
	person->revoked = true;
	assert_int_equal(store_save(host.store, person), 0);
	assert_int_equal(account_decide(&world, "alice", "sshd", NULL, NULL),
	    REASON_REVOKED);
	person_free(person);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_granted_after_enter),
		TEST(test_approved_during_hold),
		TEST(test_terminal_goes_on_by_itself),
		TEST(test_somebody_else_approves),
		TEST(test_policy_denies),
		TEST(test_lost_groups_count_at_once),
		TEST(test_provider_refuses_before_the_code),
		TEST(test_granted_without_result_is_not),
		TEST(test_retry_has_the_same_code),
		TEST(test_approval_between_retries),
		TEST(test_nothing_crosses_connections),
		TEST(test_attached_session_is_not_taken_over),
		TEST(test_without_retry_key_it_ends_with_the_connection),
		TEST(test_denial_is_not_kept_for_a_retry),
		TEST(test_nobody_is_there),
		TEST(test_paste),
		TEST(test_paste_three_times_wrong),
		TEST(test_paste_is_checked_for_long),
		TEST(test_paste_and_retry),
		TEST(test_paste_at_terminals),
		TEST(test_desktop_goes_on_by_itself),
		TEST(test_cancelled_is_shown),
		TEST(test_names_that_never_begin),
		TEST(test_parked_make_room),
		TEST(test_parked_ends_with_its_process),
		TEST(test_account_phase),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
