/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * passwd: users of the snapshot, and for login programs those who are about to
 * sign in for the first time (design D2). By name only: a uid that nobody has
 * been bound to belongs to nobody.
 */
#include <errno.h>

#include "common/names.h"
#include "nss/nss_pack.h"

static struct nss_place place;

static int
find_by_name(const struct snapshot *map, const char *name, struct passwd *pwd,
    char *buf, size_t size)
{
	struct snapshot_user user;
	int r;

	r = snapshot_user_by_name(map, name, &user);
	if (r == -ENOENT && snapshot_caller_may_sign_in(map))
		r = snapshot_sign_in_user(map, name, buf, size, &user);
	if (r < 0)
		return r;
	return nss_pack_user(&user, pwd, buf, size);
}

enum nss_status
_nss_hostpass_getpwnam_r(const char *name, struct passwd *pwd, char *buf,
    size_t size, int *errnop)
{
	struct snapshot_reader reader;
	int r;

	/* Before anything else: most names that reach us are not ours. */
	if (!name_is_valid(name))
		return nss_result(-ENOENT, errnop);
	if (snapshot_cache_acquire(&nss_snapshot, &reader) < 0)
		return nss_unavailable(errnop);
	r = find_by_name(&reader.map, name, pwd, buf, size);
	snapshot_cache_release(&reader);
	return nss_result(r, errnop);
}

enum nss_status
_nss_hostpass_getpwuid_r(uid_t uid, struct passwd *pwd, char *buf, size_t size,
    int *errnop)
{
	struct snapshot_reader reader;
	struct snapshot_user user;
	int r;

	if (!id_is_allowed(uid))
		return nss_result(-ENOENT, errnop);
	if (snapshot_cache_acquire(&nss_snapshot, &reader) < 0)
		return nss_unavailable(errnop);
	r = snapshot_user_by_uid(&reader.map, uid, &user);
	if (r == 0)
		r = nss_pack_user(&user, pwd, buf, size);
	snapshot_cache_release(&reader);
	return nss_result(r, errnop);
}

enum nss_status
_nss_hostpass_setpwent(int stayopen UNUSED)
{
	nss_place_reset(&place);
	return NSS_STATUS_SUCCESS;
}

static int
next_user(const struct snapshot *map, struct passwd *pwd, char *buf,
    size_t size)
{
	struct snapshot_user user;
	uint32_t index;
	int r;

	if ((snapshot_flags(map) & SNAPSHOT_ENUMERATE) == 0)
		return -ENOENT;
	do {
		index = nss_place_get(&place);
		r = snapshot_user_at(map, index, &user);
		if (r == 0)
			r = nss_pack_user(&user, pwd, buf, size);
		if (r < 0)
			return r;
	} while (!nss_place_advance(&place, index));
	return 0;
}

enum nss_status
_nss_hostpass_getpwent_r(struct passwd *pwd, char *buf, size_t size,
    int *errnop)
{
	struct snapshot_reader reader;
	int r;

	if (snapshot_cache_acquire(&nss_snapshot, &reader) < 0)
		return nss_unavailable(errnop);
	r = next_user(&reader.map, pwd, buf, size);
	snapshot_cache_release(&reader);
	return nss_result(r, errnop);
}

enum nss_status
_nss_hostpass_endpwent(void)
{
	nss_place_reset(&place);
	return NSS_STATUS_SUCCESS;
}
