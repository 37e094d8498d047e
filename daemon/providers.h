/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The providers that the configuration names.
 */
#ifndef DAEMON_PROVIDERS_H
#define DAEMON_PROVIDERS_H

#include "common/attr.h"
#include "daemon/world.h"

/* Make world->providers of world->config; nothing is fetched yet. 0, or what
 * provider_new() gives: -ENOKEY for a client_key_file without a key of use. */
int	providers_start(struct world *world) MUST_USE;

/* Those that were made, if any. */
void	providers_free(struct world *world);

#endif
