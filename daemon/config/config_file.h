/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configuration files as lines: only files that nobody but root and the daemon
 * can change are read, and libinih stays behind this header.
 */
#ifndef DAEMON_CONFIG_CONFIG_FILE_H
#define DAEMON_CONFIG_CONFIG_FILE_H

#include <sys/types.h>

#include "common/attr.h"
#include "daemon/config/config_value.h"

/* Permissions that such a file must not have. */
#define CONFIG_FILE_PUBLIC	0022
#define CONFIG_FILE_SECRET	0027

/* Open path for reading: a regular file of root or of the running user with
 * none of the permissions in forbidden. 0 and a CLOEXEC fd, or -errno with
 * place->error; -ENOENT if there is no such file. */
int	config_file_open(const struct config_place *place, const char *path,
	    mode_t forbidden, int *ret_fd) MUST_USE;

/* The path that name means in the file of place, the caller's to free: name
 * itself if it is absolute, else beside that file. NULL for want of memory. */
char	*config_file_beside(const struct config_place *place,
	    const char *name) MUST_USE;

/* Told of each section header (key and value are NULL) and of each key, in
 * order. Anything but 0 ends the reading and is passed up. */
typedef int config_entry_fn(void *arg, const struct config_place *place,
	    const char *section, const char *key, const char *value);

/* Read path line by line. 0, or -errno with a sentence in error. */
int	config_file_read(const char *path, config_entry_fn *entry, void *arg,
	    char error[CONFIG_ERROR_MAX]) MUST_USE;

#endif
