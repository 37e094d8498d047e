/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a directory to people: who comes, who goes, and who stays whatever it
 * says. revoke_start() is defined in place of daemon/oidc's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/snapshot.h"
#include "daemon/adopt/adopt.h"
#include "daemon/oidc/flow.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/revoke.h"
#include "daemon/refresher/refresher.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_directory.h"
#include "daemon/store/store_token.h"
#include "daemon/world.h"
#include "tests/unit/directory_mint.h"
#include "tests/unit/fixture.h"
#include "tests/unit/oidc_mint.h"

#define ALICE "{\"sub\":\"" ALICE_SUB "\",\"preferred_username\":\"alice\"," \
	"\"groups\":[\"staff\"]}\n"
#define BOB "{\"sub\":\"" BOB_SUB "\",\"preferred_username\":\"bob\"," \
	"\"groups\":[\"staff\"]}\n"
#define BOB_DISABLED "{\"sub\":\"" BOB_SUB "\",\"preferred_username\":" \
	"\"bob\",\"groups\":[\"staff\"],\"disabled\":true}\n"
#define RULES "[access]\nallow_groups = staff\n[groups]\nstaff = staff\n" \
	"[cache]\non_revoke = end-sessions\n"

static struct fixture f;
static struct world world;
static struct evp_pkey_st *key;
static struct jwk_set *keys;
static struct adopt *adopt;
static int silent = -1;
static int64_t now;

/* --- the provider: chains that were ended there --- */

struct revoke {
	int	unused;
};

static unsigned ended;
static char ended_token[32];

int
revoke_start(struct provider *provider UNUSED,
    const struct revoke_request *request, struct revoke **ret_revoke)
{
	ended++;
	(void)snprintf(ended_token, sizeof(ended_token), "%s",
	    request->refresh_token->data);
	*ret_revoke = calloc(1, sizeof(**ret_revoke));
	assert_non_null(*ret_revoke);
	return 0;
}

void
revoke_free(struct revoke *revoke)
{
	free(revoke);
}

/* --- the host --- */

/* A server that never answers, so that nothing comes but what the test
 * gives. */
static char *
silent_url(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);

	silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(silent >= 0);
	assert_int_equal(bind(silent, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(silent, 8), 0);
	assert_int_equal(getsockname(silent, (struct sockaddr *)&address,
	    &len), 0);
	return mint_text("http://127.0.0.1:%u/people",
	    ntohs(address.sin_port));
}

static int
setup(void **state UNUSED)
{
	char *jwks;

	fixture_setup(&f, RULES);
	key = mint_key("Ed25519", 0);
	keys = directory_keys(key);
	jwks = mint_jwks(key, "k");
	f.config.directory.url = silent_url();
	f.config.directory.allow_http_loopback = true;
	assert_int_equal(secret_set(&f.config.directory.keys, jwks,
	    strlen(jwks)), 0);
	free(jwks);
	now = time(NULL);
	world = (struct world){
		.base = event_base_new(), .config = &f.config,
		.store = f.store, .files = f.files, .snapshot = f.snapshot,
	};
	assert_int_equal(adopt_new(&world, &adopt), 0);
	world.adopt = adopt;
	return 0;
}

static int
teardown(void **state UNUSED)
{
	adopt_free(adopt);
	event_base_free(world.base);
	close(silent);
	jwk_set_free(keys);
	mint_key_free(key);
	fixture_teardown(&f);
	return 0;
}

static void
give(const struct directory_mint *from)
{
	struct directory_mint mint = *from;
	struct signed_directory document = { 0 };
	const struct pull_end end = {
		.outcome = PULL_READY, .document = &document,
	};
	char *text;

	mint.key = key;
	if (mint.issued == 0)
		mint.issued = now - 10;
	if (mint.expires == 0)
		mint.expires = now + 3600;
	text = directory_mint(&mint);
	assert_int_equal(signed_verify(text, strlen(text), keys, now,
	    &document), SIGNED_GOOD);
	free(text);
	adopt_take(adopt, &end);
	while (adopt_is_busy(adopt))
		(void)event_base_loop(world.base, EVLOOP_ONCE);
	signed_free(&document);
}

static void
give_lines(int64_t serial, const char *lines)
{
	const struct directory_mint mint = { .serial = serial, .lines = lines };

	give(&mint);
}

/* How she is: "-" if she is nobody, else of l (listed), r (revoked). */
static const char *
state_of(const char *name)
{
	static const char *const states[] = { "", "l", "r", "lr" };
	struct person *person = NULL;
	size_t i;

	if (store_find_name(f.store, name, &person) < 0)
		return "-";
	i = (person->listed ? 1u : 0u) + (person->revoked ? 2u : 0u);
	person_free(person);
	return states[i];
}

