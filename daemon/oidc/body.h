/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that arrive bit by bit and may hold tokens: wiped wherever they have
 * been.
 */
#ifndef DAEMON_OIDC_BODY_H
#define DAEMON_OIDC_BODY_H

#include <stddef.h>

#include "common/attr.h"

/* All zero is an empty one. */
struct body {
	char	*data;	/* not terminated; NULL when empty */
	size_t	 len;
	size_t	 size;
};

/* Append len bytes of data. 0 or -ENOMEM. */
int	body_append(struct body *body, const char *data,
	    size_t len) MUST_USE;

void	body_free(struct body *body);

#endif
