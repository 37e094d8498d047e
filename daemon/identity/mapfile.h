/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The static map file ([identity] map_file): who gets which uid and gid when
 * she signs in for the first time. See common/map_line.h for its lines.
 */
#ifndef DAEMON_IDENTITY_MAPFILE_H
#define DAEMON_IDENTITY_MAPFILE_H

#include <stdbool.h>

#include "common/attr.h"
#include "common/map_line.h"
#include "daemon/config/config.h"

struct mapfile;

/* Read path, which must be writable by nobody but root and the daemon. 0 and a
 * map that must be freed, or -errno with a sentence in error that names the
 * file and the line: a line that is wrong, somebody who has two lines, or an
 * id that two have. */
int	mapfile_load(const char *path, struct mapfile **ret_map,
	    char error[CONFIG_ERROR_MAX]) MUST_USE;

/* True if the file changed since it was read, or can no longer be told. */
bool	mapfile_changed(const struct mapfile *map);

/* map may be NULL, here and below: nobody is in it. */
void	mapfile_free(struct mapfile *map);

/* The line of the subject, which may be NULL, or else that of the name; NULL if
 * there is none. It belongs to map. */
const struct map_line *mapfile_find(const struct mapfile *map,
	    const char *subject, const char *name);

#endif
