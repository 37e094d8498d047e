/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookup COUNT HOT: what lookups cost through the C library, with the back end
 * that nsswitch.conf names and the people of people.c, of whom the first HOT
 * are asked for. Every answer is looked at. Prints "KIND NANOSECONDS" (the
 * median of batches), and "process" for what one lookup in a process of its own
 * costs. lookup COUNT HOT memory prints "KIND KILOBYTES" that one lookup, and
 * then a thousand, add to a process; warm asks for each once.
 */
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GROUPS_OF_USER	10
#define USER_BASE	1900000000u
#define BATCHES		15
#define BATCH_NS	2000000u	/* or one lookup, if that is longer */
#define BUFFER		(1024 * 1024)

extern char **environ;

static char buffer[BUFFER];
static uint32_t count, hot;
static uint64_t random_state = 42;

static uint64_t
nanoseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint32_t
somebody(void)
{
	random_state = random_state * 6364136223846793005u +
	    1442695040888963407u;
	return (uint32_t)((random_state >> 33) % hot);
}

static void
wrong(const char *what)
{
	(void)fprintf(stderr, "lookup: a wrong answer: %s\n", what);
	exit(1);
}

static void
pwnam_of(uint32_t i)
{
	struct passwd pwd, *found;
	char name[32];

	(void)snprintf(name, sizeof(name), "user%u", i);
	if (getpwnam_r(name, &pwd, buffer, BUFFER, &found) != 0 ||
	    found == NULL || pwd.pw_uid != USER_BASE + i)
		wrong("getpwnam");
}

static void
pwnam(void)
{
	pwnam_of(somebody());
}

static void
pwuid_of(uint32_t i)
{
	struct passwd pwd, *found;

	if (getpwuid_r(USER_BASE + i, &pwd, buffer, BUFFER, &found) != 0 ||
	    found == NULL || strncmp(pwd.pw_name, "user", 4) != 0)
		wrong("getpwuid");
}

static void
pwuid(void)
{
	pwuid_of(somebody());
}

/* A name that nobody asked for before. */
static void
miss(void)
{
	static uint32_t next;
	struct passwd pwd, *found;
	char name[32];

	(void)snprintf(name, sizeof(name), "nobody%u", next++);
	(void)getpwnam_r(name, &pwd, buffer, BUFFER, &found);
	if (found != NULL)
		wrong("a name that there is not");
}

static void
grouplist_of(uint32_t i)
{
	gid_t gids[64];
	char name[32];
	int used = 64;

	(void)snprintf(name, sizeof(name), "user%u", i);
	if (getgrouplist(name, USER_BASE + i, gids, &used) < 0 ||
	    used != GROUPS_OF_USER + 1)
		wrong("getgrouplist");
}

static void
grouplist(void)
{
	grouplist_of(somebody());
}

/* lookup COUNT HOT once */
static void
process(void)
{
	static char self[] = "/proc/self/exe", once[] = "once";
	static char all[16], some[16];
	char *argv[] = { self, all, some, once, NULL };
	int status;
	pid_t pid;

	(void)snprintf(all, sizeof(all), "%u", count);
	(void)snprintf(some, sizeof(some), "%u", hot);
	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0)
		wrong("a process");
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
measure(const char *what, void (*lookup)(void))
{
	double batches[BATCHES];
	uint64_t start, spent;
	uint32_t n;
	int i;

	lookup();
	for (i = 0; i < BATCHES; i++) {
		start = nanoseconds();
		n = 0;
		do {
			lookup();
			n++;
			spent = nanoseconds() - start;
		} while (spent < BATCH_NS);
		batches[i] = (double)spent / n;
	}
	qsort(batches, BATCHES, sizeof(batches[0]), compare);
	(void)printf("%s %.0f\n", what, batches[BATCHES / 2]);
}

/* A line of smaps_rollup, in kilobytes. */
static long
memory_of(const char *field)
{
	static char text[4096];
	size_t used;
	char *line;
	FILE *file;

	file = fopen("/proc/self/smaps_rollup", "r");
	if (file == NULL)
		wrong("no smaps_rollup");
	used = fread(text, 1, sizeof(text) - 1, file);
	text[used] = '\0';
	(void)fclose(file);
	line = strstr(text, field);
	return line == NULL ? 0 : strtol(line + strlen(field), NULL, 10);
}

static void
memory(void)
{
	static const char *const fields[] = { "Rss:", "Pss:", "Anonymous:" };
	long before[3], first[3];
	int i;

	for (i = 0; i < 3; i++)
		before[i] = memory_of(fields[i]);
	for (i = 0; i < 3; i++)
		before[i] = memory_of(fields[i]);
	pwnam();
	for (i = 0; i < 3; i++)
		first[i] = memory_of(fields[i]);
	for (i = 0; i < 1000; i++) {
		pwnam();
		grouplist();
	}
	for (i = 0; i < 3; i++)
		(void)printf("%s1 %ld\n%s1000 %ld\n", fields[i], first[i] -
		    before[i], fields[i], memory_of(fields[i]) - before[i]);
}

static void
warm(void)
{
	uint32_t i;

	for (i = 0; i < hot; i++) {
		pwnam_of(i);
		pwuid_of(i);
		grouplist_of(i);
	}
}

int
main(int argc, char **argv)
{
	const char *mode = argc == 4 ? argv[3] : "";

	count = argc > 2 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	hot = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	if (count == 0 || hot == 0 || hot > count)
		return 2;
	if (strcmp(mode, "memory") == 0) {
		memory();
	} else if (strcmp(mode, "warm") == 0) {
		warm();
	} else if (strcmp(mode, "once") == 0) {
		pwnam();
	} else {
		measure("getpwnam", pwnam);
		measure("getpwuid", pwuid);
		measure("miss", miss);
		measure("getgrouplist", grouplist);
		measure("process", process);
	}
	return 0;
}
