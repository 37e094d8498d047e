/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST take nothing for a source that whoever is there can choose freely: of
 *	an IPv6 address only the network, of a peer that is not root only her
 *	uid.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "common/names.h"
#include "daemon/session/session_private.h"

/* An address as it may stand in PAM_RHOST, with the zone of a link perhaps. */
static bool
take_address(const char *rhost, char source[SESSION_SOURCE_SIZE])
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr six;
	struct in_addr four;
	size_t len = strcspn(rhost, "%");

	if (len >= sizeof(text))
		return false;
	memcpy(text, rhost, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, &four) == 1)
		return inet_ntop(AF_INET, &four, source,
		    SESSION_SOURCE_SIZE) != NULL;
	if (inet_pton(AF_INET6, text, &six) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&six))
		return inet_ntop(AF_INET, &six.s6_addr[12], source,
		    SESSION_SOURCE_SIZE) != NULL;
	memset(&six.s6_addr[8], 0, 8);
	if (inet_ntop(AF_INET6, &six, text, sizeof(text)) == NULL)
		return false;
	(void)snprintf(source, SESSION_SOURCE_SIZE, "%s/64", text);
	return true;
}

void
session_source(const struct session_request *request,
    char source[SESSION_SOURCE_SIZE])
{
	source[0] = '\0';
	if (request->peer != 0)
		(void)snprintf(source, SESSION_SOURCE_SIZE, "uid %u",
		    (unsigned)request->peer);
	else if (request->rhost[0] == '\0' && request->ruser[0] != '\0')
		(void)snprintf(source, SESSION_SOURCE_SIZE, "user %.*s",
		    NAME_LIMIT, request->ruser);
	else if (request->rhost[0] != '\0' &&
	    !take_address(request->rhost, source))
		text_copy_plain(source, SESSION_SOURCE_SIZE, request->rhost);
}
