/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one sign-in spares the person afterwards. Whether it could be kept
 * changes nothing about the sign-in itself.
 */
#include <stdio.h>
#include <time.h>

#include "common/log.h"
#include "daemon/session/passcode.h"
#include "daemon/session/remembered.h"
#include "daemon/session/session_private.h"
#include "daemon/trouble.h"

static void
note(const struct world *world, const struct session_request *request,
    const char *key)
{
	char source[SESSION_SOURCE_SIZE], detail[REASON_DETAIL_SIZE];
	const struct audit_event event = {
		.kind = AUDIT_SIGN_IN, .user = request->user,
		.service = request->service, .reason = REASON_GRANTED,
		.source = request->rhost[0] != '\0' ? request->rhost : source,
		.detail = detail, .key = key,
	};

	session_source(request, source);
	(void)snprintf(detail, sizeof(detail), "remembered key %s", key);
	audit_note(world->audit, &event);
}

bool
session_is_spared(const struct world *world,
    const struct session_request *request, char ret_key[FINGERPRINT_SIZE])
{
	ret_key[0] = '\0';
	if (!remembered_key_of(world, request, ret_key) ||
	    !remembered_grants(world, request, ret_key, time(NULL)))
		return false;
	note(world, request, ret_key);
	return true;
}

void
session_spare_next(const struct session *session)
{
	struct world *world = session->world;
	int r = 0;

	if (session->key[0] != '\0')
		r = remembered_keep(world, session->user, session->service,
		    session->rhost, session->key, time(NULL));
	if (r == 0)
		r = passcode_forgive(world, session->user);
	if (r < 0)
		log_line(LOG_ERR, "sign-in %llu: what it spares cannot be kept: "
		    "%s", (unsigned long long)session->number, trouble_say(r));
}
