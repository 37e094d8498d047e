/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a verified ID token to a person of this host (design D3): the only way
 * by which somebody gets a name, a uid and groups.
 */
#ifndef DAEMON_IDENTITY_IDENTITY_H
#define DAEMON_IDENTITY_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/names.h"
#include "daemon/config/config.h"
#include "daemon/local/localfiles.h"
#include "daemon/reason.h"
#include "daemon/store/store.h"

struct json;
struct mapfile;

/* What an identity is decided with. */
struct identity_context {
	const struct config	*config;
	const struct localfiles	*files;
	const struct mapfile	*map;	/* NULL: there is none */
	struct store		*store;
	bool			 listed;	/* told by the signed
						 * directory, not a token */
};

/* What a verified token says. */
struct identity_token {
	const char		*issuer;
	const char		*subject;
	const struct json	*claims;
};

/*
 * Who is the owner of token, who asked to be let in as requested? The store
 * is read, not written. REASON_GRANTED says that she is that person, not that
 * she may enter; *ret_person is then what store_save() should keep, with
 * last_proof = now, and must be freed. Otherwise the reason of the refusal.
 * To detail, which may be NULL, is added what was seen, also of claims that
 * were left out of account.
 */
enum reason identity_resolve(const struct identity_context *context,
	    const struct identity_token *token, const char *requested,
	    int64_t now, struct reason_detail *detail,
	    struct person **ret_person) MUST_USE;

/* What claims, of a refreshed and verified ID token, say of somebody who is
 * bound; NULL: none came, and all but last_proof stays, so that groups which
 * matter grow old. REASON_GRANTED, and
 * person is what store_save() should keep, or why the claims cannot be used;
 * then person is not to be kept. */
enum reason identity_refresh(const struct identity_context *context,
	    const struct json *claims, int64_t now,
	    struct person *person) MUST_USE;

/*
 * The name of the owner of token on this host: the one that she is bound to, or
 * the one that she would get. For `hostpass why`; a sign-in is for the name
 * that was asked for. REASON_GRANTED, or why there is none, and in detail,
 * which may be NULL, what was seen.
 */
enum reason identity_find_name(const struct identity_context *context,
	    const struct identity_token *token,
	    struct reason_detail *detail,
	    char ret_name[NAME_LIMIT + 1]) MUST_USE;

#endif
