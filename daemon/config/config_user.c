/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the configuration says of names: the rules of [identity], and the
 * sections [user:NAME]. As in config_value.c, a value is stored whole and
 * checked, or not at all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/map_line.h"
#include "common/names.h"
#include "daemon/config/config_value.h"
#include "daemon/config/passwd_field.h"

#define DOMAIN_CHARACTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

int
config_set_provision(const struct config_place *place, const char *value,
    void *where)
{
	bool *provision = where;

	if (strcmp(value, "on") == 0)
		*provision = true;
	else if (strcmp(value, "off") == 0)
		*provision = false;
	else
		return config_fail(place, -EINVAL,
		    "provision is on or off, not '%s'", value);
	return 0;
}

int
config_set_name_case(const struct config_place *place, const char *value,
    void *where)
{
	bool *lower = where;

	if (strcmp(value, "lower") == 0)
		*lower = true;
	else if (strcmp(value, "keep") == 0)
		*lower = false;
	else
		return config_fail(place, -EINVAL,
		    "name_case is keep or lower, not '%s'", value);
	return 0;
}

int
config_set_domain(const struct config_place *place, const char *value,
    void *where)
{
	if (value[strspn(value, DOMAIN_CHARACTERS)] != '\0' ||
	    strchr(".-", *value) != NULL)
		return config_fail(place, -EINVAL, "'%s' is not a domain such "
		    "as example.com", value);
	return config_set_text(place, value, where);
}

int
config_set_id(const struct config_place *place, const char *value, void *where)
{
	uint32_t id;

	if (!map_parse_id(value, strlen(value), &id) || !id_is_allowed(id))
		return config_fail(place, -EINVAL, "'%s' is not a uid that a "
		    "person can have: from %u on, and not reserved by the "
		    "system", value, ID_FLOOR);
	*(uint32_t *)where = id;
	return 0;
}

int
config_set_user_home(const struct config_place *place, const char *value,
    void *where)
{
	if (!path_is_plain(value))
		return config_fail(place, -EINVAL, "'%s' is not an absolute "
		    "path without '..', ':' and blanks", value);
	return config_set_text(place, value, where);
}

static bool
is_address(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL && at != text && at[1] != '\0' &&
	    strchr(at + 1, '@') == NULL && strchr(text, ' ') == NULL;
}

int
config_set_match(const struct config_place *place, const char *value,
    void *where)
{
	static const struct {
		const char		*prefix;
		enum config_match_kind	 kind;
	} kinds[] = {
		{ "email:", CONFIG_MATCH_EMAIL },
		{ "sub:", CONFIG_MATCH_SUB },
		{ "preferred_username:", CONFIG_MATCH_PREFERRED_USERNAME },
	};
	struct config_match *match = where;
	size_t i, len;
	int r;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		len = strlen(kinds[i].prefix);
		if (strncmp(value, kinds[i].prefix, len) != 0 ||
		    value[len] == '\0' || value[len] == ' ')
			continue;
		if (kinds[i].kind == CONFIG_MATCH_EMAIL &&
		    !is_address(value + len))
			break;
		r = config_set_text(place, value + len, &match->value);
		if (r == 0)
			match->kind = kinds[i].kind;
		return r;
	}
	return config_fail(place, -EINVAL, "match is email:ADDRESS, sub:SUB or "
	    "preferred_username:NAME, not '%s'", value);
}

int
config_check_user(const struct config_place *place, const char *name)
{
	if (name_is_valid(name) && strcmp(name, "root") != 0)
		return 0;
	return config_fail(place, -EINVAL, "'%s' is not a name that a person "
	    "can have here", name);
}

struct config_user *
config_user_at(struct config *config, const char *name)
{
	struct config_user *grown;
	size_t i;

	for (i = 0; i < config->user_count; i++) {
		if (strcmp(config->users[i].name, name) == 0)
			return &config->users[i];
	}
	grown = reallocarray(config->users, i + 1, sizeof(*grown));
	if (grown == NULL)
		return NULL;
	config->users = grown;
	grown[i] = (struct config_user){ .name = strdup(name) };
	if (grown[i].name == NULL)
		return NULL;
	config->user_count++;
	return &grown[i];
}

const struct config_user *
config_user_for(const struct config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->user_count; i++) {
		if (strcmp(config->users[i].name, name) == 0)
			return &config->users[i];
	}
	return NULL;
}

static bool
same_match(const struct config_match *a, const struct config_match *b)
{
	return a->kind != CONFIG_MATCH_NONE && a->kind == b->kind &&
	    strcmp(a->value, b->value) == 0;
}

int
config_check_users(const struct config *config,
    const struct config_place *place)
{
	const struct config_user *a, *b;
	size_t i, j;

	for (i = 0; i < config->user_count; i++) {
		for (j = 0; j < i; j++) {
			a = &config->users[j];
			b = &config->users[i];
			if (a->uid != 0 && a->uid == b->uid)
				return config_fail(place, -EINVAL, "%s: "
				    "[user:%s] and [user:%s] have the same "
				    "uid %u", place->file, a->name, b->name,
				    a->uid);
			if (same_match(&a->match, &b->match))
				return config_fail(place, -EINVAL, "%s: "
				    "[user:%s] and [user:%s] match the same "
				    "person", place->file, a->name, b->name);
		}
	}
	return 0;
}

void
config_free_users(struct config *config)
{
	size_t i;

	for (i = 0; i < config->user_count; i++) {
		free(config->users[i].name);
		free(config->users[i].match.value);
		free(config->users[i].shell);
		free(config->users[i].home);
	}
	free(config->users);
}
