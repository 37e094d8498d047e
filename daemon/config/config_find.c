/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a configuration says of somebody, or of a service. What it does not name
 * is not guessed.
 */
#include <string.h>

#include "daemon/config/config.h"
#include "daemon/config/config_value.h"

const struct config_provider *
config_provider_of(const struct config *config, const char *issuer)
{
	size_t i;

	for (i = 0; i < config->provider_count; i++) {
		if (strcmp(config->providers[i].issuer, issuer) == 0)
			return &config->providers[i];
	}
	return NULL;
}

const struct config_provider *
config_provider_for(const struct config *config, const char *user)
{
	const char *names;
	size_t i;

	for (i = 0; i < config->provider_count; i++) {
		names = config->providers[i].names;
		if (names == NULL || config_pattern_fits(names, user))
			return &config->providers[i];
	}
	return NULL;
}

const char *
config_provider_group(const struct config_provider *provider, const char *item)
{
	size_t len = strlen(provider->name);

	if (len == 0)
		return item;
	if (strncmp(item, provider->name, len) != 0 || item[len] != ':' ||
	    item[len + 1] == '\0')
		return NULL;
	return item + len + 1;
}

const char *
config_seed_issuer(const struct config *config)
{
	return config->providers[0].issuer;
}

/* Programs that use another service for a login shell are the same program to
 * whoever writes a rule: sudo -i must not go round [access:sudo]. */
static const char *
plain_service(const char *service)
{
	static const struct {
		const char	*login;
		const char	*plain;
	} pairs[] = {
		{ "sudo-i", "sudo" },
		{ "su-l", "su" },
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (strcmp(pairs[i].login, service) == 0)
			return pairs[i].plain;
	}
	return NULL;
}

static const struct config_access *
find_access(const struct config *config, const char *service)
{
	size_t i;

	for (i = 1; i < config->access_count; i++) {
		if (strcmp(config->access[i].service, service) == 0)
			return &config->access[i];
	}
	return NULL;
}

const struct config_access *
config_access_for(const struct config *config, const char *service)
{
	const struct config_access *access = find_access(config, service);
	const char *plain = plain_service(service);

	if (access == NULL && plain != NULL)
		access = find_access(config, plain);
	return access;
}
