/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Room on the disk that nobody but a revocation gets: a file beside the store
 * that is given up when the disk is full. There is nothing in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/store/store_private.h"

/* More than one revocation takes in the store's log of writes. */
#define RESERVE_SIZE	(256 * 1024)

int
store_reserve_name(struct store *store)
{
	const char *path = sqlite3_db_filename(store->db, "main");

	/* A store in memory has no file. */
	if (path == NULL || path[0] == '\0')
		return 0;
	if (asprintf(&store->reserve, "%s.reserve", path) >= 0)
		return 0;
	store->reserve = NULL;
	return -ENOMEM;
}

void
store_reserve(struct store *store)
{
	int fd;

	if (store->reserve == NULL)
		return;
	fd = open(store->reserve, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, RESERVE_SIZE) != 0)
		(void)unlink(store->reserve);
	(void)close(fd);
}

bool
store_give_up_reserve(struct store *store)
{
	return store->reserve != NULL && unlink(store->reserve) == 0;
}
