/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may stand in an account when somebody else wrote it: paths, and keys of
 * ssh. Pure.
 */
#ifndef DAEMON_CONFIG_PASSWD_FIELD_H
#define DAEMON_CONFIG_PASSWD_FIELD_H

#include <stdbool.h>

#include "common/attr.h"

/* Longest line of authorized_keys that is taken from a claim; RSA keys of
 * 16384 bits have less. */
#define SSH_KEY_MAX	4096

/* True for an absolute path of letters, digits and /_.+@- as the shells of
 * shells(5) and homes are: no "..", no empty part, no '/' at its end, and at
 * most SNAPSHOT_STRING_MAX bytes. */
bool	path_is_plain(const char *path);

/* True for one public key as a line of authorized_keys: "TYPE BASE64
 * [COMMENT]" of a type that OpenSSH knows, which the key itself names too (RFC
 * 4253 6.6). Options before the key, such as command= or cert-authority, are
 * refused, and so are certificates and DSA. */
bool	ssh_key_is_plain(const char *line);

#endif
