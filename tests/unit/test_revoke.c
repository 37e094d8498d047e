/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ending a refresh token at its provider: which way is taken, what is sent,
 * and what each answer comes to.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/oidc/provider.h"
#include "daemon/oidc/revoke.h"
#include "tests/unit/oidc_scene.h"
#include "tests/unit/oidc_server.h"

static struct {
	int			 done;
	enum revoke_outcome	 outcome;
	enum reason		 reason;
	char			 detail[256];
} end;

static void
done(void *arg UNUSED, enum revoke_outcome outcome, enum reason reason,
    const char *detail)
{
	end.done++;
	end.outcome = outcome;
	end.reason = reason;
	(void)snprintf(end.detail, sizeof(end.detail), "%s", detail);
}

static enum revoke_outcome
run(const char *hint)
{
	char word[] = "rt+1", id[64];
	const struct secret token = { word, 4 };
	const struct secret id_token = { id, strlen(hint) };
	const struct revoke_request request = {
		.refresh_token = &token, .id_token = &id_token, .done = done,
	};
	struct revoke *revoke;

	memset(&end, 0, sizeof(end));
	(void)snprintf(id, sizeof(id), "%s", hint);
	assert_int_equal(revoke_start(scene.provider, &request, &revoke), 0);
	assert_int_equal(end.done, 0);
	server_run(scene.base, &end.done);
	assert_int_equal(end.done, 1);
	revoke_free(revoke);
	return end.outcome;
}

/* The discovery document has these endpoints. */
static void
offer(bool revocation, bool logout)
{
	char more[512];
	const char *url = server_url(scene.server);

	(void)snprintf(more, sizeof(more), "%s%s%s%s%s%s",
	    revocation ? ",\"revocation_endpoint\":\"" : "",
	    revocation ? url : "", revocation ? "/revoke\"" : "",
	    logout ? ",\"end_session_endpoint\":\"" : "",
	    logout ? url : "", logout ? "/logout\"" : "");
	scene_discovery(more);
}

static void
test_revocation(void **state UNUSED)
{
	offer(true, true);
	server_script(scene.server, "/revoke", 200, 0, "");
	assert_int_equal(run("it"), REVOKE_DONE);
	assert_string_equal(server_body(scene.server, "/revoke"),
	    "token=rt%2B1&token_type_hint=refresh_token&client_id=client");
	assert_int_equal(server_count(scene.server, "/logout"), 0);
}

static void
test_revocation_fails(void **state UNUSED)
{
	static const int statuses[] = { 400, 401, 404, 429, 500, 302, 201,
		SERVER_DROP };
	size_t i;

	offer(true, false);
	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		server_clear(scene.server, "/revoke");
		server_script(scene.server, "/revoke", statuses[i], 0,
		    "{\"error\":\"unsupported_token_type\"}");
		assert_int_equal(run(""), REVOKE_FAILED);
		assert_int_not_equal(end.reason, REASON_GRANTED);
		assert_null(strstr(end.detail, "rt+1"));
		assert_null(strstr(end.detail, "rt%2B1"));
	}
}

/* As Pocket ID has it. */
static void
test_logout(void **state UNUSED)
{
	offer(false, true);
	server_script(scene.server, "/logout", 302, 0, "");
	assert_int_equal(run("a.b.c"), REVOKE_ASKED);
	assert_string_equal(server_body(scene.server, "/logout"),
	    "id_token_hint=a.b.c&client_id=client");
	assert_string_equal(server_authorization(scene.server, "/logout"), "");
	server_clear(scene.server, "/logout");
	server_script(scene.server, "/logout", 400, 0, "");
	assert_int_equal(run("a.b.c"), REVOKE_FAILED);
	server_clear(scene.server, "/logout");
	server_script(scene.server, "/logout", SERVER_DROP, 0, "");
	assert_int_equal(run("a.b.c"), REVOKE_FAILED);
}

static void
test_no_way(void **state UNUSED)
{
	offer(false, false);
	assert_int_equal(run("a.b.c"), REVOKE_NO_WAY);
	assert_int_equal(server_count(scene.server, "/logout"), 0);
}

static void
test_no_hint(void **state UNUSED)
{
	offer(false, true);
	assert_int_equal(run(""), REVOKE_NO_WAY);
	assert_int_equal(server_count(scene.server, "/logout"), 0);
}

static int
setup(void **state UNUSED)
{
	scene_open(NULL);
	scene_keys("k");
	return 0;
}

static int
teardown(void **state UNUSED)
{
	scene_close();
	return 0;
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_revocation),
		TEST(test_revocation_fails),
		TEST(test_logout),
		TEST(test_no_way),
		TEST(test_no_hint),
	};

	return cmocka_run_group_tests_name("revoke", tests, NULL, NULL);
}
