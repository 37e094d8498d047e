/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of design D1, which keeps readers right at every point where the
 * writer may be killed: until the rename the former snapshot is in force and
 * whole, from then on the new one is. A reader that kept the former learns of
 * it by the word `retired`, or a second later by the inode.
 *
 * MUST: sync before rename; never open a published file for more than setting
 * `retired`; have one caller at a time for a path.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/snapshot/snapshot_layout.h"

static int
write_all(int fd, const unsigned char *data, size_t size)
{
	ssize_t n;

	while (size > 0) {
		n = write(fd, data, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

static int
fill(int fd, const struct snapshot_image *image)
{
	int r;

	r = write_all(fd, image->data, image->size);
	if (r < 0)
		return r;
	/* The umask of the daemon is none of the readers' business. */
	if (fchmod(fd, 0644) < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

static int
write_file(const char *path, const struct snapshot_image *image)
{
	int fd, r;

	/* What a killed writer left behind. */
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd < 0)
		return -errno;
	r = fill(fd, image);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r < 0)
		(void)unlink(path);
	return r;
}

static int
sync_directory(const char *path)
{
	char directory[PATH_MAX] = ".";
	const char *slash;
	int fd, r = 0;

	slash = strrchr(path, '/');
	if (slash != NULL)
		(void)snprintf(directory, sizeof(directory), "%.*s/",
		    (int)(slash - path), path);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fsync(fd) < 0)
		r = -errno;
	(void)close(fd);
	return r;
}

/* The file that is in force, or -1. It may also not be ours to write (restored
 * by root, say): that must not keep a new one from being published. */
static int
open_former(const char *path)
{
	struct stat st;
	int fd;

	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size >= (off_t)sizeof(struct snapshot_header))
		return fd;
	(void)close(fd);
	return -1;
}

/* Should it fail, readers find out by the inode. */
static void
retire(int fd)
{
	static const unsigned char retired[4] = { 1, 0, 0, 0 };
	ssize_t n;

	n = pwrite(fd, retired, sizeof(retired),
	    offsetof(struct snapshot_header, retired));
	(void)n;
}

static int
publish(const char *path, const struct snapshot_image *image)
{
	char temporary[PATH_MAX];
	int former, length, r;

	length = snprintf(temporary, sizeof(temporary), "%s.new", path);
	if (length < 0 || (size_t)length >= sizeof(temporary))
		return -ENAMETOOLONG;
	r = write_file(temporary, image);
	if (r < 0)
		return r;
	former = open_former(path);
	if (rename(temporary, path) < 0) {
		r = -errno;
		(void)unlink(temporary);
		goto out;
	}
	r = sync_directory(path);
	if (former >= 0)
		retire(former);
out:
	if (former >= 0)
		(void)close(former);
	return r;
}

int
snapshot_write(const char *path, const struct snapshot_write_input *in)
{
	struct snapshot_image image;
	int r;

	r = snapshot_check(in);
	if (r < 0)
		return r;
	r = snapshot_layout(in, (uint64_t)time(NULL), &image);
	if (r < 0)
		return r;
	r = publish(path, &image);
	free(image.data);
	return r;
}
