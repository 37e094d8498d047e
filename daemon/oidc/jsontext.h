/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of a JSON document, before a parser sees it.
 */
#ifndef DAEMON_OIDC_JSONTEXT_H
#define DAEMON_OIDC_JSONTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

/* 0 and the number of members of all objects, which is what the tree must
 * hold; -EBADMSG if the len bytes at p are no UTF-8, hold a control character,
 * an escape that is no character, or a number with too many digits. */
int	jsontext_scan(const uint8_t *p, size_t len,
	    size_t *ret_members) MUST_USE;

/* A copy of a text that jsontext_scan() accepted, in ASCII, with its length. To
 * be freed, and wiped before if the document holds secrets; NULL when memory is
 * short. */
char	*jsontext_to_ascii(const uint8_t *p, size_t len,
	    size_t *ret_len) MUST_USE;

#endif
