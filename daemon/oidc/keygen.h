/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * New keys of Ed25519 (RFC 8037 2), each with the thumbprint of the key as its
 * kid (RFC 7638).
 */
#ifndef DAEMON_OIDC_KEYGEN_H
#define DAEMON_OIDC_KEYGEN_H

#include "common/attr.h"
#include "common/secret.h"

/* Make one. 0, the private key as a JWK and the public one as a JWK that must
 * be freed, or -ENOMEM. */
int	keygen_ed25519(struct secret *ret_private,
	    char **ret_public) MUST_USE;

#endif
