/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What hostpassd does between a token that is genuine and its verdict, by the
 * same code, in a directory that has hostpass.conf, passwd and group:
 *	decide DIR NAME SUB CLAIMS	prints the reason code
 *	decide DIR		prints "NAME UID SUB GROUP,..." of everybody
 * It is what the suite kills at every step.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/snapshot.h"
#include "daemon/config/config.h"
#include "daemon/oidc/flow.h"
#include "daemon/oidc/json.h"
#include "daemon/session/decision.h"
#include "daemon/world.h"

static char	directory[PATH_MAX];

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
	(void)fprintf(stderr, "decide: %s: %s\n", what, strerror(-r));
	exit(2);
}

static int
list(struct store *store)
{
	struct person **people;
	size_t count, i, j;

	need(store_all(store, &people, &count), "list");
	for (i = 0; i < count; i++) {
		(void)printf("%s %u %s ", people[i]->name, people[i]->uid,
		    people[i]->subject);
		for (j = 0; j < people[i]->group_count; j++)
			(void)printf("%s,", people[i]->groups[j]);
		(void)printf("\n");
	}
	store_free_all(people, count);
	return 0;
}

static int
decide(struct world *world, char **argv)
{
	struct flow_result result = {
		.issuer = world->providers[0].config->issuer,
		.subject = argv[1],
	};
	const struct config_identity *identity = &world->config->identity;
	struct decision_request request = { argv[0], "sshd", 0, 0 };
	struct reason_detail detail = { "" };
	struct json *claims;
	enum reason reason;

	/* What lookups told sshd before anybody signed in. */
	request.uid = snapshot_computed_id(
	    snapshot_issuer_seed(config_seed_issuer(world->config)), argv[0],
	    identity->range_start,
	    identity->range_end - identity->range_start + 1);
	need(json_parse(argv[2], strlen(argv[2]), &claims), "claims");
	result.claims = claims;
	reason = decision_make(world, &request, &result, &detail);
	json_free(claims);
	(void)printf("%s\n", reason_code(reason));
	return reason == REASON_GRANTED ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct config config;
	static struct world world;
	struct world_provider provider = { 0 };
	char error[CONFIG_ERROR_MAX];
	int r;

	if (argc != 2 && argc != 5)
		return 2;
	(void)snprintf(directory, sizeof(directory), "%s", argv[1]);
	log_open(LOG_TO_STDERR, LOG_ERR);
	if (config_load(path_of("hostpass.conf"), &config, error) < 0) {
		(void)fprintf(stderr, "decide: %s\n", error);
		return 2;
	}
	provider.config = config.providers;
	world.config = &config;
	world.providers = &provider;
	world.provider_count = 1;
	world.snapshot = path_of("snapshot");
	need(localfiles_load(path_of("passwd"), path_of("group"),
	    &world.files), "passwd");
	need(store_open(path_of("store.db"), &world.store), "store.db");
	r = argc == 2 ? list(world.store) : decide(&world, argv + 2);
	store_close(world.store);
	return r;
}
