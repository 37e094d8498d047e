/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signatures that prove who this client is.
 *
 * MUST: never ask a terminal for a passphrase; wipe what a private number was
 * decoded into.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/sign.h"

#define NUMBER_MAX	1024	/* RSA of 8192 bits */
#define ED25519_SIZE	32
#define RSA_BITS_MIN	2048

static const struct algorithm {
	const char	*name;
	const char	*type;
	const char	*curve;		/* as JWKs call it; NULL: not EC */
	const char	*group;		/* as OpenSSL calls it */
	const char	*digest;	/* NULL: the algorithm has its own */
	int		 half;		/* of an ECDSA signature */
} algorithms[] = {
	{ "RS256", "RSA", NULL, NULL, "SHA256", 0 },
	{ "ES256", "EC", "P-256", "prime256v1", "SHA256", 32 },
	{ "ES384", "EC", "P-384", "secp384r1", "SHA384", 48 },
	{ "ES512", "EC", "P-521", "secp521r1", "SHA512", 66 },
	{ "EdDSA", "ED25519", NULL, NULL, NULL, 0 },
};

struct sign_key {
	EVP_PKEY		*key;
	const struct algorithm	*algorithm;
	char			*kid;	/* NULL: has none */
};

/* The algorithm that goes with the key, or NULL. */
static const struct algorithm *
find_algorithm(EVP_PKEY *key)
{
	const struct algorithm *algorithm;
	char group[32];
	size_t i, len;

	if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) < RSA_BITS_MIN)
		return NULL;
	for (i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		algorithm = &algorithms[i];
		if (!EVP_PKEY_is_a(key, algorithm->type))
			continue;
		if (algorithm->group == NULL || (EVP_PKEY_get_group_name(key,
		    group, sizeof(group), &len) == 1 &&
		    strcmp(group, algorithm->group) == 0))
			return algorithm;
	}
	return NULL;
}

/* pem_password_cb: there is no passphrase. */
static int
no_passphrase(char *buf UNUSED, int size UNUSED, int writing UNUSED,
    void *arg UNUSED)
{
	return -1;
}

static EVP_PKEY *
read_pem(const struct secret *text)
{
	BIO *bio = BIO_new_mem_buf(text->data, (int)text->len);
	EVP_PKEY *key;

	if (bio == NULL)
		return NULL;
	key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	return key;
}

/* A member that is a number (RFC 7518 2, Base64urlUInt), or NULL. */
static BIGNUM *
get_number(const struct json *json, const char *name)
{
	const char *text = json_get_string(json, name);
	uint8_t bytes[NUMBER_MAX];
	BIGNUM *number;
	size_t len;

	if (text == NULL || base64url_decode(text, strlen(text), bytes,
	    sizeof(bytes), &len) < 0)
		return NULL;
	number = BN_secure_new();
	if (number != NULL)
		BN_bin2bn(bytes, (int)len, number);
	explicit_bzero(bytes, sizeof(bytes));
	return number;
}

static EVP_PKEY *
build_key(const char *type, OSSL_PARAM_BLD *builder)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* RFC 7518 6.3: the three numbers that no RSA key is without. */
static EVP_PKEY *
read_rsa(const struct json *json)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *n = get_number(json, "n"), *e = get_number(json, "e");
	BIGNUM *d = get_number(json, "d");
	EVP_PKEY *key = NULL;

	if (builder != NULL && n != NULL && e != NULL && d != NULL &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, d) == 1)
		key = build_key("RSA", builder);
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	BN_free(e);
	BN_clear_free(d);
	return key;
}

/* RFC 7518 6.2. */
static EVP_PKEY *
read_ec(const struct json *json, const struct algorithm *algorithm)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *x = get_number(json, "x"), *y = get_number(json, "y");
	BIGNUM *d = get_number(json, "d");
	uint8_t point[1 + 2 * 66] = { 0x04 };
	int half = algorithm->half;
	EVP_PKEY *key = NULL;

	if (builder != NULL && x != NULL && y != NULL && d != NULL &&
	    BN_bn2binpad(x, point + 1, half) == half &&
	    BN_bn2binpad(y, point + 1 + half, half) == half &&
	    OSSL_PARAM_BLD_push_utf8_string(builder,
	    OSSL_PKEY_PARAM_GROUP_NAME, algorithm->group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
	    point, 1 + 2 * (size_t)half) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1)
		key = build_key("EC", builder);
	OSSL_PARAM_BLD_free(builder);
	BN_free(x);
	BN_free(y);
	BN_clear_free(d);
	return key;
}

/* RFC 8037 2. */
static EVP_PKEY *
read_okp(const struct json *json)
{
	const char *name = json_get_string(json, "crv");
	const char *text = json_get_string(json, "d");
	uint8_t bytes[ED25519_SIZE];
	EVP_PKEY *key = NULL;
	size_t len;

	if (name == NULL || strcmp(name, "Ed25519") != 0 || text == NULL)
		return NULL;
	if (base64url_decode(text, strlen(text), bytes, sizeof(bytes),
	    &len) == 0 && len == sizeof(bytes))
		key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL,
		    bytes, len);
	explicit_bzero(bytes, sizeof(bytes));
	return key;
}

