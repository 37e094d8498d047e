/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two providers on one host: who is sent where, whose token binds which name,
 * and whose group is whose.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/snapshot.h"
#include "daemon/policy/account.h"
#include "daemon/route.h"
#include "daemon/snapshot/publish.h"
#include "tests/unit/fixture.h"

#define HOME_ISSUER	FIXTURE_ISSUER
#define WORK_ISSUER	"https://login.example.org"
#define GONE_ISSUER	"https://old.example.net"

#define PROVIDERS \
	"[provider:home]\nissuer = " HOME_ISSUER "\nclient_id = h\n" \
	"names = /[a-b].*/\n" \
	"[provider:work]\nissuer = " WORK_ISSUER "\nclient_id = w\n" \
	"names = /[a-c].*|w-.*/\npreset = generic\nusername_claim = login\n" \
	"groups_claim = roles\n"
#define RULES \
	"[identity]\nusername_claim = account\nshell = /bin/zsh\n" \
	"[access]\nallow_groups = home:admins, work:staff\n" \
	"[groups]\n* = users\n" \
	"[groups:home]\nadmins = sudo\n" \
	"[groups:work]\n* = staff\nadmins = adm\n"

static struct fixture host;
static struct world_provider providers[2];
static struct world world;

static int
setup(void **state)
{
	size_t i;

	(void)state;
	fixture_setup_text(&host, PROVIDERS RULES);
	assert_int_equal(host.config.provider_count, 2);
	for (i = 0; i < 2; i++)
		providers[i].config = &host.config.providers[i];
	world = fixture_world(&host);
	world.providers = providers;
	world.provider_count = 2;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fixture_teardown(&host);
	return 0;
}

static enum reason
home_says(const char *subject, const char *name, struct person **ret_person)
{
	char claims[128];

	(void)snprintf(claims, sizeof(claims), "{\"account\":\"%s\","
	    "\"login\":\"root\",\"groups\":[\"admins\"],\"roles\":[\"x\"]}",
	    name);
	return fixture_resolve_at(&host, HOME_ISSUER, subject, claims, name,
	    ret_person);
}

static enum reason
work_says(const char *subject, const char *name, struct person **ret_person)
{
	char claims[128];

	(void)snprintf(claims, sizeof(claims), "{\"login\":\"%s\","
	    "\"account\":\"root\",\"roles\":[\"admins\"],\"groups\":[\"x\"]}",
	    name);
	return fixture_resolve_at(&host, WORK_ISSUER, subject, claims, name,
	    ret_person);
}

static void
bind(enum reason (*says)(const char *, const char *, struct person **),
    const char *subject, const char *name)
{
	struct person *person;

	assert_int_equal(says(subject, name, &person), REASON_GRANTED);
	person->last_proof = person->groups_told = time(NULL);
	assert_int_equal(store_save(host.store, person), 0);
	person_free(person);
}

/* Somebody whose provider was taken out of the configuration. */
static void
bind_gone(const char *name, uint32_t uid)
{
	struct person *person = person_new();

	assert_non_null(person);
	person->issuer = strdup(GONE_ISSUER);
	person->subject = strdup(name);
	person->name = strdup(name);
	person->uid = person->gid = uid;
	person->gecos = strdup("");
	person->home = strdup("/");
	person->shell = strdup("/bin/sh");
	person->last_proof = person->groups_told = time(NULL);
	assert_int_equal(person_add_group(person, "admins"), 0);
	assert_int_equal(store_save(host.store, person), 0);
	person_free(person);
}

static void
assert_sent_to(const char *user, size_t i)
{
	const struct world_provider *provider = NULL;

	assert_int_equal(route_user(&world, user, &provider), REASON_GRANTED);
	assert_ptr_equal(provider, &providers[i]);
}

static void
assert_not_sent(const char *user, enum reason reason)
{
	const struct world_provider *provider = providers;

	assert_int_equal(route_user(&world, user, &provider), reason);
	assert_ptr_equal(provider, providers);
}

