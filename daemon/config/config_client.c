/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What proves that this host is the client: secrets come from files that only
 * root and the daemon can read, never from the configuration itself, and there
 * is exactly the one that is used.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/names.h"
#include "daemon/config/config_file.h"
#include "daemon/config/config_value.h"

/* RSA of 8192 bits in PEM, or as a JWK, is shorter. */
#define SECRET_FILE_MAX	8192

/* The path that value means, the caller's to free: a file, or a credential that
 * systemd has put where only this service reads it (systemd.exec(5)). */
static int
secret_path(const struct config_place *place, const char *value,
    char **ret_path)
{
	static const char prefix[] = "credential:";
	const char *name = value + sizeof(prefix) - 1, *dir;
	char *path;

	if (strncmp(value, prefix, sizeof(prefix) - 1) != 0) {
		path = config_file_beside(place, value);
	} else {
		dir = getenv("CREDENTIALS_DIRECTORY");
		if (*name == '\0' || *name == '.' || strchr(name, '/') != NULL)
			return config_fail(place, -EINVAL,
			    "'%s' is not the name of a credential", name);
		if (dir == NULL)
			return config_fail(place, -EINVAL, "systemd gave no "
			    "credentials; hostpassd.service needs "
			    "LoadCredential=%s:/PATH", name);
		if (asprintf(&path, "%s/%s", dir, name) < 0)
			path = NULL;
	}
	if (path == NULL)
		return config_fail(place, -ENOMEM, "out of memory");
	*ret_path = path;
	return 0;
}

/* The secret is what stands in the file, less the newline that every editor
 * puts at its end. */
static int
read_secret(const struct config_place *place, const char *path, int fd,
    bool one_line, struct secret *ret)
{
	char buf[SECRET_FILE_MAX + 1];
	ssize_t n;
	size_t len;
	int r;

	n = read(fd, buf, sizeof(buf) - 1);
	if (n < 0)
		return config_fail(place, -errno, "%s cannot be read: %s",
		    path, strerror(errno));
	for (len = (size_t)n; len > 0; len--) {
		if (buf[len - 1] != '\n' && buf[len - 1] != '\r')
			break;
	}
	buf[len] = '\0';
	if (len == 0)
		r = config_fail(place, -EINVAL, "%s is empty", path);
	else if ((size_t)n == sizeof(buf) - 1)
		r = config_fail(place, -EINVAL, "%s is too long", path);
	else if (one_line && (strlen(buf) != len || !text_is_plain(buf)))
		r = config_fail(place, -EINVAL,
		    "%s must hold one line of text", path);
	else
		r = secret_set(ret, buf, len);
	if (r == -ENOMEM)
		r = config_fail(place, -ENOMEM, "out of memory");
	explicit_bzero(buf, sizeof(buf));
	return r;
}

static int
set_secret(const struct config_place *place, const char *value, bool one_line,
    mode_t forbidden, struct secret *secret)
{
	char *path = NULL;
	int fd, r;

	r = secret_path(place, value, &path);
	if (r < 0)
		return r;
	r = config_file_open(place, path, forbidden, &fd);
	if (r == 0) {
		r = read_secret(place, path, fd, one_line, secret);
		(void)close(fd);
	}
	free(path);
	/* -ENOENT would read as if the configuration itself was missing. */
	return r == -ENOENT ? -EINVAL : r;
}

int
config_set_secret_file(const struct config_place *place, const char *value,
    void *where)
{
	return set_secret(place, value, true, CONFIG_FILE_SECRET, where);
}

int
config_set_key_file(const struct config_place *place, const char *value,
    void *where)
{
	return set_secret(place, value, false, CONFIG_FILE_SECRET, where);
}

int
config_set_public_file(const struct config_place *place, const char *value,
    void *where)
{
	return set_secret(place, value, false, CONFIG_FILE_PUBLIC, where);
}

int
config_set_client_auth(const struct config_place *place, const char *value,
    void *where)
{
	static const char *const names[] = {
		[CLIENT_AUTH_AUTO] = "auto",
		[CLIENT_AUTH_NONE] = "none",
		[CLIENT_AUTH_SECRET_BASIC] = "basic",
		[CLIENT_AUTH_SECRET_POST] = "post",
		[CLIENT_AUTH_PRIVATE_KEY] = "private_key_jwt",
		[CLIENT_AUTH_ASSERTION] = "assertion",
	};
	enum client_auth_method *method = where, i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(value, names[i]) == 0) {
			*method = i;
			return 0;
		}
	}
	return config_fail(place, -EINVAL, "client_auth is auto, none, basic, "
	    "post, private_key_jwt or assertion, not '%s'", value);
}

int
config_set_audience(const struct config_place *place, const char *value,
    void *where)
{
	enum client_auth_audience *audience = where;

	if (strcmp(value, "issuer") == 0)
		*audience = CLIENT_AUTH_ISSUER;
	else if (strcmp(value, "token_endpoint") == 0)
		*audience = CLIENT_AUTH_TOKEN_ENDPOINT;
	else
		return config_fail(place, -EINVAL, "client_assertion_audience "
		    "is issuer or token_endpoint, not '%s'", value);
	return 0;
}

/* Each method has its own credential, and no other is left lying about unused:
 * whoever configured it believes that it counts. */
int
config_check_client(const struct config_provider *provider,
    const struct config_place *place)
{
	static const char secret[] = "client_secret_file";
	static const char *const needs[] = {
		[CLIENT_AUTH_SECRET_BASIC] = secret,
		[CLIENT_AUTH_SECRET_POST] = secret,
		[CLIENT_AUTH_PRIVATE_KEY] = "client_key_file",
		[CLIENT_AUTH_ASSERTION] = "client_assertion_file",
	};
	const struct {
		const char *name;
		bool given;
	} credentials[] = {
		{ secret, provider->client_secret.len > 0 },
		{ needs[CLIENT_AUTH_PRIVATE_KEY],
		    provider->client_key.len > 0 },
		{ needs[CLIENT_AUTH_ASSERTION],
		    provider->client_assertion_file != NULL },
	};
	const char *need = provider->client_auth <= CLIENT_AUTH_NONE ? NULL :
	    needs[provider->client_auth], *given = NULL;
	size_t i;

	for (i = 0; i < sizeof(credentials) / sizeof(credentials[0]); i++) {
		if (!credentials[i].given)
			continue;
		if (given != NULL)
			return config_fail(place, -EINVAL, "%s: of %s and %s "
			    "only one can be used", place->file, given,
			    credentials[i].name);
		given = credentials[i].name;
	}
	if (need != NULL && given != need)
		return config_fail(place, -EINVAL, "%s: this client_auth needs "
		    "%s%s%s", place->file, need, given != NULL ? ", not " : "",
		    given != NULL ? given : "");
	if (provider->client_assertion_audience != CLIENT_AUTH_ISSUER &&
	    provider->client_key.len == 0)
		return config_fail(place, -EINVAL, "%s: there is no "
		    "client_key_file that client_assertion_audience is for",
		    place->file);
	if (provider->client_auth == CLIENT_AUTH_NONE && given != NULL)
		return config_fail(place, -EINVAL, "%s: client_auth is none, "
		    "but there is a %s", place->file, given);
	return 0;
}
