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

#include "common/url.h"
#include "daemon/config/config_file.h"
#include "daemon/config/config_value.h"

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
