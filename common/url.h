/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which URLs are asked at all. Pure; a URL that passes is also short, plain
 * text, and without a user name.
 */
#ifndef COMMON_URL_H
#define COMMON_URL_H

#include <stdbool.h>

#define URL_MAX	2048

/* True for https, and for http to this host itself if http_loopback. url may be
 * NULL. */
bool	url_is_allowed(const char *url, bool http_loopback);

/* True for http to localhost, 127.0.0.0/8 or [::1]: what never leaves this
 * host (RFC 8252 8.3), if no proxy is asked. */
bool	url_is_loopback(const char *url);

#endif
