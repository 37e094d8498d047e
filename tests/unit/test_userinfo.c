/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of a userinfo answer is believed: one row for each rule.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/http.h"
#include "daemon/oidc/idtoken.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/userinfo.h"
#include "tests/unit/oidc_mint.h"

#define NOW	1800000000
#define JSON	"application/json"
#define JWT	"application/jwt"
#define HEADER	"{\"alg\":\"ES256\",\"kid\":\"k\"}"

static struct evp_pkey_st *key;
static struct jwk_set *keys;

static const struct idtoken_expect expect = {
	.issuer = "https://id.example", .client_id = "client",
	.subject = "7f7c",
};

static enum reason
read_answer(long status, const char *type, const char *body)
{
	const struct http_reply reply = {
		.outcome = HTTP_ANSWERED, .status = status, .type = type,
		.body = body, .len = strlen(body),
	};
	struct json *claims = NULL;
	enum reason reason;

	reason = userinfo_read(&reply, keys, &expect, NOW, &claims);
	assert_true((claims != NULL) == (reason == REASON_GRANTED));
	if (claims != NULL)
		assert_string_equal(json_get_string(claims, "email"), "a@b");
	json_free(claims);
	return reason;
}

static void
test_plain(void **state UNUSED)
{
	static const struct {
		long		 status;
		const char	*type;
		const char	*body;
		enum reason	 reason;
	} rows[] = {
		{ 200, JSON, "{\"sub\":\"7f7c\",\"email\":\"a@b\"}",
		    REASON_GRANTED },
		{ 200, "Application/JSON; charset=utf-8",
		    "{\"sub\":\"7f7c\",\"email\":\"a@b\"}", REASON_GRANTED },
		{ 200, JSON, "{\"sub\":\"7f7d\",\"email\":\"a@b\"}",
		    REASON_USERINFO_SUBJECT },
		{ 200, JSON, "{\"sub\":\"7f7c \"}", REASON_USERINFO_SUBJECT },
		{ 200, JSON, "{\"sub\":[\"7f7c\"]}", REASON_USERINFO_SUBJECT },
		{ 200, JSON, "{\"email\":\"a@b\"}", REASON_USERINFO_SUBJECT },
		{ 200, JSON, "[]", REASON_PROVIDER_REPLY },
		{ 200, JSON, "", REASON_PROVIDER_REPLY },
		{ 200, JSON, "{\"sub\":\"7f7c\",\"sub\":\"7f7c\"}",
		    REASON_PROVIDER_REPLY },
		{ 200, "text/html", "{\"sub\":\"7f7c\"}",
		    REASON_PROVIDER_REPLY },
		{ 200, "application/jsonp", "{\"sub\":\"7f7c\"}",
		    REASON_PROVIDER_REPLY },
		{ 200, "", "{\"sub\":\"7f7c\"}", REASON_PROVIDER_REPLY },
		{ 200, JWT, "{\"sub\":\"7f7c\"}", REASON_TOKEN_MALFORMED },
		{ 302, JSON, "{\"sub\":\"7f7c\"}", REASON_PROVIDER_REPLY },
		{ 204, JSON, "", REASON_PROVIDER_REPLY },
		{ 401, JSON, "{\"sub\":\"7f7c\"}", REASON_USERINFO_REFUSED },
		{ 403, JSON, "{\"error\":\"access_denied\"}",
		    REASON_USERINFO_REFUSED },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (read_answer(rows[i].status, rows[i].type, rows[i].body) !=
		    rows[i].reason)
			fail_msg("%ld %s %s", rows[i].status, rows[i].type,
			    rows[i].body);
	}
}

static enum reason
read_signed(const char *header, const char *claims, const char *type)
{
	char *token = mint_token(key, "ES256", header, claims);
	enum reason reason;

	reason = read_answer(200, type, token);
	free(token);
	return reason;
}

/* Core 5.3.2 */
static void
test_signed(void **state UNUSED)
{
#define CLAIMS(more)	"{\"sub\":\"7f7c\",\"email\":\"a@b\"" more "}"
	static const struct {
		const char	*claims;
		enum reason	 reason;
	} rows[] = {
		{ CLAIMS(""), REASON_GRANTED },
		{ CLAIMS(",\"iss\":\"https://id.example\","
		    "\"aud\":\"client\",\"exp\":1800000001"), REASON_GRANTED },
		{ CLAIMS(",\"aud\":[\"other\",\"client\"]"), REASON_GRANTED },
		{ CLAIMS(",\"iss\":\"https://id.example/\""),
		    REASON_TOKEN_ISSUER },
		{ CLAIMS(",\"iss\":null"), REASON_TOKEN_ISSUER },
		{ CLAIMS(",\"aud\":\"other\""), REASON_TOKEN_AUDIENCE },
		{ CLAIMS(",\"aud\":[\"other\"]"), REASON_TOKEN_AUDIENCE },
		{ CLAIMS(",\"aud\":[]"), REASON_TOKEN_AUDIENCE },
		{ CLAIMS(",\"aud\":null"), REASON_TOKEN_AUDIENCE },
		{ CLAIMS(",\"exp\":1799999000"), REASON_TOKEN_EXPIRED },
		{ CLAIMS(",\"exp\":\"1800009000\""), REASON_TOKEN_EXPIRED },
		{ "{\"sub\":\"other\"}", REASON_USERINFO_SUBJECT },
		{ "[]", REASON_PROVIDER_REPLY },
		{ "nothing", REASON_PROVIDER_REPLY },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (read_signed(HEADER, rows[i].claims, JWT) != rows[i].reason)
			fail_msg("%s", rows[i].claims);
	}
	/* one kind of token is not another */
	assert_int_equal(read_signed(HEADER, CLAIMS(""), JSON),
	    REASON_PROVIDER_REPLY);
	assert_int_equal(read_signed("{\"alg\":\"ES256\",\"kid\":\"k\","
	    "\"typ\":\"at+jwt\"}", CLAIMS(""), JWT), REASON_TOKEN_TYPE);
	assert_int_equal(read_signed("{\"alg\":\"ES256\",\"kid\":\"k\","
	    "\"typ\":7}", CLAIMS(""), JWT), REASON_TOKEN_TYPE);
	assert_int_equal(read_signed("{\"alg\":\"ES256\",\"kid\":\"k\","
	    "\"typ\":\"jwt\"}", CLAIMS(""), JWT), REASON_GRANTED);
	assert_int_equal(read_signed("{\"alg\":\"ES256\",\"kid\":\"x\"}",
	    CLAIMS(""), JWT), REASON_TOKEN_KEY);
	assert_int_equal(read_signed("{\"alg\":\"RS256\",\"kid\":\"k\"}",
	    CLAIMS(""), JWT), REASON_TOKEN_KEY);
	assert_int_equal(read_signed("{\"alg\":\"none\",\"kid\":\"k\"}",
	    CLAIMS(""), JWT), REASON_TOKEN_ALGORITHM);
#undef CLAIMS
}

