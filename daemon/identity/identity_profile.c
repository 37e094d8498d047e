/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an account shows, and in which groups it is. All of it is a function of
 * token and configuration, so that signing in twice changes nothing.
 *
 * MUST leave out of account, and say so, what cannot stand in passwd(5) or
 *	authorized_keys(5); but refuse groups that cannot be read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/config/passwd_field.h"
#include "daemon/identity/identity_private.h"
#include "daemon/oidc/claims.h"
#include "daemon/oidc/json.h"

/* A display name longer than this is cut. */
#define GECOS_MAX	128

/* More keys than this are not taken. */
#define SSH_KEYS_MAX	64

/* The claim that path names; NULL if it names none. */
static const struct json *
claim_at(const struct identity_case *found, const char *path)
{
	return path == NULL ? NULL : claims_get(found->token->claims, path);
}

bool
identity_groups_matter(const struct identity_case *found)
{
	const struct config *config = found->context->config;
	size_t i;

	for (i = 0; i < config->access_count; i++) {
		if (config->access[i].allow_groups.count > 0 ||
		    config->access[i].deny_groups.count > 0)
			return true;
	}
	return config->group_count > 0 ||
	    config->token.allow_groups.count > 0 ||
	    found->rules->own_groups.count > 0;
}

/* Why there is no groups claim, as far as the configuration tells. */
static enum reason
missing_groups(const struct config_provider *provider)
{
	const char *scopes = provider->scopes, *p = scopes;

	if (provider->preset != CONFIG_PRESET_POCKETID)
		return REASON_GROUPS_MAPPER;
	while ((p = strstr(p, "groups")) != NULL) {
		if ((p == scopes || p[-1] == ' ') &&
		    (p[6] == ' ' || p[6] == '\0'))
			return REASON_GROUPS_MISSING;
		p += 6;
	}
	return REASON_GROUPS_SCOPE;
}

/* A name that no terminal can show is no group here: claims_item_fn. */
static int
take_group(void *arg, const char *group)
{
	struct person *person = arg;

	if (group[0] == '\0' || !text_is_plain(group))
		return 0;
	return person_add_group(person, group);
}

/* A claim that is missing is not an empty one, and a list that is not all
 * group names is not believed in part. */
static enum reason
take_groups(const struct identity_case *found, struct person *person)
{
	const struct json *groups;
	int r;

	groups = claim_at(found, found->rules->groups_claim);
	if (groups == NULL)
		return identity_groups_matter(found) ?
		    missing_groups(found->provider) : REASON_GRANTED;
	r = claims_each(groups, found->rules->groups_separator, take_group,
	    person);
	if (r == -EBADMSG)
		return REASON_GROUPS_MALFORMED;
	return r < 0 ? REASON_INTERNAL : REASON_GRANTED;
}

/* The field of passwd(5) that shows a name: no separator may come from it. */
static char *
make_gecos(const struct identity_case *found, const char *name)
{
	const char *display = json_string(claim_at(found,
	    found->rules->gecos_claim));
	char gecos[GECOS_MAX], *p;

	text_copy_plain(gecos, sizeof(gecos),
	    display != NULL && display[0] != '\0' ? display : name);
	for (p = gecos; *p != '\0'; p++) {
		if (*p == ':' || *p == ',' || *p == '=')
			*p = ' ';
	}
	return strdup(gecos);
}

/* The path that the claim is, or NULL. */
static const char *
claimed_path(const struct identity_case *found, const char *claim)
{
	const struct json *value = claim_at(found, claim);
	const char *path = json_string(value);

	if (value == NULL)
		return NULL;
	if (path != NULL && path_is_plain(path))
		return path;
	reason_add(found->detail, "%s is not used: \"%.64s\" is not a plain "
	    "absolute path", claim, path != NULL ? path : "");
	return NULL;
}

static char *
make_shell(const struct identity_case *found)
{
	const char *shell;

	if (found->user != NULL && found->user->shell != NULL)
		return strdup(found->user->shell);
	shell = claimed_path(found, found->rules->shell_claim);
	return strdup(shell != NULL ? shell : found->rules->shell);
}

/*
 * The name of a directory beside the homes of others, or NULL. A home is made,
 * as hers, when she comes: anywhere else it could be one that root's programs
 * read, such as a systemd unit's drop-ins.
 */