/* She signs in, and the provider gives token. */
static uint32_t
keep_token(const char *name, const char *token)
{
	struct flow_result result = { 0 };
	struct person *person;
	uint32_t uid;

	assert_int_equal(store_find_name(f.store, name, &person), 0);
	uid = person->uid;
	assert_int_equal(secret_set(&result.refresh_token, token,
	    strlen(token)), 0);
	assert_int_equal(secret_set(&result.id_token, "hint", 4), 0);
	assert_int_equal(refresher_keep(world.refresher, person, &result), 0);
	person_free(person);
	return uid;
}

static int64_t
proof_of(const char *name)
{
	struct person *person = NULL;
	int64_t proof;

	assert_int_equal(store_find_name(f.store, name, &person), 0);
	proof = person->last_proof;
	person_free(person);
	return proof;
}

static void
assert_warning(const char *part)
{
	char *text = adopt_warning(adopt);

	if (part == NULL) {
		assert_null(text);
		return;
	}
	assert_non_null(text);
	if (strstr(text, part) == NULL)
		fail_msg("%s", text);
	free(text);
}

static void
assert_report(const char *name, int64_t wanted)
{
	struct json *report = adopt_report(adopt);
	int64_t value;

	assert_int_equal(json_integer(json_get(report, name), &value), 0);
	assert_true(value == wanted);
	json_free(report);
}

static void
test_come_and_go(void **state UNUSED)
{
	struct snapshot_user user;
	struct snapshot s;

	give_lines(1, ALICE BOB);
	assert_string_equal(state_of("alice"), "l");
	assert_string_equal(state_of("bob"), "l");
	assert_true(proof_of("alice") == now - 10);
	/* She resolves, with her groups, and has never been here. */
	assert_int_equal(snapshot_map(f.snapshot, &s), 0);
	assert_int_equal(snapshot_user_by_name(&s, "alice", &user), 0);
	assert_true(user.uid >= 1879048192u);
	assert_int_equal(snapshot_user_gid(&user, 0), 50);
	snapshot_unmap(&s);
	give_lines(2, ALICE);
	assert_string_equal(state_of("alice"), "l");
	assert_string_equal(state_of("bob"), "r");
	/* Listed again is not signed in again. */
	give_lines(3, ALICE BOB);
	assert_string_equal(state_of("bob"), "lr");
	assert_warning(NULL);
}

/* What bob runs is ended with him, and his token there as well as here. */
static void
test_all_of_him_goes(void **state UNUSED)
{
	char ending[128], path[160], other[160];
	struct token_state token;
	struct token_owner alice = { FIXTURE_ISSUER, ALICE_SUB };
	struct token_owner bob = { FIXTURE_ISSUER, BOB_SUB };

	(void)snprintf(ending, sizeof(ending), "%s/ending", f.dir);
	world.ending = ending;
	world.seal = fixture_seal(1);
	/* It is handed on, and never looked at. */
	f.provider.oidc = (struct provider *)(uintptr_t)&f;
	world.providers = &f.provider;
	world.provider_count = 1;
	assert_int_equal(refresher_new(&world, &world.refresher), 0);
	ended = 0;
	give_lines(1, ALICE BOB);
	(void)snprintf(other, sizeof(other), "%s/%u", ending,
	    keep_token("alice", "rt-alice"));
	(void)snprintf(path, sizeof(path), "%s/%u", ending,
	    keep_token("bob", "rt-bob"));
	give_lines(2, ALICE);
	assert_string_equal(state_of("bob"), "r");
	assert_int_equal(ended, 1);
	assert_string_equal(ended_token, "rt-bob");
	assert_int_equal(store_token_state(f.store, &bob, &token), -ENOENT);
	assert_int_equal(store_token_state(f.store, &alice, &token), 0);
	assert_int_equal(access(other, F_OK), -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(ending), 0);
	refresher_free(world.refresher);
	seal_free(world.seal);
}

static void
test_disabled(void **state UNUSED)
{
	fixture_bind(&f, BOB_SUB, "bob", "[\"staff\"]");
	assert_string_equal(state_of("bob"), "");
	give_lines(1, ALICE BOB_DISABLED);
	assert_string_equal(state_of("bob"), "r");
	/* Somebody who was never here is not made to be revoked. */
	give_lines(2, BOB_DISABLED "{\"sub\":\"c\",\"preferred_username\":"
	    "\"carol\",\"disabled\":true}\n{\"sub\":\"d\",\"disabled\":\"no\","
	    "\"preferred_username\":\"dora\",\"groups\":[]}\n");
	assert_string_equal(state_of("carol"), "-");
	assert_string_equal(state_of("dora"), "-");
	assert_string_equal(state_of("alice"), "r");
}

