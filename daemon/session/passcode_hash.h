/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yescrypt, by libxcrypt, in a thread: one hash takes tens of milliseconds and
 * megabytes, and the event loop must not wait for it. One runs at a time, the
 * others wait in line.
 */
#ifndef DAEMON_SESSION_PASSCODE_HASH_H
#define DAEMON_SESSION_PASSCODE_HASH_H

#include "common/attr.h"
#include "common/secret.h"

struct event_base;
struct passcode_hasher;
struct passcode_job;

/* The end of a job, which is then gone. r is 0; -EACCES if the passcode is not
 * the one of the verifier; or another -errno. verifier is empty unless one was
 * to be made; the callee moves out what it keeps. */
typedef void passcode_hash_fn(void *arg, int r, struct secret *verifier);

/* 0 and a hasher that must be freed, or -errno. */
int	passcode_hasher_new(struct event_base *base,
	    struct passcode_hasher **ret_hasher) MUST_USE;

/* Wait for the job that runs, wipe all, and call nobody back. hasher may be
 * NULL. */
void	passcode_hasher_free(struct passcode_hasher *hasher);

/* Compare passcode with verifier, or make a verifier if that is NULL. Both are
 * copied. done is called from the loop, never from within this call. 0 or
 * -errno (then nothing is called back). */
int	passcode_hash_start(struct passcode_hasher *hasher,
	    const struct secret *passcode, const struct secret *verifier,
	    passcode_hash_fn *done, void *arg,
	    struct passcode_job **ret_job) MUST_USE;

/* Nobody waits for it any more. job may be NULL. */
void	passcode_hash_forget(struct passcode_job *job);

#endif
