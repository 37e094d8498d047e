/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sd-daemon(3) and sd-login(3). Without libsystemd (--without-systemd, where
 * there is none for the C library) they are what they say where systemd starts
 * nothing: no socket was passed on, nobody waits for a word, no session is
 * known.
 */
#ifndef DAEMON_SYSTEMD_H
#define DAEMON_SYSTEMD_H

#ifdef HAVE_LIBSYSTEMD
#include <systemd/sd-daemon.h>
#include <systemd/sd-login.h>
#else
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/attr.h"

#define SD_LISTEN_FDS_START	3

static inline int
sd_listen_fds_with_names(int unset_environment UNUSED, char ***names UNUSED)
{
	return 0;
}

static inline int
sd_is_socket_unix(int fd UNUSED, int type UNUSED, int listening UNUSED,
    const char *path UNUSED, size_t length UNUSED)
{
	return 0;
}

static inline int
sd_watchdog_enabled(int unset_environment UNUSED, uint64_t *usec UNUSED)
{
	return 0;
}

static inline int
sd_pid_notify_with_fds(pid_t pid UNUSED, int unset_environment UNUSED,
    const char *state UNUSED, const int *fds UNUSED, unsigned count UNUSED)
{
	return 0;
}

static inline int
sd_notify(int unset_environment UNUSED, const char *state UNUSED)
{
	return 0;
}

static inline int
sd_pid_get_session(pid_t pid UNUSED, char **session UNUSED)
{
	return -ENODATA;
}

static inline int
sd_pid_get_owner_uid(pid_t pid UNUSED, uid_t *uid UNUSED)
{
	return -ENODATA;
}

static inline int
sd_session_is_remote(const char *session UNUSED)
{
	return -ENXIO;
}

static inline int
sd_session_is_active(const char *session UNUSED)
{
	return -ENXIO;
}

static inline int
sd_session_get_seat(const char *session UNUSED, char **seat UNUSED)
{
	return -ENODATA;
}

static inline int
sd_uid_get_sessions(uid_t uid UNUSED, int active UNUSED,
    char ***sessions UNUSED)
{
	return 0;
}
#endif

#endif
