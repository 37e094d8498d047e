/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fingerprint stands for exactly one public key: the SHA-256 of its blob
 * (RFC 4253 6.6).
 *
 * MUST not take a certificate for a key: what it certifies ends by itself, and
 *	the next one may be somebody else's.
 * MUST give nothing where it is not clear which key is meant.
 */
#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/fingerprint.h"

#define METHOD		"publickey "
#define BLANKS		" \n"
#define DIGEST_SIZE	32

/* A piece of a line, not terminated. */
struct word {
	const char	*text;
	size_t		 len;
};

static struct word
next_word(const char **p)
{
	struct word word = { *p + strspn(*p, " "), 0 };

	word.len = strcspn(word.text, BLANKS);
	*p = word.text + word.len;
	return word;
}

/* What follows the method in the only line of publickey; NULL if there is
 * none, or another. */
static const char *
find_key(const char *info)
{
	const char *line = info, *found = NULL;

	while (line != NULL && *line != '\0') {
		if (strncmp(line, METHOD, sizeof(METHOD) - 1) == 0) {
			if (found != NULL)
				return NULL;
			found = line + sizeof(METHOD) - 1;
		}
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	return found;
}

/* Does the blob begin with its type, as the line says it? RFC 4251 5: a string
 * is a length of 32 bits, the highest first, and its bytes. */
static bool
has_type(const uint8_t *blob, size_t len, const struct word *type)
{
	size_t said;

	if (len < 4)
		return false;
	said = (size_t)blob[0] << 24 | (size_t)blob[1] << 16 |
	    (size_t)blob[2] << 8 | blob[3];
	return said == type->len && said < len - 4 &&
	    memcmp(blob + 4, type->text, said) == 0;
}

static bool
is_certificate(const struct word *type)
{
	return memmem(type->text, type->len, "-cert-", 6) != NULL;
}

/* The blob, to be freed, or NULL. */
static uint8_t *
decode(const struct word *base64, size_t *ret_len)
{
	uint8_t *blob;
	size_t pad = 0;
	int len;

	while (pad < 2 && pad < base64->len &&
	    base64->text[base64->len - 1 - pad] == '=')
		pad++;
	if (base64->len < 4 || base64->len % 4 != 0)
		return NULL;
	blob = malloc(base64->len);
	if (blob == NULL)
		return NULL;
	len = EVP_DecodeBlock(blob, (const unsigned char *)base64->text,
	    (int)base64->len);
	if (len < 0) {
		free(blob);
		return NULL;
	}
	*ret_len = (size_t)len - pad;
	return blob;
}

static int
digest(const uint8_t *blob, size_t len, char ret_fingerprint[FINGERPRINT_SIZE])
{
	unsigned char hash[DIGEST_SIZE], text[45];

	if (EVP_Digest(blob, len, hash, NULL, EVP_sha256(), NULL) != 1)
		return -EBADMSG;
	/* 44 characters, of which the last is padding. */
	(void)EVP_EncodeBlock(text, hash, DIGEST_SIZE);
	memcpy(ret_fingerprint, "SHA256:", 7);
	memcpy(ret_fingerprint + 7, text, 43);
	ret_fingerprint[FINGERPRINT_SIZE - 1] = '\0';
	return 0;
}

int
fingerprint_of_auth_info(const char *info,
    char ret_fingerprint[FINGERPRINT_SIZE])
{
	const char *p = find_key(info);
	struct word type, base64;
	uint8_t *blob;
	size_t len = 0;
	int r = -EBADMSG;

	if (p == NULL)
		return -ENOENT;
	type = next_word(&p);
	base64 = next_word(&p);
	if (is_certificate(&type))
		return -ENOTSUP;
	blob = decode(&base64, &len);
	if (blob == NULL)
		return -EBADMSG;
	if (has_type(blob, len, &type))
		r = digest(blob, len, ret_fingerprint);
	free(blob);
	return r;
}
