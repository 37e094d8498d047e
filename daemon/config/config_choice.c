/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values that are one word of a few.
 */
#include <errno.h>
#include <string.h>

#include "daemon/config/config_value.h"

int
config_set_preset(const struct config_place *place, const char *value,
    void *where)
{
	enum config_preset *preset = where;

	if (strcmp(value, "pocketid") == 0)
		*preset = CONFIG_PRESET_POCKETID;
	else if (strcmp(value, "generic") == 0)
		*preset = CONFIG_PRESET_GENERIC;
	else
		return config_fail(place, -EINVAL,
		    "preset is pocketid or generic, not '%s'", value);
	return 0;
}

int
config_set_flow(const struct config_place *place, const char *value,
    void *where)
{
	enum flow_kind *kind = where;

	if (strcmp(value, "auto") == 0)
		*kind = FLOW_AUTO;
	else if (strcmp(value, "device") == 0)
		*kind = FLOW_DEVICE;
	else if (strcmp(value, "browser") == 0)
		*kind = FLOW_BROWSER;
	else
		return config_fail(place, -EINVAL,
		    "flow is auto, device or browser, not '%s'", value);
	return 0;
}

int
config_set_userinfo(const struct config_place *place, const char *value,
    void *where)
{
	enum config_userinfo *userinfo = where;

	if (strcmp(value, "auto") == 0)
		*userinfo = CONFIG_USERINFO_AUTO;
	else if (strcmp(value, "always") == 0)
		*userinfo = CONFIG_USERINFO_ALWAYS;
	else if (strcmp(value, "never") == 0)
		*userinfo = CONFIG_USERINFO_NEVER;
	else
		return config_fail(place, -EINVAL,
		    "userinfo is auto, always or never, not '%s'", value);
	return 0;
}

int
config_set_boolean(const struct config_place *place, const char *value,
    void *where)
{
	bool *flag = where;

	if (strcmp(value, "yes") == 0)
		*flag = true;
	else if (strcmp(value, "no") == 0)
		*flag = false;
	else
		return config_fail(place, -EINVAL, "'%s' is not yes or no",
		    value);
	return 0;
}

int
config_set_on_revoke(const struct config_place *place, const char *value,
    void *where)
{
	bool *end_sessions = where;

	*end_sessions = strcmp(value, "end-sessions") == 0;
	if (!*end_sessions && strcmp(value, "deny") != 0)
		return config_fail(place, -EINVAL, "on_revoke is deny or "
		    "end-sessions, not '%s'", value);
	return 0;
}

int
config_set_switch(const struct config_place *place, const char *value,
    void *where)
{
	enum config_switch *choice = where;
	bool flag;
	int r;

	r = config_set_boolean(place, value, &flag);
	if (r == 0)
		*choice = flag ? CONFIG_SWITCH_YES : CONFIG_SWITCH_NO;
	return r;
}

int
config_set_groups_format(const struct config_place *place, const char *value,
    void *where)
{
	char *separator = where;

	if (strcmp(value, "names") == 0)
		*separator = '\0';
	else if (strcmp(value, "blanks") == 0)
		*separator = ' ';
	else if (strcmp(value, "commas") == 0)
		*separator = ',';
	else
		return config_fail(place, -EINVAL, "groups_format is names, "
		    "blanks or commas, not '%s'", value);
	return 0;
}
