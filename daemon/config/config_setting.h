/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of the configuration as they were written, for what can be checked
 * only when all of them are known.
 */
#ifndef DAEMON_CONFIG_CONFIG_SETTING_H
#define DAEMON_CONFIG_CONFIG_SETTING_H

#include "common/attr.h"
#include "daemon/config/config_value.h"

struct config_setting {
	char		*header;	/* "access:sudo" */
	char		*name;
	char		*value;
	char		*file;
	unsigned int	 line;
};

struct config_settings {
	struct config_setting	*items;
	size_t			 count;
};

/* Remember a line, in the place of one for the same key of an earlier file.
 * 0; -EINVAL with place->error if this file had it before; -ENOMEM. */
int	config_settings_add(struct config_settings *settings,
	    const struct config_place *place, const char *header,
	    const char *name, const char *value) MUST_USE;

/* The line that counts for a key, or NULL. */
const struct config_setting *config_settings_find(
	    const struct config_settings *settings, const char *header,
	    const char *name);

void	config_settings_free(struct config_settings *settings);

#endif
