/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in the format of passwd(5) and group(5), line by line, without NSS.
 */
#ifndef COMMON_ACCOUNT_FILE_H
#define COMMON_ACCOUNT_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/attr.h"

/* What a line says that matters here. */
struct account_line {
	char		*name;	/* in the caller's buf */
	uint32_t	 id;
	uint32_t	 gid;	/* of a user: the primary group */
};

/* Read the next user or group of stream with the help of size bytes at buf,
 * which the name then is in. 0; -ENOENT at the end; -ERANGE if buf is too small
 * (stream is then anywhere in the line), or another -errno. */
int	account_file_user(FILE *stream, char *buf, size_t size,
	    struct account_line *ret_line) MUST_USE;
int	account_file_group(FILE *stream, char *buf, size_t size,
	    struct account_line *ret_line) MUST_USE;

#endif
