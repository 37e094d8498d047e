/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The passcode of a person, which opens services of this host to who sits at
 * it while the provider cannot be reached ([passcode]).
 */
#ifndef DAEMON_SESSION_PASSCODE_H
#define DAEMON_SESSION_PASSCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/world.h"

/* Are there passcodes on this host? */
bool	passcode_is_enabled(const struct world *world);

/* May user use service now if she knows her passcode? That it is a local
 * service is the caller's to find out. */
bool	passcode_opens(const struct world *world, const char *user,
	    const char *service);

/* How many seconds after the try before, which was the so manieth wrong one in
 * a row, the next one is looked at. */
uint32_t passcode_delay(int64_t tries);

/*
 * Begin a try. REASON_GRANTED: it is counted, on the disk, and *ret_verifier,
 * to be freed, is what the passcode must fit. REASON_PASSCODE_LOCKED;
 * REASON_INTERNAL; or REASON_TOO_MANY: come again in *ret_wait seconds,
 * nothing was counted.
 */
enum reason passcode_try(const struct world *world, const char *user,
	    int64_t now, struct secret *ret_verifier,
	    uint32_t *ret_wait) MUST_USE;

/* No further try would be looked at. */
bool	passcode_is_locked(const struct world *world,
	    const char *user);

/* Count wrong tries anew: she has shown who she is. 0 or -errno. */
int	passcode_forgive(const struct world *world,
	    const char *user) MUST_USE;

/* Keep a verifier as user's. 0 or -errno. */
int	passcode_keep(const struct world *world, const char *user,
	    const struct secret *verifier, int64_t now) MUST_USE;

#endif
