/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One row for each rule of design D4, all against one key.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/idtoken.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"
#include "tests/unit/oidc_mint.h"

#define NOW	1800000000
#define ISSUER	"https://id.example"
#define HEADER	"{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"JWT\"}"

/* The members of a good token; a row replaces some of them. */
#define ISS	"\"iss\":\"https://id.example\","
#define SUB	"\"sub\":\"7f7c\","
#define AUD	"\"aud\":[\"client\"],"
#define EXP	"\"exp\":1800003600,"
#define IAT	"\"iat\":1800000000"
#define GOOD	ISS SUB AUD EXP IAT

static struct evp_pkey_st *key;
static struct jwk_set *keys;

static enum reason
verify(const char *header, const char *claims,
    const struct idtoken_expect *expect)
{
	struct secret token = SECRET_INIT;
	struct json *found = NULL;
	enum reason reason;
	char *text;

	text = mint_token(key, "ES256", header, claims);
	assert_int_equal(secret_set(&token, text, strlen(text)), 0);
	free(text);
	reason = idtoken_verify(&token, keys, expect, NOW, &found);
	secret_free(&token);
	if (reason == REASON_GRANTED)
		assert_string_equal(json_get_string(found, "sub"), "7f7c");
	else
		assert_null(found);
	json_free(found);
	return reason;
}

