/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in the format of passwd(5) and group(5), line by line, without NSS.
 */
#ifndef COMMON_ACCOUNT_FILE_H
#define COMMON_ACCOUNT_FILE_H

#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>

#include "common/attr.h"

/* Read the next user or group of stream; its name and its members are in the
 * size bytes at buf, other texts may not be set. 0; -ENOENT at the end; -ERANGE
 * if buf is too small, and then stream may be behind the line; or another
 * -errno. */
int	account_file_user(FILE *stream, struct passwd *ret_user, char *buf,
	    size_t size) MUST_USE;
int	account_file_group(FILE *stream, struct group *ret_group, char *buf,
	    size_t size) MUST_USE;

#endif
