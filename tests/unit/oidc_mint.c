/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens made with OpenSSL alone, so that no code under test has a hand in
 * them.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tests/unit/oidc_mint.h"

static void
need(int good)
{
	if (!good)
		abort();
}

char *
mint_text(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	need(vasprintf(&text, fmt, ap) >= 0);
	va_end(ap);
	return text;
}

EVP_PKEY *
mint_key(const char *kind, unsigned int bits)
{
	EVP_PKEY *key;

	if (strcmp(kind, "RSA") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	else if (strcmp(kind, "Ed25519") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind);
	need(key != NULL);
	return key;
}

void
mint_key_free(EVP_PKEY *key)
{
	EVP_PKEY_free(key);
}

char *
mint_base64url(const void *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const uint8_t *bytes = data;
	char *text = malloc(len * 4 / 3 + 4), *p = text;
	uint32_t bits = 0;
	unsigned int count = 0;
	size_t i;

	need(text != NULL);
	for (i = 0; i < len; i++) {
		bits = bits << 8 | bytes[i];
		for (count += 8; count >= 6; count -= 6)
			*p++ = digits[bits >> (count - 6) & 63];
	}
	if (count > 0)
		*p++ = digits[bits << (6 - count) & 63];
	*p = '\0';
	return text;
}

/* A number of the key, in base64url, padded to size unless that is 0. */
static char *
number(EVP_PKEY *key, const char *name, int size)
{
	uint8_t bytes[1024];
	BIGNUM *bn = NULL;
	int len;

	need(EVP_PKEY_get_bn_param(key, name, &bn) == 1);
	len = BN_bn2binpad(bn, bytes, size > 0 ? size : BN_num_bytes(bn));
	need(len > 0);
	BN_free(bn);
	return mint_base64url(bytes, (size_t)len);
}

static char *
ec_jwk(EVP_PKEY *key, const char *more)
{
	int bits = EVP_PKEY_get_bits(key);
	char *json, *x = number(key, "qx", (bits + 7) / 8);
	char *y = number(key, "qy", (bits + 7) / 8);

	json = mint_text("{\"kty\":\"EC\",\"crv\":\"P-%d\",\"x\":\"%s\","
	    "\"y\":\"%s\"%s}", bits, x, y, more);
	free(x);
	free(y);
	return json;
}

static char *
rsa_jwk(EVP_PKEY *key, const char *more)
{
	char *json, *n = number(key, "n", 0), *e = number(key, "e", 0);

	json = mint_text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}", n, e,
	    more);
	free(n);
	free(e);
	return json;
}

static char *
okp_jwk(EVP_PKEY *key, const char *more)
{
	uint8_t bytes[32];
	size_t len = sizeof(bytes);
	char *json, *x;

	need(EVP_PKEY_get_raw_public_key(key, bytes, &len) == 1);
	x = mint_base64url(bytes, len);
	json = mint_text("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"%s}",
	    x, more);
	free(x);
	return json;
}

char *
mint_jwk(EVP_PKEY *key, const char *more)
{
	if (EVP_PKEY_is_a(key, "RSA"))
		return rsa_jwk(key, more);
	return EVP_PKEY_is_a(key, "EC") ? ec_jwk(key, more) :
	    okp_jwk(key, more);
}

char *
mint_jwks(EVP_PKEY *key, const char *kid)
{
	char *more = mint_text(",\"use\":\"sig\",\"kid\":\"%s\"", kid);
	char *jwk = mint_jwk(key, more);
	char *jwks = mint_text("{\"keys\":[%s]}", jwk);

	free(more);
	free(jwk);
	return jwks;
}

/* DER to R and S of full length. */
static size_t
raw_ecdsa(EVP_PKEY *key, uint8_t *signature, size_t len)
{
	int half = (EVP_PKEY_get_bits(key) + 7) / 8;
	const unsigned char *p = signature;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);

	need(sig != NULL);
	need(BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature, half) == half);
	need(BN_bn2binpad(ECDSA_SIG_get0_s(sig), signature + half, half) ==
	    half);
	ECDSA_SIG_free(sig);
	return 2 * (size_t)half;
}

static size_t
sign(EVP_PKEY *key, const char *how, const char *text, uint8_t *signature,
    size_t size)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_ctx = NULL;
	char digest[] = "SHA000";
	size_t len = size;

	memcpy(digest + 3, how + 2, 3);
	need(EVP_DigestSignInit_ex(ctx, &key_ctx, strcmp(how, "EdDSA") == 0 ?
	    NULL : digest, NULL, NULL, key, NULL) == 1);
	if (how[0] == 'P') {
		need(EVP_PKEY_CTX_set_rsa_padding(key_ctx,
		    RSA_PKCS1_PSS_PADDING) == 1);
		need(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_ctx,
		    RSA_PSS_SALTLEN_DIGEST) == 1);
	}
	need(EVP_DigestSign(ctx, signature, &len, (const uint8_t *)text,
	    strlen(text)) == 1);
	EVP_MD_CTX_free(ctx);
	return EVP_PKEY_is_a(key, "EC") ? raw_ecdsa(key, signature, len) : len;
}

/* The attack on verifiers that take the public key for a shared secret. */
static size_t
sign_hs256(EVP_PKEY *key, const char *text, uint8_t *signature)
{
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned int len = 0;
	char *pem;
	long pem_len;

	need(PEM_write_bio_PUBKEY(bio, key) == 1);
	pem_len = BIO_get_mem_data(bio, &pem);
	need(HMAC(EVP_sha256(), pem, (int)pem_len, (const uint8_t *)text,
	    strlen(text), signature, &len) != NULL);
	BIO_free(bio);
	return len;
}

char *
mint_token(EVP_PKEY *key, const char *how, const char *header,
    const char *payload)
{
	char *h = mint_base64url(header, strlen(header));
	char *p = mint_base64url(payload, strlen(payload));
	char *text = mint_text("%s.%s", h, p), *s, *token;
	uint8_t signature[1024];
	size_t len = 0;

	if (strcmp(how, "HS256") == 0)
		len = sign_hs256(key, text, signature);
	else if (strcmp(how, "none") != 0)
		len = sign(key, how, text, signature, sizeof(signature));
	s = mint_base64url(signature, len);
	token = mint_text("%s.%s", text, s);
	free(h);
	free(p);
	free(s);
	free(text);
	return token;
}
