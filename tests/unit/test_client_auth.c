/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each method sends, and what it does not; assertions are read back by
 * OpenSSL and our own verifier.
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
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "daemon/oidc/client_auth.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"
#include "daemon/oidc/sign.h"
#include "tests/unit/oidc_mint.h"

#define NOW	1700000000
#define KINDS	5

static char directory[] = "/tmp/test_client_auth.XXXXXX";

static const struct kind {
	const char	*name;
	const char	*alg;
} kinds[KINDS] = {
	{ "RSA", "RS256" }, { "P-256", "ES256" }, { "P-384", "ES384" },
	{ "P-521", "ES512" }, { "Ed25519", "EdDSA" },
};

static struct sent {
	enum reason	reason;
	struct secret	form;
	struct secret	authorization;
} sent;

static void
forget(void)
{
	secret_free(&sent.form);
	secret_free(&sent.authorization);
}

/* What a client of this configuration sends. */
static void
put(const struct client_auth_config *config, bool takes_post)
{
	const struct client_auth_facts facts = {
		.issuer = "https://id.example",
		.token_endpoint = "https://token.example/t",
		.takes_post = takes_post, .now = NOW,
	};
	struct client_auth *client;

	forget();
	assert_int_equal(secret_set(&sent.form, "a=b", 3), 0);
	assert_int_equal(client_auth_new(config, &client), 0);
	sent.reason = client_auth_put(client, &facts, &sent.form,
	    &sent.authorization);
	client_auth_free(client);
}

static void
assert_sent(const char *form, const char *authorization)
{
	assert_int_equal(sent.reason, REASON_GRANTED);
	assert_string_equal(sent.form.data, form);
	if (authorization != NULL)
		assert_string_equal(sent.authorization.data, authorization);
	else
		assert_int_equal(sent.authorization.len, 0);
}

static void
test_public(void **state UNUSED)
{
	char word[] = "hunter2";
	const struct secret secret = { word, 7 };
	struct client_auth_config config = { .client_id = "c d" };

	put(&config, true);
	assert_sent("a=b&client_id=c%20d", NULL);
	/* a public client sends no secret, even if it has one */
	config.method = CLIENT_AUTH_NONE;
	config.secret = &secret;
	put(&config, true);
	assert_sent("a=b&client_id=c%20d", NULL);
}

/* Each secret goes to one place only. */
static void
test_secret(void **state UNUSED)
{
	char word[] = "a:b=\xc3\xa9+?";
	const struct secret secret = { word, 8 };
	struct client_auth_config config = {
		.client_id = "s6:Bhd=", .secret = &secret,
	};
	static const char basic[] =
	    "Basic czYlM0FCaGQlM0Q6YSUzQWIlM0QlQzMlQTklMkIlM0Y=";
	static const char id[] = "a=b&client_id=s6%3ABhd%3D";
	static const char post[] = "a=b&client_id=s6%3ABhd%3D"
	    "&client_secret=a%3Ab%3D%C3%A9%2B%3F";

	put(&config, false);
	assert_sent(id, basic);
	put(&config, true);
	assert_sent(post, NULL);
	config.method = CLIENT_AUTH_SECRET_BASIC;
	put(&config, true);
	assert_sent(id, basic);
	config.method = CLIENT_AUTH_SECRET_POST;
	put(&config, false);
	assert_sent(post, NULL);
}

/* Padding of each length, and the letters that base64url has others for. */
static void
test_base64(void **state UNUSED)
{
	static const char *const rows[][2] = {
		{ "a", "Basic YTph" }, { "aa", "Basic YTphYQ==" },
		{ "aaa", "Basic YTphYWE=" }, { "a~~", "Basic YTphfn4=" },
		{ "~~~~", "Basic YTp+fn5+" },
	};
	struct client_auth_config config = { .client_id = "a" };
	struct secret secret = SECRET_INIT;
	size_t i;

	config.secret = &secret;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(secret_set(&secret, rows[i][0],
		    strlen(rows[i][0])), 0);
		put(&config, false);
		assert_string_equal(sent.authorization.data, rows[i][1]);
	}
	secret_free(&secret);
}

/* A private key as people have it. */
static void
as_pem(EVP_PKEY *key, const EVP_CIPHER *cipher, struct secret *ret)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;

	assert_int_equal(PEM_write_bio_PrivateKey(bio, key, cipher,
	    (const unsigned char *)"p", cipher != NULL ? 1 : 0, NULL, NULL),
	    1);
	len = BIO_get_mem_data(bio, &data);
	assert_int_equal(secret_set(ret, data, (size_t)len), 0);
	BIO_free(bio);
}

