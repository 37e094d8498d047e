/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See trouble.h. An error of the disk alone tells an admin nothing that she
 * can do.
 */
#include <errno.h>
#include <string.h>

#include "daemon/trouble.h"

const char *
trouble_say(int error)
{
	switch (-error) {
	case ENOSPC:
	case EDQUOT:
		return "the disk is full; free some space there, nothing was "
		    "lost";
	case EROFS:
		return "the file system is read-only; see dmesg(1) for the "
		    "cause and mount it for writing, nothing was lost";
	case EIO:
		return "the disk cannot be read or written; see dmesg(1)";
	case EACCES:
	case EPERM:
		return "permission denied; the directory and all in it must "
		    "belong to the user hostpass";
	case EUCLEAN:
		return "it is damaged, or not a store of hostpass; do not "
		    "delete it, people's uids are in it; see A DAMAGED STORE "
		    "in hostpassd(8)";
	case EPROTONOSUPPORT:
		return "a newer version of hostpass wrote it; install that "
		    "version again";
	default:
		return strerror(-error);
	}
}

bool
trouble_lets_go_on(int error)
{
	return error == -ENOSPC || error == -EDQUOT || error == -EROFS ||
	    error == -EUCLEAN;
}

enum reason
trouble_reason(int error)
{
	switch (-error) {
	case ENOSPC:
	case EDQUOT:
		return REASON_DISK_FULL;
	case EROFS:
		return REASON_DISK_READ_ONLY;
	case EUCLEAN:
		return REASON_STORE_DAMAGED;
	case EEXIST:
		return REASON_ID_COLLISION;
	default:
		return REASON_INTERNAL;
	}
}
