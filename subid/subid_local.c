/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Read on each call, as newuidmap itself would: these programs ask once, and
 * end.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "subid/subid_local.h"
#include "subid/subid_paths.h"

/* Room for any line of passwd that a sane host has. */
#define PASSWD_SIZE	65536

int
subid_local_walk(enum subid_type type, subid_local_fn *each, void *arg)
{
	const char *path;
	struct subid_line parsed;
	char *line = NULL;
	size_t size = 0;
	FILE *stream;
	int r = 0;

	if (type != SUBID_TYPE_UID && type != SUBID_TYPE_GID)
		return -EINVAL;
	path = type == SUBID_TYPE_UID ? subid_subuid : subid_subgid;
	stream = fopen(path, "re");
	if (stream == NULL)
		return errno == ENOENT ? 0 : -errno;
	while (r == 0 && getline(&line, &size, stream) > 0) {
		if (subid_line_parse(line, &parsed))
			r = each(arg, &parsed);
	}
	free(line);
	(void)fclose(stream);
	return r;
}

int
subid_local_uid(const char *name, uid_t *ret_uid)
{
	struct passwd pwd, *found = NULL;
	char *buf;
	int error;

	buf = malloc(PASSWD_SIZE);
	if (buf == NULL)
		return -ENOMEM;
	error = getpwnam_r(name, &pwd, buf, PASSWD_SIZE, &found);
	if (found != NULL)
		*ret_uid = pwd.pw_uid;
	free(buf);
	if (found != NULL)
		return 0;
	return error == 0 ? -ENOENT : -error;
}

int
subid_local_owner(const char *owner, uid_t *ret_uid)
{
	uint64_t uid = 0;
	const char *p;

	if (owner[strspn(owner, "0123456789")] != '\0')
		return subid_local_uid(owner, ret_uid);
	for (p = owner; *p != '\0'; p++) {
		uid = uid * 10 + (uint64_t)(*p - '0');
		if (uid >= UINT32_MAX)
			return -ENOENT;
	}
	*ret_uid = (uid_t)uid;
	return 0;
}
