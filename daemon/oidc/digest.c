/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A digest of all of something; what is secret is hashed elsewhere.
 */
#include <errno.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/digest.h"

#define SHA256_BYTES	32

int
digest_sha256(const void *data, size_t len, char ret_text[DIGEST_SIZE])
{
	uint8_t hash[SHA256_BYTES];

	if (EVP_Digest(data, len, hash, NULL, EVP_sha256(), NULL) != 1)
		return -ENOMEM;
	base64url_encode(hash, sizeof(hash), ret_text);
	return 0;
}
