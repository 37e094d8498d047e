/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a flow makes up for one sign-in: texts that nobody can guess, and the
 * proof that whoever redeems a code asked for it (RFC 7636).
 */
#ifndef DAEMON_OIDC_PKCE_H
#define DAEMON_OIDC_PKCE_H

#include <stddef.h>

#include "common/attr.h"
#include "common/secret.h"

/* Bytes of randomness. A verifier of 32 is 43 characters (RFC 7636 4.1). */
#define PKCE_VERIFIER_BYTES	32
#define PKCE_STATE_BYTES	16	/* RFC 6749 10.10 asks for 2^-128 */
#define PKCE_NONCE_BYTES	16

/* S256 of a verifier, and its NUL. */
#define PKCE_CHALLENGE_SIZE	44

/* Fill text with so many random bytes (32 at the most) in base64url. 0,
 * -ENOMEM, or -EIO. */
int	pkce_random(size_t bytes, struct secret *text) MUST_USE;

/* The code_challenge of a verifier by the method S256 (RFC 7636 4.2). 0 or
 * -ENOMEM. */
int	pkce_challenge(const struct secret *verifier,
	    char ret_challenge[PKCE_CHALLENGE_SIZE]) MUST_USE;

#endif
