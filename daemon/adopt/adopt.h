/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the signed directory to the people of this host (design D8): who is
 * listed resolves before her first sign-in, and who is listed no longer, or as
 * disabled, is revoked.
 *
 * WHAT COUNTS
 *	The document is what the provider said when it was made. A sign-in or a
 *	refresh after that says more, and stays. Who is revoked stays so until
 *	the next sign-in, whatever is listed. A document that is older, expired
 *	or wrong changes nothing: the last good one stays in force.
 */
#ifndef DAEMON_ADOPT_ADOPT_H
#define DAEMON_ADOPT_ADOPT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/directory/pull.h"

struct adopt;
struct json;
struct world;

/* Begin to fetch what [directory] of the configuration says; without a url
 * *ret_adopt is NULL. world outlives it. 0 or -errno; why was logged. */
int	adopt_new(struct world *world,
	    struct adopt **ret_adopt) MUST_USE;

/* adopt may be NULL. */
void	adopt_free(struct adopt *adopt);

/* What came of a fetch: pull_done_fn, with the adopt. */
void	adopt_take(void *arg, const struct pull_end *end);

/* Is it being applied now? */
bool	adopt_is_busy(const struct adopt *adopt);

/* When lookups began to tell of the people whom a directory brought at the time
 * bound, in milliseconds of CLOCK_REALTIME, INT64_MAX if they do not yet; 0 for
 * other times, and without an adopt. */
int64_t	adopt_shown(struct adopt *adopt, int64_t bound);

/* How it stands, for `hostpass status`: the caller's to free. NULL without an
 * adopt, or for want of memory. */
struct json *adopt_report(const struct adopt *adopt);

/* What an admin should look at, the caller's to free, or NULL. */
char	*adopt_warning(const struct adopt *adopt);

#endif
