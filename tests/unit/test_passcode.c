/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The passcode: how it is set, what it opens, and how it is guarded. The
 * provider is played here: device_start() is defined in place of daemon/oidc's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <time.h>

#include "daemon/oidc/attempt.h"
#include "daemon/oidc/device.h"
#include "daemon/oidc/json.h"
#include "daemon/session/nearby.h"
#include "daemon/session/passcode.h"
#include "daemon/session/passcode_hash.h"
#include "daemon/session/session_private.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_passcode.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n" \
	"[passcode]\nenabled = yes\nservices = sudo\n"
#define GOOD	"mauve tractor 7 lamps"
#define WRONG	"mauve tractor 8 lamps"

/* --- the provider --- */

struct device {
	struct device_request request;
};

static struct device *latest;

int
device_start(struct provider *provider, const struct device_request *request,
    struct device **ret_device)
{
	(void)provider;
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

static void
end_with(enum reason reason)
{
	latest->request.done(latest->request.arg, reason, "", NULL);
}

static void
approve(void)
{
	static const char claims[] =
	    "{\"preferred_username\":\"alice\",\"groups\":[\"staff\"]}";
	struct flow_result result = { 0 };
	struct json *json;

	assert_int_equal(json_parse(claims, strlen(claims), &json), 0);
	result.claims = json;
	result.issuer = FIXTURE_ISSUER;
	result.subject = ALICE_SUB;
	latest->request.done(latest->request.arg, REASON_GRANTED, "", &result);
	json_free(json);
}

/* --- the thread: over before it has been started, if it is hasty --- */

typedef void *thread_fn(void *arg);

static bool hasty;
static sem_t ended;
static thread_fn *routine;

int	__real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	    thread_fn *start, void *arg);
int	__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	    thread_fn *start, void *arg);

static void *
run_hastily(void *arg)
{
	void *result = routine(arg);

	(void)sem_post(&ended);
	return result;
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    thread_fn *start, void *arg)
{
	int r;

	if (!hasty)
		return __real_pthread_create(thread, attr, start, arg);
	routine = start;
	assert_int_equal(sem_init(&ended, 0, 0), 0);
	r = __real_pthread_create(thread, attr, run_hastily, arg);
	while (r == 0 && sem_wait(&ended) < 0)
		assert_int_equal(errno, EINTR);
	return r;
}

/* --- where she sits --- */

static const char *away;

const char *
nearby_refuses(const struct nearby *asked)
{
	assert_string_equal(asked->proc, "/proc");
	assert_int_equal(asked->pid, 4711);
	return away;
}

/* --- the peer --- */

static struct {
	char		 text[1024];
	unsigned	 asks;
	bool		 echo;
	unsigned	 verdicts;
	enum reason	 reason;
} told;

