/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a reply that is no answer means, and what of it may be told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/refusal.h"

#define UUID	"d2719a3c-14b7-4c62-9fcb-7e2c0a5d9f10"

static void
test_replies(void **state UNUSED)
{
	static const struct {
		struct http_reply	 reply;
		enum reason		 reason;
		const char		*detail;
	} rows[] = {
		{ { .outcome = HTTP_UNREACHABLE, .error = "no route" },
		    REASON_PROVIDER_UNREACHABLE, "no route" },
		{ { .outcome = HTTP_UNTRUSTED, .error = "expired\x1b" },
		    REASON_PROVIDER_TLS, "expired?" },
		{ { .outcome = HTTP_OVERSIZED, .error = "write" },
		    REASON_PROVIDER_OVERSIZED, "" },
		{ { .outcome = HTTP_ANSWERED, .status = 200, .body = "" },
		    REASON_GRANTED, "" },
		{ { .outcome = HTTP_ANSWERED, .status = 299, .body = "" },
		    REASON_GRANTED, "" },
		{ { .outcome = HTTP_ANSWERED, .status = 400, .body = "" },
		    REASON_GRANTED, "" },
		{ { .outcome = HTTP_ANSWERED, .status = 300, .body = "" },
		    REASON_PROVIDER_REDIRECT, "HTTP 300" },
		{ { .outcome = HTTP_ANSWERED, .status = 399, .body = "",
		    .location = "https://a/b?code=c" },
		    REASON_PROVIDER_REDIRECT, "HTTP 399, to https://a/b" },
		{ { .outcome = HTTP_ANSWERED, .status = 302, .body = "",
		    .location = "https://a/b#c" },
		    REASON_PROVIDER_REDIRECT, "HTTP 302, to https://a/b" },
		{ { .outcome = HTTP_ANSWERED, .status = 429, .body = "",
		    .retry_after = 9 },
		    REASON_PROVIDER_LIMITED, "HTTP 429, Retry-After 9 s" },
		{ { .outcome = HTTP_ANSWERED, .status = 500,
		    .body = "{\"error\":\"e\",\"code\":\"c\"}", .len = 24 },
		    REASON_PROVIDER_BUSY, "HTTP 500, error 'e', code 'c'" },
		{ { .outcome = HTTP_ANSWERED, .status = 599,
		    .body = "<html>", .len = 6 },
		    REASON_PROVIDER_BUSY, "HTTP 599" },
	};
	struct reason_detail detail = { "of before" };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(refusal_of_reply(&rows[i].reply, &detail),
		    rows[i].reason);
		assert_string_equal(detail.text, rows[i].detail);
	}
}

/* What is said of a body. */
static const char *
say(const char *body)
{
	static struct reason_detail detail;
	const struct http_reply reply = { .status = 400 };
	struct json *answer = NULL;

	assert_int_equal(json_parse(body, strlen(body), &answer), 0);
	refusal_say(&detail, &reply, answer);
	json_free(answer);
	return detail.text;
}

static void
test_words(void **state UNUSED)
{
	assert_string_equal(say("{}"), "HTTP 400");
	assert_string_equal(say("[]"), "HTTP 400");
	assert_string_equal(say("{\"error\":7,\"code\":null}"), "HTTP 400");
	assert_string_equal(say("{\"request_id\":\"" UUID "\",\"code\":"
	    "\"not_found\",\"error\":\"Not found\",\"error_description\":"
	    "\"No \\u001b[1m\"}"), "HTTP 400, error 'Not found', "
	    "error_description 'No ?[1m', code 'not_found', "
	    "request_id '" UUID "'");
}

/* Runs of this many characters and more are left out, wherever they stand. */
#define RUN	"A1b-_.~2AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void
test_no_token(void **state UNUSED)
{
	char body[4000], run[3001];
	size_t i;

	assert_int_equal(strlen(RUN), 37);
	assert_string_equal(say("{\"error\":\"" RUN "\"}"),
	    "HTTP 400, error '...'");
	assert_string_equal(say("{\"error\":\"code " RUN " is old\"}"),
	    "HTTP 400, error 'code ... is old'");
	assert_string_equal(say("{\"error\":\"" RUN " " RUN "/" RUN "x\"}"),
	    "HTTP 400, error '... .../...'");
	memset(run, 'B', 3000);
	run[3000] = '\0';
	(void)snprintf(body, sizeof(body), "{\"error\":\"a %s b\"}", run);
	assert_string_equal(say(body), "HTTP 400, error 'a ... b'");
	/* One that the end cuts. */
	for (i = 60; i < 140; i++) {
		memset(run, ' ', i);
		run[i] = '\0';
		(void)snprintf(body, sizeof(body), "{\"error\":\"%s" RUN
		    "\"}", run);
		assert_null(strstr(say(body), "A"));
	}
}

static void
test_no_json(void **state UNUSED)
{
	const struct http_reply reply = { .status = 200, .len = 17 };
	struct reason_detail detail = { "" };

	refusal_say_no_json(&detail, &reply);
	assert_string_equal(detail.text,
	    "HTTP 200, 17 bytes that are not JSON as it is accepted here");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_no_token),
		cmocka_unit_test(test_no_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
