/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * On whose screen the link of a sign-in may be opened, and what a reader gets
 * that is one of several, or that does not ask.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "daemon/session/links.h"
#include "daemon/session/session.h"
#include "tests/unit/fixture.h"

#define RULES	"[access]\nallow_groups = staff\n[prompt]\nopen_browser = yes\n"

static struct fixture host;
static struct world world;
static uid_t alice, bob;

static int
setup(void **state)
{
	struct person *person;

	(void)state;
	fixture_setup(&host, RULES);
	fixture_bind(&host, ALICE_SUB, "alice", "[\"staff\"]");
	fixture_bind(&host, BOB_SUB, "bob", "[\"staff\"]");
	world = fixture_world(&host);
	assert_int_equal(store_find_name(host.store, "alice", &person), 0);
	alice = person->uid;
	person_free(person);
	assert_int_equal(store_find_name(host.store, "bob", &person), 0);
	bob = person->uid;
	person_free(person);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fixture_teardown(&host);
	return 0;
}

/* Who asks for alice: a peer, and who a program of root's says called it. */
static void
test_whose_screen(void **state)
{
	const struct {
		const char	*what;
		uid_t		 peer;
		const char	*ruser;
		const char	*rhost;
		enum proto_conversation conversation;
		bool		 hers;
	} rows[] = {
		{ "sudo of hers", 0, "alice", "",
		    PROTO_CONVERSATION_DESKTOP, true },
		{ "her screen's lock", alice, "", "",
		    PROTO_CONVERSATION_DESKTOP, true },
		{ "her own, whatever it says", alice, "bob", "",
		    PROTO_CONVERSATION_DESKTOP, true },
		{ "bob's su alice", 0, "bob", "",
		    PROTO_CONVERSATION_DESKTOP, false },
		{ "root's su alice", 0, "root", "",
		    PROTO_CONVERSATION_DESKTOP, false },
		{ "login, or a greeter", 0, "", "",
		    PROTO_CONVERSATION_DESKTOP, false },
		{ "bob, who says that he is she", bob, "alice", "",
		    PROTO_CONVERSATION_DESKTOP, false },
		{ "a user of the host's who says so", 1000, "alice", "",
		    PROTO_CONVERSATION_DESKTOP, false },
		{ "a name that begins like hers", 0, "alice2", "",
		    PROTO_CONVERSATION_DESKTOP, false },
		{ "another machine", 0, "alice", "203.0.113.7",
		    PROTO_CONVERSATION_DESKTOP, false },
		{ "no desktop", 0, "alice", "",
		    PROTO_CONVERSATION_TERMINAL, false },
		{ "ssh", 0, "alice", "",
		    PROTO_CONVERSATION_PROMPT, false },
	};
	struct session_request request = { .user = "alice", .service = "sudo" };
	uid_t wanted;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		request.peer = rows[i].peer;
		request.ruser = rows[i].ruser;
		request.rhost = rows[i].rhost;
		request.conversation = rows[i].conversation;
		wanted = rows[i].hers ? alice : LINKS_NOBODY;
		if (links_screen(&world, &request) != wanted)
			fail_msg("%s", rows[i].what);
	}
	/* Nobody whom the store does not know has a screen. */
	request.user = request.ruser = "carol";
	request.peer = 0;
	request.rhost = "";
	request.conversation = PROTO_CONVERSATION_DESKTOP;
	assert_int_equal(links_screen(&world, &request), LINKS_NOBODY);
	request.user = request.ruser = "alice";
	assert_int_equal(links_screen(&world, &request), alice);
	host.config.open_browser = false;
	assert_int_equal(links_screen(&world, &request), LINKS_NOBODY);
}

struct heard {
	struct links_reader	 reader;
	char			 uri[64];
	int			 opened;
	int			 replaced;
};

static void
on_open(void *arg, const char *uri)
{
	struct heard *heard = arg;

	heard->opened++;
	(void)strncpy(heard->uri, uri, sizeof(heard->uri) - 1);
}

static void
on_replaced(void *arg)
{
	struct heard *heard = arg;

	heard->replaced++;
}

static void
join(struct heard *heard, uid_t uid)
{
	memset(heard, 0, sizeof(*heard));
	heard->reader.uid = uid;
	heard->reader.ready = true;
	heard->reader.open = on_open;
	heard->reader.replaced = on_replaced;
	heard->reader.arg = heard;
	links_join(&world, &heard->reader);
}

static void
test_who_hears(void **state)
{
	struct heard hers, his, newer;

	(void)state;
	links_show(&world, alice, "https://id.example.com/0");
	join(&hers, alice);
	join(&his, bob);
	links_show(&world, LINKS_NOBODY, "https://id.example.com/1");
	assert_int_equal(hers.opened + his.opened, 0);
	links_show(&world, alice, "https://id.example.com/2");
	assert_string_equal(hers.uri, "https://id.example.com/2");
	assert_int_equal(his.opened, 0);
	/* Who has not asked again gets nothing, now or later. */
	links_show(&world, alice, "https://id.example.com/3");
	assert_int_equal(hers.opened, 1);
	hers.reader.ready = true;
	links_show(&world, alice, "https://id.example.com/4");
	assert_string_equal(hers.uri, "https://id.example.com/4");
	assert_int_equal(hers.opened, 2);
	/* The newest of hers; his is not touched. */
	join(&newer, alice);
	assert_int_equal(hers.replaced, 1);
	assert_int_equal(his.replaced, 0);
	links_show(&world, alice, "https://id.example.com/5");
	assert_int_equal(hers.opened, 2);
	assert_int_equal(newer.opened, 1);
	links_leave(&world, &hers.reader);
	links_leave(&world, &newer.reader);
	links_leave(&world, &newer.reader);
	links_show(&world, alice, "https://id.example.com/6");
	assert_int_equal(newer.opened, 1);
	links_leave(&world, &his.reader);
	assert_null(world.links);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whose_screen),
		TEST(test_who_hears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
