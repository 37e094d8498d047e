/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing is skipped and nothing is repaired: a decoder that forgives makes
 * two different tokens out of one signature.
 */
#include <errno.h>

#include "daemon/oidc/base64url.h"

void
base64url_encode(const uint8_t *buf, size_t len, char *text)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		bits = (bits << 8 | buf[i]) & 0xffff;
		for (count += 8; count >= 6; count -= 6)
			*text++ = alphabet[bits >> (count - 6) & 63];
	}
	if (count > 0)
		*text++ = alphabet[bits << (6 - count) & 63];
	*text = '\0';
}

/* The six bits of a character, or -1. */
static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	if (c == '_')
		return 63;
	return -1;
}

int
base64url_decode(const char *text, size_t len, uint8_t *buf, size_t size,
    size_t *ret_len)
{
	uint32_t bits = 0;
	unsigned int count = 0;
	size_t i, n = 0;
	int value;

	if (len % 4 == 1)
		return -EBADMSG;
	for (i = 0; i < len; i++) {
		value = sextet(text[i]);
		if (value < 0)
			return -EBADMSG;
		bits = (bits << 6 | (uint32_t)value) & 0xffff;
		count += 6;
		if (count < 8)
			continue;
		if (n >= size)
			return -EMSGSIZE;
		count -= 8;
		buf[n++] = (uint8_t)(bits >> count);
	}
	if ((bits & ((1u << count) - 1)) != 0)
		return -EBADMSG;
	*ret_len = n;
	return 0;
}
