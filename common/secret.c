/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every way out of a struct secret wipes it: replaced, moved over or freed.
 * Nothing is ever reallocated, so no stale copy stays in the heap.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"

int
secret_set(struct secret *s, const void *data, size_t len)
{
	char *copy;

	if (len > SECRET_MAX)
		return -E2BIG;
	copy = malloc(len + 1);
	if (copy == NULL)
		return -ENOMEM;
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	secret_free(s);
	s->data = copy;
	s->len = len;
	return 0;
}

void
secret_move(struct secret *s, struct secret *from)
{
	if (s == from)
		return;
	secret_free(s);
	*s = *from;
	from->data = NULL;
	from->len = 0;
}

void
secret_free(struct secret *s)
{
	if (s->data != NULL) {
		explicit_bzero(s->data, s->len);
		free(s->data);
	}
	s->data = NULL;
	s->len = 0;
}

bool
secret_equal(const struct secret *a, const struct secret *b)
{
	unsigned char difference = 0;
	size_t i;

	if (a->len != b->len)
		return false;
	for (i = 0; i < a->len; i++)
		difference |= (unsigned char)(a->data[i] ^ b->data[i]);
	return difference == 0;
}

void
secret_drop_string(char *s)
{
	if (s == NULL)
		return;
	explicit_bzero(s, strlen(s));
	free(s);
}
