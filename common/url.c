/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A URL is taken or refused as it is written; nothing is decoded, so that
 * nobody else can read another host in it.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "common/names.h"
#include "common/url.h"

static const char https[] = "https://";
static const char http[] = "http://";

/* What lies between the scheme and the path (RFC 3986 3.2), or NULL. */
static const char *
authority(const char *url, const char *scheme, size_t *ret_len)
{
	size_t len = strlen(scheme);

	if (strncmp(url, scheme, len) != 0)
		return NULL;
	*ret_len = strcspn(url + len, "/?#");
	return url + len;
}

/* A host without a user name, which would be sent as a password. */
static bool
has_host(const char *url, const char *scheme)
{
	const char *host;
	size_t len;

	host = authority(url, scheme, &len);
	return host != NULL && len > 0 && host[0] != ':' &&
	    memchr(host, '@', len) == NULL &&
	    memchr(host, '\\', len) == NULL;
}

static bool
is_loopback_name(const char *host, size_t len)
{
	static const char *const names[] = { "localhost", "[::1]" };
	char text[INET_ADDRSTRLEN];
	struct in_addr address;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (len == strlen(names[i]) && memcmp(host, names[i], len) == 0)
			return true;
	}
	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, &address) == 1 &&
	    ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
}

bool
url_is_loopback(const char *url)
{
	const char *host;
	size_t len, name;

	host = authority(url, http, &len);
	if (host == NULL)
		return false;
	/* The port is behind the last colon, and is digits alone. */
	for (name = len; name > 0 && strchr("0123456789", host[name - 1]) !=
	    NULL; name--)
		;
	if (name > 0 && host[name - 1] == ':')
		len = name - 1;
	return is_loopback_name(host, len);
}

bool
url_is_allowed(const char *url, bool http_loopback)
{
	if (url == NULL || strlen(url) > URL_MAX || !text_is_plain(url) ||
	    strchr(url, ' ') != NULL)
		return false;
	return has_host(url, https) ||
	    (http_loopback && has_host(url, http) && url_is_loopback(url));
}
