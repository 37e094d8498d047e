/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys are built from their numbers alone and checked before they are kept:
 * whatever is in a set can be used without another look.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"

#define RSA_BITS_MIN		2048
#define RSA_BITS_MAX		8192
#define RSA_EXPONENT_BITS_MAX	64
#define ED25519_SIZE		32
#define EC_COORDINATE_MAX	66

struct jwk {
	EVP_PKEY	*key;
	enum jwk_kind	 kind;
	char		*kid;	/* NULL: has none */
	char		*alg;	/* NULL: any that fits the kind */
};

struct jwk_set {
	size_t		count;
	struct jwk	keys[JWK_SET_MAX];
};

static const struct curve {
	const char	*name;
	enum jwk_kind	 kind;
	size_t		 size;	/* of a coordinate */
} curves[] = {
	{ "P-256", JWK_P256, 32 },
	{ "P-384", JWK_P384, 48 },
	{ "P-521", JWK_P521, 66 },
};

/* Decode a member into buf. False if it is missing, malformed or too long. */
static bool
get_bytes(const struct json *json, const char *name, uint8_t *buf, size_t size,
    size_t *ret_len)
{
	const char *text = json_get_string(json, name);

	return text != NULL && base64url_decode(text, strlen(text), buf, size,
	    ret_len) == 0;
}

/* Build a public key of what builder holds. NULL if OpenSSL refuses it, which
 * for EC includes a point that is not on the curve. */
static EVP_PKEY *
build_key(const char *type, OSSL_PARAM_BLD *builder)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* CVE-2017-15361: the keys that some security chips made can be factored.
 * Modulo each of these primes they are a power of 65537, as one in 2^27 of all
 * other keys is. */
static bool
is_roca(const BIGNUM *n)
{
	static const BN_ULONG primes[] = {
		11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127,
		151, 157,
	};
	BN_ULONG power, rest;
	size_t i;

	for (i = 0; i < sizeof(primes) / sizeof(*primes); i++) {
		rest = BN_mod_word(n, primes[i]);
		power = 1;
		while (power != rest) {
			power = power * 65537 % primes[i];
			if (power == 1)
				return false;
		}
	}
	return true;
}

/* RFC 7518 6.3.1. */
static EVP_PKEY *
read_rsa(const struct json *json)
{
	uint8_t bytes[RSA_BITS_MAX / 8];
	BIGNUM *n = NULL, *e = NULL;
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	size_t len;

	if (!get_bytes(json, "n", bytes, sizeof(bytes), &len))
		goto out;
	n = BN_bin2bn(bytes, (int)len, NULL);
	if (!get_bytes(json, "e", bytes, sizeof(bytes), &len))
		goto out;
	e = BN_bin2bn(bytes, (int)len, NULL);
	if (builder == NULL || n == NULL || e == NULL)
		goto out;
	if (BN_num_bits(n) < RSA_BITS_MIN || BN_num_bits(e) < 2 ||
	    BN_num_bits(e) > RSA_EXPONENT_BITS_MAX || !BN_is_odd(e) ||
	    is_roca(n))
		goto out;
	if (OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		key = build_key("RSA", builder);
out:
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	BN_free(e);
	return key;
}

/* RFC 7518 6.2.1: both coordinates have the full length. */
static EVP_PKEY *
read_ec(const struct json *json, const struct curve *curve)
{
	uint8_t point[1 + 2 * EC_COORDINATE_MAX] = { 0x04 };
	OSSL_PARAM_BLD *builder = NULL;
	EVP_PKEY *key = NULL;
	size_t x_len, y_len;

	if (!get_bytes(json, "x", point + 1, curve->size, &x_len) ||
	    !get_bytes(json, "y", point + 1 + curve->size, curve->size,
	    &y_len) || x_len != curve->size || y_len != curve->size)
		return NULL;
	builder = OSSL_PARAM_BLD_new();
	if (builder != NULL && OSSL_PARAM_BLD_push_utf8_string(builder,
	    OSSL_PKEY_PARAM_GROUP_NAME, curve->name, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
	    point, 1 + 2 * curve->size) == 1)
		key = build_key("EC", builder);
	OSSL_PARAM_BLD_free(builder);
	return key;
}

/* RFC 8037 2. */
static EVP_PKEY *
read_okp(const struct json *json)
{
	const char *name = json_get_string(json, "crv");
	uint8_t bytes[ED25519_SIZE];
	size_t len;

	if (name == NULL || strcmp(name, "Ed25519") != 0 ||
	    !get_bytes(json, "x", bytes, sizeof(bytes), &len) ||
	    len != ED25519_SIZE)
		return NULL;
	return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, bytes,
	    len);
}

