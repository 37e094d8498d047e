/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pure functions without locale, memory or state: they answer the same in
 * every process of the host.
 */
#include <limits.h>
#include <string.h>

#include "common/names.h"

struct range {
	uint32_t	first;
	uint32_t	last;
};

/* Ids that something else on the host hands out or that mean "nobody". */
static const struct range reserved_ids[] = {
	{ 0, ID_FLOOR - 1 },
	{ 61184, 65519 },		/* systemd, DynamicUser= */
	{ 65534, 65535 },		/* nobody; (uid_t)-1 of 16 bits */
	{ 524288, 1879048191 },		/* systemd-nspawn */
	{ UINT32_MAX, UINT32_MAX },	/* (uid_t)-1 */
};

/* Characters that a terminal obeys, or that hide or reorder others. */
static const struct range active_characters[] = {
	{ 0x00, 0x1f },			/* C0 */
	{ 0x7f, 0x9f },			/* DEL, C1 */
	{ 0xad, 0xad },			/* soft hyphen */
	{ 0x61c, 0x61c },		/* Arabic letter mark */
	{ 0x180e, 0x180e },		/* Mongolian vowel separator */
	{ 0x200b, 0x200f },		/* zero width, direction marks */
	{ 0x2028, 0x202e },		/* line breaks, embeddings, overrides */
	{ 0x2060, 0x206f },		/* joiners, isolates */
	{ 0xfeff, 0xfeff },		/* byte order mark */
	{ 0xfff9, 0xfffb },		/* interlinear annotation */
	{ 0xe0000, 0xe007f },		/* tags */
};

#define RANGES(table)	(table), sizeof(table) / sizeof((table)[0])

static bool
is_in(const struct range *ranges, size_t count, uint32_t value)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (value >= ranges[i].first && value <= ranges[i].last)
			return true;
	}
	return false;
}

#define FIRST	1	/* may start a name */
#define OTHER	2	/* may follow */

/* A table, because this runs in each lookup and no branch predictor can learn
 * what names are made of. */
static const unsigned char name_characters[UCHAR_MAX + 1] = {
	['a' ... 'z'] = FIRST | OTHER,
	['_'] = FIRST | OTHER,
	['0' ... '9'] = OTHER,
	['.'] = OTHER,
	['-'] = OTHER,
};

static bool
is_character(char c, unsigned char kind)
{
	return (name_characters[(unsigned char)c] & kind) != 0;
}

bool
name_is_valid(const char *name)
{
	size_t i;

	if (name == NULL || !is_character(name[0], FIRST))
		return false;
	for (i = 1; i < NAME_LIMIT && is_character(name[i], OTHER); i++)
		;
	return name[i] == '\0';
}

bool
id_is_allowed(uint32_t id)
{
	return !is_in(RANGES(reserved_ids), id);
}

bool
gid_may_be_extended(uint32_t gid)
{
	return gid != 0 && (gid < ID_FLOOR || id_is_allowed(gid));
}

/*
 * Decode one character (RFC 3629): its length, or 0 if the bytes at p are not
 * one. Stops at a NUL, which continues nothing.
 */
static size_t
decode_utf8(const unsigned char *p, uint32_t *ret_character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t length, i;

	if (p[0] < 0x80)
		length = 1, c = p[0];
	else if (p[0] >= 0xc0 && p[0] < 0xe0)
		length = 2, c = p[0] & 0x1fu;
	else if (p[0] >= 0xe0 && p[0] < 0xf0)
		length = 3, c = p[0] & 0x0fu;
	else if (p[0] >= 0xf0 && p[0] < 0xf8)
		length = 4, c = p[0] & 0x07u;
	else
		return 0;
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	/* Longer than needed, half of a UTF-16 pair, or past the end. */
	if (c < least[length] || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return 0;
	*ret_character = c;
	return length;
}

/* The length of the plain character at p; 0 if it is none, and then *ret_skip
 * says how many bytes it takes up. */
static size_t
plain_length(const char *p, size_t *ret_skip)
{
	uint32_t c;
	size_t length;

	length = decode_utf8((const unsigned char *)p, &c);
	if (length > 0 && !is_in(RANGES(active_characters), c))
		return length;
	*ret_skip = length > 0 ? length : 1;
	return 0;
}

bool
text_is_plain(const char *text)
{
	size_t length, skip;

	for (; *text != '\0'; text += length) {
		length = plain_length(text, &skip);
		if (length == 0)
			return false;
	}
	return true;
}

void
text_copy_plain(char *buf, size_t size, const char *text)
{
	size_t length, skip, used = 0;

	if (size == 0)
		return;
	while (*text != '\0') {
		length = plain_length(text, &skip);
		if ((length > 0 ? length : 1) >= size - used)
			break;
		if (length > 0) {
			memcpy(buf + used, text, length);
			used += length;
			text += length;
		} else {
			buf[used++] = '?';
			text += skip;
		}
	}
	buf[used] = '\0';
}