static void
test_rules(void **state UNUSED)
{
	static const struct {
		const char	*claims;
		enum reason	 reason;
	} rows[] = {
		{ GOOD, REASON_GRANTED },
		/* iss */
		{ "\"iss\":\"https://id.example/\"," SUB AUD EXP IAT,
		    REASON_TOKEN_ISSUER },
		{ "\"iss\":\"https://id.example.evil\"," SUB AUD EXP IAT,
		    REASON_TOKEN_ISSUER },
		{ "\"iss\":[\"https://id.example\"]," SUB AUD EXP IAT,
		    REASON_TOKEN_ISSUER },
		{ SUB AUD EXP IAT, REASON_TOKEN_ISSUER },
		/* aud and azp */
		{ ISS SUB "\"aud\":\"client\"," EXP IAT, REASON_GRANTED },
		{ ISS SUB "\"aud\":[\"other\",\"client\"]," EXP IAT,
		    REASON_GRANTED },
		{ ISS SUB "\"aud\":[\"other\",\"client\"],\"azp\":\"client\","
		    EXP IAT, REASON_GRANTED },
		{ ISS SUB "\"aud\":[\"other\",\"client\"],\"azp\":\"other\","
		    EXP IAT, REASON_TOKEN_AUDIENCE },
		{ GOOD ",\"azp\":\"other\"", REASON_TOKEN_AUDIENCE },
		{ GOOD ",\"azp\":null", REASON_TOKEN_AUDIENCE },
		{ GOOD ",\"azp\":[\"client\"]", REASON_TOKEN_AUDIENCE },
		{ ISS SUB "\"aud\":\"other\"," EXP IAT, REASON_TOKEN_AUDIENCE },
		{ ISS SUB "\"aud\":\"client2\"," EXP IAT,
		    REASON_TOKEN_AUDIENCE },
		{ ISS SUB "\"aud\":[]," EXP IAT, REASON_TOKEN_AUDIENCE },
		{ ISS SUB "\"aud\":[\"client\",7]," EXP IAT,
		    REASON_TOKEN_AUDIENCE },
		{ ISS SUB "\"aud\":{\"client\":1}," EXP IAT,
		    REASON_TOKEN_AUDIENCE },
		{ ISS SUB EXP IAT, REASON_TOKEN_AUDIENCE },
		/* sub */
		{ ISS AUD EXP IAT, REASON_TOKEN_SUBJECT },
		{ ISS "\"sub\":\"\"," AUD EXP IAT, REASON_TOKEN_SUBJECT },
		{ ISS "\"sub\":7," AUD EXP IAT, REASON_TOKEN_SUBJECT },
		{ ISS "\"sub\":\"a\\u001b[2J\"," AUD EXP IAT,
		    REASON_TOKEN_SUBJECT },
		/* exp: one second within the skew, then just out of it */
		{ ISS SUB AUD "\"exp\":1799999941," IAT, REASON_GRANTED },
		{ ISS SUB AUD "\"exp\":1799999940," IAT,
		    REASON_TOKEN_EXPIRED },
		{ ISS SUB AUD "\"exp\":\"1800003600\"," IAT,
		    REASON_TOKEN_EXPIRED },
		{ ISS SUB AUD "\"exp\":1e30," IAT,
		    REASON_TOKEN_EXPIRED },
		{ ISS SUB AUD IAT, REASON_TOKEN_EXPIRED },
		/* iat */
		{ ISS SUB AUD EXP "\"iat\":1800000060", REASON_GRANTED },
		{ ISS SUB AUD EXP "\"iat\":1800000061", REASON_TOKEN_FUTURE },
		{ ISS SUB AUD EXP "\"iat\":1799913600", REASON_GRANTED },
		{ ISS SUB AUD EXP "\"iat\":1799913599", REASON_TOKEN_EXPIRED },
		{ ISS SUB AUD EXP "\"iat\":\"1800000000\"",
		    REASON_TOKEN_FUTURE },
		{ ISS SUB AUD "\"exp\":1800003600", REASON_TOKEN_FUTURE },
		/* nbf */
		{ GOOD ",\"nbf\":1800000060", REASON_GRANTED },
		{ GOOD ",\"nbf\":1800000061", REASON_TOKEN_FUTURE },
		{ GOOD ",\"nbf\":null", REASON_TOKEN_FUTURE },
		/* nonce: compared if it is there */
		{ GOOD ",\"nonce\":\"n-1\"", REASON_GRANTED },
		{ GOOD ",\"nonce\":\"n-2\"", REASON_TOKEN_NONCE },
		{ GOOD ",\"nonce\":\"\"", REASON_TOKEN_NONCE },
		{ GOOD ",\"nonce\":null", REASON_TOKEN_NONCE },
		{ GOOD ",\"nonce\":[\"n-1\"]", REASON_TOKEN_NONCE },
		/* type */
		{ GOOD ",\"type\":\"id-token\"", REASON_GRANTED },
		{ GOOD ",\"type\":\"access-token\"", REASON_TOKEN_TYPE },
		{ GOOD ",\"type\":null", REASON_TOKEN_TYPE },
		/* not an object, or not one that can be read in one way */
		{ GOOD ",\"sub\":\"other\"", REASON_TOKEN_MALFORMED },
		{ GOOD "},{", REASON_TOKEN_MALFORMED },
		/* at_hash of "token": SHA-256, cut in half */
		{ GOOD ",\"at_hash\":\"PEaenWxYddN6Q_NT1PiOYQ\"",
		    REASON_GRANTED },
		{ GOOD ",\"at_hash\":\"PEaenWxYddN6Q_NT1PiOYg\"",
		    REASON_TOKEN_HASH },
		{ GOOD ",\"at_hash\":\"PEaenWxYddN6Q_NT1PiOYQ==\"",
		    REASON_TOKEN_HASH },
		{ GOOD ",\"at_hash\":\"PEaenWxYddN6Q_NT1PiOYQAA\"",
		    REASON_TOKEN_HASH },
		{ GOOD ",\"at_hash\":\"PEaenWxYddN6Q_NT\"", REASON_TOKEN_HASH },
		{ GOOD ",\"at_hash\":\"\"", REASON_TOKEN_HASH },
		{ GOOD ",\"at_hash\":null", REASON_TOKEN_HASH },
	};
	char text[] = "token";
	const struct secret access_token = { text, 5 };
	const struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client", .nonce = "n-1",
		.access_token = &access_token,
	};
	char *claims;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		claims = mint_text("{%s}", rows[i].claims);
		if (verify(HEADER, claims, &expect) != rows[i].reason)
			fail_msg("%s", claims);
		free(claims);
	}
}

/* What only the header can tell: an ID token from the access tokens and
 * logout tokens that the same key signs. */
