/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who owns which subordinate ids. Computing them, as uids are computed, would
 * not do: half of all hosts with 200 people would have two who collide, for
 * there are 32,767 ranges at most. So each person who has signed in is given a
 * range once and keeps it: the one that is computed from her name if nobody has
 * it, else the next that is free.
 *
 * MUST NOT give or show a range that another person ever had, that the host's
 *	own subuid or subgid touches, or that holds the id of a user or group.
 * MUST NOT give anybody a new one while subuid or subgid cannot be read.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_subid.h"

/* All ranges that there are in 32 bits, a bit each. */
struct ranges {
	unsigned char	bits[UINT32_MAX / SNAPSHOT_SUBID_COUNT / CHAR_BIT + 1];
};

/* What is known while ranges are given. */
struct giving {
	const struct config	*config;
	bool			 blind;	/* not all of taken is known */
	struct ranges		 had;	/* by anybody, ever */
	struct ranges		 taken;	/* by the host, or an id in them */
	struct store_subid	*rows;
	size_t			 row_count;
	struct store_subid	*fresh;	/* to be kept; strings are people's */
	size_t			 fresh_count;
};

static void
mark(struct ranges *ranges, uint32_t id)
{
	uint32_t range = id / SNAPSHOT_SUBID_COUNT;

	ranges->bits[range / CHAR_BIT] |=
	    (unsigned char)(1u << range % CHAR_BIT);
}

static bool
is_marked(const struct ranges *ranges, uint32_t id)
{
	uint32_t range = id / SNAPSHOT_SUBID_COUNT;

	return (ranges->bits[range / CHAR_BIT] >> range % CHAR_BIT & 1) != 0;
}

static void
mark_all(struct giving *g, const struct localfiles *files,
    const struct publish_people *people)
{
	const struct local_range *local;
	size_t count, i;
	uint64_t id;

	local = localfiles_subids(files, &count);
	for (i = 0; i < count; i++) {
		for (id = local[i].first; id <= local[i].last;
		    id += SNAPSHOT_SUBID_COUNT)
			mark(&g->taken, (uint32_t)id);
		mark(&g->taken, local[i].last);
	}
	for (i = 0; i < people->taken_count; i++)
		mark(&g->taken, people->taken[i]);
	for (i = 0; i < people->user_count; i++) {
		mark(&g->taken, people->users[i].uid);
		mark(&g->taken, people->users[i].gid);
	}
	for (i = 0; i < g->row_count; i++)
		mark(&g->had, g->rows[i].start);
}

static int
by_person(const void *a, const void *b)
{
	const struct store_subid *x = a, *y = b;
	int order = strcmp(x->issuer, y->issuer);

	return order != 0 ? order : strcmp(x->subject, y->subject);
}

/* The range that she has within the configured ones, or 0. Where those were
 * changed, she may have had others. */
static uint32_t
find_range(const struct giving *g, const struct person *person)
{
	const struct config_identity *identity = &g->config->identity;
	const struct store_subid key = {
		0, person->issuer, person->subject,
	};
	const struct store_subid *row, *end = g->rows + g->row_count;

	row = g->row_count == 0 ? NULL : bsearch(&key, g->rows, g->row_count,
	    sizeof(*row), by_person);
	if (row == NULL)
		return 0;
	while (row > g->rows && by_person(&row[-1], &key) == 0)
		row--;
	for (; row < end && by_person(row, &key) == 0; row++) {
		if (row->start >= identity->subid_start &&
		    row->start < identity->subid_end)
			return row->start;
	}
	return 0;
}

/* A range for somebody who has none, or 0 if none is known to be free. */
static uint32_t
choose_range(const struct giving *g, const struct person *person)
{
	const struct config_identity *identity = &g->config->identity;
	const uint32_t count = SNAPSHOT_SUBID_COUNT;
	char name[NAME_LIMIT + sizeof("subid:")];
	uint32_t first, ranges, start, i;

	if (g->blind)
		return 0;
	ranges = (identity->subid_end - identity->subid_start) / count + 1;
	(void)snprintf(name, sizeof(name), "subid:%s", person->name);
	first = snapshot_computed_id(snapshot_issuer_seed(
	    config_seed_issuer(g->config)), name, 0, ranges);
	for (i = 0; i < ranges; i++) {
		start = identity->subid_start + (first + i) % ranges * count;
		if (!is_marked(&g->had, start) && !is_marked(&g->taken, start))
			return start;
	}
	return 0;
}

bool
publish_wants_subids(const struct config *config, const struct person *person,
    int64_t now)
{
	return config->identity.subid_start != 0 &&
	    person_is_alive(person, now, config->offline_max) &&
	    (!person->listed || person->last_passkey > 0);
}

static void
give(struct giving *g, const struct person *person,
    struct snapshot_write_user *user)
{
	uint32_t start = find_range(g, person);

	if (start == 0) {
		start = choose_range(g, person);
		if (start == 0)
			return;
		g->fresh[g->fresh_count++] = (struct store_subid){
			start, person->issuer, person->subject,
		};
		mark(&g->had, start);
	}
	if (!is_marked(&g->taken, start))
		user->subid_start = start;
}

int
publish_subids(const struct config *config, const struct localfiles *files,
    struct store *store, const struct publish_people *people, int64_t now)
{
	struct giving g = {
		.config = config,
		.blind = localfiles_subids_unread(files),
	};
	size_t i;
	int r;

	if (config->identity.subid_start == 0)
		return 0;
	r = store_subids(store, &g.rows, &g.row_count);
	if (r < 0)
		return r;
	g.fresh = calloc(people->count + 1, sizeof(*g.fresh));
	if (g.fresh == NULL) {
		r = -ENOMEM;
		goto out;
	}
	mark_all(&g, files, people);
	for (i = 0; i < people->count; i++) {
		if (people->shown[i] != 0 &&
		    publish_wants_subids(config, people->people[i], now))
			give(&g, people->people[i],
			    &people->users[people->shown[i] - 1]);
	}
	r = store_keep_subids(store, g.fresh, g.fresh_count);
out:
	store_free_subids(g.rows, g.row_count);
	free(g.fresh);
	return r;
}
