/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the daemon gets its socket and loses its privileges.
 */
#ifndef DAEMON_SERVER_LISTEN_H
#define DAEMON_SERVER_LISTEN_H

#include "common/attr.h"
#include "daemon/local/localfiles.h"

/* What systemd calls the file that the daemon before this one gave it. */
#define LISTEN_KEPT	"sign-ins"

/* The socket that systemd passes, or one made at path, whose directory is made
 * if it is missing and must be one that only root can write. Returns a
 * listening fd, or -errno: -EPERM if the directory is not such a one.
 * *ret_kept is the file LISTEN_KEPT, which is the caller's, or -1. */
int	listen_open(const char *path, int *ret_kept) MUST_USE;

/* Give up root for the user of this name in files, if we are root: directory
 * is made hers first. 0; -ENOENT if there is no such user, -EEXIST if it, or
 * who we are, is somebody who can log in; another -errno. */
int	listen_drop_privileges(const struct localfiles *files,
	    const char *user, const char *directory) MUST_USE;

#endif
