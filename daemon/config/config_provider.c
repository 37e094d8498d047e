/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One provider, or several with names.
 *
 * MUST refuse two providers with one issuer: who comes from where would depend
 *	on their order.
 * MUST refuse a group name that does not say which provider it is of where
 *	there could be two: nobody's second provider may hand out the first
 *	one's "admins".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/url.h"
#include "daemon/config/config_keys.h"
#include "daemon/config/config_provider.h"

static int
set_defaults(const struct config_place *place, struct config_provider *provider)
{
	const struct config_key *key;
	int r;

	for (key = config_keys; key->section != NULL; key++) {
		if (key->fallback == NULL ||
		    strcmp(key->section, "provider") != 0)
			continue;
		r = key->set(place, key->fallback,
		    (char *)provider + key->offset);
		if (r < 0)
			return r;
	}
	return 0;
}

int
config_provider_at(struct config *config, const struct config_place *place,
    const char *name, struct config_provider **ret_provider)
{
	struct config_provider *grown;
	size_t i;
	int r;

	for (i = 0; i < config->provider_count; i++) {
		if (strcmp(config->providers[i].name, name) == 0) {
			*ret_provider = &config->providers[i];
			return 0;
		}
		if (*name == '\0' || *config->providers[i].name == '\0')
			return config_fail(place, -EINVAL, "[provider] cannot "
			    "stand beside [provider:%s]; give it a name too",
			    *name != '\0' ? name : config->providers[i].name);
	}
	grown = reallocarray(config->providers, i + 1, sizeof(*grown));
	if (grown == NULL)
		return config_fail(place, -ENOMEM, "out of memory");
	config->providers = grown;
	grown[i] = (struct config_provider){ .name = strdup(name) };
	if (grown[i].name == NULL)
		return config_fail(place, -ENOMEM, "out of memory");
	config->provider_count++;
	r = set_defaults(place, &grown[i]);
	if (r == 0)
		*ret_provider = &grown[i];
	return r;
}

/* Each key of [identity] as this provider's section has it, else as [identity]
 * has it, else its default. The values were checked when they were read. */
static int
resolve_identity(const struct config_settings *settings,
    const struct config_place *place, struct config_provider *provider)
{
	struct config_place at = *place;
	const struct config_setting *setting;
	const struct config_key *key;
	char header[64];
	int r;

	(void)snprintf(header, sizeof(header), "provider:%s", provider->name);
	for (key = config_keys; key->section != NULL; key++) {
		if (strcmp(key->section, "identity") != 0)
			continue;
		setting = config_settings_find(settings, header, key->name);
		if (setting == NULL)
			setting = config_settings_find(settings, "identity",
			    key->name);
		if (setting == NULL && key->fallback == NULL)
			continue;
		if (setting != NULL) {
			at.file = setting->file;
			at.line = setting->line;
		}
		r = key->set(&at, setting != NULL ? setting->value :
		    key->fallback, (char *)&provider->identity + key->offset);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
check_urls(const struct config_provider *provider,
    const struct config_place *place)
{
	const char *const urls[] = {
		provider->issuer, provider->authorization_endpoint,
		provider->device_authorization_endpoint,
		provider->token_endpoint, provider->jwks_uri,
		provider->userinfo_endpoint,
	};
	size_t i;

	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		if (urls[i] != NULL && !url_is_allowed(urls[i],
		    provider->allow_http_loopback))
			return config_fail(place, -EINVAL, "%s: %s is not "
			    "https; for a provider on this host itself, set "
			    "allow_http_loopback = yes", place->file, urls[i]);
	}
	return 0;
}

static int
check_provider(const struct config_provider *provider,
    const struct config_place *place)
{
	const char *missing = NULL;
	int r;

	if (provider->issuer == NULL)
		missing = "issuer";
	else if (provider->client_id == NULL)
		missing = "client_id";
	if (missing != NULL)
		return config_fail(place, -EINVAL, "%s: %s is missing in "
		    "[provider%s%s]", place->file, missing,
		    *provider->name != '\0' ? ":" : "", provider->name);
	r = config_check_client(provider, place);
	return r < 0 ? r : check_urls(provider, place);
}

/* The provider whose issuer is that of the one at i, too. */
static const struct config_provider *
twin(const struct config *config, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++) {
		if (strcmp(config->providers[j].issuer,
		    config->providers[i].issuer) == 0)
			return &config->providers[j];
	}
	return NULL;
}

/* An item of allow_groups or deny_groups. */
static int
check_item(const struct config *config, const struct config_place *place,
    const char *item)
{
	const char *first = config->providers[0].name;
	size_t i;

	for (i = 0; i < config->provider_count; i++) {
		if (config_provider_group(&config->providers[i], item) != NULL)
			return 0;
	}
	return config_fail(place, -EINVAL, "'%s' does not say whose group it "
	    "is; that of [provider:%s] is %s:GROUP", item, first, first);
}

