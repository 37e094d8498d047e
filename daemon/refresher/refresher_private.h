/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a refresher is made of: refresher.c owns the list and the pace,
 * refresher_wait.c who waits, refresher_token.c one token's way to the
 * provider and back, refresher_renew.c what the provider then says of the
 * person.
 */
#ifndef DAEMON_REFRESHER_REFRESHER_PRIVATE_H
#define DAEMON_REFRESHER_REFRESHER_PRIVATE_H

#include <stdint.h>
#include <sys/queue.h>

#include "daemon/refresher/refresher.h"
#include "daemon/store/store_token.h"
#include "daemon/world.h"

struct event;
struct json;
struct revoke;

/* Seconds until what could not be written, or begun, is tried again. */
#define REFRESHER_RETRY	10

/* A provider, as far as it does its part. */
struct refresher_lane {
	struct refresher_lane	*next;
	char			*issuer;
	unsigned		 failures;	/* in a row */
	unsigned		 busy;
	uint64_t		 resume;	/* by clock_steady() */
};

/* Somebody whose token is kept. */
struct refresher_entry {
	TAILQ_ENTRY(refresher_entry) link;
	struct refresher	*refresher;
	struct refresher_lane	*lane;
	char			*subject;
	uint64_t		 due;		/* by clock_steady() */
	unsigned		 failures;	/* in a row */
	unsigned		 left_out;	/* her groups, in a row */
	bool			 asked;		/* somebody waits: never mind
						 * the pace */
	bool			 revoked;	/* while it was on its way */
	bool			 condemned;	/* by the provider, and that
						 * could not be written yet */
	struct refresh		*refresh;	/* on its way */
	char			*scope;		/* then; NULL: the sign-in's */
	struct secret		 hint;		/* then */
	struct token_pair	 unsaved;	/* the disk was full */
	LIST_HEAD(, refresher_wait) waits;
};

struct refresher_wait {
	LIST_ENTRY(refresher_wait) link;
	struct event		*timer;	/* when there is nothing to ask */
	char			*scope;	/* NULL: any will do */
	refresher_done_fn	*done;
	void			*arg;
};

/* A chain that is being ended at its provider. */
struct refresher_ending {
	LIST_ENTRY(refresher_ending) link;
	struct refresher	*refresher;
	struct revoke		*revoke;
	char			*name;
};

struct refresher {
	struct world		*world;
	TAILQ_HEAD(, refresher_entry) entries;
	size_t			 count;
	unsigned		 busy;
	uint64_t		 ended[REFRESH_LOST + 1];
	struct refresher_lane	*lanes;
	LIST_HEAD(, refresher_ending) endings;
	struct event		*timer;
	bool			 draining;
	void			(*drained)(void *arg);
	void			*drained_arg;
};

/* --- refresher.c --- */

/* Take it off the list; who waits is told of end, or that nothing is kept if
 * that is NULL. */
void	refresher_drop(struct refresher_entry *entry,
	    const struct refresh_end *end);

/* The entry of person; NULL: no token of theirs is kept. */
struct refresher_entry *refresher_find(struct refresher *refresher,
	    const struct person *person);

/* Nothing is on its way for entry any more; look at the list again. */
void	refresher_rest(struct refresher_entry *entry);

/* A time within a tenth of seconds, and at least 1. */
uint32_t refresher_jitter(uint32_t seconds);

struct token_owner refresher_owner(const struct refresher_entry *entry);

/* --- refresher_wait.c --- */

/* Tell who waits of end, or that nothing is kept if that is NULL. Who waits for
 * another scope than that of the token that came waits on. */
void	refresher_tell(struct refresher_entry *entry,
	    const struct refresh_end *end);

/* --- refresher_token.c --- */

/* Send the token of entry, if all that must be on the disk before is. What
 * comes of it is seen to here; entry may be gone afterwards. */
void	refresher_begin(struct refresher_entry *entry);

/* --- refresher_renew.c --- */

/* The provider vouches for her: what it says of her counts from now on.
 * REASON_GRANTED, or why the claims cannot be used; NULL: none came. */
enum reason refresher_renew(struct refresher_entry *entry,
	    const struct json *claims) MUST_USE;

/* --- refresher_end.c; refresher_leave.c begins what is ended --- */

/* Her groups, or what else is shown of her, have changed; now if somebody waits
 * for it, else see publish_soon(). */
void	refresher_publish(struct refresher *refresher, bool now);

/* End the chain of pair at the provider of issuer, if that has a way; the
 * secrets are copied. name is for the log. */
void	refresher_end_chain(struct refresher *refresher, const char *issuer,
	    const char *name, const struct token_pair *pair);
void	refresher_end_free(struct refresher_ending *ending);

/* Whatever she runs here is ended, if the configuration says so. */
void	refresher_end_sessions(struct refresher *refresher,
	    const struct person *person);

/* How the last refresh ended, for the store. */
void	refresher_outcome(struct token_state *state,
	    enum refresh_outcome outcome, enum reason reason);

/* The provider that answers for issuer; NULL: none is configured. */
struct provider *refresher_provider(const struct refresher *refresher,
	    const char *issuer);

#endif
