/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * publish COUNT DIR CONF: how long the daemon takes to publish so many people
 * from its store. DIR has CONF, passwd and group; the store in it is made if it
 * has not that many. Everybody is in ten of 1000 groups.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "daemon/config/config.h"
#include "daemon/local/localfiles.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_private.h"

#define ROUNDS	5
#define GROUPS	1000
#define STEP	(GROUPS / 10)

static const char *directory;

static char *
path_of(const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		abort();
	return path;
}

static void
need(int r, const char *what)
{
	if (r == 0)
		return;
	(void)fprintf(stderr, "publish: %s: %s\n", what, strerror(-r));
	exit(1);
}

static double
seconds(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static char *
text(const char *fmt, uint32_t i)
{
	char *s;
	int n;

	/* the formats are below */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = asprintf(&s, fmt, i);
#pragma GCC diagnostic pop
	if (n < 0)
		abort();
	return s;
}

static void
save(struct store *store, const struct config *config, uint32_t i)
{
	struct person *person = person_new();
	uint32_t g;

	if (person == NULL)
		abort();
	person->issuer = strdup(config->providers[0].issuer);
	person->subject = text("sub-%u", i);
	person->name = text("user%u", i);
	person->uid = person->gid = 1900000000u + i;
	person->gecos = strdup("Some Body");
	person->home = text("/home/user%u", i);
	person->shell = strdup("/bin/bash");
	person->bound = person->last_proof = time(NULL);
	person->groups_told = person->bound;
	for (g = i % STEP; g < GROUPS; g += STEP)
		need(person_add_group(person, text("group%u", g)), "group");
	need(store_save(store, person), "save");
	person_free(person);
}

/* It is not the store that is measured. */
static void
fill(struct store *store, const struct config *config, uint32_t count)
{
	size_t there;
	uint32_t i;

	need(store_count(store, &there), "store");
	if (there == count)
		return;
	need(store_exec(store, "PRAGMA synchronous = OFF"), "pragma");
	for (i = 0; i < count; i++)
		save(store, config, i);
}

static void
measure(const struct config *config, const struct localfiles *files,
    struct store *store)
{
	double start, begun, spent, best = 1e9, work = 1e9;
	struct rusage usage;
	int64_t until;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		start = seconds(CLOCK_MONOTONIC);
		begun = seconds(CLOCK_PROCESS_CPUTIME_ID);
		need(publish_snapshot(config, files, store,
		    path_of("snapshot"), time(NULL), &until), "publish");
		spent = seconds(CLOCK_MONOTONIC) - start;
		best = spent < best ? spent : best;
		spent = seconds(CLOCK_PROCESS_CPUTIME_ID) - begun;
		work = spent < work ? spent : work;
	}
	(void)getrusage(RUSAGE_SELF, &usage);
	(void)printf("published in %.0f ms, of which the processor worked "
	    "%.0f; peak memory %ld MB\n", best * 1000, work * 1000,
	    usage.ru_maxrss / 1024);
}

int
main(int argc, char **argv)
{
	uint32_t count = argc == 4 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	struct localfiles *files;
	char error[CONFIG_ERROR_MAX];
	struct config config;
	struct store *store;

	if (count == 0)
		return 2;
	directory = argv[2];
	if (config_load(path_of(argv[3]), &config, error) < 0) {
		(void)fprintf(stderr, "publish: %s\n", error);
		return 1;
	}
	need(localfiles_load(path_of("passwd"), path_of("group"), &files),
	    "passwd");
	need(store_open(path_of("store.db"), &store), "store");
	fill(store, &config, count);
	measure(&config, files, store);
	store_close(store);
	return 0;
}
