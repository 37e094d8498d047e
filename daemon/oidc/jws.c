/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signature check.
 *
 * MUST: one form only, three parts and two dots; the exact bytes that were
 * received are what is verified; the algorithm is one of the table below, and
 * the key must be made for it; keys come from the set alone, whatever the
 * header offers; a header that asks to be understood is refused.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"

static const struct algorithm {
	const char	*name;
	enum jwk_kind	 kind;
	const char	*digest;	/* NULL: the algorithm has its own */
	bool		 pss;
	size_t		 half;		/* of an ECDSA signature */
} algorithms[] = {
	{ "RS256", JWK_RSA, "SHA256", false, 0 },
	{ "RS384", JWK_RSA, "SHA384", false, 0 },
	{ "RS512", JWK_RSA, "SHA512", false, 0 },
	{ "PS256", JWK_RSA, "SHA256", true, 0 },
	{ "PS384", JWK_RSA, "SHA384", true, 0 },
	{ "PS512", JWK_RSA, "SHA512", true, 0 },
	{ "ES256", JWK_P256, "SHA256", false, 32 },
	{ "ES384", JWK_P384, "SHA384", false, 48 },
	{ "ES512", JWK_P521, "SHA512", false, 66 },
	{ "EdDSA", JWK_ED25519, NULL, false, 0 },
};

/* Members that want to be understood (RFC 7515 4.1.11, RFC 7797 6), and those
 * that bring a key along: nobody who is honest needs them here. */
static const char *const critical[] = { "crit", "b64" };
static const char *const foreign_keys[] = { "jwk", "jku", "x5u" };

struct part {
	const char	*text;
	size_t		 len;
};

static const struct algorithm *
find_algorithm(const char *name)
{
	size_t i;

	for (i = 0; name != NULL &&
	    i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		if (strcmp(name, algorithms[i].name) == 0)
			return &algorithms[i];
	}
	return NULL;
}

/* RFC 7515 7.1: exactly three parts. A payload may be empty, and what alg none
 * has for a signature is. */
static bool
split(const char *token, size_t len, struct part parts[3])
{
	const char *end = token + len, *dot;
	size_t i;

	for (i = 0; i < 3; i++) {
		dot = memchr(token, '.', (size_t)(end - token));
		if ((dot == NULL) != (i == 2))
			return false;
		parts[i].text = token;
		parts[i].len = (size_t)((dot != NULL ? dot : end) - token);
		token = dot != NULL ? dot + 1 : end;
	}
	return true;
}

/* Decode a part. 0 and bytes that must be freed, or -errno. */
static int
decode(const struct part *part, uint8_t **ret_bytes, size_t *ret_len)
{
	uint8_t *bytes = malloc(part->len + 1);	/* 0 may give NULL */
	int r;

	if (bytes == NULL)
		return -ENOMEM;
	r = base64url_decode(part->text, part->len, bytes, part->len, ret_len);
	if (r < 0)
		free(bytes);
	else
		*ret_bytes = bytes;
	return r;
}

static enum reason
decode_header(const struct part *part, struct json **ret_header)
{
	struct json *json = NULL;
	uint8_t *bytes;
	size_t len;
	int r;

	r = decode(part, &bytes, &len);
	if (r == 0) {
		r = json_parse((const char *)bytes, len, &json);
		free(bytes);
	}
	if (r < 0)
		return r == -ENOMEM ? REASON_INTERNAL : REASON_TOKEN_MALFORMED;
	if (!json_is_object(json)) {
		json_free(json);
		return REASON_TOKEN_MALFORMED;
	}
	*ret_header = json;
	return REASON_GRANTED;
}

static bool
has_any(const struct json *json, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (json_has(json, names[i]))
			return true;
	}
	return false;
}

/* Find what the header asks for in our tables and in the provider's keys. */
static enum reason
read_header(const struct json *header, const struct jwk_set *keys,
    const struct algorithm **ret_algorithm, EVP_PKEY **ret_key)
{
	const struct algorithm *algorithm;
	const char *kid = json_get_string(header, "kid");
	EVP_PKEY *key;

	if (has_any(header, critical, sizeof(critical) / sizeof(*critical)))
		return REASON_TOKEN_CRITICAL;
	if (has_any(header, foreign_keys,
	    sizeof(foreign_keys) / sizeof(*foreign_keys)))
		return REASON_TOKEN_MALFORMED;
	if (kid == NULL && json_has(header, "kid"))
		return REASON_TOKEN_MALFORMED;
	algorithm = find_algorithm(json_get_string(header, "alg"));
	if (algorithm == NULL)
		return REASON_TOKEN_ALGORITHM;
	key = jwk_set_find(keys, kid, algorithm->kind, algorithm->name);
	if (key == NULL)
		return REASON_TOKEN_KEY;
	*ret_algorithm = algorithm;
	*ret_key = key;
	return REASON_GRANTED;
}

/* RFC 7518 3.4: R and S, each of full length, one after the other. OpenSSL
 * wants them in DER. Returns its length and bytes for OPENSSL_free(), or 0. */
