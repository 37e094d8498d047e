/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in, struct config out: the file itself, then the drop-ins in order of
 * name. Either all of it is right, or there is no configuration at all.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config.h"
#include "daemon/config_file.h"
#include "daemon/config_keys.h"
#include "daemon/oidc/url.h"

#define SERVICE_CHARACTERS	"abcdefghijklmnopqrstuvwxyz0123456789_.-"

/* Configuration files being read. */
struct loader {
	struct config		 config;
	struct config_list	 seen;	/* "[section] key" in this file */
};

/* The section without its service or person: "access" of "access:sudo". libpam
 * makes service names lower case, so no other would ever be asked for. */
static int
check_header(const struct config_place *place, const char *header,
    const char **ret_section, const char **ret_service)
{
	static const char prefix[] = "access:", user[] = "user:";
	const char *service;

	if (strncmp(header, prefix, sizeof(prefix) - 1) == 0) {
		service = header + sizeof(prefix) - 1;
		if (*service == '\0' ||
		    service[strspn(service, SERVICE_CHARACTERS)] != '\0')
			return config_fail(place, -EINVAL, "'%s' is not the "
			    "name of a PAM service in lower case", service);
		*ret_section = "access";
		*ret_service = service;
		return 0;
	}
	if (strncmp(header, user, sizeof(user) - 1) == 0) {
		*ret_section = "user";
		*ret_service = header + sizeof(user) - 1;
		return config_check_user(place, *ret_service);
	}
	if (strcmp(header, "user") == 0)
		return config_fail(place, -EINVAL, "the section is about one "
		    "person and must name her: [user:alice]");
	if (config_find_key(header, NULL) == NULL)
		return config_unknown_section(place, header);
	*ret_section = header;
	*ret_service = "";
	return 0;
}

/* The [access:service] of config, made if it is not there; NULL for want of
 * memory. */
static struct config_access *
access_at(struct config *config, const char *service)
{
	struct config_access *grown;
	size_t i;

	for (i = 0; i < config->access_count; i++) {
		if (strcmp(config->access[i].service, service) == 0)
			return &config->access[i];
	}
	grown = reallocarray(config->access, i + 1, sizeof(*grown));
	if (grown == NULL)
		return NULL;
	config->access = grown;
	grown[i] = (struct config_access){ .service = strdup(service) };
	if (grown[i].service == NULL)
		return NULL;
	config->access_count++;
	return &grown[i];
}

/* The same for a line of [groups]. */
static struct config_group *
group_at(struct config *config, const char *name)
{
	struct config_group *grown;
	size_t i;

	for (i = 0; i < config->group_count; i++) {
		if (strcmp(config->groups[i].name, name) == 0)
			return &config->groups[i];
	}
	grown = reallocarray(config->groups, i + 1, sizeof(*grown));
	if (grown == NULL)
		return NULL;
	config->groups = grown;
	grown[i] = (struct config_group){ .name = strdup(name) };
	if (grown[i].name == NULL)
		return NULL;
	config->group_count++;
	return &grown[i];
}

/* Remember that this file has set the key; no file may set one twice. */
static int
see_key(struct loader *loader, const struct config_place *place,
    const char *header, const char *name)
{
	char **items, *seen;
	size_t i;

	if (asprintf(&seen, "[%s] %s", header, name) < 0)
		return config_fail(place, -ENOMEM, "out of memory");
	for (i = 0; i < loader->seen.count; i++) {
		if (strcmp(loader->seen.items[i], seen) != 0)
			continue;
		free(seen);
		return config_fail(place, -EINVAL, "%s stands twice in [%s] "
		    "of this file", name, header);
	}
	items = reallocarray(loader->seen.items, i + 1, sizeof(*items));
	if (items == NULL) {
		free(seen);
		return config_fail(place, -ENOMEM, "out of memory");
	}
	items[i] = seen;
	loader->seen.items = items;
	loader->seen.count++;
	return 0;
}

/* A section header or a key of a file: config_entry_fn. */
static int
take_entry(void *arg, const struct config_place *place, const char *header,
    const char *name, const char *value)
{
	struct loader *loader = arg;
	const struct config_key *key;
	const char *section = header, *service = "";
	void *base = &loader->config;
	int r;

	if (*header == '\0')
		return config_fail(place, -EINVAL, "%s stands before the "
		    "first section", name != NULL ? name : "[]");
	r = check_header(place, header, &section, &service);
	if (r == 0 && strcmp(section, "user") == 0 &&
	    config_user_at(&loader->config, service) == NULL)
		return config_fail(place, -ENOMEM, "out of memory");
	if (r < 0 || name == NULL)
		return r;
	key = config_find_key(section, name);
	if (key == NULL)
		return config_unknown_key(place, section, header, name);
	if (*value == '\0')
		return config_fail(place, -EINVAL, "%s has no value; remove "
		    "the line for the default", name);
	r = see_key(loader, place, header, name);
	if (r < 0)
		return r;
	if (strcmp(section, "access") == 0)
		base = access_at(&loader->config, service);
	else if (strcmp(section, "groups") == 0)
		base = group_at(&loader->config, name);
	else if (strcmp(section, "user") == 0)
		base = config_user_at(&loader->config, service);
	if (base == NULL)
		return config_fail(place, -ENOMEM, "out of memory");
	return key->set(place, value, (char *)base + key->offset);
}

