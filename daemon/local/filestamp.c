/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By stat alone: nothing has to be kept open, and a file that was replaced by
 * rename, as editors and vipw do, has another inode.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/local/filestamp.h"

int
filestamp_open(struct filestamp *stamp, const char *path, FILE **ret_stream)
{
	FILE *stream;
	int r;

	stamp->path = strdup(path);
	if (stamp->path == NULL)
		return -ENOMEM;
	stream = fopen(path, "re");
	if (stream == NULL)
		return -errno;
	if (fstat(fileno(stream), &stamp->st) < 0) {
		r = -errno;
		(void)fclose(stream);
		return r;
	}
	*ret_stream = stream;
	return 0;
}

int
filestamp_open_any(struct filestamp *stamp, const char *path,
    FILE **ret_stream)
{
	int r;

	r = filestamp_open(stamp, path, ret_stream);
	if (r != -ENOENT)
		return r;
	stamp->absent = true;
	*ret_stream = NULL;
	return 0;
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool
filestamp_changed(const struct filestamp *stamp)
{
	struct stat st;

	if (stamp->path == NULL)
		return false;
	if (stat(stamp->path, &st) < 0)
		return !stamp->absent || errno != ENOENT;
	return stamp->absent || st.st_dev != stamp->st.st_dev ||
	    st.st_ino != stamp->st.st_ino ||
	    st.st_size != stamp->st.st_size ||
	    !same_time(&st.st_mtim, &stamp->st.st_mtim) ||
	    !same_time(&st.st_ctim, &stamp->st.st_ctim);
}

void
filestamp_clear(struct filestamp *stamp)
{
	free(stamp->path);
	*stamp = (struct filestamp){ 0 };
}