static void
test_types(void **state UNUSED)
{
	static const struct {
		const char	*typ;
		enum reason	 reason;
	} rows[] = {
		{ "", REASON_GRANTED },
		{ ",\"typ\":\"JWT\"", REASON_GRANTED },
		{ ",\"typ\":\"jwt\"", REASON_GRANTED },
		{ ",\"typ\":\"at+jwt\"", REASON_TOKEN_TYPE },
		{ ",\"typ\":\"AT+JWT\"", REASON_TOKEN_TYPE },
		{ ",\"typ\":\"application/at+jwt\"", REASON_TOKEN_TYPE },
		{ ",\"typ\":\"logout+jwt\"", REASON_TOKEN_TYPE },
		{ ",\"typ\":null", REASON_TOKEN_TYPE },
		{ ",\"typ\":[\"JWT\"]", REASON_TOKEN_TYPE },
	};
	const struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client",
	};
	char *header;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		header = mint_text("{\"alg\":\"ES256\"%s}", rows[i].typ);
		if (verify(header, "{" GOOD "}", &expect) != rows[i].reason)
			fail_msg("%s", header);
		free(header);
	}
}

static void
test_max_age(void **state UNUSED)
{
	static const struct {
		const char	*claim;
		uint32_t	 max_age;
		enum reason	 reason;
	} rows[] = {
		{ "", 0, REASON_GRANTED },
		{ ",\"auth_time\":1", 0, REASON_GRANTED },
		{ "", 900, REASON_AUTH_TIME_MISSING },
		{ ",\"auth_time\":\"1800000000\"", 900,
		    REASON_AUTH_TIME_MISSING },
		{ ",\"auth_time\":null", 900, REASON_AUTH_TIME_MISSING },
		{ ",\"auth_time\":1799999100", 900, REASON_GRANTED },
		{ ",\"auth_time\":1799999040", 900, REASON_GRANTED },
		{ ",\"auth_time\":1799999039", 900, REASON_AUTH_TOO_OLD },
		{ ",\"auth_time\":1800000060", 900, REASON_GRANTED },
		{ ",\"auth_time\":1800000061", 900, REASON_TOKEN_FUTURE },
		{ ",\"auth_time\":1", UINT32_MAX, REASON_GRANTED },
	};
	struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client",
	};
	char *claims;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		expect.policy.max_age = rows[i].max_age;
		claims = mint_text("{" GOOD "%s}", rows[i].claim);
		if (verify(HEADER, claims, &expect) != rows[i].reason)
			fail_msg("%s, %u", rows[i].claim, rows[i].max_age);
		free(claims);
	}
}

/* The sign-in began ten minutes ago. The passkey may have been used three
 * minutes before that, and clocks may differ by one. */
static void
test_fresh_auth(void **state UNUSED)
{
	static const struct {
		const char	*claim;
		uint32_t	 max_age;
		enum reason	 reason;
	} rows[] = {
		{ "", 0, REASON_AUTH_TIME_MISSING },
		{ ",\"auth_time\":null", 0, REASON_AUTH_TIME_MISSING },
		{ ",\"auth_time\":true", 0, REASON_AUTH_TIME_MISSING },
		{ ",\"auth_time\":[1800000000]", 0, REASON_AUTH_TIME_MISSING },
		{ ",\"auth_time\":1800000000", 0, REASON_GRANTED },
		{ ",\"auth_time\":1800000060", 0, REASON_GRANTED },
		{ ",\"auth_time\":1800000061", 0, REASON_TOKEN_FUTURE },
		{ ",\"auth_time\":1799999400", 0, REASON_GRANTED },
		{ ",\"auth_time\":1799999160", 0, REASON_GRANTED },
		{ ",\"auth_time\":1799999159", 0, REASON_AUTH_NOT_FRESH },
		{ ",\"auth_time\":0", 0, REASON_AUTH_NOT_FRESH },
		{ ",\"auth_time\":-900000000000000000", 0,
		    REASON_AUTH_NOT_FRESH },
		/* both are asked */
		{ ",\"auth_time\":1799999160", 1000, REASON_GRANTED },
		{ ",\"auth_time\":1799999159", 1000, REASON_AUTH_NOT_FRESH },
		{ ",\"auth_time\":1799999160", 700, REASON_AUTH_TOO_OLD },
	};
	struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client",
		.policy = { .fresh_auth = true }, .began = NOW - 600,
	};
	char *claims;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		expect.policy.max_age = rows[i].max_age;
		claims = mint_text("{" GOOD "%s}", rows[i].claim);
		if (verify(HEADER, claims, &expect) != rows[i].reason)
			fail_msg("%s, %u", rows[i].claim, rows[i].max_age);
		free(claims);
	}
}

