/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The providers of a configuration while it is being read, and what must be
 * true of them together.
 */
#ifndef DAEMON_CONFIG_CONFIG_PROVIDER_H
#define DAEMON_CONFIG_CONFIG_PROVIDER_H

#include "common/attr.h"
#include "daemon/config/config_setting.h"
#include "daemon/config/config_value.h"

/* The provider of that name ("" for [provider]), made with its defaults if it
 * is not there. 0, or -EINVAL (-ENOMEM) with place->error: either there is one
 * without a name, or all have one. */
int	config_provider_at(struct config *config,
	    const struct config_place *place, const char *name,
	    struct config_provider **ret_provider) MUST_USE;

/* When every line is known: make what [identity] says of tokens each
 * provider's, and check that all is there and fits together. place is the file
 * as a whole. 0, or -EINVAL (-ENOMEM) with place->error. */
int	config_provider_finish(struct config *config,
	    const struct config_settings *settings,
	    const struct config_place *place) MUST_USE;

/* Wipe and free what hangs on them. */
void	config_identity_free(struct config_identity *identity);
void	config_provider_free(struct config_provider *provider);

#endif