static int
set_defaults(struct config *config, char *error)
{
	const struct config_place place = { .file = "", .error = error };
	const struct config_key *key;
	int r;

	if (access_at(config, "") == NULL)
		return config_fail(&place, -ENOMEM, "out of memory");
	for (key = config_keys; key->section != NULL; key++) {
		if (key->fallback == NULL)
			continue;
		r = key->set(&place, key->fallback,
		    (char *)config + key->offset);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
is_drop_in(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	    strcmp(entry->d_name + len - 5, ".conf") == 0;
}

/* By bytes: the order must not depend on a locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
read_file(struct loader *loader, const char *path, char *error)
{
	config_list_free(&loader->seen);
	return config_file_read(path, take_entry, loader, error);
}

static int
read_drop_ins(struct loader *loader, const char *dir, char *error)
{
	const struct config_place place = { .file = dir, .error = error };
	struct dirent **entries;
	char *path;
	int count, i, r = 0;

	count = scandir(dir, &entries, is_drop_in, by_name);
	if (count < 0) {
		if (errno == ENOENT)
			return 0;
		return config_fail(&place, -errno, "%s cannot be read: %s",
		    dir, strerror(errno));
	}
	for (i = 0; i < count; i++) {
		if (r == 0 &&
		    asprintf(&path, "%s/%s", dir, entries[i]->d_name) < 0)
			r = config_fail(&place, -ENOMEM, "out of memory");
		else if (r == 0) {
			r = read_file(loader, path, error);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return r;
}

/* What no default can stand for. */
static int
check_required(const struct config *config, const struct config_place *place)
{
	const char *missing = NULL;

	if (config->provider.issuer == NULL)
		missing = "issuer";
	else if (config->provider.client_id == NULL)
		missing = "client_id";
	if (missing == NULL)
		return 0;
	return config_fail(place, -EINVAL, "%s: %s is missing in [provider]",
	    place->file, missing);
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
check_all(const struct config *config, const struct config_place *place)
{
	int r;

	if ((r = check_required(config, place)) < 0 ||
	    (r = config_check_client(&config->provider, place)) < 0 ||
	    (r = config_check_users(config, place)) < 0)
		return r;
	return check_urls(&config->provider, place);
}

static int
read_all(struct loader *loader, const char *path, char *error)
{
	const struct config_place place = { .file = path, .error = error };
	char *dir;
	int r;

	r = read_file(loader, path, error);
	if (r == -ENOENT)
		return config_fail(&place, r, "%s does not exist; it needs at "
		    "least these five lines: \"[provider]\", \"issuer = "
		    "https://id.example.com\", \"client_id = ID\", "
		    "\"[access]\", \"allow_groups = GROUP\"", path);
	if (r < 0)
		return r;
	dir = config_file_beside(&place, "conf.d");
	if (dir == NULL)
		return config_fail(&place, -ENOMEM, "out of memory");
	r = read_drop_ins(loader, dir, error);
	free(dir);
	if (r < 0)
		return r;
	return check_all(&loader->config, &place);
}

int
config_load(const char *path, struct config *ret_config,
    char error[CONFIG_ERROR_MAX])
{
	struct loader loader = { 0 };
	int r;

	r = set_defaults(&loader.config, error);
	if (r == 0)
		r = read_all(&loader, path, error);
	config_list_free(&loader.seen);
	if (r < 0)
		config_free(&loader.config);
	else
		*ret_config = loader.config;
	return r;
}

void
config_free(struct config *config)
{
	size_t i;

	free(config->provider.issuer);
	free(config->provider.client_id);
	secret_free(&config->provider.client_secret);
	secret_free(&config->provider.client_key);
	free(config->provider.client_assertion_file);
	free(config->provider.scopes);
	free(config->provider.authorization_endpoint);
	free(config->provider.device_authorization_endpoint);
	free(config->provider.token_endpoint);
	free(config->provider.jwks_uri);
	free(config->provider.userinfo_endpoint);
	free(config->provider.ca_file);
	free(config->provider.proxy);
	config_free_identity(&config->identity);
	config_free_users(config);
	for (i = 0; i < config->access_count; i++) {
		free(config->access[i].service);
		config_list_free(&config->access[i].allow_groups);
		config_list_free(&config->access[i].allow_users);
		config_list_free(&config->access[i].require_amr);
	}
	free(config->access);
	for (i = 0; i < config->group_count; i++) {
		free(config->groups[i].name);
		config_list_free(&config->groups[i].local);
	}
	free(config->groups);
	config_list_free(&config->callers);
	*config = (struct config){ 0 };
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