/* allow_groups, or deny_groups, of [access] or [access:SERVICE]. */
static int
check_items(const struct config *config, const struct config_place *place,
    const struct config_setting *setting)
{
	const struct config_access *access;
	const struct config_list *list;
	const char *colon = strchr(setting->header, ':');
	size_t i, j;
	int r = 0;

	for (i = 0; i < config->access_count; i++) {
		access = &config->access[i];
		if (strcmp(access->service, colon != NULL ? colon + 1 : "") !=
		    0)
			continue;
		list = strcmp(setting->name, "deny_groups") == 0 ?
		    &access->deny_groups : &access->allow_groups;
		for (j = 0; r == 0 && j < list->count; j++)
			r = check_item(config, place, list->items[j]);
	}
	return r;
}

/* A line of [groups] or [groups:PROVIDER]. */
static int
check_group(const struct config *config, const struct config_place *place,
    const char *header, const char *name)
{
	const char *colon = strchr(header, ':');
	const char *provider = colon != NULL ? colon + 1 : "";
	size_t i;

	for (i = 0; i < config->provider_count; i++) {
		if (strcmp(config->providers[i].name, provider) == 0)
			return 0;
	}
	if (colon != NULL)
		return config_fail(place, -EINVAL, "there is no [provider:%s] "
		    "for [%s]", provider, header);
	if (strcmp(name, "*") == 0)
		return 0;
	return config_fail(place, -EINVAL, "[groups] does not say whose group "
	    "'%s' is; the line belongs in [groups:%s] if it is that of "
	    "[provider:%s]", name, config->providers[0].name,
	    config->providers[0].name);
}

/* Of two providers, each may have the group that sudoers means. */
static int
check_own_groups(const struct config *config, const struct config_place *place,
    const char *header)
{
	const char *first = config->providers[0].name;

	if (strcmp(header, "identity") != 0 || *first == '\0')
		return 0;
	return config_fail(place, -EINVAL, "own_groups does not say whose "
	    "groups they are; the line belongs in [provider:%s] if they are "
	    "that one's", first);
}

/* Every line that names a group of a provider. */
static int
check_groups(const struct config *config,
    const struct config_settings *settings, char *error)
{
	const struct config_setting *setting;
	struct config_place place = { .error = error };
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < settings->count; i++) {
		setting = &settings->items[i];
		place.file = setting->file;
		place.line = setting->line;
		if (strncmp(setting->header, "groups", 6) == 0)
			r = check_group(config, &place, setting->header,
			    setting->name);
		else if (strcmp(setting->name, "allow_groups") == 0 ||
		    strcmp(setting->name, "deny_groups") == 0)
			r = check_items(config, &place, setting);
		else if (strcmp(setting->name, "own_groups") == 0)
			r = check_own_groups(config, &place, setting->header);
	}
	return r;
}

int
config_provider_finish(struct config *config,
    const struct config_settings *settings, const struct config_place *place)
{
	struct config_provider *provider;
	const struct config_provider *other;
	size_t i;
	int r;

	if (config->provider_count == 0)
		return config_fail(place, -EINVAL, "%s: issuer is missing in "
		    "[provider]", place->file);
	for (i = 0; i < config->provider_count; i++) {
		provider = &config->providers[i];
		if ((r = resolve_identity(settings, place, provider)) < 0 ||
		    (r = check_provider(provider, place)) < 0)
			return r;
		other = twin(config, i);
		if (other != NULL)
			return config_fail(place, -EINVAL, "%s: [provider:%s] "
			    "and [provider:%s] have the same issuer",
			    place->file, other->name, provider->name);
	}
	return check_groups(config, settings, place->error);
}

void
config_identity_free(struct config_identity *identity)
{
	free(identity->username_claim);
	free(identity->strip_domain);
	free(identity->groups_claim);
	free(identity->uid_claim);
	free(identity->gid_claim);
	free(identity->shell_claim);
	free(identity->home_claim);
	free(identity->gecos_claim);
	free(identity->ssh_keys_claim);
	free(identity->map_file);
	config_list_free(&identity->own_groups);
	free(identity->home);
	free(identity->shell);
	*identity = (struct config_identity){ 0 };
}

void
config_provider_free(struct config_provider *provider)
{
	free(provider->name);
	free(provider->names);
	free(provider->issuer);
	free(provider->client_id);
	secret_free(&provider->client_secret);
	secret_free(&provider->client_key);
	free(provider->client_assertion_file);
	free(provider->scopes);
	free(provider->authorization_endpoint);
	free(provider->device_authorization_endpoint);
	free(provider->token_endpoint);
	free(provider->jwks_uri);
	free(provider->userinfo_endpoint);
	free(provider->ca_file);
	free(provider->proxy);
	config_identity_free(&provider->identity);
	*provider = (struct config_provider){ 0 };
}
