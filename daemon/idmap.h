/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a uid comes from (design D3). The same name gets the same uid on
 * every host whose first provider has the same issuer, without a host having
 * to ask another.
 */
#ifndef DAEMON_IDMAP_H
#define DAEMON_IDMAP_H

#include <stdint.h>

#include "common/attr.h"
#include "daemon/config.h"
#include "daemon/localfiles.h"
#include "daemon/reason.h"
#include "daemon/store.h"

/* The uid, and gid of the own group, for somebody who is not bound yet.
 * REASON_GRANTED and the id; REASON_ID_COLLISION if the host's own files or
 * another person have it; REASON_INTERNAL if the store cannot tell. */
enum reason idmap_assign(const struct config *config,
	    const struct localfiles *files, struct store *store,
	    const char *name, uint32_t *ret_id) MUST_USE;

#endif