static const struct curve *
find_curve(const struct json *json)
{
	const char *name = json_get_string(json, "crv");
	size_t i;

	for (i = 0; name != NULL && i < sizeof(curves) / sizeof(*curves); i++) {
		if (strcmp(name, curves[i].name) == 0)
			return &curves[i];
	}
	return NULL;
}

/* RFC 7517 4.2 and 4.3: is the key meant for signatures? */
static bool
is_for_verifying(const struct json *json)
{
	const struct json *ops = json_get(json, "key_ops");
	const char *text;
	size_t i;

	if (json_has(json, "use")) {
		text = json_get_string(json, "use");
		if (text == NULL || strcmp(text, "sig") != 0)
			return false;
	}
	if (!json_has(json, "key_ops"))
		return true;
	for (i = 0; i < json_length(ops); i++) {
		text = json_string(json_at(ops, i));
		if (text != NULL && strcmp(text, "verify") == 0)
			return true;
	}
	return false;
}

/* The key itself, with its kind, or NULL if it cannot be used. */
static EVP_PKEY *
read_key(const struct json *json, enum jwk_kind *ret_kind)
{
	const char *kty = json_get_string(json, "kty");
	const struct curve *curve;

	if (kty == NULL || !is_for_verifying(json))
		return NULL;
	if (strcmp(kty, "RSA") == 0) {
		*ret_kind = JWK_RSA;
		return read_rsa(json);
	}
	if (strcmp(kty, "OKP") == 0) {
		*ret_kind = JWK_ED25519;
		return read_okp(json);
	}
	curve = strcmp(kty, "EC") == 0 ? find_curve(json) : NULL;
	if (curve == NULL)
		return NULL;
	*ret_kind = curve->kind;
	return read_ec(json, curve);
}

/* A copy of a member that need not be there. A member that is there but is
 * not a string makes the key unusable: -EBADMSG. */
static int
copy_optional(const struct json *json, const char *name, char **ret_copy)
{
	const char *text = json_get_string(json, name);
	char *copy;

	if (text == NULL)
		return json_has(json, name) ? -EBADMSG : 0;
	copy = strdup(text);
	if (copy == NULL)
		return -ENOMEM;
	*ret_copy = copy;
	return 0;
}

static void
jwk_clear(struct jwk *jwk)
{
	EVP_PKEY_free(jwk->key);
	free(jwk->kid);
	free(jwk->alg);
	memset(jwk, 0, sizeof(*jwk));
}

/* Add the key to the set if it can be used. 0 or -ENOMEM. */
static int
add_key(struct jwk_set *set, const struct json *json)
{
	struct jwk *jwk = &set->keys[set->count];
	int r;

	jwk->key = read_key(json, &jwk->kind);
	r = copy_optional(json, "kid", &jwk->kid);
	if (r == 0)
		r = copy_optional(json, "alg", &jwk->alg);
	if (r < 0 || jwk->key == NULL)
		jwk_clear(jwk);
	else
		set->count++;
	return r == -ENOMEM ? r : 0;
}

int
jwk_set_parse(const struct json *json, struct jwk_set **ret_set)
{
	const struct json *keys = json_get(json, "keys");
	struct jwk_set *set;
	size_t i;
	int r;

	if (!json_is_array(keys) || json_length(keys) > JWK_SET_MAX)
		return -EBADMSG;
	set = calloc(1, sizeof(*set));
	if (set == NULL)
		return -ENOMEM;
	for (i = 0; i < json_length(keys); i++) {
		r = add_key(set, json_at(keys, i));
		if (r < 0) {
			jwk_set_free(set);
			return r;
		}
	}
	/* What OpenSSL thinks of the keys that were passed over. */
	ERR_clear_error();
	*ret_set = set;
	return 0;
}

void
jwk_set_free(struct jwk_set *set)
{
	if (set == NULL)
		return;
	while (set->count > 0)
		jwk_clear(&set->keys[--set->count]);
	free(set);
}

size_t
jwk_set_count(const struct jwk_set *set)
{
	return set->count;
}

const char *
jwk_set_kid(const struct jwk_set *set, size_t i)
{
	return set->keys[i].kid;
}

struct evp_pkey_st *
jwk_set_find(const struct jwk_set *set, const char *kid, enum jwk_kind kind,
    const char *alg)
{
	const struct jwk *jwk;
	EVP_PKEY *found = NULL;
	size_t i;

	for (i = 0; i < set->count; i++) {
		jwk = &set->keys[i];
		if (jwk->kind != kind ||
		    (jwk->alg != NULL && strcmp(jwk->alg, alg) != 0))
			continue;
		if (kid != NULL) {
			if (jwk->kid != NULL && strcmp(jwk->kid, kid) == 0)
				return jwk->key;
			continue;
		}
		if (found != NULL)
			return NULL;
		found = jwk->key;
	}
	return found;
}
