/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST have systemd let go of the former file before a byte of it is read: a
 *	daemon that died of it would be started again with it, for ever.
 */
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "daemon/server/handover.h"
#include "daemon/server/listen.h"
#include "daemon/session/session.h"
#include "daemon/session/slots.h"
#include "daemon/systemd.h"

static void
hold_slots(struct world *world)
{
	size_t count = world->config->limits.pending;
	int fd, r;

	if (count > SLOTS_COUNT_MAX)
		count = SLOTS_COUNT_MAX;
	r = slots_new(count, &world->slots);
	if (r < 0) {
		log_line(LOG_WARNING, "sign-ins that wait will end with this "
		    "daemon: %s", strerror(-r));
		return;
	}
	fd = slots_fd(world->slots);
	r = sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDNAME=" LISTEN_KEPT,
	    &fd, 1);
	if (r > 0)
		return;
	slots_free(world->slots);
	world->slots = NULL;
}

void
handover_begin(struct world *world, int kept)
{
	if (kept >= 0)
		(void)sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=" LISTEN_KEPT);
	hold_slots(world);
	if (kept < 0)
		return;
	session_resume_all(world, kept);
	(void)close(kept);
}

void
handover_end(struct world *world)
{
	slots_free(world->slots);
	world->slots = NULL;
}
