/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table passcode: a verifier that is sealed (passcode.c), and how often it
 * was tried. The count is on the disk before a try is looked at.
 */
#ifndef DAEMON_STORE_STORE_PASSCODE_H
#define DAEMON_STORE_STORE_PASSCODE_H

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/store/store.h"

/* Times are seconds of CLOCK_REALTIME. */
struct passcode_row {
	struct secret	 verifier;	/* sealed */
	int64_t		 changed;
	int64_t		 tries;		/* wrong ones in a row */
	int64_t		 tried;		/* when the last one was */
};

/* How many people have one. 0 or -errno. */
int	store_count_passcodes(struct store *store,
	    size_t *ret_count) MUST_USE;

/* 0 and a row whose verifier must be freed, -ENOENT, or another -errno. */
int	store_find_passcode(struct store *store, const struct person *person,
	    struct passcode_row *ret_row) MUST_USE;

/* Keep a new verifier; no try of it is counted. 0, -ENOENT if the person is
 * not bound, or another -errno. */
int	store_set_passcode(struct store *store, const struct person *person,
	    const struct secret *verifier, int64_t now) MUST_USE;

/* Count a try: synced when it returns. 0, -ENOENT if there is no passcode, or
 * another -errno. */
int	store_count_passcode(struct store *store, const struct person *person,
	    int64_t now) MUST_USE;

/* Begin to count anew. 0, also if there is no passcode; or -errno. */
int	store_clear_passcode(struct store *store,
	    const struct person *person) MUST_USE;

/* Forget it. 0, -ENOENT if there is none, or another -errno. */
int	store_drop_passcode(struct store *store,
	    const struct person *person) MUST_USE;

#endif
