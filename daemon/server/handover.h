/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one hostpassd leaves to the next: the sign-ins that wait, in a file in
 * memory that systemd holds while there is no daemon (FileDescriptorStoreMax=
 * of systemd.service(5)).
 */
#ifndef DAEMON_SERVER_HANDOVER_H
#define DAEMON_SERVER_HANDOVER_H

#include "daemon/world.h"

/* Have systemd hold what this daemon's sessions leave, and go on with those
 * of the file kept, which is closed; -1 if there is none. What cannot be held
 * or read is only lost. */
void	handover_begin(struct world *world, int kept);

/* The sessions are gone: let go of the file. */
void	handover_end(struct world *world);

#endif
