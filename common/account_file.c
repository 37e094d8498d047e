/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The C library takes the lines apart. Where it does so only in memory of its
 * own (musl), threads that come here wait for each other.
 */
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <string.h>

#include "common/account_file.h"

#ifdef HAVE_FGETPWENT_R
int
account_file_user(FILE *stream, char *buf, size_t size,
    struct account_line *ret_line)
{
	struct passwd pw, *found;
	int error;

	error = fgetpwent_r(stream, &pw, buf, size, &found);
	if (error == 0)
		*ret_line = (struct account_line){ pw.pw_name, pw.pw_uid,
		    pw.pw_gid };
	return -error;
}

int
account_file_group(FILE *stream, char *buf, size_t size,
    struct account_line *ret_line)
{
	struct group gr, *found;
	int error;

	error = fgetgrent_r(stream, &gr, buf, size, &found);
	if (error == 0)
		*ret_line = (struct account_line){ gr.gr_name, gr.gr_gid, 0 };
	return -error;
}
#else
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int
copy(const char *name, uint32_t id, uint32_t gid, char *buf, size_t size,
    struct account_line *ret_line)
{
	size_t need = strlen(name) + 1;

	if (need > size)
		return -ERANGE;
	memcpy(buf, name, need);
	*ret_line = (struct account_line){ buf, id, gid };
	return 0;
}

int
account_file_user(FILE *stream, char *buf, size_t size,
    struct account_line *ret_line)
{
	const struct passwd *pw;
	int r;

	(void)pthread_mutex_lock(&lock);
	errno = 0;
	pw = fgetpwent(stream);
	if (pw != NULL)
		r = copy(pw->pw_name, pw->pw_uid, pw->pw_gid, buf, size,
		    ret_line);
	else
		r = errno != 0 ? -errno : -ENOENT;
	(void)pthread_mutex_unlock(&lock);
	return r;
}

int
account_file_group(FILE *stream, char *buf, size_t size,
    struct account_line *ret_line)
{
	const struct group *gr;
	int r;

	(void)pthread_mutex_lock(&lock);
	errno = 0;
	gr = fgetgrent(stream);
	if (gr != NULL)
		r = copy(gr->gr_name, gr->gr_gid, 0, buf, size, ret_line);
	else
		r = errno != 0 ? -errno : -ENOENT;
	(void)pthread_mutex_unlock(&lock);
	return r;
}
#endif
