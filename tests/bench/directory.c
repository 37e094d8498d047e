/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * directory DIR URL FILE...: what a host does with directories of many people,
 * one after the other: verify, take in, let go, publish. DIR has hostpass.conf,
 * passwd and group; URL is where the first is, to be fetched twice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <event2/event.h>

#include "common/attr.h"
#include "daemon/adopt/adopt.h"
#include "daemon/config/config.h"
#include "daemon/local/localfiles.h"
#include "daemon/oidc/jwk.h"
#include "daemon/store/store.h"
#include "daemon/world.h"

#define MEGABYTE	(1024.0 * 1024.0)

static const char *directory;

/* An end of a fetch. */
struct fetched {
	struct pull		*pull;
	unsigned int		 count;
	double			 cpu;
};

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
	(void)fprintf(stderr, "directory: %s: %s\n", what, strerror(-r));
	exit(1);
}

static double
seconds(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long
peak(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss / 1024;
}

static char *
read_file(const char *path, size_t *ret_len)
{
	FILE *in = fopen(path, "r");
	char *data = NULL;
	long len;

	if (in != NULL && fseek(in, 0, SEEK_END) == 0 &&
	    (len = ftell(in)) > 0) {
		rewind(in);
		data = malloc((size_t)len);
		if (data != NULL)
			*ret_len = fread(data, 1, (size_t)len, in);
	}
	if (in != NULL)
		(void)fclose(in);
	need(data == NULL ? -2 : 0, path);
	return data;
}

/* Give it what a fetch would, and run it to the end. */
static void
take(struct adopt *adopt, const struct world *world,
    const struct jwk_set *keys, const char *path)
{
	double start, turn, spent, longest = 0, last = 0;
	struct signed_directory document;
	struct pull_end end = { .outcome = PULL_READY,
	    .document = &document };
	enum signed_verdict verdict;
	size_t len, turns = 0, count;
	char *data = read_file(path, &len);

	start = seconds(CLOCK_MONOTONIC);
	verdict = signed_verify(data, len, keys, time(NULL), &document);
	spent = seconds(CLOCK_MONOTONIC) - start;
	free(data);
	if (verdict != SIGNED_GOOD) {
		(void)fprintf(stderr, "directory: %s: %s\n", path,
		    signed_sentence(verdict));
		exit(1);
	}
	count = document.count;
	(void)printf("%s: %zu people, %.1f MB; verified in %.0f ms\n",
	    strrchr(path, '/') + 1, count, (double)len / MEGABYTE,
	    spent * 1000);
	start = seconds(CLOCK_MONOTONIC);
	adopt_take(adopt, &end);
	while (adopt_is_busy(adopt)) {
		longest = last > longest ? last : longest;
		turn = seconds(CLOCK_MONOTONIC);
		(void)event_base_loop(world->base, EVLOOP_ONCE);
		last = seconds(CLOCK_MONOTONIC) - turn;
		turns++;
	}
	(void)printf("  taken in after %.1f s, in %zu turns of the loop: the "
	    "longest %.0f ms, the last, which publishes, %.0f ms; peak memory "
	    "%ld MB\n", seconds(CLOCK_MONOTONIC) - start, turns,
	    longest * 1000, last * 1000, peak());
}

static void
on_fetched(void *arg, const struct pull_end *end)
{
	struct fetched *fetched = arg;
	double now = seconds(CLOCK_PROCESS_CPUTIME_ID);

	if (end->outcome == PULL_READY)
		(void)printf("fetched and verified: %.0f ms of processor time, "
		    "peak memory %ld MB\n", (now - fetched->cpu) * 1000,
		    peak());
	else if (end->outcome == PULL_UNCHANGED)
		(void)printf("fetched again, and unchanged: %.1f ms of "
		    "processor time\n", (now - fetched->cpu) * 1000);
	else
		(void)printf("not fetched: %s\n", end->error != NULL ?
		    end->error : signed_sentence(end->verdict));
	fetched->count++;
	fetched->cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	if (end->outcome == PULL_READY)
		pull_believe(fetched->pull);
}

static void
fetch(struct event_base *base, const char *url, const struct jwk_set *keys)
{
	const struct pull_config config = {
		.url = url, .keys = keys, .refresh = 1,
		.http = { .http_loopback = true, .timeout = 600 },
	};
	struct fetched fetched = {
		.cpu = seconds(CLOCK_PROCESS_CPUTIME_ID),
	};

	need(pull_new(base, &config, on_fetched, &fetched, &fetched.pull),
	    url);
	while (fetched.count < 2)
		(void)event_base_loop(base, EVLOOP_ONCE);
	pull_free(fetched.pull);
}

int
main(int argc, char **argv)
{
	struct world world = { .base = event_base_new() };
	char error[CONFIG_ERROR_MAX];
	struct config config;
	struct jwk_set *keys;
	struct adopt *adopt;
	int i;

	if (argc < 4)
		return 2;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	directory = argv[1];
	if (config_load(path_of("hostpass.conf"), &config, error) < 0) {
		(void)fprintf(stderr, "directory: %s\n", error);
		return 1;
	}
	world.config = &config;
	world.snapshot = path_of("snapshot");
	need(localfiles_load(path_of("passwd"), path_of("group"),
	    &world.files), "passwd");
	need(store_open(path_of("store.db"), &world.store), "store");
	need(signed_keys_read(&config.directory.keys, &keys), "key_file");
	fetch(world.base, argv[2], keys);
	need(adopt_new(&world, &adopt), "adopt");
	world.adopt = adopt;
	for (i = 3; i < argc; i++)
		take(adopt, &world, keys, argv[i]);
	adopt_free(adopt);
	store_close(world.store);
	return 0;
}