static struct json *
parse(const char *text)
{
	struct json *json;

	assert_int_equal(json_parse(text, strlen(text), &json), 0);
	return json;
}

static void
test_merge(void **state UNUSED)
{
	struct json *claims = parse("{\"sub\":\"7f7c\",\"name\":\"Alice\","
	    "\"groups\":[],\"zoneinfo\":null,\"a\":{\"b\":1}}");
	struct json *more = parse("{\"sub\":\"7f7c\",\"name\":\"Mallory\","
	    "\"groups\":[\"admins\"],\"zoneinfo\":\"UTC\",\"email\":\"a@b\","
	    "\"nothing\":null,\"a\":{\"c\":2},\"/x\":[1],\"iss\":\"i\","
	    "\"aud\":\"c\",\"exp\":1,\"nbf\":1,\"iat\":1,\"jti\":\"j\","
	    "\"auth_time\":1,\"nonce\":\"n\",\"acr\":\"a\","
	    "\"amr\":[\"phr\"],\"azp\":\"c\",\"at_hash\":\"h\","
	    "\"c_hash\":\"h\",\"sid\":\"s\",\"type\":\"t\"}");
	char *text;

	assert_int_equal(userinfo_merge(claims, more), 0);
	json_free(more);
	text = json_write(claims);
	assert_string_equal(text, "{\"sub\":\"7f7c\",\"name\":\"Alice\","
	    "\"groups\":[],\"zoneinfo\":\"UTC\",\"a\":{\"b\":1},"
	    "\"email\":\"a@b\",\"/x\":[1]}");
	free(text);
	json_free(claims);
}

static void
test_wanted(void **state UNUSED)
{
	const struct userinfo_policy never = { .always = false };
	const struct userinfo_policy always = { .always = true };
	const struct userinfo_policy missing = {
		.claims = { "name", "/realm/roles" },
	};
	struct json *all = parse("{\"name\":\"a\",\"realm\":{\"roles\":[]}}");
	struct json *half = parse("{\"name\":\"a\",\"realm\":{}}");
	struct json *other = parse("{\"name\":null,\"realm\":{\"roles\":[]}}");

	assert_false(userinfo_is_wanted(&never, true, half));
	assert_true(userinfo_is_wanted(&always, true, all));
	assert_true(userinfo_is_wanted(&always, false, all));
	assert_false(userinfo_is_wanted(&missing, true, all));
	assert_true(userinfo_is_wanted(&missing, true, half));
	assert_true(userinfo_is_wanted(&missing, true, other));
	assert_false(userinfo_is_wanted(&missing, false, half));
	json_free(all);
	json_free(half);
	json_free(other);
}

/* RFC 6750 2.1: what else it may be, it must not end the header. */
static void
test_authorize(void **state UNUSED)
{
	static const char *const bad[] = {
		"a\r\nX: y", "a\nb", "a b", "a\"", "a,b", "\xc3\xa4",
	};
	struct secret token = SECRET_INIT, value = SECRET_INIT;
	size_t i;

	assert_int_equal(secret_set(&token, "aZ09-._~+/==", 12), 0);
	assert_int_equal(userinfo_authorize(&token, &value), 0);
	assert_string_equal(value.data, "Bearer aZ09-._~+/==");
	assert_int_equal(value.len, strlen(value.data));
	secret_free(&value);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(secret_set(&token, bad[i], strlen(bad[i])),
		    0);
		assert_int_equal(userinfo_authorize(&token, &value), -EBADMSG);
	}
	assert_int_equal(secret_set(&token, "a\0b", 3), 0);
	assert_int_equal(userinfo_authorize(&token, &value), -EBADMSG);
	secret_free(&token);
	assert_int_equal(userinfo_authorize(&token, &value), -EBADMSG);
	assert_null(value.data);
}

static int
setup(void **state UNUSED)
{
	struct json *json;
	char *text;

	key = mint_key("P-256", 0);
	text = mint_jwks(key, "k");
	json = parse(text);
	assert_int_equal(jwk_set_parse(json, &keys), 0);
	json_free(json);
	free(text);
	return 0;
}

static int
teardown(void **state UNUSED)
{
	jwk_set_free(keys);
	mint_key_free(key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_authorize),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
