/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Remembered keys: after a sign-in over SSH that was approved with a passkey,
 * the SSH key with which sshd was satisfied before stands for it for a while
 * ([cache] remember_key).
 */
#ifndef DAEMON_SESSION_REMEMBERED_H
#define DAEMON_SESSION_REMEMBERED_H

#include <stdbool.h>

#include "common/attr.h"
#include "daemon/session/session.h"
#include "daemon/store/fingerprint.h"

struct json;

/* The key that this request can be remembered by; false if there is none that
 * counts: only sshd, and that is root, can tell which key was proved. */
bool	remembered_key_of(const struct world *world,
	    const struct session_request *request,
	    char ret_fingerprint[FINGERPRINT_SIZE]);

/* Does the key of the request stand for a sign-in of this user to this
 * service, now (CLOCK_REALTIME seconds, as below)? If so, and only then, it is
 * granted without another. */
bool	remembered_grants(const struct world *world,
	    const struct session_request *request, const char *fingerprint,
	    int64_t now);

/* A sign-in was approved: remember the key. 0 or -errno, which changes nothing
 * about the sign-in. */
int	remembered_keep(const struct world *world, const char *user,
	    const char *service, const char *rhost, const char *fingerprint,
	    int64_t now) MUST_USE;

/* The document of `hostpass keys` for the person of that name, or, if it is
 * empty, for everybody. NULL if the store failed. */
struct json *remembered_report(const struct world *world,
	    const char *name);

#endif
