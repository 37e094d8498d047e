/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every byte but the unreserved ones of RFC 3986 2.3 is written as %XX, which
 * every server decodes alike; a space is never '+'.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/form.h"

static char *
encode(char *p, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	static const char unreserved[] = "-._~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	unsigned char c;

	for (; *text != '\0'; text++) {
		c = (unsigned char)*text;
		if (strchr(unreserved, c) != NULL) {
			*p++ = *text;
			continue;
		}
		*p++ = '%';
		*p++ = digits[c >> 4];
		*p++ = digits[c & 15];
	}
	return p;
}

int
form_put(struct secret *form, const char *key, const char *value)
{
	struct secret longer = SECRET_INIT;
	size_t most;
	char *p;

	/* What came from outside is long before it is encoded. */
	if (strlen(key) > SECRET_MAX || strlen(value) > SECRET_MAX)
		return -E2BIG;
	most = form->len + 1 + 3 * strlen(key) + 1 + 3 * strlen(value) + 1;
	longer.data = malloc(most);
	if (longer.data == NULL)
		return -ENOMEM;
	p = longer.data;
	if (form->len > 0) {
		memcpy(p, form->data, form->len);
		p += form->len;
		*p++ = '&';
	}
	p = encode(p, key);
	*p++ = '=';
	p = encode(p, value);
	*p = '\0';
	longer.len = (size_t)(p - longer.data);
	if (longer.len > SECRET_MAX) {
		secret_free(&longer);
		return -E2BIG;
	}
	secret_move(form, &longer);
	return 0;
}
