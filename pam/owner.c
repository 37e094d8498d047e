/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OWNER_OTHERS makes the module step aside, and another one may then let the
 * person in by password. So it is answered only where it is known to be true.
 *
 * MUST: root is never ours. Another account of the same name has precedence.
 * A file that cannot be read leaves only the names of /etc/passwd to others.
 */
#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <security/pam_modutil.h>

#include "common/account_file.h"
#include "common/snapshot.h"
#include "pam/owner.h"

#define LOCAL_PASSWD	"/etc/passwd"
#define PASSWD_LINE_MAX	4096

/* 0 if the file itself lists user, -ENOENT if not, else -errno. NSS is not
 * asked: with a broken snapshot its answer would not tell whose name it is. */
static int
find_local(const char *path, const char *user)
{
	char line[PASSWD_LINE_MAX];
	struct passwd entry;
	FILE *file;
	int r;

	file = fopen(path, "re");
	if (file == NULL)
		return -errno;
	do {
		r = account_file_user(file, &entry, line, sizeof(line));
	} while (r == 0 && strcmp(entry.pw_name, user) != 0);
	(void)fclose(file);
	return r;
}

/* What the system says the name is: files come before us in nsswitch.conf. */
static bool
resolves_to(pam_handle_t *pamh, const char *user, uint32_t uid,
    bool if_unknown)
{
	const struct passwd *entry = pam_modutil_getpwnam(pamh, user);

	return entry == NULL ? if_unknown : entry->pw_uid == uid;
}

static enum owner
decide(pam_handle_t *pamh, const struct snapshot *snapshot, const char *user,
    uint32_t *ret_uid)
{
	struct snapshot_user found;
	int rc;

	rc = snapshot_user_by_name(snapshot, user, &found);
	if (rc == 0) {
		*ret_uid = found.uid;
		return resolves_to(pamh, user, found.uid, true) ?
		    OWNER_OURS : OWNER_OTHERS;
	}
	if (rc != -ENOENT)
		return OWNER_UNDECIDED;

	/* Nobody has the name yet: it is ours if we are the ones who told this
	 * program that it exists, by a uid that is computed from the name. */
	if (snapshot_caller_may_sign_in(snapshot) &&
	    snapshot_sign_in_uid(snapshot, user, ret_uid) == 0 &&
	    resolves_to(pamh, user, *ret_uid, false))
		return OWNER_OURS;
	return OWNER_OTHERS;
}

enum owner
owner_find(pam_handle_t *pamh, const char *path, const char *user,
    struct account *ret_account)
{
	struct snapshot snapshot;
	enum owner owner;
	uint32_t uid = 0;
	int rc;

	if (!name_is_valid(user) || strcmp(user, "root") == 0)
		return OWNER_OTHERS;
	/* An account that an admin made by hand to get somebody in again may
	 * have the very uid that the snapshot still gives her. */
	if (find_local(LOCAL_PASSWD, user) == 0)
		return OWNER_OTHERS;
	rc = snapshot_map(path, &snapshot);
	if (rc == -ENOENT)
		return OWNER_OTHERS;
	if (rc < 0)
		return OWNER_UNDECIDED;
	owner = decide(pamh, &snapshot, user, &uid);
	if (owner == OWNER_OURS) {
		memcpy(ret_account->user, user, strlen(user) + 1);
		ret_account->uid = uid;
		ret_account->daemon = snapshot.owner;
	}
	snapshot_unmap(&snapshot);
	return owner;
}
