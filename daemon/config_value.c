/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A value is stored whole and checked, or not at all: no setter corrects,
 * shortens or guesses. Values come without control characters and as UTF-8
 * (config_file.c), and are not empty.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/names.h"
#include "common/url.h"
#include "daemon/config_file.h"
#include "daemon/config_value.h"

int
config_fail(const struct config_place *place, int r, const char *fmt, ...)
{
	va_list ap;
	int n = 0;

	if (place->line > 0)
		n = snprintf(place->error, CONFIG_ERROR_MAX, "%s:%u: ",
		    place->file, place->line);
	if (n < 0 || n >= CONFIG_ERROR_MAX)
		return r;
	va_start(ap, fmt);
	(void)vsnprintf(place->error + n, CONFIG_ERROR_MAX - (size_t)n, fmt,
	    ap);
	va_end(ap);
	return r;
}

static int
no_memory(const struct config_place *place)
{
	return config_fail(place, -ENOMEM, "out of memory");
}

/* Take over a string that may be NULL for want of memory. */
static int
store(const struct config_place *place, char *copy, void *where)
{
	char **text = where;

	if (copy == NULL)
		return no_memory(place);
	free(*text);
	*text = copy;
	return 0;
}

int
config_set_text(const struct config_place *place, const char *value,
    void *where)
{
	return store(place, strdup(value), where);
}

/* People paste what the provider shows, which often is the URL of the discovery
 * document; the issuer is what stands before it (OpenID Connect Discovery
 * 4.1, RFC 8414 3). A copy, or NULL for want of memory. */
static char *
without_well_known(const char *url)
{
	static const char openid[] = "/.well-known/openid-configuration";
	static const char oauth[] = "/.well-known/oauth-authorization-server";
	const char *found;
	char *issuer;

	found = strstr(url, oauth);
	if (found != NULL) {
		if (asprintf(&issuer, "%.*s%s", (int)(found - url), url,
		    found + sizeof(oauth) - 1) < 0)
			return NULL;
		return issuer;
	}
	found = strstr(url, openid);
	if (found != NULL && found[sizeof(openid) - 1] == '\0')
		return strndup(url, (size_t)(found - url));
	return strdup(url);
}

int
config_set_issuer(const struct config_place *place, const char *value,
    void *where)
{
	if (!url_is_allowed(value, true))
		return config_fail(place, -EINVAL, "issuer must be a URL such "
		    "as https://id.example.com, not '%s'", value);
	if (strpbrk(value, "?#") != NULL)
		return config_fail(place, -EINVAL, "issuer must have no "
		    "query or fragment");
	return store(place, without_well_known(value), where);
}

int
config_set_url(const struct config_place *place, const char *value,
    void *where)
{
	if (!url_is_allowed(value, true) || strchr(value, '#') != NULL)
		return config_fail(place, -EINVAL, "'%s' is not a URL such as "
		    "https://id.example.com/token", value);
	return store(place, strdup(value), where);
}

int
config_set_proxy(const struct config_place *place, const char *value,
    void *where)
{
	static const char *const schemes[] = {
		"http://", "https://", "socks5://", "socks5h://",
	};
	size_t i, len;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		len = strlen(schemes[i]);
		if (strncmp(value, schemes[i], len) == 0 &&
		    value[len] != '\0' && strchr(value, ' ') == NULL)
			return store(place, strdup(value), where);
	}
	return config_fail(place, -EINVAL, "'%s' is not a proxy such as "
	    "http://proxy.example.com:3128 or socks5h://127.0.0.1:1080", value);
}

int
config_set_path(const struct config_place *place, const char *value,
    void *where)
{
	return store(place, config_file_beside(place, value), where);
}

int
config_set_scopes(const struct config_place *place, const char *value,
    void *where)
{
	static const char openid[] = "openid";
	const char *word = value;
	size_t len;

	for (; *word != '\0'; word += len) {
		word += strspn(word, " ");
		len = strcspn(word, " ");
		if (len == sizeof(openid) - 1 && memcmp(word, openid, len) == 0)
			return store(place, strdup(value), where);
	}
	return config_fail(place, -EINVAL, "scopes must contain openid, "
	    "without which no ID token is issued");
}

