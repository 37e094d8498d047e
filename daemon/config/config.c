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

#include "common/url.h"
#include "daemon/config/config.h"
#include "daemon/config/config_file.h"
#include "daemon/config/config_keys.h"
#include "daemon/config/config_provider.h"
#include "daemon/directory/signed.h"
#include "daemon/oidc/jwk.h"

/* Of services and of providers. */
#define MEMBER_CHARACTERS	"abcdefghijklmnopqrstuvwxyz0123456789_.-"

/* Configuration files being read. */
struct loader {
	struct config		 config;
	struct config_settings	 settings;	/* every line of it */
};

/* Is the name behind the colon of [section:name] one that can be? */
static int
check_member(const struct config_place *place, const char *section,
    const char *name)
{
	const char *what = strcmp(section, "access") == 0 ?
	    "of a PAM service in lower case" : "for a provider: a-z, 0-9, "
	    "'_', '.' and '-'";

	if (*name == '\0' || name[strspn(name, MEMBER_CHARACTERS)] != '\0')
		return config_fail(place, -EINVAL, "'%s' is not the name %s",
		    name, what);
	return 0;
}

/* The section without its name: "access" and "sudo" of "access:sudo". libpam
 * makes service names lower case, so no other would ever be asked for. */
static int
check_header(const struct config_place *place, const char *header,
    const char **ret_section, const char **ret_name)
{
	static const char *const families[] = { "access", "groups", "provider" };
	size_t i, len;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		len = strlen(families[i]);
		if (strncmp(header, families[i], len) != 0 ||
		    header[len] != ':')
			continue;
		*ret_section = families[i];
		*ret_name = header + len + 1;
		return check_member(place, families[i], *ret_name);
	}
	if (strncmp(header, "user:", 5) == 0) {
		*ret_section = "user";
		*ret_name = header + 5;
		return config_check_user(place, *ret_name);
	}
	if (strcmp(header, "user") == 0)
		return config_fail(place, -EINVAL, "the section is about one "
		    "person and must name her: [user:alice]");
	if (config_find_key(header, NULL) == NULL)
		return config_unknown_section(place, header);
	*ret_section = header;
	*ret_name = "";
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

/* The same for a line of [groups] or [groups:provider]. */
static struct config_group *
group_at(struct config *config, const char *provider, const char *name)
{
	struct config_group *grown;
	size_t i;

	for (i = 0; i < config->group_count; i++) {
		if (strcmp(config->groups[i].name, name) == 0 &&
		    strcmp(config->groups[i].provider, provider) == 0)
			return &config->groups[i];
	}
	grown = reallocarray(config->groups, i + 1, sizeof(*grown));
	if (grown == NULL)
		return NULL;
	config->groups = grown;
	grown[i] = (struct config_group){
		.provider = strdup(provider), .name = strdup(name)
	};
	config->group_count++;
	if (grown[i].name == NULL || grown[i].provider == NULL)
		return NULL;
	return &grown[i];
}

/* Claims may be read otherwise for each provider that has a name. */
static const struct config_key *
find_key(const char *section, const char *member, const char *name)
{
	const struct config_key *key = config_find_key(section, name);

	if (key != NULL || strcmp(section, "provider") != 0 || *member == '\0')
		return key;
	key = config_find_key("identity", name);
	return key != NULL && config_is_claim_key(key) ? key : NULL;
}

/* Where the key of [section:member] is stored, NULL for want of memory.
 * provider is the section's, or NULL. */
static void *
find_base(struct config *config, struct config_provider *provider,
    const struct config_key *key, const char *member, const char *name)
{
	if (strcmp(key->section, "access") == 0)
		return access_at(config, member);
	if (strcmp(key->section, "groups") == 0)
		return group_at(config, member, name);
	if (strcmp(key->section, "user") == 0)
		return config_user_at(config, member);
	if (strcmp(key->section, "provider") == 0)
		return provider;
	if (strcmp(key->section, "identity") == 0)
		return provider != NULL ? &provider->identity :
		    &config->identity;
	return config;
}

