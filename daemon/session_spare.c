/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one sign-in spares the person afterwards. Whether it could be kept
 * changes nothing about the sign-in itself.
 */
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "daemon/passcode.h"
#include "daemon/remembered.h"
#include "daemon/session_private.h"

bool
session_is_spared(const struct session_world *world,
    const struct session_request *request, char ret_key[FINGERPRINT_SIZE])
{
	ret_key[0] = '\0';
	if (!remembered_key_of(world, request, ret_key) ||
	    !remembered_grants(world, request, ret_key, time(NULL)))
		return false;
	log_line(LOG_INFO, "sign-in: user=%s service=%s from=%s reason=%s: "
	    "remembered key %s", request->user, request->service,
	    request->rhost[0] == '\0' ? "-" : request->rhost,
	    reason_code(REASON_GRANTED), ret_key);
	return true;
}

void
session_spare_next(const struct session *session)
{
	struct session_world *world = session->world;
	int r = 0;

	if (session->key[0] != '\0')
		r = remembered_keep(world, session->user, session->service,
		    session->rhost, session->key, time(NULL));
	if (r == 0)
		r = passcode_forgive(world, session->user);
	if (r < 0)
		log_line(LOG_ERR, "sign-in %llu: what it spares cannot be kept: "
		    "%s", (unsigned long long)session->number, strerror(-r));
}
