/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST accept only what can mean one thing to everybody who reads it later:
 * login, sshd, shells, and people.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/config/passwd_field.h"

#define ALPHANUMERIC \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

bool
path_is_plain(const char *path)
{
	const char *part = path;
	size_t len;

	if (*path != '/' || strlen(path) > SNAPSHOT_STRING_MAX ||
	    path[strspn(path, ALPHANUMERIC "/_.+@-")] != '\0')
		return false;
	while (*part == '/') {
		part++;
		len = strcspn(part, "/");
		if (len == 0 || (len == 1 && part[0] == '.') ||
		    (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		part += len;
	}
	return true;
}

/* Six bits, or -1. */
static int
base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c == '\0' ? NULL : strchr(digits, c);

	return found == NULL ? -1 : (int)(found - digits);
}

/* Are these len characters base64 with its padding (RFC 4648 4)? The bytes
 * that fit go to buf. */
static bool
decode(const char *text, size_t len, unsigned char *buf, size_t size)
{
	size_t pad = 0, used = 0, i;
	uint32_t bits = 0;
	int value;

	while (pad < 2 && len > pad && text[len - 1 - pad] == '=')
		pad++;
	if (len % 4 != 0)
		return false;
	for (i = 0; i < len - pad; i++) {
		value = base64_value(text[i]);
		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4 != 0 && used < size)
			buf[used++] = (unsigned char)(bits >>
			    (6 - 2 * (i % 4)));
	}
	return true;
}

/* A key starts with its type: a length of four bytes, and the letters. */
static bool
names_type(const char *text, size_t len, const char *type)
{
	unsigned char head[4 + 64];
	size_t type_len = strlen(type);

	if (len / 4 * 3 < 4 + type_len + 4 || type_len > sizeof(head) - 4)
		return false;
	return decode(text, len, head, sizeof(head)) && head[0] == 0 &&
	    head[1] == 0 && head[2] == 0 && head[3] == type_len &&
	    memcmp(head + 4, type, type_len) == 0;
}

bool
ssh_key_is_plain(const char *line)
{
	static const char *const types[] = {
		"ssh-ed25519", "sk-ssh-ed25519@openssh.com",
		"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
		"ecdsa-sha2-nistp521",
		"sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa",
	};
	size_t len = strcspn(line, " "), i;
	const char *key;

	if (strlen(line) > SSH_KEY_MAX || !text_is_plain(line) ||
	    line[len] != ' ')
		return false;
	key = line + len + 1;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strlen(types[i]) == len &&
		    memcmp(types[i], line, len) == 0)
			return names_type(key, strcspn(key, " "), types[i]);
	}
	return false;
}