/* She signed in after the document was made. */
static void
test_newer_word(void **state UNUSED)
{
	struct person *person;

	give_lines(1, ALICE BOB);
	assert_int_equal(store_find_name(f.store, "bob", &person), 0);
	person->last_proof = person->groups_told = now;
	person_clear_groups(person);
	assert_int_equal(store_save(f.store, person), 0);
	person_free(person);
	give_lines(2, ALICE BOB);
	assert_int_equal(store_find_name(f.store, "bob", &person), 0);
	assert_int_equal(person->group_count, 0);
	assert_true(person->last_proof == now);
	person_free(person);
	give_lines(3, ALICE BOB_DISABLED);
	assert_string_equal(state_of("bob"), "l");
	give(&(struct directory_mint){ .serial = 4, .issued = now,
	    .lines = ALICE });
	assert_string_equal(state_of("bob"), "r");
}

/* Nobody's line keeps the others from theirs. */
static void
test_bad_lines(void **state UNUSED)
{
	struct json *report;
	int64_t refused;

	give_lines(1, "{\"sub\":\"1\",\"preferred_username\":\"root\","
	    "\"groups\":[]}\n"
	    "{\"sub\":\"2\",\"preferred_username\":\"lokal\",\"groups\":[]}\n"
	    "{\"sub\":\"3\",\"preferred_username\":\"A B\",\"groups\":[]}\n"
	    "{\"preferred_username\":\"nobody\"}\n" "nonsense\n" "[]\n" "\n"
	    "{\"sub\":\"4\",\"preferred_username\":\"erna\",\"groups\":7}\n"
	    ALICE "{\"sub\":\"5\",\"preferred_username\":\"alice\","
	    "\"groups\":[]}\n" BOB);
	assert_string_equal(state_of("alice"), "l");
	assert_string_equal(state_of("bob"), "l");
	assert_string_equal(state_of("root"), "-");
	assert_string_equal(state_of("lokal"), "-");
	assert_string_equal(state_of("erna"), "-");
	report = adopt_report(adopt);
	assert_int_equal(json_integer(json_get(report, "refused"), &refused),
	    0);
	assert_int_equal(refused, 9);
	json_free(report);
}

static void
test_not_followed(void **state UNUSED)
{
	give_lines(7, ALICE BOB);
	give_lines(6, ALICE);
	assert_warning("it is older than what is in force (serial)");
	assert_string_equal(state_of("bob"), "l");
	give_lines(7, ALICE);
	assert_warning("(twin)");
	assert_string_equal(state_of("bob"), "l");
	give_lines(7, ALICE BOB);
	assert_warning(NULL);
	give(&(struct directory_mint){ .serial = 8, .lines = ALICE,
	    .issuer = "https://other.example.com" });
	assert_warning("(issuer)");
	assert_string_equal(state_of("bob"), "l");
}

/* The serial outlives the daemon; the same document is read again. */
static void
test_restart(void **state UNUSED)
{
	give_lines(7, ALICE);
	adopt_free(adopt);
	assert_int_equal(adopt_new(&world, &adopt), 0);
	/* What is in force is told before it came again. */
	assert_report("serial", 7);
	assert_report("people", 1);
	assert_report("answered", 0);
	give_lines(6, ALICE BOB);
	assert_string_equal(state_of("bob"), "-");
	assert_warning("(serial)");
	give_lines(7, ALICE);
	assert_warning(NULL);
}

static void
test_failures_change_nothing(void **state UNUSED)
{
	struct pull_end end = { .outcome = PULL_FAILED, .error = "no answer" };

	give_lines(1, ALICE);
	adopt_take(adopt, &end);
	assert_warning("no answer");
	assert_string_equal(state_of("alice"), "l");
	end.outcome = PULL_REFUSED;
	end.verdict = SIGNED_SIGNATURE;
	adopt_take(adopt, &end);
	assert_warning("no key of key_file has signed it (signature)");
	assert_string_equal(state_of("alice"), "l");
	end.outcome = PULL_UNCHANGED;
	adopt_take(adopt, &end);
	assert_warning(NULL);
}

/* Who comes is bound when she comes, and shown a little later. A program that
 * began before that has to begin anew, whenever the document was made. */
