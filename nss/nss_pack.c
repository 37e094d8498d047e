/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing is written past the caller's size bytes, and a result is filled in
 * only when all of it fits.
 *
 * The password is "*": no password matches it, and pam_unix lets an account
 * pass that has it, whereas "x" would send pam_unix to a shadow entry that
 * nobody has.
 */
#include <errno.h>
#include <string.h>

#include "nss/nss_pack.h"

static const char password[] = "*";

int
nss_pack_user(const struct snapshot_user *user, struct passwd *pwd, char *buf,
    size_t size)
{
	if (user->strings_size > size ||
	    sizeof(password) > size - user->strings_size)
		return -ERANGE;
	pwd->pw_gecos = buf + (user->gecos - user->name);
	pwd->pw_dir = buf + (user->home - user->name);
	pwd->pw_shell = buf + (user->shell - user->name);
	/* A user who signs in was made in buf itself. */
	memmove(buf, user->name, user->strings_size);
	pwd->pw_name = buf;
	pwd->pw_passwd = buf + user->strings_size;
	memcpy(pwd->pw_passwd, password, sizeof(password));
	pwd->pw_uid = user->uid;
	pwd->pw_gid = user->gid;
	return 0;
}

/* Fill list with a pointer to each of the names that were copied to names. */
static int
point_to_members(const struct snapshot_group *group, char *names, char **list)
{
	size_t left = group->members_size;
	uint32_t i;

	for (i = 0; i < group->member_count; i++) {
		if (group->member_lengths[i] >= left ||
		    names[group->member_lengths[i]] != '\0')
			return -EUCLEAN;
		list[i] = names;
		names += group->member_lengths[i] + 1;
		left -= group->member_lengths[i] + 1u;
	}
	list[i] = NULL;
	return left == 0 ? 0 : -EUCLEAN;
}

int
nss_pack_group(const struct snapshot_group *group, struct group *grp,
    char *buf, size_t size)
{
	const size_t width = sizeof(*grp->gr_mem);
	uint64_t need, list_size;
	size_t padding;
	char **list, *name, *members;
	int r;

	padding = (width - (uintptr_t)buf % width) % width;
	list_size = ((uint64_t)group->member_count + 1) * width;
	need = padding + list_size + group->name_length + 1 +
	    group->members_size + sizeof(password);
	if (need > size)
		return -ERANGE;
	list = (void *)(buf + padding);
	name = (char *)list + list_size;
	members = name + group->name_length + 1;
	memcpy(name, group->name, group->name_length + 1);
	memcpy(members, group->members, group->members_size);
	r = point_to_members(group, members, list);
	if (r < 0)
		return r;
	grp->gr_passwd = members + group->members_size;
	memcpy(grp->gr_passwd, password, sizeof(password));
	grp->gr_name = name;
	grp->gr_gid = group->gid;
	grp->gr_mem = list;
	return 0;
}

enum nss_status
nss_unavailable(int *errnop)
{
	*errnop = ENOENT;
	return NSS_STATUS_UNAVAIL;
}

enum nss_status
nss_result(int r, int *errnop)
{
	switch (r) {
	case 0:
		return NSS_STATUS_SUCCESS;
	case -ENOENT:
		*errnop = ENOENT;
		return NSS_STATUS_NOTFOUND;
	case -ERANGE:
	case -ENOMEM:
		*errnop = -r;
		return NSS_STATUS_TRYAGAIN;
	default:
		return nss_unavailable(errnop);
	}
}

void
nss_place_reset(struct nss_place *place)
{
	atomic_store(&place->next, 0);
}

uint32_t
nss_place_get(struct nss_place *place)
{
	return atomic_load(&place->next);
}

bool
nss_place_advance(struct nss_place *place, uint32_t from)
{
	return atomic_compare_exchange_strong(&place->next, &from, from + 1);
}
