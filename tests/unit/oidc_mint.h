/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a provider does: keys, key sets and signed tokens for tests. Anything
 * that goes wrong here aborts the program.
 */
#ifndef TESTS_UNIT_OIDC_MINT_H
#define TESTS_UNIT_OIDC_MINT_H

#include <stddef.h>

struct evp_pkey_st;

/* kind is "RSA" (bits long), "P-256", "P-384", "P-521" or "Ed25519". */
struct evp_pkey_st *mint_key(const char *kind, unsigned int bits);
void	mint_key_free(struct evp_pkey_st *key);

/* The public key as a JWK, with more members appended ("" or ",\"a\":1"). */
char	*mint_jwk(struct evp_pkey_st *key, const char *more);

/* {"keys":[...]} of one key with a kid. */
char	*mint_jwks(struct evp_pkey_st *key, const char *kid);

char	*mint_base64url(const void *data, size_t len);

/* Sign base64url(header).base64url(payload); how is the algorithm that is
 * really used, whatever the header says: RS256... EdDSA, none, or HS256 with
 * the PEM of the public key as its secret. */
char	*mint_token(struct evp_pkey_st *key, const char *how,
	    const char *header, const char *payload);

/* printf into a new string. */
char	*mint_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