static void
new_names_go_where_they_fit(void **state)
{
	(void)state;
	assert_sent_to("alice", 0);
	assert_sent_to("bob", 0);
	assert_sent_to("carol", 1);
	assert_sent_to("w-alice", 1);
	assert_not_sent("xbob", REASON_NO_PROVIDER);
	assert_not_sent("dave", REASON_NO_PROVIDER);
}

/* Whatever the names say: they are for new people. */
static void
bound_people_go_home(void **state)
{
	(void)state;
	bind(work_says, "1", "carol");
	bind(home_says, "1", "alice");
	free(host.config.providers[0].names);
	host.config.providers[0].names = strdup("/carol|dave/");
	assert_sent_to("carol", 1);
	assert_sent_to("alice", 0);
	assert_sent_to("dave", 0);
	assert_sent_to("bob", 1);
	bind_gone("eve", 2000000000);
	assert_not_sent("eve", REASON_PROVIDER_GONE);
	bind_gone("beth", 2000000001);
	assert_not_sent("beth", REASON_PROVIDER_GONE);
}

static void
routes_by_issuer(void **state)
{
	(void)state;
	assert_ptr_equal(route_issuer(&world, HOME_ISSUER), &providers[0]);
	assert_ptr_equal(route_issuer(&world, WORK_ISSUER), &providers[1]);
	assert_null(route_issuer(&world, GONE_ISSUER));
	assert_null(route_issuer(&world, WORK_ISSUER "/"));
	world.provider_count = 1;
	assert_null(route_issuer(&world, WORK_ISSUER));
}

/* A token of the second for a name that is the first one's. */
static void
nobody_binds_what_is_not_sent_to_it(void **state)
{
	(void)state;
	assert_int_equal(work_says("1", "alice", NULL), REASON_NO_PROVIDER);
	assert_int_equal(home_says("1", "carol", NULL), REASON_NO_PROVIDER);
	assert_int_equal(home_says("1", "dave", NULL), REASON_NO_PROVIDER);
	assert_int_equal(home_says("1", "alice", NULL), REASON_GRANTED);
	assert_int_equal(work_says("1", "carol", NULL), REASON_GRANTED);
	assert_int_equal(fixture_resolve_at(&host, GONE_ISSUER, "1",
	    "{\"account\":\"alice\",\"login\":\"alice\",\"groups\":[]}",
	    "alice", NULL), REASON_PROVIDER_GONE);
}

/* The same sub, or the same name, at two providers is two people. */
static void
two_providers_two_people(void **state)
{
	(void)state;
	bind(home_says, "1", "alice");
	assert_int_equal(work_says("1", "alice", NULL), REASON_NAME_BOUND);
	assert_int_equal(work_says("2", "alice", NULL), REASON_NAME_BOUND);
	bind(work_says, "1", "carol");
	assert_int_equal(home_says("2", "carol", NULL), REASON_NAME_BOUND);
	assert_int_equal(home_says("1", "carol", NULL), REASON_OTHER_PERSON);
	assert_int_equal(home_says("1", "alice", NULL), REASON_GRANTED);
	assert_int_equal(work_says("1", "carol", NULL), REASON_GRANTED);
}

/* One seed for all names: what sshd was told before anybody was asked. */
static void
one_seed(void **state)
{
	uint64_t seed = snapshot_issuer_seed(HOME_ISSUER);
	const struct config_identity *identity = &host.config.identity;
	struct person *person;

	(void)state;
	assert_int_equal(work_says("1", "carol", &person), REASON_GRANTED);
	assert_int_equal(person->uid, snapshot_computed_id(seed, "carol",
	    identity->range_start,
	    identity->range_end - identity->range_start + 1));
	assert_string_equal(person->shell, "/bin/zsh");
	assert_string_equal(person->home, "/home/carol");
	person_free(person);
	assert_string_equal(config_seed_issuer(&host.config), HOME_ISSUER);
}

