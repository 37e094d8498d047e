/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * group: the groups of the snapshot. A local group that a provider group
 * extends is only there to be merged into what /etc/group says: the daemon
 * publishes it where nsswitch.conf has [SUCCESS=merge], and nowhere else
 * (design D9). It is never enumerated; initgroups has its gid from the user.
 */
#include <errno.h>

#include "common/names.h"
#include "nss/nss_pack.h"

static struct nss_place place;

static int
find_by_name(const struct snapshot *map, const char *name, struct group *grp,
    char *buf, size_t size)
{
	struct snapshot_group group;
	int r;

	r = snapshot_group_by_name(map, name, &group);
	if (r == -ENOENT)
		r = snapshot_local_group_by_name(map, name, &group);
	if (r < 0)
		return r;
	return nss_pack_group(&group, grp, buf, size);
}

static int
find_by_gid(const struct snapshot *map, gid_t gid, struct group *grp,
    char *buf, size_t size)
{
	struct snapshot_group group;
	int r;

	r = snapshot_group_by_gid(map, gid, &group);
	if (r == -ENOENT)
		r = snapshot_local_group_by_gid(map, gid, &group);
	if (r < 0)
		return r;
	return nss_pack_group(&group, grp, buf, size);
}

enum nss_status
_nss_hostpass_getgrnam_r(const char *name, struct group *grp, char *buf,
    size_t size, int *errnop)
{
	struct snapshot_reader reader;
	int r;

	if (!name_is_valid(name))
		return nss_result(-ENOENT, errnop);
	if (snapshot_cache_acquire(&nss_snapshot, &reader) < 0)
		return nss_unavailable(errnop);
	r = find_by_name(&reader.map, name, grp, buf, size);
	snapshot_cache_release(&reader);
	return nss_result(r, errnop);
}

enum nss_status
_nss_hostpass_getgrgid_r(gid_t gid, struct group *grp, char *buf, size_t size,
    int *errnop)
{
	struct snapshot_reader reader;
	int r;

	if (!gid_may_be_extended(gid))
		return nss_result(-ENOENT, errnop);
	if (snapshot_cache_acquire(&nss_snapshot, &reader) < 0)
		return nss_unavailable(errnop);
	r = find_by_gid(&reader.map, gid, grp, buf, size);
	snapshot_cache_release(&reader);
	return nss_result(r, errnop);
}

enum nss_status
_nss_hostpass_setgrent(int stayopen UNUSED)
{
	nss_place_reset(&place);
	return NSS_STATUS_SUCCESS;
}

static int
next_group(const struct snapshot *map, struct group *grp, char *buf,
    size_t size)
{
	struct snapshot_group group;
	uint32_t index;
	int r;

	if ((snapshot_flags(map) & SNAPSHOT_ENUMERATE) == 0)
		return -ENOENT;
	do {
		index = nss_place_get(&place);
		r = snapshot_group_at(map, index, &group);
		if (r == 0)
			r = nss_pack_group(&group, grp, buf, size);
		if (r < 0)
			return r;
	} while (!nss_place_advance(&place, index));
	return 0;
}

enum nss_status
_nss_hostpass_getgrent_r(struct group *grp, char *buf, size_t size,
    int *errnop)
{
	struct snapshot_reader reader;
	int r;

	if (snapshot_cache_acquire(&nss_snapshot, &reader) < 0)
		return nss_unavailable(errnop);
	r = next_group(&reader.map, grp, buf, size);
	snapshot_cache_release(&reader);
	return nss_result(r, errnop);
}

enum nss_status
_nss_hostpass_endgrent(void)
{
	nss_place_reset(&place);
	return NSS_STATUS_SUCCESS;
}
