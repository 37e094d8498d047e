/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every address that a browser could end on, and a person could paste.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/callback.h"
#include "tests/unit/oidc_mint.h"

#define STATE		"c3RhdGUtb2YtdGhpcy1vbmU"
#define ISSUER		"https://id.example.com"
#define ISS		"iss=https%3A%2F%2Fid.example.com"
#define URI		"http://127.0.0.1:1/callback"
#define GOOD		"code=abc&state=" STATE
#define MALFORMED	REASON_CALLBACK_MALFORMED

static enum reason
read_with(const char *text, bool address, bool iss_required, char code[64])
{
	char state_text[] = STATE;
	const struct secret state = { state_text, sizeof(state_text) - 1 };
	const struct callback_expect expect = {
		URI, &state, ISSUER, iss_required, NULL
	};
	struct secret found = SECRET_INIT;
	enum reason reason;

	reason = address ? callback_read_address(text, &expect, &found) :
	    callback_read_query(text, &expect, &found);
	assert_true((found.data != NULL) == (reason == REASON_GRANTED));
	if (found.data != NULL) {
		assert_int_equal(strlen(found.data), found.len);
		strncpy(code, found.data, 63);
	}
	secret_free(&found);
	return reason;
}

static const struct row {
	const char	*text;
	enum reason	 reason;
	const char	*code;
} queries[] = {
	/* good, in any order, with what is passed over (4.1.2) */
	{ GOOD, REASON_GRANTED, "abc" },
	{ "state=" STATE "&code=abc", REASON_GRANTED, "abc" },
	{ GOOD "&" ISS, REASON_GRANTED, "abc" },
	{ GOOD "&session_state=1&scope=openid+groups", REASON_GRANTED, "abc" },
	{ GOOD "&scope=", REASON_GRANTED, "abc" },
	{ "code=a%2Bb%2f%20c&state=" STATE, REASON_GRANTED, "a+b/ c" },
	{ "code=a+b&state=" STATE, REASON_GRANTED, "a b" },
	{ "code=a%3Db&state=" STATE, REASON_GRANTED, "a=b" },
	{ "code=a=b&state=" STATE, REASON_GRANTED, "a=b" },
	{ "code=abc&state=%63" "3RhdGUtb2YtdGhpcy1vbmU", REASON_GRANTED,
	    "abc" },
	{ "a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&" GOOD,
	    REASON_GRANTED, "abc" },

	/* state: RFC 6749 10.12 */
	{ "code=abc", MALFORMED, NULL },
	{ "code=abc&state=", MALFORMED, NULL },
	{ "code=abc&state", MALFORMED, NULL },
	{ "code=abc&State=" STATE, MALFORMED, NULL },
	{ "code=abc&%73tate=" STATE, MALFORMED, NULL },
	{ GOOD "&state=" STATE, MALFORMED, NULL },
	{ GOOD "&state=x", MALFORMED, NULL },
	{ "code=abc&state=x", REASON_CALLBACK_STATE, NULL },
	{ GOOD "x", REASON_CALLBACK_STATE, NULL },
	{ "code=abc&state=c3RhdGUtb2YtdGhpcy1vbm", REASON_CALLBACK_STATE,
	    NULL },
	{ "code=abc&state=c3RhdGUtb2YtdGhpcy1vbmV", REASON_CALLBACK_STATE,
	    NULL },
	{ GOOD "%00", MALFORMED, NULL },
	{ "error=access_denied&state=x", REASON_CALLBACK_STATE, NULL },
	{ "code=abc&state=x&iss=https%3A%2F%2Fa", REASON_CALLBACK_STATE,
	    NULL },

	/* code and error: exactly one */
	{ "", MALFORMED, NULL },
	{ "state=" STATE, MALFORMED, NULL },
	{ "code=&state=" STATE, MALFORMED, NULL },
	{ "code&state=" STATE, MALFORMED, NULL },
	{ "code=abc&" GOOD, MALFORMED, NULL },
	{ GOOD "&error=access_denied", MALFORMED, NULL },
	{ GOOD "&error=", MALFORMED, NULL },
	{ "error=x&error=x&state=" STATE, MALFORMED, NULL },

	/* encoding */
	{ "code=a%00b&state=" STATE, MALFORMED, NULL },
	{ "code=a%0ab&state=" STATE, MALFORMED, NULL },
	{ "code=a%7fb&state=" STATE, MALFORMED, NULL },
	{ "code=a%C3%A9&state=" STATE, MALFORMED, NULL },
	{ "code=a\xc3\xa9&state=" STATE, MALFORMED, NULL },
	{ "code=a\tb&state=" STATE, MALFORMED, NULL },
	{ "code=a%4&state=" STATE, MALFORMED, NULL },
	{ "code=a%&state=" STATE, MALFORMED, NULL },
	{ "code=a%4g&state=" STATE, MALFORMED, NULL },
	{ "code=a%g4&state=" STATE, MALFORMED, NULL },
	{ "state=" STATE "&code=a%4", MALFORMED, NULL },

	/* form */
	{ GOOD "&", MALFORMED, NULL },
	{ "&" GOOD, MALFORMED, NULL },
	{ "code=abc&&state=" STATE, MALFORMED, NULL },
	{ "=x&" GOOD, MALFORMED, NULL },
	{ "code=abc;state=" STATE, MALFORMED, NULL },
	{ "a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&"
	    GOOD, MALFORMED, NULL },

	/* iss: RFC 9207 2.4 */
	{ GOOD "&iss=https%3A%2F%2Fother.example.com",
	    REASON_CALLBACK_ISSUER, NULL },
	{ GOOD "&" ISS "%2F", REASON_CALLBACK_ISSUER, NULL },
	{ GOOD "&" ISS "%00", MALFORMED, NULL },
	{ GOOD "&iss=", MALFORMED, NULL },
	{ GOOD "&" ISS "&" ISS, MALFORMED, NULL },
	{ "error=access_denied&state=" STATE "&iss=https%3A%2F%2Fa",
	    REASON_CALLBACK_ISSUER, NULL },

	/* what the provider says: RFC 6749 4.1.2.1, Core 3.1.2.6 */
	{ "error=access_denied&state=" STATE, REASON_ACCESS_DENIED, NULL },
	{ "error=access_denied&error_description=No&state=" STATE "&" ISS,
	    REASON_ACCESS_DENIED, NULL },
	{ "error=login_required&state=" STATE, REASON_ACCESS_DENIED, NULL },
	{ "error=interaction_required&state=" STATE, REASON_ACCESS_DENIED,
	    NULL },
	{ "error=consent_required&state=" STATE, REASON_ACCESS_DENIED, NULL },
	{ "error=account_selection_required&state=" STATE,
	    REASON_ACCESS_DENIED, NULL },
	{ "error=server_error&state=" STATE, REASON_PROVIDER_BUSY, NULL },
	{ "error=temporarily_unavailable&state=" STATE, REASON_PROVIDER_BUSY,
	    NULL },
	{ "error=unauthorized_client&state=" STATE, REASON_CLIENT_REFUSED,
	    NULL },
	{ "error=unsupported_response_type&state=" STATE,
	    REASON_CLIENT_REFUSED, NULL },
	{ "error=invalid_request&state=" STATE, REASON_REQUEST_REFUSED, NULL },
	{ "error=whatever&state=" STATE, REASON_PROVIDER_REPLY, NULL },
};

