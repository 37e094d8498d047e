/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST never write over a key: all that was sealed with it would be lost.
 * MUST have a new key on the disk, whole, before it has its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/seal.h"
#include "daemon/store/seal_key.h"

static int
write_key(int fd)
{
	unsigned char key[SEAL_KEY_SIZE];
	int r = 0;

	if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key) ||
	    write(fd, key, sizeof(key)) != (ssize_t)sizeof(key) ||
	    fsync(fd) < 0)
		r = errno != 0 ? -errno : -EIO;
	explicit_bzero(key, sizeof(key));
	return r;
}

/* The name of a file is on the disk when its directory is. */
static int
sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, r = 0;

	(void)snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fsync(fd) < 0)
		r = -errno;
	(void)close(fd);
	return r;
}

int
seal_key_make(const char *path)
{
	char temporary[PATH_MAX];
	int fd, r;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(temporary))
		return -ENAMETOOLONG;
	if (access(path, F_OK) == 0)
		return -EEXIST;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	errno = 0;
	r = write_key(fd);
	/* Unlike a rename, a link leaves alone what is there. */
	if (r == 0 && link(temporary, path) < 0)
		r = -errno;
	(void)unlink(temporary);
	(void)close(fd);
	return r < 0 ? r : sync_directory(path);
}

/* Only a file of ours that nobody else may read or write holds our key. A
 * credential has what access list systemd gave it. */
static int
check_file(int fd, bool credential)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EPERM;
	if (credential)
		return 0;
	return (st.st_uid == 0 || st.st_uid == geteuid()) &&
	    (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ? 0 : -EPERM;
}

static int
read_key(const char *path, bool credential, struct secret *ret_key)
{
	char key[SEAL_KEY_SIZE + 1];
	ssize_t got;
	int fd, r;

	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	r = check_file(fd, credential);
	if (r == 0) {
		got = read(fd, key, sizeof(key));
		if (got < 0)
			r = -errno;
		else
			r = got != SEAL_KEY_SIZE ? -EUCLEAN :
			    secret_set(ret_key, key, SEAL_KEY_SIZE);
	}
	explicit_bzero(key, sizeof(key));
	(void)close(fd);
	return r;
}

int
seal_key_load(const char *directory, const char *path, struct secret *ret_key)
{
	char credential[PATH_MAX];
	int r;

	if (directory != NULL) {
		if (snprintf(credential, sizeof(credential), "%s/%s", directory,
		    SEAL_KEY_CREDENTIAL) >= (int)sizeof(credential))
			return -ENAMETOOLONG;
		r = read_key(credential, true, ret_key);
		if (r != -ENOENT)
			return r;
	}
	r = read_key(path, false, ret_key);
	if (r != -ENOENT)
		return r;
	r = seal_key_make(path);
	if (r < 0 && r != -EEXIST)
		return r;
	return read_key(path, false, ret_key);
}
