/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What guards a passcode: a try is on the disk before it is looked at, and
 * nobody waits while one is. Threads begin when the test lets them.
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
#include <string.h>

#include "daemon/session/passcode.h"
#include "daemon/session/passcode_hash.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_private.h"
#include "tests/unit/fixture.h"

#define RULES "[access]\nallow_groups = staff\n" \
	"[passcode]\nenabled = yes\nservices = sudo\n"
#define GOOD	"mauve tractor 7 lamps"

/* --- threads --- */

typedef void *thread_fn(void *arg);

static bool held;		/* one waits for let_go */
static sem_t let_go;
static thread_fn *routine;

int	__real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	    thread_fn *start, void *arg);
int	__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	    thread_fn *start, void *arg);
int	__real_pthread_join(pthread_t thread, void **result);
int	__wrap_pthread_join(pthread_t thread, void **result);

static void *
run_when_let_go(void *arg)
{
	while (sem_wait(&let_go) < 0)
		;
	return routine(arg);
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    thread_fn *start, void *arg)
{
	held = true;
	routine = start;
	return __real_pthread_create(thread, attr, run_when_let_go, arg);
}

static void
release(void)
{
	held = false;
	assert_int_equal(sem_post(&let_go), 0);
}

/* Who waits for a thread that is held has stopped the loop. */
int
__wrap_pthread_join(pthread_t thread, void **result)
{
	bool stopped = held;

	if (held)
		release();
	assert_int_equal(__real_pthread_join(thread, result), 0);
	assert_false(stopped);
	return 0;
}

/* --- the host --- */

static struct fixture host;
static struct world world;

static int
setup(void **state)
{
	(void)state;
	held = false;
	assert_int_equal(sem_init(&let_go, 0, 0), 0);
	fixture_setup(&host, RULES);
	world = fixture_world(&host);
	world.base = event_base_new();
	assert_non_null(world.base);
	world.seal = fixture_seal(1);
	assert_int_equal(passcode_hasher_new(world.base, &world.hasher), 0);
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	passcode_hasher_free(world.hasher);
	seal_free(world.seal);
	event_base_free(world.base);
	fixture_teardown(&host);
	assert_int_equal(sem_destroy(&let_go), 0);
	return 0;
}

static void
turn(void)
{
	assert_int_equal(event_base_loop(world.base, EVLOOP_ONCE), 0);
}

/* --- the loop --- */

struct answer {
	unsigned	 count;
	int		 r;
	struct secret	 verifier;
};

static void
on_hash(void *arg, int r, struct secret *verifier)
{
	struct answer *answer = arg;

	answer->count++;
	answer->r = r;
	if (verifier->len > 0)
		secret_move(&answer->verifier, verifier);
}

static void
on_turn(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	++*(unsigned *)arg;
}

/* Ask for a hash and let something else happen in the loop; the answer comes
 * only after that. */
static void
hash_beside_others(const struct secret *verifier, struct answer *answer)
{
	const struct timeval now = { 0, 0 };
	struct secret code = SECRET_INIT;
	struct passcode_job *job;
	unsigned turns = 0;

	assert_int_equal(secret_set(&code, GOOD, strlen(GOOD)), 0);
	assert_int_equal(passcode_hash_start(world.hasher, &code, verifier,
	    on_hash, answer, &job), 0);
	secret_free(&code);
	while (!held && answer->count == 0)
		turn();
	assert_int_equal(event_base_once(world.base, -1, EV_TIMEOUT, on_turn,
	    &turns, &now), 0);
	while (turns == 0)
		turn();
	assert_int_equal(answer->count, 0);
	release();
	while (answer->count == 0)
		turn();
	assert_int_equal(answer->r, 0);
}

static void
test_loop_turns(void **state)
{
	struct answer made = { 0, -EIO, SECRET_INIT };
	struct answer found = { 0, -EIO, SECRET_INIT };

	(void)state;
	hash_beside_others(NULL, &made);
	hash_beside_others(&made.verifier, &found);
	assert_int_equal(made.count, 1);
	assert_int_equal(found.count, 1);
	secret_free(&made.verifier);
	secret_free(&found.verifier);
}

/* --- the count --- */

static void
give_verifier(void)
{
	struct secret verifier = SECRET_INIT;

	assert_int_equal(secret_set(&verifier, "$y$x", 4), 0);
	assert_int_equal(passcode_keep(&world, "alice", &verifier, 1), 0);
	secret_free(&verifier);
}

/* No verifier is handed out for a try that the disk does not take. */
static void
test_not_counted(void **state)
{
	struct secret verifier = SECRET_INIT;
	uint32_t wait;

	(void)state;
	give_verifier();
	assert_int_equal(store_exec(host.store, "PRAGMA query_only = 1"), 0);
	assert_int_equal(passcode_try(&world, "alice", 100, &verifier, &wait),
	    REASON_INTERNAL);
	assert_int_equal(verifier.len, 0);
	assert_int_equal(store_exec(host.store, "PRAGMA query_only = 0"), 0);
	assert_int_equal(passcode_try(&world, "alice", 100, &verifier, &wait),
	    REASON_GRANTED);
	assert_int_equal(verifier.len, 4);
	secret_free(&verifier);
	/* that one was: the next comes too early */
	assert_int_equal(passcode_try(&world, "alice", 100, &verifier, &wait),
	    REASON_TOO_MANY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_loop_turns),
		TEST(test_not_counted),
#undef TEST
	};

	return cmocka_run_group_tests_name("passcode_guard", tests, NULL,
	    NULL);
}