static EVP_PKEY *
read_jwk(const struct json *json)
{
	const char *kty = json_get_string(json, "kty");
	const char *curve = json_get_string(json, "crv");
	size_t i;

	if (kty != NULL && strcmp(kty, "RSA") == 0)
		return read_rsa(json);
	if (kty != NULL && strcmp(kty, "OKP") == 0)
		return read_okp(json);
	if (kty == NULL || strcmp(kty, "EC") != 0 || curve == NULL)
		return NULL;
	for (i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		if (algorithms[i].curve != NULL &&
		    strcmp(curve, algorithms[i].curve) == 0)
			return read_ec(json, &algorithms[i]);
	}
	return NULL;
}

static int
read_text(const struct secret *text, struct sign_key *key)
{
	struct json *json = NULL;
	const char *kid;
	int r = 0;

	if (text->len > INT_MAX)
		return -EBADMSG;
	if (json_parse(text->data, text->len, &json) < 0) {
		key->key = read_pem(text);
	} else {
		key->key = read_jwk(json);
		kid = json_get_string(json, "kid");
		if (kid != NULL && (key->kid = strdup(kid)) == NULL)
			r = -ENOMEM;
	}
	json_free(json);
	ERR_clear_error();
	if (r < 0)
		return r;
	if (key->key == NULL)
		return -EBADMSG;
	key->algorithm = find_algorithm(key->key);
	return key->algorithm != NULL ? 0 : -EBADMSG;
}

int
sign_key_read(const struct secret *text, struct sign_key **ret_key)
{
	struct sign_key *key = calloc(1, sizeof(*key));
	int r;

	if (key == NULL)
		return -ENOMEM;
	r = read_text(text, key);
	if (r < 0)
		sign_key_free(key);
	else
		*ret_key = key;
	return r;
}

void
sign_key_free(struct sign_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->key);
	free(key->kid);
	free(key);
}

/* RFC 7518 3.4: R and S, each of full length, instead of OpenSSL's DER. 0 or
 * -ENOMEM. */
static int
ecdsa_to_raw(uint8_t *signature, size_t *len, int half)
{
	const unsigned char *der = signature;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)*len);
	int r = -ENOMEM;

	if (pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature,
	    half) == half && BN_bn2binpad(ECDSA_SIG_get0_s(pair),
	    signature + half, half) == half) {
		*len = 2 * (size_t)half;
		r = 0;
	}
	ECDSA_SIG_free(pair);
	return r;
}

static int
sign_text(const struct sign_key *key, const char *text,
    uint8_t signature[NUMBER_MAX], size_t *ret_len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int r = -ENOMEM;

	*ret_len = NUMBER_MAX;
	if (ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL,
	    key->algorithm->digest, NULL, NULL, key->key, NULL) == 1 &&
	    EVP_DigestSign(ctx, signature, ret_len,
	    (const unsigned char *)text, strlen(text)) == 1)
		r = 0;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	if (r == 0 && key->algorithm->half > 0)
		r = ecdsa_to_raw(signature, ret_len, key->algorithm->half);
	return r;
}

/* Encode json at p and return where it ends. */
static char *
encode(const char *json, char *p)
{
	base64url_encode((const uint8_t *)json, strlen(json), p);
	return p + strlen(p);
}

/* RFC 7515 7.1. */
static int
make_token(const struct sign_key *key, const char *header,
    const char *payload, struct secret *ret_token)
{
	size_t most = BASE64URL_SIZE(strlen(header)) +
	    BASE64URL_SIZE(strlen(payload)) + BASE64URL_SIZE(NUMBER_MAX);
	uint8_t signature[NUMBER_MAX];
	char *token, *p;
	size_t len;
	int r;

	token = malloc(most);
	if (token == NULL)
		return -ENOMEM;
	p = encode(header, token);
	*p++ = '.';
	p = encode(payload, p);
	r = sign_text(key, token, signature, &len);
	if (r == 0) {
		*p++ = '.';
		base64url_encode(signature, len, p);
		r = secret_set(ret_token, token, strlen(token));
	}
	explicit_bzero(token, most);
	free(token);
	return r;
}

int
sign_jwt(const struct sign_key *key, const struct json *claims,
    struct secret *ret_token)
{
	return sign_typed(key, "JWT", claims, ret_token);
}

const char *
sign_algorithm(const struct sign_key *key)
{
	return key->algorithm->name;
}

int
sign_typed(const struct sign_key *key, const char *type,
    const struct json *claims, struct secret *ret_token)
{
	struct json *json = json_new_object();
	char *header, *payload;
	int r = -ENOMEM;

	json_set_string(json, "alg", key->algorithm->name);
	json_set_string(json, "typ", type);
	json_set_string(json, "kid", key->kid);
	header = json_write(json);
	payload = json_write(claims);
	if (header != NULL && payload != NULL)
		r = make_token(key, header, payload, ret_token);
	free(header);
	free(payload);
	json_free(json);
	return r;
}
