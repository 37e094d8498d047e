/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tokens COUNT DIR KEY SECONDS: a store of so many people, each with a refresh
 * token "rt-N-0" that is sealed with the key in the file KEY and is due within
 * SECONDS, evenly. DIR has hostpass.conf, and gets store.db.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/config/config.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_private.h"
#include "daemon/store/store_token.h"

static const char *directory;

static void
path_of(char path[PATH_MAX], const char *name)
{
	(void)snprintf(path, PATH_MAX, "%s/%s", directory, name);
}

static void
need(int r, const char *what)
{
	if (r == 0)
		return;
	(void)fprintf(stderr, "tokens: %s: %s\n", what, strerror(-r));
	exit(1);
}

static struct seal *
read_seal(const char *path)
{
	struct secret key = SECRET_INIT;
	char bytes[SEAL_KEY_SIZE];
	struct seal *seal;
	FILE *in;

	in = fopen(path, "re");
	if (in == NULL || fread(bytes, sizeof(bytes), 1, in) != 1) {
		perror(path);
		exit(1);
	}
	(void)fclose(in);
	need(secret_set(&key, bytes, sizeof(bytes)), "key");
	need(seal_new(&key, &seal), "seal");
	secret_free(&key);
	return seal;
}

static char *
name_of(const char *prefix, uint32_t i)
{
	char *name;

	if (asprintf(&name, "%s%u", prefix, i) < 0)
		abort();
	return name;
}

static void
save_person(struct store *store, const char *issuer, uint32_t i)
{
	struct person *person = person_new();

	if (person == NULL)
		abort();
	person->issuer = strdup(issuer);
	person->subject = name_of("sub-", i);
	person->name = name_of("user", i);
	person->uid = person->gid = 1900000000u + i;
	person->gecos = name_of("user", i);
	person->home = name_of("/home/user", i);
	person->shell = strdup("/bin/bash");
	person->bound = person->last_proof = time(NULL);
	person->groups_told = person->bound;
	need(person_add_group(person, "staff"), "group");
	need(store_save(store, person), "save");
	person_free(person);
}

static void
save_token(struct store *store, const struct seal *seal, const char *issuer,
    uint32_t i, int64_t next)
{
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct token_state state = { .kept = true, .next = next };
	struct token_owner owner = { issuer, name_of("sub-", i) };
	char text[32];

	(void)snprintf(text, sizeof(text), "rt-%u-0", i);
	need(secret_set(&pair.refresh, text, strlen(text)), "token");
	need(store_token_save(store, seal, &owner, &pair, &state), "token");
	token_pair_free(&pair);
}

int
main(int argc, char **argv)
{
	uint32_t count = argc == 5 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	int64_t seconds = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
	char error[CONFIG_ERROR_MAX], path[PATH_MAX];
	struct config config;
	struct store *store;
	struct seal *seal;
	uint32_t i;

	if (count == 0)
		return 2;
	directory = argv[2];
	path_of(path, "hostpass.conf");
	if (config_load(path, &config, error) < 0) {
		(void)fprintf(stderr, "tokens: %s\n", error);
		return 1;
	}
	seal = read_seal(argv[3]);
	path_of(path, "store.db");
	need(store_open(path, &store), "store");
	need(store_exec(store, "PRAGMA synchronous = OFF"), "pragma");
	for (i = 0; i < count; i++) {
		save_person(store, config.providers[0].issuer, i);
		save_token(store, seal, config.providers[0].issuer, i,
		    time(NULL) + seconds * i / count);
	}
	store_close(store);
	seal_free(seal);
	return 0;
}