/* The public half and d. */
static void
as_jwk(EVP_PKEY *key, const char *more, struct secret *ret)
{
	uint8_t bytes[1024];
	BIGNUM *d = NULL;
	size_t len = sizeof(bytes);
	char *text, *encoded, *jwk;

	if (EVP_PKEY_is_a(key, "ED25519")) {
		assert_int_equal(EVP_PKEY_get_raw_private_key(key, bytes,
		    &len), 1);
	} else {
		assert_int_equal(EVP_PKEY_get_bn_param(key,
		    EVP_PKEY_is_a(key, "RSA") ? OSSL_PKEY_PARAM_RSA_D :
		    OSSL_PKEY_PARAM_PRIV_KEY, &d), 1);
		len = (size_t)BN_bn2bin(d, bytes);
		BN_free(d);
	}
	encoded = mint_base64url(bytes, len);
	text = mint_text(",\"d\":\"%s\"%s", encoded, more);
	jwk = mint_jwk(key, text);
	assert_int_equal(secret_set(ret, jwk, strlen(jwk)), 0);
	free(encoded);
	free(text);
	free(jwk);
}

/* The value of client_assertion, verified with the public half of key. */
static struct jws
read_assertion(EVP_PKEY *key, const char *kid)
{
	static const char start[] = "a=b&client_id=c&client_assertion_type="
	    "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
	    "&client_assertion=";
	char *jwks = mint_jwks(key, kid);
	struct jwk_set *set;
	struct json *json;
	struct jws jws;

	assert_int_equal(sent.reason, REASON_GRANTED);
	assert_int_equal(sent.authorization.len, 0);
	assert_memory_equal(sent.form.data, start, sizeof(start) - 1);
	assert_int_equal(json_parse(jwks, strlen(jwks), &json), 0);
	assert_int_equal(jwk_set_parse(json, &set), 0);
	assert_int_equal(jws_verify(sent.form.data + sizeof(start) - 1,
	    strlen(sent.form.data + sizeof(start) - 1), set, &jws),
	    REASON_GRANTED);
	jwk_set_free(set);
	json_free(json);
	free(jwks);
	return jws;
}

static void
assert_claims(const struct jws *jws, const char *audience, char jti[64])
{
	struct json *claims;
	int64_t number;

	assert_int_equal(json_parse(jws->payload, jws->len, &claims), 0);
	assert_string_equal(json_get_string(claims, "iss"), "c");
	assert_string_equal(json_get_string(claims, "sub"), "c");
	assert_string_equal(json_get_string(claims, "aud"), audience);
	assert_int_equal(json_integer(json_get(claims, "iat"), &number), 0);
	assert_int_equal(number, NOW);
	assert_int_equal(json_integer(json_get(claims, "exp"), &number), 0);
	assert_int_equal(number, NOW + 60);
	snprintf(jti, 64, "%s", json_get_string(claims, "jti"));
	assert_int_equal(strlen(jti), 22);
	json_free(claims);
}

static void
test_signed(void **state UNUSED)
{
	struct secret text = SECRET_INIT;
	struct client_auth_config config = { .client_id = "c", .key = &text };
	char jti[2][64];
	struct jws jws;
	EVP_PKEY *key;
	size_t i;
	int form;

	for (i = 0; i < KINDS; i++) {
		key = mint_key(kinds[i].name, 2048);
		for (form = 0; form < 2; form++) {
			if (form == 0)
				as_pem(key, NULL, &text);
			else
				as_jwk(key, ",\"kid\":\"k1\"", &text);
			config.audience = form == 0 ? CLIENT_AUTH_ISSUER :
			    CLIENT_AUTH_TOKEN_ENDPOINT;
			put(&config, true);
			jws = read_assertion(key, "k1");
			assert_string_equal(json_get_string(jws.header, "alg"),
			    kinds[i].alg);
			assert_string_equal(json_get_string(jws.header, "typ"),
			    "JWT");
			if (form == 0)
				assert_false(json_has(jws.header, "kid"));
			else
				assert_string_equal(json_get_string(jws.header,
				    "kid"), "k1");
			assert_claims(&jws, form == 0 ? "https://id.example" :
			    "https://token.example/t", jti[form]);
			jws_free(&jws);
		}
		assert_string_not_equal(jti[0], jti[1]);
		mint_key_free(key);
	}
	secret_free(&text);
}