/* [identity] for all, what a provider's section says for its own. */
static void
claims_of_each(void **state)
{
	const struct config *config = &host.config;

	(void)state;
	assert_string_equal(config->providers[0].identity.username_claim,
	    "account");
	assert_string_equal(config->providers[0].identity.groups_claim,
	    "groups");
	assert_string_equal(config->providers[1].identity.username_claim,
	    "login");
	assert_string_equal(config->providers[1].identity.groups_claim,
	    "roles");
	assert_string_equal(config->providers[1].identity.shell, "/bin/zsh");
	assert_int_equal(config->providers[1].identity.range_end,
	    config->identity.range_end);
	assert_string_equal(config->identity.username_claim, "account");
	assert_int_equal(config->providers[0].preset, CONFIG_PRESET_POCKETID);
	assert_int_equal(config->providers[1].preset, CONFIG_PRESET_GENERIC);
}

static void
whose_group(void **state)
{
	const struct config_provider *home = &host.config.providers[0];
	const struct config_provider *work = &host.config.providers[1];

	(void)state;
	assert_string_equal(config_provider_group(home, "home:a:b"), "a:b");
	assert_string_equal(config_provider_group(work, "work:home:a"),
	    "home:a");
	assert_null(config_provider_group(work, "home:a"));
	assert_null(config_provider_group(home, "a"));
	assert_null(config_provider_group(home, "home"));
	assert_null(config_provider_group(home, "home:"));
	assert_null(config_provider_group(home, "homes:a"));
}

/* Both say "admins"; only home's may enter, and only home's get sudo. */
static void
admins_of_another_provider(void **state)
{
	struct person *person;
	uint32_t *gids;
	size_t count;

	(void)state;
	bind(home_says, "1", "alice");
	bind(work_says, "1", "carol");
	assert_int_equal(account_decide(&world, "alice", "sshd", NULL, NULL),
	    REASON_GRANTED);
	assert_int_equal(account_decide(&world, "carol", "sshd", NULL, NULL),
	    REASON_NOT_ALLOWED);

	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	assert_int_equal(publish_local_gids(&host.config, host.files, person,
	    &gids, &count), 0);
	person_free(person);
	assert_int_equal(count, 2);
	assert_int_equal(gids[0], 100);	/* users */
	assert_int_equal(gids[1], 27);	/* sudo */
	free(gids);
	assert_int_equal(store_find_name(host.store, "carol", &person), 0);
	assert_int_equal(publish_local_gids(&host.config, host.files, person,
	    &gids, &count), 0);
	person_free(person);
	assert_int_equal(count, 3);
	assert_int_equal(gids[0], 100);
	assert_int_equal(gids[1], 50);	/* staff */
	assert_int_equal(gids[2], 4);	/* adm */
	free(gids);
}

static void
provider_that_is_gone(void **state)
{
	struct person *person;
	uint32_t *gids;
	size_t count;

	(void)state;
	bind_gone("eve", 2000000000);
	assert_int_equal(account_decide(&world, "eve", "sshd", NULL, NULL),
	    REASON_PROVIDER_GONE);
	assert_int_equal(store_find_name(host.store, "eve", &person), 0);
	assert_int_equal(publish_local_gids(&host.config, host.files, person,
	    &gids, &count), 0);
	assert_int_equal(count, 0);
	free(gids);
	person_free(person);
}

/* Nobody escapes deny_groups by a provider that tells of no groups. */
static void
denials_need_the_groups(void **state)
{
	static const char claims[] = "{\"preferred_username\":\"alice\"}";
	struct fixture f;

	(void)state;
	fixture_setup(&f, "[access]\nallow_users = alice\n");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB, claims, "alice", NULL),
	    REASON_GRANTED);
	fixture_teardown(&f);
	fixture_setup(&f, "[access]\nallow_users = alice\n[access:sudo]\n"
	    "deny_groups = guests\n");
	assert_int_equal(fixture_resolve(&f, ALICE_SUB, claims, "alice", NULL),
	    REASON_GROUPS_MISSING);
	fixture_teardown(&f);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_names_go_where_they_fit),
		TEST(bound_people_go_home),
		TEST(routes_by_issuer),
		TEST(nobody_binds_what_is_not_sent_to_it),
		TEST(two_providers_two_people),
		TEST(one_seed),
		TEST(claims_of_each),
		TEST(whose_group),
		TEST(admins_of_another_provider),
		TEST(provider_that_is_gone),
		cmocka_unit_test(denials_need_the_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
