/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one owner of people's refresh tokens: it keeps them sealed, uses each
 * once an hour or so as a proof of life (design D6), and lets go of people at
 * the moment the provider does.
 *
 * PACE
 *	What is due is begun a few a second, the most overdue first, so that
 *	neither a start nor a long sleep nor the end of an outage makes a herd.
 *	Times are scattered, so that a fleet does not march in step. While a
 *	provider does not do its part it is asked about one person at a time,
 *	ever more seldom: a token may be lost each time that it is asked.
 */
#ifndef DAEMON_REFRESHER_REFRESHER_H
#define DAEMON_REFRESHER_REFRESHER_H

#include <stdbool.h>

#include "common/attr.h"
#include "daemon/oidc/refresh.h"
#include "daemon/reason.h"
#include "daemon/store/person.h"

struct flow_result;
struct refresher;
struct refresher_wait;
struct world;

/* Exchanges with providers at one time. */
#define REFRESHER_MOST	8

/* Read from the store what is kept and begin. world outlives it; its base,
 * config, store, seal and provider are there. 0 or -errno. */
int	refresher_new(struct world *world,
	    struct refresher **ret_refresher) MUST_USE;

/* What is on its way is given up: its token is lost. refresher may be NULL. */
void	refresher_free(struct refresher *refresher);

/* Begin nothing more, and call drained once nothing is on its way any more,
 * which may be at once. */
void	refresher_drain(struct refresher *refresher, void (*drained)(void *arg),
	    void *arg);

/* Keep the tokens of a sign-in that was granted to person, in place of what
 * was kept; they are moved. 0, or -errno if that could not be written; it is
 * tried again. */
int	refresher_keep(struct refresher *refresher,
	    const struct person *person, struct flow_result *result) MUST_USE;

/* What became of a refresh that somebody waits for. */
struct refresher_result {
	bool			 kept;	/* false: there is no token to use;
					 * the rest says nothing */
	enum refresh_outcome	 outcome;
	enum reason		 reason;
	const char		*detail;	/* may be "" */
	/* If it was RENEWED; NULL or empty: none came. */
	const struct secret	*access_token;
	const char		*scope;		/* of it, as it was asked for;
						 * NULL: the sign-in's */
};

typedef void refresher_done_fn(void *arg,
	    const struct refresher_result *result);

/* Refresh person's token now, or wait for the refresh that is under way. done
 * is called once, never from within this. 0 and a handle that is good until
 * then, or -ENOMEM. */
int	refresher_ask(struct refresher *refresher, const struct person *person,
	    refresher_done_fn *done, void *arg,
	    struct refresher_wait **ret_wait) MUST_USE;

/* Likewise, for an access token of this scope (RFC 6749 3.3), which is no more
 * than that of the sign-in. A refresh that is under way for another scope is
 * waited for, and then there is one more. */
int	refresher_ask_token(struct refresher *refresher,
	    const struct person *person, const char *scope,
	    refresher_done_fn *done, void *arg,
	    struct refresher_wait **ret_wait) MUST_USE;

/* Forget who waits; the refresh goes on. wait may be NULL. */
void	refresher_unask(struct refresher_wait *wait);

/* How many refreshes have ended so since the start; of those that were LOST,
 * also what was on its way when the daemon ended before. */
uint64_t refresher_count(const struct refresher *refresher,
	    enum refresh_outcome outcome);

/* Let everybody be due now; the pace stays. How many there are. */
size_t	refresher_hurry(struct refresher *refresher);

/* Revoke person on this host, now: store_revoke(), the snapshot, and her
 * sessions if the configuration says so. What was kept is ended at the
 * provider too where there is a way; the log says how that went. Without
 * publish, the caller sees to the snapshot when the last of many is gone. 0; or
 * -errno: all but -ENOENT mean that it is done and not written, see
 * store_revoke(). */
int	refresher_revoke(struct refresher *refresher,
	    const struct person *person, bool publish) MUST_USE;

/* Forget person on this host (store_forget(), at now in CLOCK_REALTIME
 * seconds), and end at the provider what was kept. The caller sees to the
 * snapshot. 0 or -errno. */
int	refresher_forget(struct refresher *refresher,
	    const struct person *person, int64_t now) MUST_USE;

/* A sign-in as user was genuine, and refused: what came of it is of no use
 * here, and is ended at the provider. But not while an older token of hers is
 * kept: some providers end with one all that came of the same session there,
 * and she would seem to be revoked. The tokens are moved. */
void	refresher_refuse(struct refresher *refresher, const char *user,
	    struct flow_result *result);

#endif
