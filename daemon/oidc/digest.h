/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 as JOSE writes it.
 */
#ifndef DAEMON_OIDC_DIGEST_H
#define DAEMON_OIDC_DIGEST_H

#include <stddef.h>

#include "common/attr.h"

/* In base64url, with the NUL. */
#define DIGEST_SIZE	44

/* The digest of len bytes of data. 0 or -ENOMEM. */
int	digest_sha256(const void *data, size_t len,
	    char ret_text[DIGEST_SIZE]) MUST_USE;

#endif
