/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what the snapshot holds to what glibc wants: results in the caller's
 * buffer, and statuses.
 */
#ifndef NSS_NSS_PACK_H
#define NSS_NSS_PACK_H

#include "nss/nss_hostpass.h"

/* Copy user to buf (which may be where its strings already are) and point pwd
 * there. 0; -ERANGE and pwd untouched if size bytes are too few. */
int	nss_pack_user(const struct snapshot_user *user, struct passwd *pwd,
	    char *buf, size_t size) MUST_USE;

/* The same for a group; -EUCLEAN if its members are not what they say. */
int	nss_pack_group(const struct snapshot_group *group, struct group *grp,
	    char *buf, size_t size) MUST_USE;

/* The status of 0, -ENOENT, -ERANGE, -ENOMEM; of all else, UNAVAIL. */
enum nss_status nss_result(int r, int *errnop);

/* The status if there is no snapshot. */
enum nss_status nss_unavailable(int *errnop);

/*
 * The place of an enumeration: one for the process, as getpwent() wants it.
 * Threads that share it each get another record.
 */
struct nss_place {
	_Atomic uint32_t	next;
};

/* Back to the first record. */
void	nss_place_reset(struct nss_place *place);

/* Look at the place, then move past it once the record there was delivered.
 * False if another thread did that first; then look again. */
uint32_t nss_place_get(struct nss_place *place);
bool	nss_place_advance(struct nss_place *place, uint32_t from);

#endif
