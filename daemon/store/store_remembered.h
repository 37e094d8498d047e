/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table remembered_key: which SSH keys stand for a sign-in that a person
 * approved. A row is believed only with its seal (remembered.c).
 */
#ifndef DAEMON_STORE_STORE_REMEMBERED_H
#define DAEMON_STORE_STORE_REMEMBERED_H

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/store/fingerprint.h"
#include "daemon/store/store.h"

/* Times are seconds of CLOCK_REALTIME. */
struct remembered_key {
	char		 fingerprint[FINGERPRINT_SIZE];
	char		*service;
	int64_t		 remembered;	/* when the sign-in was approved */
	int64_t		 until;
	int64_t		 used;		/* last; 0: never */
	char		*rhost;		/* of the sign-in; only shown */
	struct secret	 seal;
	char		*name;		/* whose it is */
};

/* Empty key, which may be all zero. */
void	remembered_key_free(struct remembered_key *key);

/* Keep key (but for name) for this person, in place of what was kept for the
 * same fingerprint and service. Synced. 0, -ENOENT if she is not bound, or
 * another -errno. */
int	store_remember_key(struct store *store, const struct person *person,
	    const struct remembered_key *key) MUST_USE;

/* 0 and a key that must be emptied, -ENOENT, or another -errno. */
int	store_find_remembered(struct store *store,
	    const struct person *person, const char *fingerprint,
	    const char *service, struct remembered_key *ret_key) MUST_USE;

/* It was used now. 0 or -errno. */
int	store_use_remembered(struct store *store, const struct person *person,
	    const char *fingerprint, const char *service,
	    int64_t now) MUST_USE;

/* Told of each key; it is the callee's no longer than the call. */
typedef void store_key_fn(void *arg, const struct remembered_key *key);

/* All keys of the person of that name, or of everybody if name is NULL, by
 * name and then by time. 0 or -errno. */
int	store_each_remembered(struct store *store, const char *name,
	    store_key_fn *tell, void *arg) MUST_USE;

/* Forget the person's key, or all of hers if fingerprint is NULL; how many
 * rows went is in *ret_count. 0 or -errno. */
int	store_forget_keys(struct store *store, const char *name,
	    const char *fingerprint, int *ret_count) MUST_USE;

/* Forget what is over by now. 0 or -errno. */
int	store_expire_keys(struct store *store, int64_t now) MUST_USE;

#endif