static const struct row addresses[] = {
	{ URI "?" GOOD, REASON_GRANTED, "abc" },
	{ "  " URI "?" GOOD " \r\n", REASON_GRANTED, "abc" },
	{ "\t" URI "?" GOOD "\t", REASON_GRANTED, "abc" },
	{ URI "?code=abc&state=x", REASON_CALLBACK_STATE, NULL },
	{ URI "?error=access_denied&state=" STATE, REASON_ACCESS_DENIED,
	    NULL },
	{ "", MALFORMED, NULL },
	{ "   ", MALFORMED, NULL },
	{ "yes", MALFORMED, NULL },
	{ GOOD, MALFORMED, NULL },
	{ "?" GOOD, MALFORMED, NULL },
	{ URI, MALFORMED, NULL },
	{ URI "?", MALFORMED, NULL },
	{ URI "#" GOOD, MALFORMED, NULL },
	{ URI "?" GOOD "#", MALFORMED, NULL },
	{ URI "?" GOOD "#code=b", MALFORMED, NULL },
	{ URI "/?" GOOD, MALFORMED, NULL },
	{ URI "2?" GOOD, MALFORMED, NULL },
	{ URI "&" GOOD, MALFORMED, NULL },
	{ "http://127.0.0.1/callback?" GOOD, MALFORMED, NULL },
	{ "http://127.0.0.1:12/callback?" GOOD, MALFORMED, NULL },
	{ "http://127.0.0.1:1/Callback?" GOOD, MALFORMED, NULL },
	{ "http://127.0.0.1:1/?" GOOD, MALFORMED, NULL },
	{ "http://127.0.0.2:1/callback?" GOOD, MALFORMED, NULL },
	{ "http://localhost:1/callback?" GOOD, MALFORMED, NULL },
	{ "http://a@127.0.0.1:1/callback?" GOOD, MALFORMED, NULL },
	{ "https://127.0.0.1:1/callback?" GOOD, MALFORMED, NULL },
	{ "https://id.example.com/callback?" GOOD, MALFORMED, NULL },
	{ URI "?" GOOD " " URI "?" GOOD, REASON_CALLBACK_MALFORMED, NULL },
};

