/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST listen before root is given up: a client asks who the listener is, and
 *	takes root or the owner of the snapshot for the daemon, nobody else.
 * MUST never ask NSS who a user is.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/server/listen.h"
#include "daemon/systemd.h"

#define LISTEN_BACKLOG	128

/* UID_MIN where nobody has changed login.defs(5): people begin here. */
#define FIRST_PERSON	1000

/* Make a directory that everybody may enter, whatever the umask says. */
static int
make_directory(const char *path)
{
	if (mkdir(path, 0755) < 0)
		return errno == EEXIST ? 0 : -errno;
	return chmod(path, 0755) < 0 ? -errno : 0;
}

/* The directory of path: made if it is missing, and nobody's but root's. */
static int
check_directory(const char *path)
{
	char *copy;
	const char *directory;
	struct stat st;
	int r;

	copy = strdup(path);
	if (copy == NULL)
		return -ENOMEM;
	directory = dirname(copy);
	r = make_directory(directory);
	if (r == 0 && lstat(directory, &st) < 0)
		r = -errno;
	if (r == 0 && (!S_ISDIR(st.st_mode) || st.st_uid != 0 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0))
		r = -EPERM;
	free(copy);
	return r;
}

static int
make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	r = check_directory(path);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* Only root can have put it there, and root asked for this one. */
	(void)unlink(path);
	mask = umask(0111);
	r = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, LISTEN_BACKLOG) < 0 ? -errno : 0;
	(void)umask(mask);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	return fd;
}

/* The socket among so many descriptors that systemd passed, or -1; the others
 * are what the daemon before this one gave it. 0 or -ENOTSOCK. */
static int
sort_passed(int count, char *const *names, int *ret_socket, int *ret_kept)
{
	int i, fd;

	for (i = 0; i < count; i++) {
		fd = SD_LISTEN_FDS_START + i;
		if (strcmp(names[i], LISTEN_KEPT) == 0 && *ret_kept < 0)
			*ret_kept = fd;
		else if (*ret_socket >= 0 ||
		    sd_is_socket_unix(fd, SOCK_STREAM, 1, NULL, 0) <= 0)
			return -ENOTSOCK;
		else
			*ret_socket = fd;
	}
	return 0;
}

int
listen_open(const char *path, int *ret_kept)
{
	char **names = NULL;
	int count, flags, i, r, fd = -1;

	*ret_kept = -1;
	count = sd_listen_fds_with_names(1, &names);
	if (count < 0)
		return count;
	r = sort_passed(count, names, &fd, ret_kept);
	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
	if (r < 0)
		return r;
	if (fd < 0)
		return make_socket(path);
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	return fd;
}

int
listen_drop_privileges(const struct localfiles *files, const char *user,
    const char *directory)
{
	uint32_t uid = 0, gid = 0;
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	r = localfiles_user(files, user, &uid, &gid);
	/* The store must not be that of a person of this name. */
	if (r == 0 && uid >= FIRST_PERSON &&
	    (geteuid() == 0 || geteuid() == uid))
		return -EEXIST;
	if (geteuid() != 0)
		return 0;
	if (r < 0 || uid == 0)
		return -ENOENT;
	r = make_directory(directory);
	if (r < 0)
		return r;
	if (chown(directory, uid, gid) < 0)
		return -errno;
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		return -errno;
	return 0;
}