/* A field of a passwd line that is a path. */
static int
check_passwd_path(const struct config_place *place, const char *value)
{
	if (*value != '/')
		return config_fail(place, -EINVAL,
		    "'%s' must be an absolute path", value);
	if (strchr(value, ':') != NULL)
		return config_fail(place, -EINVAL,
		    "'%s' must not contain ':', which ends a field of passwd",
		    value);
	return 0;
}

int
config_set_home(const struct config_place *place, const char *value,
    void *where)
{
	const char *percent;
	int r;

	r = check_passwd_path(place, value);
	if (r < 0)
		return r;
	if (strstr(value, "%u") == NULL)
		return config_fail(place, -EINVAL, "home must contain %%u, or "
		    "everybody would share '%s'", value);
	for (percent = strchr(value, '%'); percent != NULL;
	    percent = strchr(percent + 1, '%')) {
		if (percent[1] != 'u')
			return config_fail(place, -EINVAL,
			    "home knows only %%u, the user name");
	}
	return store(place, strdup(value), where);
}

int
config_set_shell(const struct config_place *place, const char *value,
    void *where)
{
	int r;

	r = check_passwd_path(place, value);
	if (r < 0)
		return r;
	return store(place, strdup(value), where);
}

int
config_set_ca_file(const struct config_place *place, const char *value,
    void *where)
{
	char *path;
	int r;

	path = config_file_beside(place, value);
	if (path != NULL && access(path, R_OK) < 0) {
		r = config_fail(place, -EINVAL, "%s cannot be read: %s", path,
		    strerror(errno));
		free(path);
		return r;
	}
	return store(place, path, where);
}

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
config_set_duration(const struct config_place *place, const char *value,
    void *where)
{
	static const struct {
		const char *suffix;
		uint32_t seconds;
	} units[] = {
		{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 },
		{ "d", 86400 },
	};
	uint32_t *seconds = where, number;
	const char *suffix = value;
	size_t i;

	if (config_take_number(&suffix, &number) && number > 0) {
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
			if (strcmp(suffix, units[i].suffix) != 0 ||
			    number > UINT32_MAX / units[i].seconds)
				continue;
			*seconds = number * units[i].seconds;
			return 0;
		}
	}
	return config_fail(place, -EINVAL, "'%s' is not a time such as 90, "
	    "10s, 15m, 1h or 7d", value);
}

/* pam/relay.c gives up after 310 s, whatever is configured. */
#define WAIT_MAX	300

int
config_set_wait(const struct config_place *place, const char *value,
    void *where)
{
	uint32_t seconds;
	int r;

	r = config_set_duration(place, value, &seconds);
	if (r < 0)
		return r;
	if (seconds > WAIT_MAX)
		return config_fail(place, -EINVAL, "wait must not be longer "
		    "than 5m, nor than LoginGraceTime of sshd");
	*(uint32_t *)where = seconds;
	return 0;
}

#define COUNT_MAX	65536

int
config_set_count(const struct config_place *place, const char *value,
    void *where)
{
	const char *end = value;
	uint32_t number;

	if (!config_take_number(&end, &number) || *end != '\0' || number == 0 ||
	    number > COUNT_MAX)
		return config_fail(place, -EINVAL, "'%s' is not a number from "
		    "1 to %d", value, COUNT_MAX);
	*(uint32_t *)where = number;
	return 0;
}

int
config_set_duration_or_off(const struct config_place *place,
    const char *value, void *where)
{
	if (strcmp(value, "off") != 0)
		return config_set_duration(place, value, where);
	*(uint32_t *)where = 0;
	return 0;
}

static int
set_number(const struct config_place *place, const char *value,
    uint32_t least, uint32_t most, void *where)
{
	const char *p = value;
	uint32_t number;

	if (!config_take_number(&p, &number) || *p != '\0' || number < least ||
	    number > most)
		return config_fail(place, -EINVAL, "'%s' is not a number from "
		    "%u to %u", value, (unsigned)least, (unsigned)most);
	*(uint32_t *)where = number;
	return 0;
}

int
config_set_length(const struct config_place *place, const char *value,
    void *where)
{
	return set_number(place, value, 6, 64, where);
}

int
config_set_tries(const struct config_place *place, const char *value,
    void *where)
{
	return set_number(place, value, 1, 100, where);
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
