/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line for each key: the last file that has it counts, and no file may have
 * it twice.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config/config_setting.h"

static struct config_setting *
find(const struct config_settings *settings, const char *header,
    const char *name)
{
	size_t i;

	for (i = 0; i < settings->count; i++) {
		if (strcmp(settings->items[i].header, header) == 0 &&
		    strcmp(settings->items[i].name, name) == 0)
			return &settings->items[i];
	}
	return NULL;
}

const struct config_setting *
config_settings_find(const struct config_settings *settings,
    const char *header, const char *name)
{
	return find(settings, header, name);
}

static void
clear(struct config_setting *setting)
{
	free(setting->header);
	free(setting->name);
	free(setting->value);
	free(setting->file);
	*setting = (struct config_setting){ 0 };
}

int
config_settings_add(struct config_settings *settings,
    const struct config_place *place, const char *header, const char *name,
    const char *value)
{
	struct config_setting *setting = find(settings, header, name), *grown;
	struct config_setting copy = {
		strdup(header), strdup(name), strdup(value),
		strdup(place->file), place->line
	};

	if (copy.header == NULL || copy.name == NULL || copy.value == NULL ||
	    copy.file == NULL) {
		clear(&copy);
		return config_fail(place, -ENOMEM, "out of memory");
	}
	if (setting != NULL && strcmp(setting->file, place->file) == 0) {
		clear(&copy);
		return config_fail(place, -EINVAL, "%s stands twice in [%s] "
		    "of this file", name, header);
	}
	if (setting == NULL) {
		grown = reallocarray(settings->items, settings->count + 1,
		    sizeof(*grown));
		if (grown == NULL) {
			clear(&copy);
			return config_fail(place, -ENOMEM, "out of memory");
		}
		settings->items = grown;
		setting = &grown[settings->count++];
	} else {
		clear(setting);
	}
	*setting = copy;
	return 0;
}

void
config_settings_free(struct config_settings *settings)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		clear(&settings->items[i]);
	free(settings->items);
	*settings = (struct config_settings){ 0 };
}
