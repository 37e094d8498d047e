/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Not realloc(): it would leave the former bytes somewhere in the heap.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/body.h"

#define BODY_START	4096

int
body_append(struct body *body, const char *data, size_t len)
{
	struct body longer = { NULL, body->len + len, body->size };

	if (longer.len > body->size) {
		if (longer.size == 0)
			longer.size = BODY_START;
		while (longer.size < longer.len)
			longer.size *= 2;
		longer.data = malloc(longer.size);
		if (longer.data == NULL)
			return -ENOMEM;
		if (body->len > 0)
			memcpy(longer.data, body->data, body->len);
		longer.len = body->len;
		body_free(body);
		*body = longer;
	}
	if (len > 0)
		memcpy(body->data + body->len, data, len);
	body->len += len;
	return 0;
}

void
body_free(struct body *body)
{
	if (body->data != NULL)
		explicit_bzero(body->data, body->size);
	free(body->data);
	memset(body, 0, sizeof(*body));
}