static void
on_show(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static void
on_ask(void *arg, bool echo, const char *text)
{
	(void)arg;
	told.asks++;
	told.echo = echo;
	(void)snprintf(told.text, sizeof(told.text), "%s", text);
}

static void
on_verdict(void *arg, enum reason reason, const char *user)
{
	(void)arg;
	assert_string_equal(user, "alice");
	told.verdicts++;
	told.reason = reason;
}

static const struct session_peer peer = { on_show, on_ask, on_verdict, NULL };

static const struct session_request sudo = {
	.user = "alice", .service = "sudo", .tty = "pts/1", .rhost = "",
	.ruser = "alice", .ssh_auth_info = "", .pid = 4711,
	.conversation = PROTO_CONVERSATION_TERMINAL,
};

static struct fixture host;
static struct world world;

static struct person *
find(const char *name)
{
	struct person *person;

	assert_int_equal(store_find_name(host.store, name, &person), 0);
	return person;
}

static void
save(struct person *person)
{
	assert_int_equal(store_save(host.store, person), 0);
	person_free(person);
}

static void
join_host(const char *subject, const char *name)
{
	struct person *person;

	fixture_bind(&host, subject, name, "[\"staff\"]");
	person = find(name);
	person->last_proof = person->groups_told = time(NULL);
	save(person);
}

static int
setup(void **state)
{
	(void)state;
	memset(&told, 0, sizeof(told));
	away = NULL;
	hasty = false;
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	world.base = event_base_new();
	assert_non_null(world.base);
	world.seal = fixture_seal(1);
	assert_int_equal(passcode_hasher_new(world.base, &world.hasher), 0);
	join_host(ALICE_SUB, "alice");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	session_end_all(&world);
	passcode_hasher_free(world.hasher);
	seal_free(world.seal);
	event_base_free(world.base);
	fixture_teardown(&host);
	return 0;
}

static void
forget_delay(void)
{
	fixture_sql(&host, "UPDATE passcode SET tried = 0");
}

static int64_t
tries(void)
{
	struct person *person = find("alice");
	struct passcode_row row;
	int r;

	r = store_find_passcode(host.store, person, &row);
	person_free(person);
	if (r < 0)
		return r;
	secret_free(&row.verifier);
	return row.tries;
}

static struct session *
begin(const struct session_request *asked)
{
	struct session_request request = *asked;
	struct session *session;

	request.uid = fixture_uid(&host, request.user);
	memset(&told, 0, sizeof(told));
	session_begin(&world, &request, &peer, &session);
	return session;
}

/* Until the session says or asks something more. */
static void
go_on(void)
{
	unsigned asks = told.asks, verdicts = told.verdicts;

	while (told.asks == asks && told.verdicts == verdicts)
		assert_int_equal(event_base_loop(world.base, EVLOOP_ONCE), 0);
}

/* Who gets what is made. */
static const char *owner = "alice";

static void
on_made(void *arg, int r, struct secret *verifier)
{
	bool *made = arg;

	assert_int_equal(r, 0);
	assert_int_equal(passcode_keep(&world, owner, verifier, 1), 0);
	*made = true;
}

/* Alice has GOOD. */
static void
give_passcode(void)
{
	struct secret code = SECRET_INIT;
	struct passcode_job *job;
	bool made = false;

	assert_int_equal(secret_set(&code, GOOD, strlen(GOOD)), 0);
	assert_int_equal(passcode_hash_start(world.hasher, &code, NULL,
	    on_made, &made, &job), 0);
	secret_free(&code);
	while (!made)
		assert_int_equal(event_base_loop(world.base, EVLOOP_ONCE), 0);
}

/* A sign-in that the provider is not there for. */
static struct session *
begin_offline(void)
{
	struct session *session = begin(&sudo);

	assert_non_null(session);
	end_with(REASON_PROVIDER_UNREACHABLE);
	return session;
}

/* --- setting one --- */

static struct session *
begin_to_set(void)
{
	struct session_request request = sudo;
	struct session *session;

	request.service = "passcode";
	request.set_passcode = true;
	session = begin(&request);
	assert_non_null(session);
	return session;
}

static void
test_set(void **state)
{
	struct session *session = begin_to_set();

	(void)state;
	assert_int_equal(told.asks, 0);
	approve();
	assert_int_equal(told.asks, 1);
	assert_false(told.echo);
	session_answer(session, "mauve7");
	assert_non_null(strstr(told.text, "shorter than 8 characters"));
	session_answer(session, "password1");
	assert_non_null(strstr(told.text, "dictionary"));
	session_answer(session, GOOD);
	assert_non_null(strstr(told.text, "same again"));
	session_answer(session, WRONG);
	assert_non_null(strstr(told.text, "not the same"));
	session_answer(session, GOOD);
	assert_int_equal(tries(), -ENOENT);
	session_answer(session, GOOD);
	assert_int_equal(told.verdicts, 0);
	go_on();
	assert_int_equal(told.reason, REASON_GRANTED);
	assert_int_equal(tries(), 0);
	session = begin_offline();
	session_answer(session, GOOD);
	go_on();
	assert_int_equal(told.reason, REASON_GRANTED);
}

static void
test_unfit(void **state)
{
	struct session *session = begin_to_set();
	unsigned i;

	(void)state;
	approve();
	for (i = 0; i < 5; i++)
		session_answer(session, "");
	assert_int_equal(told.reason, REASON_PASSCODE_UNFIT);
	assert_int_equal(tries(), -ENOENT);
}

/* Without a sign-in nothing is set, and the old one does not help. */
static void
test_set_needs_the_provider(void **state)
{
	(void)state;
	give_passcode();
	(void)begin_to_set();
	end_with(REASON_PROVIDER_UNREACHABLE);
	assert_int_equal(told.asks, 0);
	assert_int_equal(told.reason, REASON_PROVIDER_UNREACHABLE);
}

static void
test_store_tells_nothing(void **state)
{
	struct person *person = find("alice");
	struct passcode_row row;

	(void)state;
	give_passcode();
	assert_int_equal(store_find_passcode(host.store, person, &row), 0);
	person_free(person);
	assert_null(memmem(row.verifier.data, row.verifier.len, "$y$", 3));
	assert_null(memmem(row.verifier.data, row.verifier.len, "mauve", 5));
	secret_free(&row.verifier);
}

/* --- using it --- */

static void
test_opens(void **state)
{
	struct session *session;

	(void)state;
	give_passcode();
	session = begin_offline();
	assert_int_equal(told.asks, 1);
	assert_false(told.echo);
	assert_non_null(strstr(told.text, "Passcode: "));
	session_answer(session, GOOD);
	/* it is counted while it is looked at, and the loop does not wait */
	assert_int_equal(tries(), 1);
	assert_int_equal(told.verdicts, 0);
	go_on();
	assert_int_equal(told.reason, REASON_GRANTED);
	assert_int_equal(tries(), 0);
}

/* What the thread has said is not said over. */
static void
test_wrong_hastily(void **state)
{
	struct session *session;

	(void)state;
	give_passcode();
	hasty = true;
	session = begin_offline();
	forget_delay();
	session_answer(session, WRONG);
	go_on();
	assert_int_equal(told.verdicts, 0);
	assert_int_equal(told.asks, 2);
	forget_delay();
	session_answer(session, GOOD);
	go_on();
	assert_int_equal(told.reason, REASON_GRANTED);
}

static void
test_wrong(void **state)
{
	struct session *session;
	static const char *const wrong[] = { "", WRONG, "mauve" };
	unsigned i;

	(void)state;
	give_passcode();
	session = begin_offline();
	for (i = 0; i < 3; i++) {
		forget_delay();
		session_answer(session, wrong[i]);
		assert_int_equal(tries(), i + 1);
		go_on();
	}
	assert_int_equal(told.asks, 3);
	assert_int_equal(told.reason, REASON_PASSCODE_WRONG);
	/* the count outlives the daemon */
	store_close(host.store);
	{
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/store.db", host.dir);
		assert_int_equal(store_open(path, &host.store), 0);
	}
	world.store = host.context.store = host.store;
	assert_int_equal(tries(), 3);
}

/* Too early: looked at when its time has come, and counted only then. */
static void
test_delay(void **state)
{
	struct session *session;
	struct timeval first = { 0, 0 };

	(void)state;
	give_passcode();
	session = begin_offline();
	session_answer(session, WRONG);
	go_on();
	fixture_sql(&host, "UPDATE passcode SET tried = strftime('%s') + 5");
	session_answer(session, GOOD);
	(void)event_base_loopexit(world.base, &first);
	(void)event_base_dispatch(world.base);
	assert_int_equal(told.verdicts, 0);
	assert_int_equal(tries(), 1);
	forget_delay();
	go_on();
	assert_int_equal(told.reason, REASON_GRANTED);
}

static void
test_delay_grows(void **state)
{
	static const uint32_t delays[] = { 0, 1, 2, 4, 8, 16, 32, 32, 32 };
	int64_t i;

	(void)state;
	for (i = 0; i < 9; i++)
		assert_int_equal(passcode_delay(i), delays[i]);
	assert_int_equal(passcode_delay(INT64_MAX), 32);
	assert_int_equal(passcode_delay(-1), 0);
}

static void
test_locks(void **state)
{
	struct session *session;

	(void)state;
	host.config.passcode.tries = 2;
	give_passcode();
	session = begin_offline();
	session_answer(session, WRONG);
	go_on();
	forget_delay();
	session_answer(session, WRONG);
	go_on();
	assert_int_equal(told.reason, REASON_PASSCODE_LOCKED);
	forget_delay();
	(void)begin_offline();
	assert_int_equal(told.asks, 0);
	assert_int_equal(told.reason, REASON_PASSCODE_LOCKED);
	assert_int_equal(tries(), 2);
	/* until she shows who she is */
	(void)begin(&sudo);
	approve();
	assert_int_equal(told.reason, REASON_GRANTED);
	assert_int_equal(tries(), 0);
	session = begin_offline();
	session_answer(session, GOOD);
	go_on();
	assert_int_equal(told.reason, REASON_GRANTED);
}

/* Two at once have one count, and the second waits. */
static void
test_two_at_once(void **state)
{
	struct session *first, *second;

	(void)state;
	host.config.passcode.tries = 2;
	give_passcode();
	first = begin_offline();
	second = begin_offline();
	session_answer(first, WRONG);
	session_answer(second, WRONG);
	assert_int_equal(tries(), 1);
	go_on();
	assert_int_equal(tries(), 1);
	forget_delay();
	go_on();
	assert_int_equal(told.reason, REASON_PASSCODE_LOCKED);
	assert_int_equal(tries(), 2);
}

/* --- where it does not help --- */

static void
assert_not_offered(const struct session_request *request, enum reason reason)
{
	assert_non_null(begin(request));
	end_with(reason);
	assert_int_equal(told.asks, 0);
	assert_int_equal(told.reason, reason);
}

static void
test_only_at_the_host(void **state)
{
	struct session_request request = sudo;

	(void)state;
	give_passcode();
	request.rhost = "203.0.113.7";
	assert_not_offered(&request, REASON_PROVIDER_UNREACHABLE);
	request = sudo;
	request.conversation = PROTO_CONVERSATION_PROMPT;
	assert_not_offered(&request, REASON_PROVIDER_UNREACHABLE);
	away = "she came over the network";
	assert_not_offered(&sudo, REASON_PROVIDER_UNREACHABLE);
	away = NULL;
	request = sudo;
	request.service = "su";
	assert_not_offered(&request, REASON_PROVIDER_UNREACHABLE);
	/* not even where an admin lists it */
	free(host.config.passcode.services.items[0]);
	host.config.passcode.services.items[0] = strdup("sshd");
	request.service = "sshd";
	assert_not_offered(&request, REASON_PROVIDER_UNREACHABLE);
}

static void
test_only_where_undecided(void **state)
{
	(void)state;
	give_passcode();
	assert_not_offered(&sudo, REASON_AUTH_METHOD);
	assert_not_offered(&sudo, REASON_TOKEN_SIGNATURE);
	assert_not_offered(&sudo, REASON_INTERNAL);
}

static void
test_only_who_has_one_and_may(void **state)
{
	struct person *person;

	(void)state;
	assert_not_offered(&sudo, REASON_PROVIDER_UNREACHABLE);
	give_passcode();
	host.config.passcode.enabled = false;
	assert_not_offered(&sudo, REASON_PROVIDER_UNREACHABLE);
	host.config.passcode.enabled = true;
	person = find("alice");
	person->last_proof -= 8 * 86400;
	save(person);
	assert_not_offered(&sudo, REASON_PROVIDER_UNREACHABLE);
	person = find("alice");
	person->last_proof = person->groups_told = time(NULL);
	person->revoked = true;
	save(person);
	assert_not_offered(&sudo, REASON_PROVIDER_UNREACHABLE);
}

/* Revoked while her passcode was looked at. */
static void
test_revoked_meanwhile(void **state)
{
	struct session *session;
	struct person *person;

	(void)state;
	give_passcode();
	session = begin_offline();
	session_answer(session, GOOD);
	person = find("alice");
	person->revoked = true;
	save(person);
	go_on();
	assert_int_equal(told.reason, REASON_REVOKED);
}

/* Removed while it was looked at; then nothing is left of it. */
static void
test_removed_meanwhile(void **state)
{
	struct person *person = find("alice");
	struct session *session;
	size_t count;

	(void)state;
	give_passcode();
	assert_int_equal(store_count_passcodes(host.store, &count), 0);
	assert_int_equal(count, 1);
	session = begin_offline();
	session_answer(session, GOOD);
	assert_int_equal(store_drop_passcode(host.store, person), 0);
	go_on();
	assert_int_equal(told.reason, REASON_PASSCODE_WRONG);
	assert_int_equal(tries(), -ENOENT);
	assert_int_equal(store_count_passcodes(host.store, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(store_drop_passcode(host.store, person), -ENOENT);
	person_free(person);
}

/* Bob's verifier, sealed for him, does not open alice's account. */
static void
test_row_of_another(void **state)
{
	struct session *session;

	(void)state;
	join_host(BOB_SUB, "bob");
	owner = "bob";
	give_passcode();
	owner = "alice";
	fixture_sql(&host, "UPDATE passcode SET person ="
	    " (SELECT id FROM person WHERE name = 'alice')");
	session = begin_offline();
	session_answer(session, GOOD);
	assert_int_equal(told.reason, REASON_INTERNAL);
	assert_int_equal(tries(), 1);
}

/* Gone before the hash was: counted, and nobody is called back. */
static void
test_gone_meanwhile(void **state)
{
	struct session *session;

	(void)state;
	give_passcode();
	session = begin_offline();
	session_answer(session, WRONG);
	session_detach(session);
	assert_int_equal(world.pending, 0);
	assert_int_equal(tries(), 1);
}

/* A sign-in that waits for the provider may be gone on with by the next call of
 * its process; one that waits for a passcode may not, whoever comes. */
static void
test_dialogue_is_not_parked(void **state)
{
	struct session_request request = sudo;
	struct session *session;

	(void)state;
	give_passcode();
	request.retry_pid = (uint32_t)getpid();
	request.retry_start = 1;
	session = begin(&request);
	assert_non_null(session);
	session_detach(session);
	assert_int_equal(world.pending, 1);
	session = begin(&request);
	assert_int_equal(world.pending, 1);
	end_with(REASON_PROVIDER_UNREACHABLE);
	assert_non_null(strstr(told.text, "Passcode: "));
	session_detach(session);
	assert_int_equal(world.pending, 0);
	assert_int_equal(told.verdicts, 0);
}

/* She is asked for an address when the provider turns out to be away: what she
 * types then is the answer to that. */
static void
test_one_question_at_a_time(void **state)
{
	struct attempt_prompt prompt = { .uri = "https://x", .paste = true };
	struct session *session;

	(void)state;
	give_passcode();
	session = begin(&sudo);
	session_on_ready(session, &prompt);
	end_with(REASON_PROVIDER_UNREACHABLE);
	assert_int_equal(told.asks, 1);
	session_answer(session, WRONG);
	assert_int_equal(told.asks, 2);
	assert_non_null(strstr(told.text, "Passcode: "));
	session_answer(session, GOOD);
	go_on();
	assert_int_equal(told.reason, REASON_GRANTED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_set), TEST(test_unfit),
		TEST(test_set_needs_the_provider),
		TEST(test_store_tells_nothing),
		TEST(test_opens), TEST(test_one_question_at_a_time),
		TEST(test_wrong_hastily), TEST(test_wrong),
		TEST(test_delay),
		cmocka_unit_test(test_delay_grows),
		TEST(test_locks), TEST(test_two_at_once),
		TEST(test_only_at_the_host), TEST(test_only_where_undecided),
		TEST(test_only_who_has_one_and_may),
		TEST(test_removed_meanwhile), TEST(test_revoked_meanwhile),
		TEST(test_row_of_another), TEST(test_gone_meanwhile),
		TEST(test_dialogue_is_not_parked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
