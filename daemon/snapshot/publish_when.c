/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the snapshot is written. It holds everybody, so that writing it for each
 * of many who sign in, or are refreshed, at one time would leave no time for
 * anything else: it is written at most once in the second that follows the last
 * time, for all at once, and not at all where it would tell the same.
 *
 * MUST say that it tells the same only of what is in the file that is there,
 *	and only if this daemon has written it: one that died may have kept
 *	more than it wrote.
 */
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "common/snapshot.h"
#include "daemon/oidc/clock.h"
#include "daemon/session/session.h"
#include "daemon/snapshot/publish.h"
#include "daemon/trouble.h"

static int64_t
milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
publish_world(struct world *world)
{
	uint64_t begun = clock_steady(), ended;
	int64_t now = clock_wall();
	int r;

	if (world->publish_timer != NULL)
		(void)event_del(world->publish_timer);
	r = publish_snapshot(world->config, world->files, world->store,
	    world->snapshot, now, &world->published_until);
	ended = clock_steady();
	/* Where it takes long, half of the time is for others. */
	world->publish_next = ended + 1 + (ended - begun);
	world->unpublished = r < 0;
	if (r == 0) {
		world->published = now;
		if (world->bound_shown == WORLD_NOT_SHOWN)
			world->bound_shown = milliseconds();
	}
	session_published(world, r);
	return r;
}

/* Nobody waits for the result but sessions, which publish_world() tells. */
static void
publish_logged(struct world *world)
{
	int r = publish_world(world);

	if (r < 0)
		log_line(LOG_ERR, "cannot write %s: %s", world->snapshot,
		    trouble_say(r));
}

static void
on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	publish_logged(arg);
}

int
publish_start(struct world *world)
{
	world->publish_timer = evtimer_new(world->base, on_timer, world);
	return world->publish_timer == NULL ? -ENOMEM : 0;
}

void
publish_stop(struct world *world)
{
	if (world->publish_timer != NULL)
		event_free(world->publish_timer);
	world->publish_timer = NULL;
}

int
publish_soon(struct world *world)
{
	uint64_t now = clock_steady();

	if (world->publish_timer == NULL || now >= world->publish_next)
		return publish_world(world);
	world->unpublished = true;
	if (evtimer_pending(world->publish_timer, NULL))
		return 1;
	if (clock_arm(world->publish_timer, world->publish_next - now) < 0)
		return publish_world(world);
	return 1;
}

bool
publish_is_due(const struct world *world)
{
	int64_t now = clock_wall();

	return world->unpublished || now > world->published_until ||
	    now < world->published;
}

static bool
same_groups(const struct person *one, const struct person *other)
{
	size_t i;

	if (one->group_count != other->group_count)
		return false;
	for (i = 0; i < one->group_count; i++) {
		if (!person_in_group(other, one->groups[i]))
			return false;
	}
	return true;
}

/* Does a file say that this uid is hers? It may have been removed. */
static bool
is_there(const char *path, const struct person *person)
{
	struct snapshot_user user;
	struct snapshot s;
	bool there;

	if (snapshot_map(path, &s) < 0)
		return false;
	there = snapshot_user_by_name(&s, person->name, &user) == 0 &&
	    user.uid == person->uid;
	snapshot_unmap(&s);
	return there;
}

bool
publish_tells(const struct world *world, const struct person *before,
    const struct person *after)
{
	/* A proof that came after the file is no worse; one of a time to come
	 * is. */
	return world->published != 0 && !world->unpublished &&
	    !before->revoked &&
	    !person_is_ahead(before, clock_wall()) &&
	    world->published <= person_alive_until(before,
	    world->config->offline_max) &&
	    person_is_alive(after, clock_wall(), world->config->offline_max) &&
	    publish_wants_subids(world->config, before, world->published) ==
	    publish_wants_subids(world->config, after, clock_wall()) &&
	    strcmp(before->gecos, after->gecos) == 0 &&
	    strcmp(before->home, after->home) == 0 &&
	    strcmp(before->shell, after->shell) == 0 &&
	    same_groups(before, after) && is_there(world->snapshot, after);
}
