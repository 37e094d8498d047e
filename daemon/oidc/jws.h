/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON Web Signatures (RFC 7515) in compact form, with the algorithms of
 * RFC 7518 3.3 to 3.5 and RFC 8037 3.1. Pure: the same arguments give the same
 * answer.
 */
#ifndef DAEMON_OIDC_JWS_H
#define DAEMON_OIDC_JWS_H

#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/reason.h"

/* No token is longer: 1,000 groups with long names fit into it. */
#define JWS_SIZE_MAX	(512 * 1024)
/* Half of the longest digest. */
#define JWS_HASH_MAX	32

struct json;
struct jwk_set;

/* A JWS whose signature is right. */
struct jws {
	struct json	*header;	/* an object */
	char		*payload;	/* any bytes */
	size_t		 len;
};

/* Verify token, len. REASON_GRANTED and a JWS that must be freed, or the
 * reason of the refusal: TOKEN_MALFORMED, TOKEN_CRITICAL, TOKEN_ALGORITHM,
 * TOKEN_KEY, TOKEN_SIGNATURE, INTERNAL. */
enum reason jws_verify(const char *token, size_t len,
	    const struct jwk_set *keys, struct jws *ret_jws) MUST_USE;

void	jws_free(struct jws *jws);

/* Say what the header of a token that was refused asks for, and which keys
 * there are. Nothing is verified. */
void	jws_describe(const char *token, size_t len,
	    const struct jwk_set *keys, struct reason_detail *detail);

/* The left half of the hash of data that goes with alg, as at_hash has it
 * (OpenID Connect Core 3.1.3.6). 0, -ENOTSUP if alg names no hash (EdDSA) or
 * is not known, or -ENOMEM. */
int	jws_left_hash(const char *alg, const void *data, size_t len,
	    uint8_t ret_hash[JWS_HASH_MAX], size_t *ret_len) MUST_USE;

#endif
