/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See upkeep.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/local/localfiles.h"
#include "daemon/server/listen.h"
#include "daemon/store/seal_key.h"
#include "daemon/store/store.h"
#include "daemon/store/store_rescue.h"
#include "daemon/trouble.h"
#include "daemon/upkeep.h"

int
upkeep_make_key(const char *path)
{
	int r;

	r = seal_key_make(path);
	if (r == 0 || r == -EEXIST)
		return EXIT_SUCCESS;
	(void)fprintf(stderr, "hostpassd: cannot make %s: %s\n", path,
	    strerror(-r));
	return EXIT_FAILURE;
}

/* The directory is hers, and so must be what is made in it. */
static int
become(const char *user, const char *directory)
{
	struct localfiles *files;
	int r;

	r = localfiles_load("/etc/passwd", "/etc/group", &files);
	if (r < 0)
		return r;
	r = listen_drop_privileges(files, user, directory);
	localfiles_free(files);
	return r;
}

static const char *
say(int error)
{
	switch (error) {
	case -EEXIST:
		return "it is not damaged; nothing was done";
	case -EBUSY:
		return "hostpassd has it open; run `systemctl stop "
		    "hostpassd.socket hostpassd` first";
	default:
		return trouble_say(error);
	}
}

/* Whom lookups still know, and the new store does not. */
static void
name_lost(const char *path, const char *snapshot)
{
	struct person *person;
	struct snapshot_user user;
	struct store *store;
	struct snapshot map;
	uint32_t i;

	if (store_open(path, &store) < 0)
		return;
	if (snapshot_map(snapshot, &map) == 0) {
		for (i = 0; snapshot_user_at(&map, i, &user) == 0; i++) {
			if (store_find_name(store, user.name, &person) == 0)
				person_free(person);
			else
				(void)printf("lost: %s, uid %u, gid %u\n",
				    user.name, user.uid, user.gid);
		}
		snapshot_unmap(&map);
	}
	store_close(store);
}

int
upkeep_rescue_store(const char *path, const char *directory, const char *user,
    const char *snapshot)
{
	struct store_rescued rescued;
	int r;

	r = become(user, directory);
	if (r == 0)
		r = store_rescue(path, &rescued);
	if (r < 0) {
		(void)fprintf(stderr, "hostpassd: %s: %s\n", path, say(r));
		return EXIT_FAILURE;
	}
	(void)printf("%s was damaged; keep it, it is now\n  %s\n"
	    "%zu people and %zu refresh tokens could be read and are in a new "
	    "store.\n", path, rescued.aside, rescued.people, rescued.tokens);
	name_lost(path, snapshot);
	return EXIT_SUCCESS;
}
