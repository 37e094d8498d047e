/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of the configuration. The manual, the defaults and the errors come
 * from this one table, so that they cannot disagree.
 */
#ifndef DAEMON_CONFIG_CONFIG_KEYS_H
#define DAEMON_CONFIG_CONFIG_KEYS_H

#include "daemon/config/config_value.h"

struct config_key {
	const char		*section;
	const char		*name;		/* NULL: any */
	config_setter_fn	*set;
	/* Into the struct config_provider, config_identity, config_access,
	 * config_group or config_user of the section, else into the config. */
	size_t			 offset;
	const char		*fallback;	/* the default, NULL: none */
};

/* In the order of the manual; the last one has no section. */
extern const struct config_key config_keys[];

/* The key of that name, or the first one of the section if name is NULL; NULL
 * if there is none. */
const struct config_key *config_find_key(const char *section,
	    const char *name);

/* Is it a key of [identity] that tells how to read a token? Each
 * [provider:NAME] may have its own. */
bool	config_is_claim_key(const struct config_key *key);

/* Refuse a key of [header], whose kind is section: name the section where it is
 * known, or else the nearest key of its own. -EINVAL and place->error. */
int	config_unknown_key(const struct config_place *place,
	    const char *section, const char *header, const char *key);

/* Refuse a section, likewise. */
int	config_unknown_section(const struct config_place *place,
	    const char *section);

#endif