static void
assert_no_key(const char *data)
{
	struct secret text = SECRET_INIT;
	struct client_auth_config config = { .client_id = "c", .key = &text };
	struct sign_key *key = NULL;
	struct client_auth *client = NULL;

	assert_int_equal(secret_set(&text, data, strlen(data)), 0);
	if (sign_key_read(&text, &key) != -EBADMSG || key != NULL)
		fail_msg("%s", data);
	assert_int_equal(client_auth_new(&config, &client), -ENOKEY);
	assert_null(client);
	secret_free(&text);
}

static void
test_bad_keys(void **state UNUSED)
{
	static const char *const rows[] = {
		"nonsense", "{}", "[]", "{\"kty\":7}", "{\"kty\":\"RSA\"}",
		"{\"kty\":\"oct\",\"k\":\"AAAA\"}",
		"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"d\":\"AAAA\"}",
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"AAAA\"}",
		"{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"d\":\"AAAA\"}",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
	};
	struct secret text = SECRET_INIT;
	EVP_PKEY *key;
	char *jwk;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_no_key(rows[i]);
	/* short, on a curve that JOSE has no name for, public, or encrypted:
	 * nobody is asked for a passphrase */
	key = mint_key("RSA", 1024);
	as_pem(key, NULL, &text);
	assert_no_key(text.data);
	mint_key_free(key);
	key = mint_key("secp256k1", 0);
	as_pem(key, NULL, &text);
	assert_no_key(text.data);
	mint_key_free(key);
	key = mint_key("P-256", 0);
	jwk = mint_jwk(key, "");
	assert_no_key(jwk);
	free(jwk);
	as_pem(key, EVP_aes_128_cbc(), &text);
	assert_no_key(text.data);
	mint_key_free(key);
	secret_free(&text);
}

static void
write_file(const char *path, const char *data, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
test_assertion_file(void **state UNUSED)
{
	static const struct {
		const char	*data;
		size_t		 len;
	} bad[] = {
		{ "", 0 }, { "\n", 1 }, { "a\nb", 3 }, { "a b", 3 },
		{ "a\0b", 3 }, { "a\n\n", 3 }, { "a\033", 2 },
	};
	char *path = mint_text("%s/token", directory), *large;
	const struct client_auth_config config = {
		.client_id = "c", .assertion_file = path,
	};
	size_t i;

	put(&config, true);
	assert_int_equal(sent.reason, REASON_CLIENT_CREDENTIAL);
	/* it is read each time */
	write_file(path, "e30.e30.AA\n", 11);
	put(&config, true);
	assert_sent("a=b&client_id=c&client_assertion_type=urn%3Aietf%3Aparams"
	    "%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
	    "e30.e30.AA", NULL);
	write_file(path, "other", 5);
	put(&config, true);
	assert_non_null(strstr(sent.form.data, "&client_assertion=other"));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_file(path, bad[i].data, bad[i].len);
		put(&config, true);
		if (sent.reason != REASON_CLIENT_CREDENTIAL)
			fail_msg("row %zu", i);
	}
	large = malloc(16 * 1024);
	assert_non_null(large);
	memset(large, 'a', 16 * 1024);
	write_file(path, large, 16 * 1024);
	put(&config, true);
	assert_int_equal(sent.reason, REASON_CLIENT_CREDENTIAL);
	free(large);
	assert_int_equal(unlink(path), 0);
	/* a FIFO that nobody writes to is not waited for */
	assert_int_equal(mkfifo(path, 0600), 0);
	put(&config, true);
	assert_int_equal(sent.reason, REASON_CLIENT_CREDENTIAL);
	assert_int_equal(unlink(path), 0);
	free(path);
}

static void
test_incomplete(void **state UNUSED)
{
	static const enum client_auth_method methods[] = {
		CLIENT_AUTH_SECRET_BASIC, CLIENT_AUTH_SECRET_POST,
		CLIENT_AUTH_PRIVATE_KEY, CLIENT_AUTH_ASSERTION,
	};
	struct client_auth_config config = { .client_id = "c" };
	struct client_auth *client = NULL;
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		config.method = methods[i];
		assert_int_equal(client_auth_new(&config, &client), -EINVAL);
	}
	assert_null(client);
	client_auth_free(NULL);
}

static int
make_directory(void **state UNUSED)
{
	return mkdtemp(directory) != NULL ? 0 : -1;
}

static int
remove_directory(void **state UNUSED)
{
	forget();
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_bad_keys),
		cmocka_unit_test(test_assertion_file),
		cmocka_unit_test(test_incomplete),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
