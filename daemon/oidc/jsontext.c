/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json-c is kinder than RFC 8259: it takes bytes that are not UTF-8, replaces
 * half a surrogate pair and cuts a key at NUL. Each of these would let two
 * parsers read one token differently. And json-c 0.18 takes no letter beyond
 * ASCII where it is strict, and no number beyond 64 bits.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/jsontext.h"

/* RFC 8259 6 leaves limits to whoever reads; these fit 64 bits. */
#define DIGITS_MAX		18

/* The length of the character at p (RFC 3629 4), or 0 if it is none. */
static size_t
utf8_length(const uint8_t *p, size_t left)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t i, len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (len > left)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;	/* overlong */
	else if (p[0] == 0xed)
		high = 0x9f;	/* surrogates */
	else if (p[0] == 0xf0)
		low = 0x90;	/* overlong */
	else if (p[0] == 0xf4)
		high = 0x8f;	/* beyond U+10FFFF */
	if (p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++) {
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	}
	return len;
}

/* The code unit of the escape \uXXXX at p, or -1 if there is none. */
static int32_t
escape_unit(const uint8_t *p, size_t left)
{
	int32_t unit = 0;
	size_t i;

	if (left < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		if (p[i] >= '0' && p[i] <= '9')
			unit = unit * 16 + (p[i] - '0');
		else if ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'f')
			unit = unit * 16 + ((p[i] | 0x20) - 'a') + 10;
		else
			return -1;
	}
	return unit;
}

/* The length of the escape at p, or 0 if it is NUL, half a pair or unknown. */
static size_t
escape_length(const uint8_t *p, size_t left)
{
	int32_t low, unit;

	if (left < 2)
		return 0;
	if (p[1] != 'u')
		return p[1] != '\0' && strchr("\"\\/bfnrt", p[1]) != NULL ?
		    2 : 0;
	unit = escape_unit(p, left);
	if (unit <= 0)
		return 0;
	if (unit < 0xd800 || unit > 0xdfff)
		return 6;
	if (unit > 0xdbff)
		return 0;
	low = escape_unit(p + 6, left - 6);
	return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

/* The character of len bytes at p, as its code point. */
static uint32_t
code_point(const uint8_t *p, size_t len)
{
	uint32_t point;
	size_t i;

	point = p[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++)
		point = point << 6 | (p[i] & 0x3f);
	return point;
}

/* 2 bytes become 6, and 4 become 12. */
char *
jsontext_to_ascii(const uint8_t *p, size_t left, size_t *ret_len)
{
	char *text = malloc(3 * left + 1), *out = text;
	uint32_t point;
	size_t step;

	if (text == NULL)
		return NULL;
	for (; left > 0; p += step, left -= step) {
		step = utf8_length(p, left);
		point = code_point(p, step);
		if (step == 1)
			*out++ = (char)*p;
		else if (point < 0x10000)
			out += snprintf(out, 7, "\\u%04x", point);
		else
			out += snprintf(out, 13, "\\u%04x\\u%04x",
			    0xd800 + ((point - 0x10000) >> 10),
			    0xdc00 + ((point - 0x10000) & 0x3ff));
	}
	*out = '\0';
	*ret_len = (size_t)(out - text);
	return text;
}

/* Looks at every character once. Every colon outside a string stands for one
 * member of an object. */
int
jsontext_scan(const uint8_t *p, size_t left, size_t *ret_members)
{
	bool inside = false;
	size_t members = 0, digits = 0, step;

	for (; left > 0; p += step, left -= step) {
		step = utf8_length(p, left);
		digits = !inside && *p >= '0' && *p <= '9' ? digits + 1 : 0;
		if (digits > DIGITS_MAX)
			return -EBADMSG;
		if (inside && *p == '\\')
			step = escape_length(p, left);
		else if (*p == '"')
			inside = !inside;
		else if (inside && *p < 0x20)
			return -EBADMSG;
		else if (!inside && *p == ':')
			members++;
		else if (!inside && *p == '\0')
			return -EBADMSG;
		if (step == 0)
			return -EBADMSG;
	}
	*ret_members = members;
	return 0;
}