static void
assert_row(const struct row *row, bool address)
{
	char code[64] = "";
	enum reason reason = read_with(row->text, address, false, code);

	if (reason != row->reason)
		fail_msg("%s: %s", row->text, reason_code(reason));
	if (row->code != NULL)
		assert_string_equal(code, row->code);
}

static void
test_queries(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(queries) / sizeof(*queries); i++)
		assert_row(&queries[i], false);
}

static void
test_addresses(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		assert_row(&addresses[i], true);
}

/* RFC 9207 2.4: whoever says that iss is always there sends it always. */
static void
test_iss_required(void **state)
{
	char code[64];

	(void)state;
	assert_int_equal(read_with(GOOD, false, true, code),
	    REASON_CALLBACK_ISSUER);
	assert_int_equal(read_with("error=access_denied&state=" STATE, false,
	    true, code), REASON_CALLBACK_ISSUER);
	assert_int_equal(read_with(GOOD "&" ISS, false, true, code),
	    REASON_GRANTED);
}

/* What an admin reads of a refusal: the provider's words, filtered, and not
 * the words of somebody who does not know the state. */
static void
test_detail(void **state)
{
	static const struct {
		const char	*query;
		const char	*detail;
	} rows[] = {
		{ "error=access_denied&state=" STATE,
		    "error 'access_denied'" },
		{ "error=access_denied&error_description=Not+yours%2C+Bob&"
		    "state=" STATE, "error 'access_denied', "
		    "error_description 'Not yours, Bob'" },
		{ "error=x&error_description=%1b%5B31mroot%0d%0a%00%e2%80%ae&"
		    "state=" STATE, "error 'x', "
		    "error_description '?[31mroot?" "?" "?" "?'" },
		{ "error=x&error_description=%C3%84%4&state=" STATE,
		    "error 'x', error_description '\xc3\x84?'" },
		{ "error=x&error_description=&state=" STATE, "error 'x'" },
		{ "error=x&error_description=1&error_description=2&state="
		    STATE, "error 'x', error_description '1'" },
		{ "error=x&error_description=no%20such%20code%20"
		    "0123456789abcdef0123456789abcdef01234567&state=" STATE,
		    "error 'x', error_description 'no such code ...'" },
		{ GOOD "&iss=https%3A%2F%2Fother.example", "iss is "
		    "'https://other.example', configured is '" ISSUER "'" },
		{ "error=x&error_description=forged&state=x", "" },
		{ "error=x&error_description=forged", "" },
		{ GOOD "&error_description=%", "" },
	};
	char state_text[] = STATE;
	const struct secret known = { state_text, sizeof(state_text) - 1 };
	struct reason_detail detail;
	const struct callback_expect expect = {
		URI, &known, ISSUER, false, &detail
	};
	struct secret code = SECRET_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		memset(&detail, 0, sizeof(detail));
		assert_int_equal(callback_read_query(rows[i].query, &expect,
		    &code) == REASON_GRANTED, i == 10);
		assert_string_equal(detail.text, rows[i].detail);
	}
	secret_free(&code);
}

static void
test_length(void **state)
{
	char *text;

	(void)state;
	text = mint_text(URI "?a=%*d&%s", CALLBACK_MAX, 1, GOOD);
	memset(strchr(text, '?') + 3, 'a', CALLBACK_MAX);
	assert_int_equal(read_with(text, true, false, NULL), MALFORMED);
	assert_int_equal(read_with(strchr(text, '?') + 1, false, false, NULL),
	    MALFORMED);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_iss_required),
		cmocka_unit_test(test_detail),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
