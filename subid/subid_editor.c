/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By name: all of shadow's that know sub_uid_add() or sub_uid_remove().
 */
#include <stddef.h>
#include <string.h>

#include "subid/subid_editor.h"

bool
subid_is_editor(const char *path)
{
	static const char *const editors[] = {
		"useradd", "userdel", "usermod", "newusers",
	};
	const char *slash;
	size_t i;

	if (path == NULL)
		return false;
	slash = strrchr(path, '/');
	if (slash != NULL)
		path = slash + 1;
	for (i = 0; i < sizeof(editors) / sizeof(editors[0]); i++) {
		if (strcmp(path, editors[i]) == 0)
			return true;
	}
	return false;
}
