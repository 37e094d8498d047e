/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bodies of type application/x-www-form-urlencoded, as OAuth asks for
 * (RFC 6749 appendix B). They carry secrets, so they are secrets.
 */
#ifndef DAEMON_OIDC_FORM_H
#define DAEMON_OIDC_FORM_H

#include "common/attr.h"
#include "common/secret.h"

/* Append key=value. 0, -ENOMEM, or -E2BIG beyond SECRET_MAX; form keeps what
 * it held on failure. */
int	form_put(struct secret *form, const char *key,
	    const char *value) MUST_USE;

#endif
