/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refresh tokens in the store, sealed, one for each person, and how she is
 * revoked. Each change is on the disk when its function returns: a token that
 * may have been sent is marked before it is, and the one that came for it is
 * written before it is used.
 */
#ifndef DAEMON_STORE_STORE_TOKEN_H
#define DAEMON_STORE_STORE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/store/seal.h"
#include "daemon/store/store.h"

/* Whose token; borrowed. */
struct token_owner {
	const char	*issuer;
	const char	*subject;
};

/* What is known of a token besides itself. Times are CLOCK_REALTIME. */
struct token_state {
	bool		 kept;		/* false: it was lost */
	bool		 in_use;	/* sent, no answer yet */
	int64_t		 obtained;
	int64_t		 next;		/* when to refresh */
	int64_t		 told;		/* when outcome was */
	char		 outcome[64];	/* of the last refresh: a reason code */
};

/* What is kept of a grant. hint is the ID token that came with the refresh
 * token; it is empty if none did. */
struct token_pair {
	struct secret	 refresh;
	struct secret	 hint;
};

void	token_pair_free(struct token_pair *pair);

/* Put pair in the place of what was kept; in_use is false then. 0; -ENOENT if
 * nobody such is known; another -errno. */
int	store_token_save(struct store *store, const struct seal *seal,
	    const struct token_owner *owner, const struct token_pair *pair,
	    const struct token_state *state) MUST_USE;

/* Read it. 0 and *ret_pair, to be freed; -ENOENT if there is none or it was
 * lost; -EBADMSG if it does not open; another -errno. */
int	store_token_open(struct store *store, const struct seal *seal,
	    const struct token_owner *owner,
	    struct token_pair *ret_pair) MUST_USE;

/* Write what is known, not the token itself; if state->kept is false the token
 * goes. 0; -ENOENT; another -errno. */
int	store_token_note(struct store *store, const struct token_owner *owner,
	    const struct token_state *state) MUST_USE;

/* 0 and what is known, -ENOENT, or another -errno. */
int	store_token_state(struct store *store, const struct token_owner *owner,
	    struct token_state *ret_state) MUST_USE;

/* Tokens that were in use when the daemon ended may be used up, and must not be
 * sent again: drop them, and note outcome. 0 and how many there were, or
 * -errno. */
int	store_token_drop_used(struct store *store, const char *outcome,
	    int64_t now, size_t *ret_count) MUST_USE;

/* How many tokens are kept. 0 or -errno. */
int	store_token_count(struct store *store, size_t *ret_count) MUST_USE;

/* Told of every token that is kept; a negative value ends it. */
typedef int store_token_fn(void *arg, const struct token_owner *owner,
	    int64_t next);

/* 0, what each() gave, or -errno. The store must not be written in it. */
int	store_token_each(struct store *store, store_token_fn *each,
	    void *arg) MUST_USE;

/* Revoke the person: she may do nothing until she signs in again, and her
 * token, remembered keys and passcode are gone. 0; -ENOENT; or another -errno:
 * that could not be written, but whoever reads this store is told so. */
int	store_revoke(struct store *store,
	    const struct token_owner *owner) MUST_USE;

/* Is the person revoked, and that could not be written? */
bool	store_is_condemned(const struct store *store,
	    const struct token_owner *owner) MUST_USE;

#endif
