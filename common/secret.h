/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one type that holds tokens, device codes, client secrets and answers.
 * Its bytes are wiped when it lets go of them. No function prints one, and no
 * log call takes one.
 */
#ifndef COMMON_SECRET_H
#define COMMON_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/attr.h"

/* No token or answer is longer; what is, is refused. */
#define SECRET_MAX	(256 * 1024)

struct secret {
	char	*data;	/* NUL-terminated for curl's sake; NULL when empty */
	size_t	 len;	/* without the NUL */
};

#define SECRET_INIT	{ NULL, 0 }

/* Replace what s holds by a copy of data, wiping the former. 0, -ENOMEM, or
 * -E2BIG beyond SECRET_MAX; s keeps what it held on failure. */
int	secret_set(struct secret *s, const void *data, size_t len) MUST_USE;

/* Move what from holds to s, wiping what s held. from is empty afterwards. */
void	secret_move(struct secret *s, struct secret *from);

/* Wipe and free what s holds. s may be empty, and can be used again. */
void	secret_free(struct secret *s);

/* Compare in a time that depends on the lengths alone. */
bool	secret_equal(const struct secret *a, const struct secret *b);

/* Wipe and free a NUL-terminated string that held something secret, such as
 * what a person typed. s may be NULL. */
void	secret_drop_string(char *s);

#endif
