/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The C library takes the lines apart. Where it does so only in memory of its
 * own (musl), threads that come here wait for each other.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "common/account_file.h"

#ifdef HAVE_FGETPWENT_R
int
account_file_user(FILE *stream, struct passwd *ret_user, char *buf,
    size_t size)
{
	struct passwd *found;

	return -fgetpwent_r(stream, ret_user, buf, size, &found);
}

int
account_file_group(FILE *stream, struct group *ret_group, char *buf,
    size_t size)
{
	struct group *found;

	return -fgetgrent_r(stream, ret_group, buf, size, &found);
}
#else
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Move text to buf, of which used bytes are taken. NULL if it does not fit. */
static char *
move(const char *text, char *buf, size_t size, size_t *used)
{
	size_t need = strlen(text) + 1;
	char *to = buf + *used;

	if (need > size - *used)
		return NULL;
	memcpy(to, text, need);
	*used += need;
	return to;
}

static int
copy_user(const struct passwd *found, struct passwd *ret_user, char *buf,
    size_t size)
{
	struct passwd user = { .pw_uid = found->pw_uid,
	    .pw_gid = found->pw_gid };
	size_t used = 0;

	user.pw_name = move(found->pw_name, buf, size, &used);
	if (user.pw_name == NULL)
		return -ERANGE;
	*ret_user = user;
	return 0;
}

static int
copy_group(const struct group *found, struct group *ret_group, char *buf,
    size_t size)
{
	struct group group = { .gr_gid = found->gr_gid };
	size_t count = 0, i, used;

	while (found->gr_mem[count] != NULL)
		count++;
	used = -(uintptr_t)buf % sizeof(char *);
	if (used > size || count >= (size - used) / sizeof(char *))
		return -ERANGE;
	group.gr_mem = (void *)(buf + used);
	used += (count + 1) * sizeof(char *);
	group.gr_name = move(found->gr_name, buf, size, &used);
	if (group.gr_name == NULL)
		return -ERANGE;
	for (i = 0; i < count; i++) {
		group.gr_mem[i] = move(found->gr_mem[i], buf, size, &used);
		if (group.gr_mem[i] == NULL)
			return -ERANGE;
	}
	group.gr_mem[count] = NULL;
	*ret_group = group;
	return 0;
}

int
account_file_user(FILE *stream, struct passwd *ret_user, char *buf,
    size_t size)
{
	const struct passwd *found;
	int r;

	(void)pthread_mutex_lock(&lock);
	errno = 0;
	found = fgetpwent(stream);
	if (found != NULL)
		r = copy_user(found, ret_user, buf, size);
	else
		r = errno != 0 ? -errno : -ENOENT;
	(void)pthread_mutex_unlock(&lock);
	return r;
}

int
account_file_group(FILE *stream, struct group *ret_group, char *buf,
    size_t size)
{
	const struct group *found;
	int r;

	(void)pthread_mutex_lock(&lock);
	errno = 0;
	found = fgetgrent(stream);
	if (found != NULL)
		r = copy_group(found, ret_group, buf, size);
	else
		r = errno != 0 ? -errno : -ENOENT;
	(void)pthread_mutex_unlock(&lock);
	return r;
}
#endif
