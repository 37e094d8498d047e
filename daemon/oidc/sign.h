/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key of our own and the JWTs that it signs (RFC 7519, RFC 7515 in compact
 * form). The key decides the algorithm: RS256, ES256, ES384, ES512 or EdDSA.
 */
#ifndef DAEMON_OIDC_SIGN_H
#define DAEMON_OIDC_SIGN_H

#include "common/attr.h"
#include "common/secret.h"

struct json;
struct sign_key;

/* Read a private key without a passphrase: PEM, or a JWK (RFC 7517), whose kid
 * goes into the tokens. RSA of 2048 bits or more, EC on P-256, P-384 or P-521,
 * or Ed25519. 0 and a key that must be freed, -EBADMSG or -ENOMEM. */
int	sign_key_read(const struct secret *text,
	    struct sign_key **ret_key) MUST_USE;

/* key may be NULL. */
void	sign_key_free(struct sign_key *key);

/* Sign claims. 0 and a token that must be freed, -E2BIG, or -ENOMEM. */
int	sign_jwt(const struct sign_key *key, const struct json *claims,
	    struct secret *ret_token) MUST_USE;

/* The same with another typ in the header (RFC 7515 4.1.9). */
int	sign_typed(const struct sign_key *key, const char *type,
	    const struct json *claims, struct secret *ret_token) MUST_USE;

/* What it signs by: "RS256" ... "EdDSA". */
const char *sign_algorithm(const struct sign_key *key);

#endif
