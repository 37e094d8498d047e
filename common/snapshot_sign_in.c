/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A first login needs no account (design D2): for a login program that runs as
 * root, a name that nobody has yet is a user whose uid is computed. This grants
 * nothing; it lets the program go on to ask PAM.
 *
 * MUST: never answer for root, for a name or an id that is anybody's or was,
 * nor outside of the ids that id_is_allowed() lets through. MUST NOT store or
 * ask anything. When in doubt, there is no such user.
 */
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "common/names.h"
#include "common/snapshot_index.h"

/* What the kernel appends once the program was replaced by an upgrade. */
static const char deleted[] = " (deleted)";

bool
snapshot_has_caller(const struct snapshot *s, const char *base)
{
	return snapshot_find_string(s, SNAPSHOT_CALLERS, base) == 0;
}

/* The path of the program that this process runs, cut off if it is longer. */
static ssize_t
read_program(char *path, size_t size)
{
	ssize_t length;
	int saved = errno;

	length = readlink("/proc/self/exe", path, size - 1);
	errno = saved;
	if (length < 0)
		return length;
	path[length] = '\0';
	return length;
}

static bool
program_is_caller(const struct snapshot *s)
{
	char path[PATH_MAX + sizeof(deleted)];
	const size_t suffix = sizeof(deleted) - 1;
	const char *slash;
	ssize_t length;

	length = read_program(path, sizeof(path));
	if (length < 0)
		return false;
	if ((size_t)length > suffix &&
	    strcmp(path + length - suffix, deleted) == 0)
		path[(size_t)length - suffix] = '\0';
	slash = strrchr(path, '/');
	return slash != NULL && snapshot_has_caller(s, slash + 1);
}

bool
snapshot_caller_may_sign_in(const struct snapshot *s)
{
	return (snapshot_flags(s) & SNAPSHOT_SIGN_IN) != 0 &&
	    geteuid() == 0 && program_is_caller(s);
}

/* 0 if a search ended with -ENOENT, -ENOENT if it found something. */
static int
absent(int r)
{
	if (r == -ENOENT)
		return 0;
	return r == 0 ? -ENOENT : r;
}

static int
check_name(const struct snapshot *s, const char *name)
{
	struct snapshot_group group;
	struct snapshot_user user;
	int r;

	if (!name_is_valid(name) || strcmp(name, "root") == 0)
		return -ENOENT;
	r = absent(snapshot_user_by_name(s, name, &user));
	/* Her own group would have the name of another one. */
	if (r == 0)
		r = absent(snapshot_group_by_name(s, name, &group));
	if (r < 0)
		return r;
	return absent(snapshot_find_string(s, SNAPSHOT_LOCAL_NAMES, name));
}

static int
check_id(const struct snapshot *s, uint32_t id)
{
	static const enum snapshot_section_id sections[] = {
		SNAPSHOT_USER_IDS, SNAPSHOT_GROUP_IDS, SNAPSHOT_TAKEN_IDS,
	};
	uint32_t value;
	size_t i;
	int r;

	if (!id_is_allowed(id))
		return -ENOENT;
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		r = absent(snapshot_find_id(s, sections[i], id, &value));
		if (r < 0)
			return r;
	}
	return 0;
}

int
snapshot_sign_in_uid(const struct snapshot *s, const char *name,
    uint32_t *ret_uid)
{
	const struct snapshot_header *header = (const void *)s->data;
	uint32_t size, uid;
	int r;

	size = le32toh(header->range_size);
	if ((snapshot_flags(s) & SNAPSHOT_SIGN_IN) == 0 || size == 0)
		return -ENOENT;
	r = check_name(s, name);
	if (r < 0)
		return r;
	uid = snapshot_computed_id(le64toh(header->issuer_seed), name,
	    le32toh(header->range_start), size);
	r = check_id(s, uid);
	if (r < 0)
		return r;
	*ret_uid = uid;
	return 0;
}

/* Copy text with its NUL to the used bytes of buf. */
static int
append(char *buf, size_t size, size_t *used, const char *text)
{
	size_t need = strlen(text) + 1;

	if (need > size - *used)
		return -ERANGE;
	memcpy(buf + *used, text, need);
	*used += need;
	return 0;
}

int
snapshot_sign_in_user(const struct snapshot *s, const char *name, char *buf,
    size_t size, struct snapshot_user *ret_user)
{
	struct snapshot_user user = { .name = buf };
	const char *home, *shell;
	size_t length, used = 0;
	int r;

	if ((r = snapshot_sign_in_uid(s, name, &user.uid)) < 0 ||
	    (r = snapshot_text(s, SNAPSHOT_HOME, &home)) < 0 ||
	    (r = snapshot_text(s, SNAPSHOT_SHELL, &shell)) < 0 ||
	    (r = append(buf, size, &used, name)) < 0)
		return r;
	user.gid = user.uid;
	user.gecos = buf + used;
	r = append(buf, size, &used, name);
	if (r < 0)
		return r;
	user.home = buf + used;
	r = snapshot_expand_home(home, name, buf + used, size - used, &length);
	if (r < 0)
		return r;
	used += length + 1;
	user.shell = buf + used;
	r = append(buf, size, &used, shell);
	if (r < 0)
		return r;
	user.strings_size = used;
	*ret_user = user;
	return 0;
}

int
snapshot_expand_home(const char *pattern, const char *name, char *buf,
    size_t size, size_t *ret_length)
{
	size_t length = strlen(name), used = 0;

	for (; *pattern != '\0'; pattern++) {
		if (pattern[0] == '%' && pattern[1] == 'u') {
			if (length >= size - used)
				return -ERANGE;
			memcpy(buf + used, name, length);
			used += length;
			pattern++;
		} else {
			if (size - used <= 1)
				return -ERANGE;
			buf[used++] = *pattern;
		}
	}
	if (size - used < 1)
		return -ERANGE;
	buf[used] = '\0';
	*ret_length = used;
	return 0;
}