static const char *
beside_others(const char *pattern, const char *home)
{
	const char *u = strstr(pattern, "%u");
	size_t len = u == NULL ? 0 : (size_t)(u - pattern);

	while (len > 0 && pattern[len - 1] != '/')
		len--;
	if (len == 0 || strncmp(home, pattern, len) != 0 ||
	    home[len] == '\0' || strchr(home + len, '/') != NULL)
		return NULL;
	return home + len;
}

/* A home is somebody's alone. */
static bool
home_is_free(const struct identity_case *found, const char *home)
{
	const char *base = beside_others(found->rules->home, home);

	if (base == NULL ||
	    localfiles_has_user(found->context->files, base) ||
	    store_has_home(found->context->store, home) != 0) {
		reason_add(found->detail, "home_claim is not used: %.64s is "
		    "somebody else's, or not where the homes are (home = %s)",
		    home, found->rules->home);
		return false;
	}
	return true;
}

char *
identity_home(const struct identity_case *found, const char *name)
{
	char expanded[SNAPSHOT_STRING_MAX + 1];
	const char *home;
	size_t length;

	if (found->user != NULL && found->user->home != NULL)
		return strdup(found->user->home);
	home = claimed_path(found, found->rules->home_claim);
	if (home != NULL && home_is_free(found, home))
		return strdup(home);
	if (snapshot_expand_home(found->rules->home, name, expanded,
	    sizeof(expanded), &length) < 0)
		return NULL;
	return strdup(expanded);
}

/* A line of the claim. Empty lines and comments are no keys. */
static int
take_key(const struct identity_case *found, struct person *person,
    const char *line)
{
	line += strspn(line, " \t");
	if (*line == '\0' || *line == '#')
		return 0;
	if (!ssh_key_is_plain(line)) {
		reason_add(found->detail, "an ssh key is not used: \"%.32s\" "
		    "does not start a key without options", line);
		return 0;
	}
	if (person->ssh_key_count == SSH_KEYS_MAX) {
		reason_add(found->detail, "there are more than %d ssh keys",
		    SSH_KEYS_MAX);
		return -E2BIG;
	}
	return person_add_ssh_key(person, line);
}

/* The lines of one text. */
static int
take_key_lines(const struct identity_case *found, struct person *person,
    const char *text)
{
	char *copy, *line, *rest, *end;
	int r = 0;

	copy = rest = strdup(text);
	if (copy == NULL)
		return -ENOMEM;
	while (r == 0 && (line = strsep(&rest, "\n")) != NULL) {
		end = line + strlen(line);
		while (end > line && strchr(" \t\r", end[-1]) != NULL)
			*--end = '\0';
		r = take_key(found, person, line);
	}
	free(copy);
	return r;
}

static enum reason
take_keys(const struct identity_case *found, struct person *person)
{
	const struct json *keys = claim_at(found, found->rules->ssh_keys_claim);
	const char *text = json_string(keys);
	size_t i;
	int r = 0;

	if (keys == NULL)
		return REASON_GRANTED;
	if (text != NULL)
		r = take_key_lines(found, person, text);
	else if (!json_is_array(keys))
		reason_add(found->detail, "ssh_keys_claim is not used: it is "
		    "neither text nor a list");
	for (i = 0; r == 0 && text == NULL && i < json_length(keys); i++) {
		if (json_string(json_at(keys, i)) != NULL)
			r = take_key_lines(found, person,
			    json_string(json_at(keys, i)));
	}
	return r == -ENOMEM ? REASON_INTERNAL : REASON_GRANTED;
}

enum reason
identity_profile(const struct identity_case *found, struct person *person)
{
	enum reason reason;

	person_clear_groups(person);
	person_clear_ssh_keys(person);
	reason = take_groups(found, person);
	if (reason == REASON_GRANTED)
		reason = take_keys(found, person);
	if (reason != REASON_GRANTED)
		return reason;
	free(person->gecos);
	free(person->shell);
	person->gecos = make_gecos(found, person->name);
	person->shell = make_shell(found);
	return person->gecos == NULL || person->shell == NULL ?
	    REASON_INTERNAL : REASON_GRANTED;
}
