/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entry points of libnss_hostpass.so.2, as glibc calls them (the manual's
 * chapter on extending NSS). Common to all:
 *
 * - NOTFOUND sets *errnop to ENOENT. TRYAGAIN sets it to ERANGE and means that
 *   the buffer is too small, or to ENOMEM (initgroups alone). UNAVAIL sets it
 *   to ENOENT: no snapshot, or a damaged one. errno is untouched on SUCCESS.
 * - All that a result points to lies in the caller's buffer.
 * - Any number of threads may call at once, and a child after fork.
 */
#ifndef NSS_NSS_HOSTPASS_H
#define NSS_NSS_HOSTPASS_H

#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stddef.h>

#include "common/attr.h"
#include "common/snapshot_cache.h"

/* The one variable of the module, apart from the places of enumerations. */
extern struct snapshot_cache nss_snapshot;

EXPORTED enum nss_status _nss_hostpass_getpwnam_r(const char *name,
	    struct passwd *pwd, char *buf, size_t size, int *errnop);
EXPORTED enum nss_status _nss_hostpass_getpwuid_r(uid_t uid,
	    struct passwd *pwd, char *buf, size_t size, int *errnop);
EXPORTED enum nss_status _nss_hostpass_setpwent(int stayopen);
EXPORTED enum nss_status _nss_hostpass_getpwent_r(struct passwd *pwd,
	    char *buf, size_t size, int *errnop);
EXPORTED enum nss_status _nss_hostpass_endpwent(void);

EXPORTED enum nss_status _nss_hostpass_getgrnam_r(const char *name,
	    struct group *grp, char *buf, size_t size, int *errnop);
EXPORTED enum nss_status _nss_hostpass_getgrgid_r(gid_t gid,
	    struct group *grp, char *buf, size_t size, int *errnop);
EXPORTED enum nss_status _nss_hostpass_setgrent(int stayopen);
EXPORTED enum nss_status _nss_hostpass_getgrent_r(struct group *grp,
	    char *buf, size_t size, int *errnop);
EXPORTED enum nss_status _nss_hostpass_endgrent(void);

/* *start and *size count the elements of *groupsp, which is reallocated as
 * needed; limit is the most it may hold, or not positive for no limit. */
EXPORTED enum nss_status _nss_hostpass_initgroups_dyn(const char *user,
	    gid_t group, long *start, long *size, gid_t **groupsp, long limit,
	    int *errnop);

#endif
