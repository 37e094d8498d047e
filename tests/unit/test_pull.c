/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fetching the signed directory: when, how, and what comes of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "daemon/directory/pull.h"
#include "daemon/oidc/jwk.h"
#include "tests/unit/directory_mint.h"
#include "tests/unit/oidc_clock.h"
#include "tests/unit/oidc_mint.h"
#include "tests/unit/oidc_server.h"

#define PATH	"/people"
#define REFRESH	40

static struct event_base *base;
static struct server *server;
static struct evp_pkey_st *key;
static struct jwk_set *keys;
static struct pull *pull;
static int done;
static bool believe;
static struct pull_end last;
static char error[256];

static void
on_end(void *arg UNUSED, const struct pull_end *end)
{
	last = *end;
	if (end->error != NULL)
		(void)snprintf(error, sizeof(error), "%s", end->error);
	if (believe && end->outcome == PULL_READY)
		pull_believe(pull);
	done = 1;
}

static char *
document(int64_t serial)
{
	const struct directory_mint mint = {
		.key = key, .lines = "{\"sub\":\"a\"}\n", .serial = serial,
		.issued = time(NULL), .expires = time(NULL) + 3600,
	};

	return directory_mint(&mint);
}

static int
setup(void **state UNUSED)
{
	base = event_base_new();
	server = server_new(base);
	key = mint_key("Ed25519", 0);
	keys = directory_keys(key);
	done = 0;
	believe = true;
	test_clock_forget();
	return 0;
}

static int
teardown(void **state UNUSED)
{
	pull_free(pull);
	pull = NULL;
	server_free(server);
	jwk_set_free(keys);
	mint_key_free(key);
	event_base_free(base);
	return 0;
}

static void
start(void)
{
	char *url = mint_text("%s" PATH, server_url(server));
	const struct pull_config config = {
		.url = url, .http = { .http_loopback = true, .timeout = 20 },
		.keys = keys, .refresh = REFRESH,
	};

	assert_int_equal(pull_new(base, &config, on_end, NULL, &pull), 0);
	assert_false(done);
	free(url);
}

static void
await(enum pull_outcome outcome)
{
	server_run(base, &done);
	assert_true(done);
	done = 0;
	assert_int_equal(last.outcome, outcome);
}

/* The next one, after at most a tenth more than the time. */
static void
later(void)
{
	test_clock_skip(REFRESH + REFRESH / 10 + 1);
}

static void
serve(int status, const char *text)
{
	server_clear(server, PATH);
	server_script(server, PATH, status, 0, text);
}

/* What was believed comes by 304 as long as it is the same. */
static void
test_etag(void **state UNUSED)
{
	char *first = document(1), *second = document(2);

	serve(200, first);
	server_etag(server, PATH, "\"one\"");
	start();
	await(PULL_READY);
	assert_string_equal(server_condition(server, PATH), "");
	serve(304, "");
	later();
	await(PULL_UNCHANGED);
	assert_string_equal(server_condition(server, PATH), "\"one\"");
	serve(200, second);
	server_etag(server, PATH, "\"two\"");
	later();
	await(PULL_READY);
	assert_string_equal(server_condition(server, PATH), "\"one\"");
	serve(304, "");
	later();
	await(PULL_UNCHANGED);
	assert_string_equal(server_condition(server, PATH), "\"two\"");
	free(first);
	free(second);
}

/* What was not believed, or is wrong, has to come again. */
static void
test_not_believed(void **state UNUSED)
{
	char *text = document(1);

	believe = false;
	serve(200, text);
	server_etag(server, PATH, "\"one\"");
	start();
	await(PULL_READY);
	later();
	await(PULL_READY);
	assert_string_equal(server_condition(server, PATH), "");
	text[strlen(text) - 2] ^= 1;
	serve(200, text);
	later();
	await(PULL_REFUSED);
	assert_int_equal(last.verdict, SIGNED_DIGEST);
	later();
	await(PULL_REFUSED);
	assert_string_equal(server_condition(server, PATH), "");
	free(text);
}

/* A 304 that nobody asked for is not a document. */
static void
test_failures(void **state UNUSED)
{
	serve(304, "");
	start();
	await(PULL_FAILED);
	assert_string_equal(error, "the server answered 304");
	serve(404, "gone");
	later();
	await(PULL_FAILED);
	assert_string_equal(error, "the server answered 404");
	serve(302, "https://elsewhere.example.com/");
	later();
	await(PULL_FAILED);
	assert_string_equal(error, "the server answered 302");
	serve(SERVER_DROP, "");
	later();
	await(PULL_FAILED);
	assert_memory_equal(error, "no answer: ", 11);
}

/* More than a provider's answer may have. */
static void
test_long(void **state UNUSED)
{
	size_t count = 200000, i;
	char *lines = malloc(count * 12 + 1), *text;
	struct directory_mint mint = {
		.key = key, .serial = 1, .issued = time(NULL),
		.expires = time(NULL) + 3600,
	};

	assert_non_null(lines);
	for (i = 0; i < count; i++)
		memcpy(lines + i * 12, "{\"sub\":\"a\"}\n", 13);
	mint.lines = lines;
	text = directory_mint(&mint);
	serve(200, text);
	start();
	await(PULL_READY);
	free(text);
	free(lines);
}

static void
test_times_are_scattered(void **state UNUSED)
{
	unsigned int same;
	char *text = document(1);
	int i;

	serve(200, text);
	start();
	for (i = 0; i < 12; i++) {
		await(PULL_READY);
		later();
	}
	/* Twelve times one of 9 waits: not all the same. */
	for (same = 0, i = REFRESH - REFRESH / 10;
	    i <= REFRESH + REFRESH / 10; i++) {
		assert_true(test_clock_armed((uint64_t)i) < 12);
		same += test_clock_armed((uint64_t)i);
	}
	assert_int_equal(same, 12);
	free(text);
}

static void
test_urls(void **state UNUSED)
{
	struct pull_config config = {
		.url = "http://files.example.com/people", .keys = keys,
		.refresh = REFRESH, .http = { .http_loopback = true },
	};

	assert_int_equal(pull_new(base, &config, on_end, NULL, &pull),
	    -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_etag),
		TEST(test_not_believed),
		TEST(test_failures),
		TEST(test_long),
		TEST(test_times_are_scattered),
		TEST(test_urls),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
