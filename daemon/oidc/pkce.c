/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Randomness is the kernel's, and no copy of it stays behind.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/evp.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/pkce.h"

#define RANDOM_MAX	32
#define SHA256_BYTES	32

int
pkce_random(size_t bytes, struct secret *text)
{
	char encoded[BASE64URL_SIZE(RANDOM_MAX)];
	uint8_t raw[RANDOM_MAX];
	int r;

	if (bytes > sizeof(raw) ||
	    getrandom(raw, bytes, 0) != (ssize_t)bytes)
		return -EIO;
	base64url_encode(raw, bytes, encoded);
	r = secret_set(text, encoded, strlen(encoded));
	explicit_bzero(raw, sizeof(raw));
	explicit_bzero(encoded, sizeof(encoded));
	return r;
}

int
pkce_challenge(const struct secret *verifier,
    char ret_challenge[PKCE_CHALLENGE_SIZE])
{
	uint8_t hash[SHA256_BYTES];

	if (EVP_Digest(verifier->data, verifier->len, hash, NULL,
	    EVP_sha256(), NULL) != 1)
		return -ENOMEM;
	base64url_encode(hash, sizeof(hash), ret_challenge);
	return 0;
}
