/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a token endpoint answers (RFC 6749 5, OpenID Connect Core 3.1.3.3). It
 * says nothing yet about whether the ID token is genuine: see idtoken.h.
 */
#ifndef DAEMON_OIDC_TOKEN_H
#define DAEMON_OIDC_TOKEN_H

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/reason.h"

struct json;

struct token_set {
	struct secret	access_token;
	struct secret	refresh_token;	/* empty: none was issued */
	struct secret	id_token;	/* empty: idtoken_verify() refuses it */
};

/* Read a successful answer. REASON_GRANTED and a set that must be freed, or
 * PROVIDER_REPLY, INTERNAL. */
enum reason token_set_read(const struct json *answer,
	    struct token_set *ret_set) MUST_USE;

/* Say which member of an answer that was refused is wrong. */
void	token_set_describe(const struct json *answer,
	    struct reason_detail *detail);

/* Read the refresh token alone, whatever the rest of the answer is worth:
 * REASON_GRANTED, also if there is none, or PROVIDER_REPLY, INTERNAL. */
enum reason token_take_refresh(const struct json *answer,
	    struct secret *ret_token) MUST_USE;

/* Wipe and free what set holds. */
void	token_set_free(struct token_set *set);

/* What the value of "error" means for a sign-in; PROVIDER_REPLY if it means
 * nothing to us. error may be NULL. */
enum reason token_error_reason(const char *error);

#endif
