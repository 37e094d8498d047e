/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a uid comes from (design D3): a claim, the map file, [user:NAME], or a
 * computation, in this order. The same name is computed the same uid on every
 * host whose first provider has the same issuer, without a host having to ask
 * another.
 */
#ifndef DAEMON_IDENTITY_IDMAP_H
#define DAEMON_IDENTITY_IDMAP_H

#include <stdint.h>

#include "common/attr.h"
#include "daemon/reason.h"

struct identity_case;

/* The uid, and gid of the own group, for somebody who is not bound yet and is
 * to be called name. REASON_GRANTED and both; ID_CLAIM if the token says
 * something that is no id for a person; ID_COLLISION if the host's own files,
 * another person, or somebody who was forgotten has one of them, which the
 * detail names; INTERNAL if the store cannot tell. */
enum reason idmap_assign(const struct identity_case *found,
	    const char *name, uint32_t *ret_uid, uint32_t *ret_gid) MUST_USE;

#endif
