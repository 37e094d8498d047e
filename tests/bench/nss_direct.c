/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a lookup costs when the module is called directly, without glibc's
 * dispatch, and what it costs to publish: nss_direct [USERS...]. Each user is
 * in ten of 1000 groups. Prints the best of some rounds, in nanoseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "daemon/snapshot/snapshot_write.h"
#include "nss/nss_hostpass.h"

#define GROUPS		1000
#define GROUPS_OF_USER	10
#define ROUNDS		15
#define LOOKUPS		100000
#define BUFFER		(1024 * 1024)
#define USER_BASE	1900000000u
#define GROUP_BASE	1880000000u

static char path[] = "/tmp/hostpass-bench-XXXXXX/snapshot";
struct snapshot_cache nss_snapshot = { .path = path };

static char (*names)[16];
static uint32_t users;
static char buffer[BUFFER];
static uint32_t random_state = 42;

static uint64_t
nanoseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint32_t
random_below(uint32_t limit)
{
	random_state = random_state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)random_state * limit >> 32);
}

static void *
allocate(size_t count, size_t size)
{
	void *p = calloc(count, size);

	if (p == NULL)
		abort();
	return p;
}

/* A user's groups are 0, 100, 200 and so on, from a start of her own. */
static void
fill(struct snapshot_write_user *u, struct snapshot_write_group *groups,
    const char **members, uint32_t (*gids)[GROUPS_OF_USER],
    char (*group_names)[16])
{
	uint32_t i, j, g, per_group = users * GROUPS_OF_USER / GROUPS + 1;

	for (g = 0; g < GROUPS; g++) {
		(void)snprintf(group_names[g], 16, "group%u", g);
		groups[g].name = group_names[g];
		groups[g].gid = GROUP_BASE + g;
		groups[g].members = members + (size_t)g * per_group;
	}
	for (i = 0; i < users; i++) {
		(void)snprintf(names[i], 16, "u%xser", i * 2654435761u);
		for (j = 0; j < GROUPS_OF_USER; j++) {
			g = (i + j * (GROUPS / GROUPS_OF_USER)) % GROUPS;
			gids[i][j] = GROUP_BASE + g;
			members[(size_t)g * per_group +
			    groups[g].member_count++] = names[i];
		}
		u[i] = (struct snapshot_write_user){ names[i],
		    "Some Body With A Name", "/home/somebody", "/bin/bash",
		    USER_BASE + i, USER_BASE + i, gids[i], GROUPS_OF_USER,
		    0 };
	}
}

static void
publish(void)
{
	struct snapshot_write_input in = { .issuer = "https://id.example.com",
	    .home = "/home/%u", .shell = "/bin/bash" };
	struct snapshot_write_user *u = allocate(users, sizeof(*u));
	struct snapshot_write_group *g = allocate(GROUPS, sizeof(*g));
	const char **members = allocate((size_t)users * GROUPS_OF_USER +
	    GROUPS, sizeof(*members));
	uint32_t (*gids)[GROUPS_OF_USER] = allocate(users, sizeof(*gids));
	char (*group_names)[16] = allocate(GROUPS, sizeof(*group_names));
	uint64_t start, best = UINT64_MAX, spent;
	int i;

	fill(u, g, members, gids, group_names);
	in.users = u;
	in.user_count = users;
	in.groups = g;
	in.group_count = GROUPS;
	for (i = 0; i < 5; i++) {
		start = nanoseconds();
		if (snapshot_write(path, &in) < 0)
			abort();
		spent = nanoseconds() - start;
		best = spent < best ? spent : best;
	}
	(void)printf("%7u users: publish %.1f ms", users, (double)best / 1e6);
	free(u);
	free(g);
	free(members);
	free(gids);
	free(group_names);
}

static void
getpwnam_once(void)
{
	struct passwd pwd;
	int error;

	if (_nss_hostpass_getpwnam_r(names[random_below(users)], &pwd, buffer,
	    BUFFER, &error) != NSS_STATUS_SUCCESS)
		abort();
}

static void
getpwuid_once(void)
{
	struct passwd pwd;
	int error;

	if (_nss_hostpass_getpwuid_r(USER_BASE + random_below(users), &pwd,
	    buffer, BUFFER, &error) != NSS_STATUS_SUCCESS)
		abort();
}

static void
miss_once(void)
{
	struct passwd pwd;
	char name[] = "missing0";
	int error;

	name[7] = (char)('a' + random_below(26));
	if (_nss_hostpass_getpwnam_r(name, &pwd, buffer, BUFFER, &error) !=
	    NSS_STATUS_NOTFOUND)
		abort();
}

static void
getgrgid_once(void)
{
	struct group grp;
	int error;

	if (_nss_hostpass_getgrgid_r(GROUP_BASE + random_below(GROUPS), &grp,
	    buffer, BUFFER, &error) != NSS_STATUS_SUCCESS)
		abort();
}

static void
initgroups_once(void)
{
	gid_t storage[64], *gids = storage;
	long used = 1, size = 64;
	int error;

	if (_nss_hostpass_initgroups_dyn(names[random_below(users)], 100,
	    &used, &size, &gids, -1, &error) != NSS_STATUS_SUCCESS ||
	    used != GROUPS_OF_USER + 1)
		abort();
}

static void
measure(const char *what, void (*once)(void), int lookups)
{
	uint64_t start, spent, best = UINT64_MAX;
	int round, i;

	for (round = 0; round < ROUNDS; round++) {
		start = nanoseconds();
		for (i = 0; i < lookups; i++)
			once();
		spent = nanoseconds() - start;
		best = spent < best ? spent : best;
	}
	(void)printf(", %s %.0f", what, (double)best / lookups);
}

static void
run(uint32_t count)
{
	users = count;
	names = allocate(users, sizeof(*names));
	publish();
	measure("getpwnam", getpwnam_once, LOOKUPS);
	measure("getpwuid", getpwuid_once, LOOKUPS);
	measure("miss", miss_once, LOOKUPS);
	measure("getgrgid", getgrgid_once, LOOKUPS / 10);
	measure("initgroups", initgroups_once, LOOKUPS);
	(void)printf("\n");
	free(names);
}

int
main(int argc, char **argv)
{
	static char usual[3][8] = { "100", "10000", "100000" };
	char *slash = path + sizeof(path) - sizeof("/snapshot");
	int i;

	*slash = '\0';
	if (mkdtemp(path) == NULL)
		return 1;
	*slash = '/';
	for (i = 1; i < argc; i++)
		run((uint32_t)strtoul(argv[i], NULL, 10));
	for (i = 0; argc == 1 && i < 3; i++)
		run((uint32_t)strtoul(usual[i], NULL, 10));
	(void)unlink(path);
	*slash = '\0';
	return rmdir(path) < 0;
}
