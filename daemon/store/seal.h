/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the store keeps secret is sealed: AES-256-GCM (NIST SP 800-38D) under a
 * key of its own for each table and column, derived (HKDF, RFC 5869) from a
 * key that does not lie beside the store, and bound to the row that it stands
 * in. A stolen copy of the store tells nothing; what is moved to another row,
 * another column or another host does not open.
 */
#ifndef DAEMON_STORE_SEAL_H
#define DAEMON_STORE_SEAL_H

#include <stddef.h>

#include "common/attr.h"
#include "common/secret.h"

#define SEAL_KEY_SIZE	32
/* How many bytes a sealed value is longer than what is in it. */
#define SEAL_OVERHEAD	(1 + 12 + 16)

struct seal;

/* Where a value stands. All are compared byte by byte when it is opened; none
 * may be NULL. */
struct seal_place {
	const char	*table;
	const char	*column;
	const char	*issuer;	/* of the person whose row it is */
	const char	*subject;
	const char	*row;	/* all else of the row that must not change,
				 * such as a fingerprint; "" if nothing */
};

/* Copy the key of SEAL_KEY_SIZE bytes. 0 and a seal that must be freed,
 * -EINVAL for any other length, or -ENOMEM. */
int	seal_new(const struct secret *key, struct seal **ret_seal) MUST_USE;

/* Wipe. seal may be NULL. */
void	seal_free(struct seal *seal);

/* Seal plain, which may be empty, for place. 0 and *ret_sealed, to be kept as
 * it is and freed; -ENOMEM; -E2BIG; or -EIO if there is no randomness. */
int	seal_close(const struct seal *seal, const struct seal_place *place,
	    const struct secret *plain, struct secret *ret_sealed) MUST_USE;

/* Open what seal_close() made for the same place. 0 and *ret_plain, to be
 * freed; -EBADMSG if anything is not as it was (another key, another place,
 * a changed byte); -ENOMEM; -E2BIG. */
int	seal_open(const struct seal *seal, const struct seal_place *place,
	    const void *sealed, size_t len, struct secret *ret_plain) MUST_USE;

#endif