/* A section header or a key of a file: config_entry_fn. */
static int
take_entry(void *arg, const struct config_place *place, const char *header,
    const char *name, const char *value)
{
	struct loader *loader = arg;
	struct config_provider *provider = NULL;
	const struct config_key *key;
	const char *section = header, *member = "";
	void *base;
	int r;

	if (*header == '\0')
		return config_fail(place, -EINVAL, "%s stands before the "
		    "first section", name != NULL ? name : "[]");
	r = check_header(place, header, &section, &member);
	if (r == 0 && strcmp(section, "provider") == 0)
		r = config_provider_at(&loader->config, place, member,
		    &provider);
	if (r == 0 && strcmp(section, "user") == 0 &&
	    config_user_at(&loader->config, member) == NULL)
		r = config_fail(place, -ENOMEM, "out of memory");
	if (r < 0 || name == NULL)
		return r;
	key = find_key(section, member, name);
	if (key == NULL)
		return config_unknown_key(place, section, header, name);
	if (*value == '\0')
		return config_fail(place, -EINVAL, "%s has no value; remove "
		    "the line for the default", name);
	r = config_settings_add(&loader->settings, place, header, name, value);
	if (r < 0)
		return r;
	base = find_base(&loader->config, provider, key, member, name);
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
		if (key->fallback == NULL ||
		    strcmp(key->section, "provider") == 0)
			continue;
		r = key->set(&place, key->fallback, (char *)find_base(config,
		    NULL, key, "", "") + key->offset);
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
			r = config_file_read(path, take_entry, loader,
			    error);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return r;
}

/* Keys that no document could be signed with are found before the first one
 * comes. */
static int
check_directory_keys(const struct config_directory *directory,
    const struct config_place *place)
{
	struct jwk_set *keys = NULL;
	int r;

	r = signed_keys_read(&directory->keys, &keys);
	jwk_set_free(keys);
	if (r == -EKEYREJECTED)
		return config_fail(place, -EINVAL, "%s: key_file of "
		    "[directory] holds a private key: keep that from hosts, "
		    "and give them what `hostpass directory keygen` printed",
		    place->file);
	if (r == -EBADMSG)
		return config_fail(place, -EINVAL, "%s: key_file of "
		    "[directory] holds no public key of Ed25519, which is what "
		    "`hostpass directory keygen` prints", place->file);
	return r;
}

static int
check_directory(const struct config_directory *directory,
    const struct config_place *place)
{
	if ((directory->url == NULL) != (directory->keys.len == 0))
		return config_fail(place, -EINVAL, "%s: [directory] needs url "
		    "and key_file, both", place->file);
	if (directory->url == NULL)
		return 0;
	if (!url_is_allowed(directory->url, directory->allow_http_loopback))
		return config_fail(place, -EINVAL, "%s: url of [directory] is "
		    "not https; for a server on this host itself, say "
		    "allow_http_loopback = yes there", place->file);
	return check_directory_keys(directory, place);
}

/* Nobody's container may hold what is computed for somebody else. */
static int
check_ranges(const struct config_identity *identity,
    const struct config_place *place)
{
	if (identity->subid_start <= identity->range_end &&
	    identity->range_start <= identity->subid_end)
		return config_fail(place, -EINVAL, "%s: subid_range %u-%u and "
		    "uid_range %u-%u overlap", place->file,
		    identity->subid_start, identity->subid_end,
		    identity->range_start, identity->range_end);
	return 0;
}

static int
read_all(struct loader *loader, const char *path, char *error)
{
	const struct config_place place = { .file = path, .error = error };
	char *dir;
	int r;

	r = config_file_read(path, take_entry, loader, error);
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
	if (r == 0)
		r = config_check_users(&loader->config, &place);
	if (r < 0)
		return r;
	r = check_ranges(&loader->config.identity, &place);
	if (r == 0)
		r = check_directory(&loader->config.directory, &place);
	if (r < 0)
		return r;
	return config_provider_finish(&loader->config, &loader->settings,
	    &place);
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
	config_settings_free(&loader.settings);
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

	for (i = 0; i < config->provider_count; i++)
		config_provider_free(&config->providers[i]);
	free(config->providers);
	config_identity_free(&config->identity);
	config_free_users(config);
	for (i = 0; i < config->access_count; i++) {
		free(config->access[i].service);
		config_list_free(&config->access[i].allow_groups);
		config_list_free(&config->access[i].allow_users);
		config_list_free(&config->access[i].deny_groups);
		config_list_free(&config->access[i].deny_users);
		config_list_free(&config->access[i].require_amr);
	}
	free(config->access);
	for (i = 0; i < config->group_count; i++) {
		free(config->groups[i].provider);
		free(config->groups[i].name);
		config_list_free(&config->groups[i].local);
	}
	free(config->groups);
	config_list_free(&config->callers);
	free(config->directory.url);
	secret_free(&config->directory.keys);
	free(config->directory.ca_file);
	free(config->directory.proxy);
	config_list_free(&config->passcode.services);
	config_list_free(&config->token.allow_groups);
	config_list_free(&config->token.scopes);
	*config = (struct config){ 0 };
}
