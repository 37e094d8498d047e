/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which provider somebody is sent to, of several.
 */
#ifndef DAEMON_ROUTE_H
#define DAEMON_ROUTE_H

#include "common/attr.h"
#include "daemon/world.h"

/* The provider that has this issuer; NULL if none is configured (any more). */
const struct world_provider *route_issuer(const struct world *world,
	    const char *issuer);

/* Where user signs in: the provider that she is bound to, whatever its names
 * are, else the first one whose names fit. REASON_GRANTED and the provider;
 * PROVIDER_GONE, NO_PROVIDER, or INTERNAL if the store cannot tell. */
enum reason route_user(const struct world *world, const char *user,
	    const struct world_provider **ret_provider) MUST_USE;

#endif
