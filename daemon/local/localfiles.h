/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What /etc/passwd and /etc/group say, read as files: the daemon never asks
 * NSS, which would ask the daemon's own module.
 */
#ifndef DAEMON_LOCAL_LOCALFILES_H
#define DAEMON_LOCAL_LOCALFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/local/localrules.h"

struct localfiles;

/* Read both files. 0 or -errno; the result must be freed. */
int	localfiles_load(const char *passwd, const char *group,
	    struct localfiles **ret_files) MUST_USE;

/* What other files of the host say; nothing until they are read there. It
 * belongs to files. */
struct localrules *localfiles_rules(struct localfiles *files);

/* Does nsswitch.conf have our members merged into groups of /etc/group? */
bool	localfiles_merges(const struct localfiles *files);

/* All ranges of subuid and subgid, in no order. They belong to files. */
const struct local_range *localfiles_subids(const struct localfiles *files,
	    size_t *ret_count);

/* True if subuid or subgid could not be read: then those are not all. */
bool	localfiles_subids_unread(const struct localfiles *files);

/* True if a file changed since it was read (or can no longer be told). */
bool	localfiles_changed(const struct localfiles *files);

void	localfiles_free(struct localfiles *files);

/* Is the name or id one of the host's own? */
bool	localfiles_has_user(const struct localfiles *files, const char *name);
bool	localfiles_has_uid(const struct localfiles *files, uint32_t uid);
bool	localfiles_has_group(const struct localfiles *files, const char *name);
bool	localfiles_has_gid(const struct localfiles *files, uint32_t gid);

/* True if name or id, of a person and of her own group, is the host's own:
 * then she is nobody here, whatever the store says. */
bool	localfiles_claim(const struct localfiles *files, const char *name,
	    uint32_t id);

/* The local user or group that has this uid or gid, or has it as primary
 * group; NULL if there is none. It belongs to files. */
const char *localfiles_id_owner(const struct localfiles *files, uint32_t id);

/* The gid of a local group: 0, or -ENOENT. */
int	localfiles_gid(const struct localfiles *files, const char *name,
	    uint32_t *ret_gid) MUST_USE;

/* Does the line of this local group name this user? Not by primary group. */
bool	localfiles_is_member(const struct localfiles *files,
	    const char *group, const char *user);

/* The uid and gid of a local user: 0, or -ENOENT. */
int	localfiles_user(const struct localfiles *files, const char *name,
	    uint32_t *ret_uid, uint32_t *ret_gid) MUST_USE;

/* All user names, and all uids and gids, for the snapshot. They belong to
 * files and live as long. */
const char *const *localfiles_user_names(const struct localfiles *files,
	    size_t *ret_count);
const uint32_t *localfiles_ids(const struct localfiles *files,
	    size_t *ret_count);

#endif