/* What the policy demands, and whether a token without amr passes. */
static void
test_methods(void **state UNUSED)
{
	static const struct {
		const char	*claim;
		size_t		 demanded;
		bool		 may_be_missing;
		enum reason	 reason;
	} rows[] = {
		/* nothing is demanded: nothing is looked at */
		{ "", 0, false, REASON_GRANTED },
		{ ",\"amr\":[\"pwd\"]", 0, false, REASON_GRANTED },
		{ ",\"amr\":7", 0, false, REASON_GRANTED },
		/* a passkey */
		{ ",\"amr\":[\"phr\"]", 1, false, REASON_GRANTED },
		{ ",\"amr\":[\"otp\",\"phr\"]", 1, false, REASON_GRANTED },
		{ ",\"amr\":[\"phr\",\"mfa\"]", 1, false, REASON_GRANTED },
		{ ",\"amr\":[\"otp\"]", 1, false, REASON_AUTH_METHOD },
		{ ",\"amr\":[\"PHR\"]", 1, false, REASON_AUTH_METHOD },
		{ ",\"amr\":[\"phrh\"]", 1, false, REASON_AUTH_METHOD },
		{ ",\"amr\":[\"hwk\"]", 1, false, REASON_AUTH_METHOD },
		{ ",\"amr\":[]", 1, false, REASON_AUTH_METHOD },
		{ ",\"amr\":[]", 1, true, REASON_AUTH_METHOD },
		/* one of two */
		{ ",\"amr\":[\"hwk\"]", 2, false, REASON_GRANTED },
		{ ",\"amr\":[\"pwd\"]", 2, false, REASON_AUTH_METHOD },
		/* missing */
		{ "", 1, false, REASON_AUTH_METHOD },
		{ "", 1, true, REASON_GRANTED },
		{ ",\"amr\":[\"otp\"]", 1, true, REASON_AUTH_METHOD },
		/* of another type, which is not missing */
		{ ",\"amr\":null", 1, true, REASON_AUTH_METHOD },
		{ ",\"amr\":\"phr\"", 1, true, REASON_AUTH_METHOD },
		{ ",\"amr\":{\"phr\":1}", 1, true, REASON_AUTH_METHOD },
		{ ",\"amr\":[\"phr\",7]", 1, true, REASON_AUTH_METHOD },
		{ ",\"amr\":[null,\"phr\"]", 1, true, REASON_AUTH_METHOD },
	};
	char phr[] = "phr", hwk[] = "hwk", *methods[] = { phr, hwk }, *claims;
	struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client",
		.policy = { .amr = methods },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		expect.policy.amr_count = rows[i].demanded;
		expect.policy.amr_may_be_missing = rows[i].may_be_missing;
		claims = mint_text("{" GOOD "%s}", rows[i].claim);
		if (verify(HEADER, claims, &expect) != rows[i].reason)
			fail_msg("row %zu: %s", i, rows[i].claim);
		free(claims);
	}
}

static void
test_subject_length(void **state UNUSED)
{
	const struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client",
	};
	char *claims, sub[IDTOKEN_SUBJECT_MAX + 2];

	memset(sub, 'a', sizeof(sub));
	sub[sizeof(sub) - 1] = '\0';
	claims = mint_text("{" ISS "\"sub\":\"%s\"," AUD EXP IAT "}", sub);
	assert_int_equal(verify(HEADER, claims, &expect),
	    REASON_TOKEN_SUBJECT);
	free(claims);
}