static void
test_shown(void **state UNUSED)
{
	struct person *person;
	int64_t shown;

	give(&(struct directory_mint){ .serial = 1, .lines = ALICE,
	    .issued = now - 3000 });
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	assert_true(person->bound >= now);
	assert_true(person->last_proof == now - 3000);
	shown = adopt_shown(adopt, person->bound);
	assert_true(shown >= person->bound * 1000 && shown != INT64_MAX);
	assert_true(adopt_shown(adopt, person->bound - 1) == 0);
	assert_true(adopt_shown(NULL, person->bound) == 0);
	person_free(person);
}

/* As long as it could not be written, nobody was shown. */
static void
test_not_shown(void **state UNUSED)
{
	struct person *person;

	world.snapshot = "/proc/nowhere/snapshot";
	give_lines(1, ALICE);
	assert_int_equal(store_find_name(f.store, "alice", &person), 0);
	assert_true(adopt_shown(adopt, person->bound) == INT64_MAX);
	world.snapshot = f.snapshot;
	assert_int_equal(publish_world(&world), 0);
	assert_true(adopt_shown(adopt, person->bound) != INT64_MAX);
	person_free(person);
}

/* An admin has a quarter of its time to see to it. */
static void
test_expiry(void **state UNUSED)
{
	struct pull_end end = { .outcome = PULL_UNCHANGED };

	give(&(struct directory_mint){ .serial = 1, .lines = ALICE,
	    .issued = now - 70000, .expires = now + 30000 });
	assert_warning(NULL);
	assert_report("serial", 1);
	assert_report("expires", now + 30000);
	give(&(struct directory_mint){ .serial = 2, .lines = ALICE,
	    .issued = now - 80000, .expires = now + 20000 });
	assert_warning("it expires in 5 hours; is `hostpass directory export`");
	adopt_take(adopt, &end);
	assert_warning("it expires in 5 hours");
	give(&(struct directory_mint){ .serial = 3, .lines = ALICE,
	    .issued = now - 8000, .expires = now + 600 });
	assert_warning("it expires in ");
	assert_warning(" minutes;");
	/* The next one is there: all is well. */
	give_lines(4, ALICE);
	assert_warning(NULL);
	assert_string_equal(state_of("alice"), "l");
}

/* Then a name that is not listed is nobody's, and cannot begin to sign in. */
static void
test_complete(void **state UNUSED)
{
	struct snapshot s;
	uint32_t uid;

	give_lines(1, ALICE);
	assert_int_equal(snapshot_map(f.snapshot, &s), 0);
	assert_int_equal(snapshot_sign_in_uid(&s, "carol", &uid), 0);
	snapshot_unmap(&s);
	give(&(struct directory_mint){ .serial = 2, .lines = ALICE,
	    .complete = "true" });
	assert_int_equal(snapshot_map(f.snapshot, &s), 0);
	assert_int_equal(snapshot_sign_in_uid(&s, "carol", &uid), -ENOENT);
	snapshot_unmap(&s);
}

static void
count_turn(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	++*(int *)arg;
}

/* Others get their turns while many people come, and while they leave. */
static void
test_slices(void **state UNUSED)
{
	const struct timeval at_once = { 0, 1 };
	struct event *other;
	size_t count, people = 1500, i, len = 0;
	char *lines = calloc(people, 96);
	int turns = 0;

	assert_non_null(lines);
	for (i = 0; i < people; i++)
		len += (size_t)snprintf(lines + len, 96, "{\"sub\":\"s%zu\","
		    "\"preferred_username\":\"p%zu\",\"groups\":[\"staff\"]}\n",
		    i, i);
	other = event_new(world.base, -1, EV_PERSIST, count_turn, &turns);
	assert_int_equal(event_add(other, &at_once), 0);
	give_lines(1, lines);
	assert_int_equal(store_count(f.store, &count), 0);
	assert_int_equal(count, people);
	assert_true(turns >= 7);
	turns = 0;
	give_lines(2, ALICE);
	assert_string_equal(state_of("p0"), "r");
	assert_string_equal(state_of("p1499"), "r");
	assert_true(turns >= 7);
	event_free(other);
	free(lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_come_and_go),
		TEST(test_all_of_him_goes),
		TEST(test_disabled),
		TEST(test_newer_word),
		TEST(test_bad_lines),
		TEST(test_not_followed),
		TEST(test_restart),
		TEST(test_failures_change_nothing),
		TEST(test_expiry),
		TEST(test_shown),
		TEST(test_not_shown),
		TEST(test_complete),
		TEST(test_slices),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
