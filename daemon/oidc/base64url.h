/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base64url without padding (RFC 4648 5, RFC 7515 2), read strictly: there is
 * exactly one text for each sequence of bytes.
 */
#ifndef DAEMON_OIDC_BASE64URL_H
#define DAEMON_OIDC_BASE64URL_H

#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

/* Characters that encode so many bytes, with the NUL. */
#define BASE64URL_SIZE(bytes)	(((bytes) * 4 + 2) / 3 + 1)

/* Encode len bytes into text, which has room for BASE64URL_SIZE(len). */
void	base64url_encode(const uint8_t *buf, size_t len, char *text);

/* Decode text, len into buf. 0 and the number of bytes, -EBADMSG for a
 * character outside the alphabet, padding, or bits that are left over and not
 * zero, -EMSGSIZE if buf is too small. */
int	base64url_decode(const char *text, size_t len, uint8_t *buf,
	    size_t size, size_t *ret_len) MUST_USE;

#endif
