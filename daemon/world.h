/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the daemon share. main.c makes it, and it outlives them
 * all.
 */
#ifndef DAEMON_WORLD_H
#define DAEMON_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/config/config.h"
#include "daemon/local/localfiles.h"
#include "daemon/session/rate.h"
#include "daemon/store/store.h"

struct adopt;
struct audit;
struct event;
struct event_base;
struct links_reader;
struct mapfile;
struct passcode_hasher;
struct provider;
struct refresher;
struct seal;
struct session;
struct slots;

/* A provider, and what speaks with it. */
struct world_provider {
	const struct config_provider	*config;
	struct provider			*oidc;
};

struct world {
	struct event_base	*base;
	const struct config	*config;
	struct world_provider	*providers;	/* as config has them */
	size_t			 provider_count;
	struct store		*store;
	struct seal		*seal;		/* NULL: nothing is kept that
						 * needs one */
	struct localfiles	*files;		/* replaced when they change */
	struct mapfile		*map;		/* likewise; NULL: none */
	struct refresher	*refresher;
	struct adopt		*adopt;		/* NULL: no directory */
	struct passcode_hasher	*hasher;	/* NULL: no passcodes */
	struct audit		*audit;		/* may be NULL */
	const char		*ending;	/* directory: whose sessions are
						 * to be ended; NULL: none */

	/* The snapshot; see publish.h. Times are CLOCK_REALTIME seconds if
	 * nothing else is said. */
	const char		*snapshot;	/* path */
	struct event		*publish_timer;	/* NULL: nothing waits */
	uint64_t		 publish_next;	/* not before; steady clock */
	bool			 unpublished;	/* the store knows more */
	int64_t			 bound;		/* of the latest new person, */
	int64_t			 bound_shown;	/* and when she was published,
						 * in milliseconds, or */
#define WORLD_NOT_SHOWN	INT64_MAX
	int64_t			 published;	/* when */
	int64_t			 published_until; /* good until then */

	/* Sign-ins; see session.h. */
	struct session		*sessions;	/* all that are pending */
	size_t			 pending;
	uint64_t		 last_number;
	struct rate		 rate;		/* of those that begin */
	struct links_reader	*links;		/* see links.h */
	struct slots		*slots;		/* for the next daemon; NULL:
						 * nothing outlives this one */
	bool			 leaving;	/* what is there stays */
};

#endif
