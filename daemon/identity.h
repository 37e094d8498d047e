/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a verified ID token to a person of this host (design D3): the only way
 * by which somebody gets a name, a uid and groups.
 */
#ifndef DAEMON_IDENTITY_H
#define DAEMON_IDENTITY_H

#include <stdint.h>

#include "common/attr.h"
#include "daemon/config.h"
#include "daemon/localfiles.h"
#include "daemon/reason.h"
#include "daemon/store.h"

struct json;

/* What an identity is decided with. */
struct identity_context {
	const struct config	*config;
	/* Found by identity_resolve(); its callers leave it NULL. */
	const struct config_provider *provider;
	const struct localfiles	*files;
	struct store		*store;
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
 */
enum reason identity_resolve(const struct identity_context *context,
	    const struct identity_token *token, const char *requested,
	    int64_t now, struct person **ret_person) MUST_USE;

#endif
