/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * people COUNT FILE: a snapshot of the people that nss.py gives to the other
 * back ends as text. User n is in the groups n % 100, n % 100 + 100 and so on.
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/snapshot/snapshot_write.h"

#define GROUPS		1000
#define GROUPS_OF_USER	10
#define STEP		(GROUPS / GROUPS_OF_USER)
#define USER_BASE	1900000000u
#define GROUP_BASE	1880000000u

static void *
allocate(size_t number, size_t size)
{
	void *p = calloc(number, size);

	if (p == NULL)
		abort();
	return p;
}

static char *
name_of(const char *prefix, uint32_t i)
{
	char *name;

	if (asprintf(&name, "%s%u", prefix, i) < 0)
		abort();
	return name;
}

int
main(int argc, char **argv)
{
	struct snapshot_write_input in = { .issuer = "https://id.example.com",
	    .home = "/home/%u", .shell = "/bin/bash", .enumerate = true };
	uint32_t count = argc == 3 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	struct snapshot_write_user *users = allocate(count, sizeof(*users));
	struct snapshot_write_group *groups = allocate(GROUPS, sizeof(*groups));
	uint32_t *gids = allocate(GROUPS_OF_USER * STEP, sizeof(*gids));
	const char **members;
	uint32_t i, g;

	for (g = 0; g < GROUPS; g++) {
		groups[g].name = name_of("group", g);
		groups[g].gid = GROUP_BASE + g;
		members = allocate(count / STEP + 1, sizeof(*members));
		groups[g].members = members;
		for (i = g % STEP; i < count; i += STEP)
			members[groups[g].member_count++] = name_of("user", i);
		gids[g % STEP * GROUPS_OF_USER + g / STEP] = GROUP_BASE + g;
	}
	for (i = 0; i < count; i++)
		users[i] = (struct snapshot_write_user){ name_of("user", i),
		    "Some Body", name_of("/home/user", i), "/bin/bash",
		    USER_BASE + i, USER_BASE + i,
		    gids + i % STEP * GROUPS_OF_USER, GROUPS_OF_USER, 0 };
	in.users = users;
	in.user_count = count;
	in.groups = groups;
	in.group_count = GROUPS;
	return count == 0 || snapshot_write(argv[2], &in) < 0;
}
