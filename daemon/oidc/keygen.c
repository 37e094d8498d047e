/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST wipe every copy of the private number but the one that is returned.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/digest.h"
#include "daemon/oidc/keygen.h"

#define KEY_BYTES	32
#define KEY_TEXT	BASE64URL_SIZE(KEY_BYTES)

static int
raw_key(char private[KEY_TEXT], char public[KEY_TEXT])
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	uint8_t raw[KEY_BYTES];
	size_t len = sizeof(raw);
	int r = -ENOMEM;

	if (key == NULL ||
	    EVP_PKEY_get_raw_private_key(key, raw, &len) != 1)
		goto out;
	base64url_encode(raw, len, private);
	len = sizeof(raw);
	if (EVP_PKEY_get_raw_public_key(key, raw, &len) != 1)
		goto out;
	base64url_encode(raw, len, public);
	r = 0;
out:
	explicit_bzero(raw, sizeof(raw));
	EVP_PKEY_free(key);
	ERR_clear_error();
	return r;
}

int
keygen_ed25519(struct secret *ret_private, char **ret_public)
{
	char d[KEY_TEXT], x[KEY_TEXT], kid[DIGEST_SIZE];
	char members[128], jwk[512], *public = NULL;
	int len, r;

	r = raw_key(d, x);
	if (r < 0)
		return r;
	/* RFC 8037 A.3: these members, in this order. */
	(void)snprintf(members, sizeof(members),
	    "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
	r = digest_sha256(members, strlen(members), kid);
	if (r == 0 && asprintf(&public, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
	    "\"alg\":\"EdDSA\",\"use\":\"sig\",\"kid\":\"%s\",\"x\":\"%s\"}",
	    kid, x) < 0)
		r = -ENOMEM;
	if (r < 0)
		goto out;
	len = snprintf(jwk, sizeof(jwk), "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
	    "\"alg\":\"EdDSA\",\"use\":\"sig\",\"kid\":\"%s\",\"x\":\"%s\","
	    "\"d\":\"%s\"}", kid, x, d);
	r = secret_set(ret_private, jwk, (size_t)len);
	explicit_bzero(jwk, sizeof(jwk));
	if (r < 0)
		free(public);
	else
		*ret_public = public;
out:
	explicit_bzero(d, sizeof(d));
	return r;
}