static size_t
ecdsa_to_der(const uint8_t *raw, size_t len, size_t half, uint8_t **ret_der)
{
	ECDSA_SIG *signature = NULL;
	BIGNUM *r = NULL, *s = NULL;
	uint8_t *der = NULL;
	int der_len = 0;

	if (len != 2 * half)
		return 0;
	r = BN_bin2bn(raw, (int)half, NULL);
	s = BN_bin2bn(raw + half, (int)half, NULL);
	signature = ECDSA_SIG_new();
	if (r == NULL || s == NULL || signature == NULL ||
	    ECDSA_SIG_set0(signature, r, s) != 1)
		goto out;
	r = s = NULL;
	der_len = i2d_ECDSA_SIG(signature, &der);
	if (der_len > 0)
		*ret_der = der;
out:
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(signature);
	return der_len > 0 ? (size_t)der_len : 0;
}

/* Is signature what key makes of signed_part with this algorithm? */
static bool
check_signature(const struct algorithm *algorithm, EVP_PKEY *key,
    const struct part *signed_part, const uint8_t *signature, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_ctx = NULL;
	bool good = false;

	if (ctx == NULL || EVP_DigestVerifyInit_ex(ctx, &key_ctx,
	    algorithm->digest, NULL, NULL, key, NULL) != 1)
		goto out;
	/* RFC 7518 3.5: the salt is as long as the hash, MGF1 uses the same. */
	if (algorithm->pss && (EVP_PKEY_CTX_set_rsa_padding(key_ctx,
	    RSA_PKCS1_PSS_PADDING) != 1 || EVP_PKEY_CTX_set_rsa_pss_saltlen(
	    key_ctx, RSA_PSS_SALTLEN_DIGEST) != 1))
		goto out;
	good = EVP_DigestVerify(ctx, signature, len,
	    (const unsigned char *)signed_part->text, signed_part->len) == 1;
out:
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

static enum reason
verify_signature(const struct algorithm *algorithm, EVP_PKEY *key,
    const struct part *signed_part, const struct part *part)
{
	uint8_t *der = NULL, *raw = NULL;
	bool good = false;
	size_t len;
	int r;

	r = decode(part, &raw, &len);
	if (r < 0)
		return r == -ENOMEM ? REASON_INTERNAL : REASON_TOKEN_MALFORMED;
	if (algorithm->half > 0) {
		len = ecdsa_to_der(raw, len, algorithm->half, &der);
		good = len > 0 && check_signature(algorithm, key, signed_part,
		    der, len);
	} else {
		good = check_signature(algorithm, key, signed_part, raw, len);
	}
	OPENSSL_free(der);
	free(raw);
	return good ? REASON_GRANTED : REASON_TOKEN_SIGNATURE;
}

enum reason
jws_verify(const char *token, size_t len, const struct jwk_set *keys,
    struct jws *ret_jws)
{
	const struct algorithm *algorithm;
	struct part parts[3], signed_part;
	struct jws jws = { NULL, NULL, 0 };
	uint8_t *payload;
	enum reason reason;
	EVP_PKEY *key;
	int r;

	if (len > JWS_SIZE_MAX || !split(token, len, parts))
		return REASON_TOKEN_MALFORMED;
	reason = decode_header(&parts[0], &jws.header);
	if (reason != REASON_GRANTED)
		goto out;
	reason = read_header(jws.header, keys, &algorithm, &key);
	if (reason != REASON_GRANTED)
		goto out;
	signed_part.text = token;
	signed_part.len = parts[0].len + 1 + parts[1].len;
	reason = verify_signature(algorithm, key, &signed_part, &parts[2]);
	if (reason != REASON_GRANTED)
		goto out;
	r = decode(&parts[1], &payload, &jws.len);
	if (r < 0) {
		reason = r == -ENOMEM ? REASON_INTERNAL :
		    REASON_TOKEN_MALFORMED;
		goto out;
	}
	jws.payload = (char *)payload;
	*ret_jws = jws;
	return REASON_GRANTED;
out:
	jws_free(&jws);
	return reason;
}

void
jws_free(struct jws *jws)
{
	json_free(jws->header);
	if (jws->payload != NULL)
		explicit_bzero(jws->payload, jws->len);
	free(jws->payload);
	jws->header = NULL;
	jws->payload = NULL;
	jws->len = 0;
}

void
jws_describe(const char *token, size_t len, const struct jwk_set *keys,
    struct reason_detail *detail)
{
	struct part parts[3];
	struct json *header = NULL;
	const char *alg, *kid;
	size_t i;

	if (len > JWS_SIZE_MAX || !split(token, len, parts) ||
	    decode_header(&parts[0], &header) != REASON_GRANTED)
		return;
	alg = json_get_string(header, "alg");
	kid = json_get_string(header, "kid");
	reason_add(detail, "alg is %.16s", alg != NULL ? alg : "missing");
	reason_add(detail, "kid is %.64s", kid != NULL ? kid : "missing");
	for (i = 0; i < jwk_set_count(keys); i++) {
		kid = jwk_set_kid(keys, i);
		reason_add(detail, "there is %.64s",
		    kid != NULL ? kid : "a key without kid");
	}
	json_free(header);
}

int
jws_left_hash(const char *alg, const void *data, size_t len,
    uint8_t ret_hash[JWS_HASH_MAX], size_t *ret_len)
{
	const struct algorithm *algorithm = find_algorithm(alg);
	uint8_t hash[EVP_MAX_MD_SIZE];
	size_t size;

	if (algorithm == NULL || algorithm->digest == NULL)
		return -ENOTSUP;
	if (EVP_Q_digest(NULL, algorithm->digest, NULL, data, len, hash,
	    &size) != 1)
		return -ENOMEM;
	memcpy(ret_hash, hash, size / 2);
	*ret_len = size / 2;
	return 0;
}
