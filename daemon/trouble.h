/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to do about a disk that does not take what is to be kept.
 */
#ifndef DAEMON_TROUBLE_H
#define DAEMON_TROUBLE_H

#include <stdbool.h>

#include "common/attr.h"
#include "daemon/reason.h"

/* What went wrong by -errno, and the remedy where there is one. */
const char *trouble_say(int error);

/* Can a daemon that cannot write start all the same, and answer from what it
 * can read? */
bool	trouble_lets_go_on(int error);

/* Why a sign-in that was approved could not be kept, or somebody not read. */
enum reason trouble_reason(int error);

#endif
