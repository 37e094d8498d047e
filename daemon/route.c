/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST send somebody who is bound to the provider of her issuer and to no
 *	other: a second provider must have no say about her.
 */
#include <errno.h>
#include <string.h>

#include "daemon/route.h"

static const struct world_provider *
find(const struct world *world, const struct config_provider *config)
{
	size_t i;

	for (i = 0; config != NULL && i < world->provider_count; i++) {
		if (world->providers[i].config == config)
			return &world->providers[i];
	}
	return NULL;
}

const struct world_provider *
route_issuer(const struct world *world, const char *issuer)
{
	return find(world, config_provider_of(world->config, issuer));
}

enum reason
route_user(const struct world *world, const char *user,
    const struct world_provider **ret_provider)
{
	const struct world_provider *found;
	struct person *person = NULL;
	enum reason reason;
	int r;

	r = store_find_name(world->store, user, &person);
	if (r < 0 && r != -ENOENT)
		return REASON_INTERNAL;
	if (r == 0) {
		reason = REASON_PROVIDER_GONE;
		found = route_issuer(world, person->issuer);
	} else {
		reason = REASON_NO_PROVIDER;
		found = find(world, config_provider_for(world->config, user));
	}
	person_free(person);
	if (found == NULL)
		return reason;
	*ret_provider = found;
	return REASON_GRANTED;
}