/* With EdDSA at_hash is passed over: providers disagree about its hash. */
static void
test_at_hash_of_eddsa(void **state UNUSED)
{
	struct evp_pkey_st *ed = mint_key("Ed25519", 0);
	char *jwks = mint_jwks(ed, "k"), *text;
	char word[] = "token";
	const struct secret access_token = { word, 5 };
	const struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client",
		.access_token = &access_token,
	};
	struct secret token = SECRET_INIT;
	struct json *json, *claims = NULL;
	struct jwk_set *set;

	assert_int_equal(json_parse(jwks, strlen(jwks), &json), 0);
	assert_int_equal(jwk_set_parse(json, &set), 0);
	text = mint_token(ed, "EdDSA", "{\"alg\":\"EdDSA\"}",
	    "{" GOOD ",\"at_hash\":\"AAAA\"}");
	assert_int_equal(secret_set(&token, text, strlen(text)), 0);
	assert_int_equal(idtoken_verify(&token, set, &expect, NOW, &claims),
	    REASON_GRANTED);
	json_free(claims);
	secret_free(&token);
	free(text);
	free(jwks);
	json_free(json);
	jwk_set_free(set);
	mint_key_free(ed);
}

/* The claims are right, the signature is not: nothing else is looked at. */
static void
test_signature_first(void **state UNUSED)
{
	struct evp_pkey_st *other = mint_key("P-256", 0);
	const struct idtoken_expect expect = {
		.issuer = ISSUER, .client_id = "client",
	};
	struct secret token = SECRET_INIT;
	struct json *claims = NULL;
	char *text;

	text = mint_token(other, "ES256", HEADER, "{" GOOD "}");
	assert_int_equal(secret_set(&token, text, strlen(text)), 0);
	free(text);
	assert_int_equal(idtoken_verify(&token, keys, &expect, NOW, &claims),
	    REASON_TOKEN_SIGNATURE);
	text = mint_token(other, "ES256", HEADER, "not json");
	assert_int_equal(secret_set(&token, text, strlen(text)), 0);
	free(text);
	assert_int_equal(idtoken_verify(&token, keys, &expect, NOW, &claims),
	    REASON_TOKEN_SIGNATURE);
	secret_free(&token);
	assert_int_equal(idtoken_verify(&token, keys, &expect, NOW, &claims),
	    REASON_TOKEN_MISSING);
	mint_key_free(other);
}

/* What the admin is told besides the reason. */
static void
test_details(void **state UNUSED)
{
	static const struct {
		const char	*claims;
		const char	*detail;
	} rows[] = {
		{ GOOD, "" },
		{ "\"iss\":\"https://id.example/\"," SUB AUD EXP IAT,
		    "iss is 'https://id.example/', configured is "
		    "'https://id.example'" },
		{ SUB AUD EXP IAT, "iss is missing, configured is "
		    "'https://id.example'" },
		{ ISS SUB "\"aud\":[\"a\\u001bb\"],\"azp\":7," EXP IAT,
		    "aud is 'a?b', azp is not a string" },
		{ ISS SUB AUD "\"exp\":1799999588," IAT,
		    "exp is 412 s ago, iat is 0 s ahead" },
		{ ISS SUB AUD EXP "\"iat\":1800000412",
		    "iat is 412 s ahead" },
		{ ISS SUB AUD EXP "\"iat\":1800000000000",
		    "iat is 1798200000000 s ahead" },
	};
	struct reason_detail detail;
	const struct idtoken_expect expect = {
		.issuer = "https://id.example", .client_id = "client",
		.detail = &detail,
	};
	char *claims;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		reason_say(&detail, "%s", "");
		claims = mint_text("{%s}", rows[i].claims);
		(void)!verify(HEADER, claims, &expect);
		free(claims);
		assert_string_equal(detail.text, rows[i].detail);
	}
}

static int
setup(void **state UNUSED)
{
	struct json *json;
	char *jwks;

	key = mint_key("P-256", 0);
	jwks = mint_jwks(key, "k");
	assert_int_equal(json_parse(jwks, strlen(jwks), &json), 0);
	assert_int_equal(jwk_set_parse(json, &keys), 0);
	json_free(json);
	free(jwks);
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
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_max_age),
		cmocka_unit_test(test_fresh_auth),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_subject_length),
		cmocka_unit_test(test_at_hash_of_eddsa),
		cmocka_unit_test(test_signature_first),
		cmocka_unit_test(test_details),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
