/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A provider's public keys (RFC 7517, RFC 7518 6, RFC 8037 2): RSA of 2048 to
 * 8192 bits, EC on P-256, P-384 and P-521, and Ed25519. A set is immutable.
 */
#ifndef DAEMON_OIDC_JWK_H
#define DAEMON_OIDC_JWK_H

#include <stddef.h>

#include "common/attr.h"

#define JWK_SET_MAX	64

struct evp_pkey_st;
struct json;
struct jwk_set;

enum jwk_kind {
	JWK_NONE,	/* no key is of this kind */
	JWK_RSA,
	JWK_P256,
	JWK_P384,
	JWK_P521,
	JWK_ED25519,
};

/* Read a JWK Set. Keys that are of another kind, for another use, or wrong in
 * themselves are passed over (RFC 7517 5). 0 and a set that must be freed,
 * -EBADMSG if it is no set or has more than JWK_SET_MAX keys, or -ENOMEM. */
int	jwk_set_parse(const struct json *json,
	    struct jwk_set **ret_set) MUST_USE;

/* set may be NULL. */
void	jwk_set_free(struct jwk_set *set);

/* The number of keys that can be used. */
size_t	jwk_set_count(const struct jwk_set *set);

/* The kid of key i; NULL if it has none. */
const char *jwk_set_kid(const struct jwk_set *set, size_t i);

/* The key with this kid and kind whose own alg, if it has one, is alg. Without
 * a kid (NULL) there must be exactly one key of the kind (OpenID Connect Core
 * 10.1). NULL if there is none; it belongs to set. */
struct evp_pkey_st *jwk_set_find(const struct jwk_set *set, const char *kid,
	    enum jwk_kind kind, const char *alg);

#endif
