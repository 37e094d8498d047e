/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What nsswitch.conf(5) makes of a group that /etc/group has and we have too.
 */
#ifndef DAEMON_LOCAL_NSSWITCH_H
#define DAEMON_LOCAL_NSSWITCH_H

#include <stdbool.h>
#include <stdio.h>

#include "common/attr.h"

/* Does the text of nsswitch.conf have the C library merge our members into a
 * group of /etc/group, on every way that leads to us? */
bool	nsswitch_merges_groups(FILE *stream);

/* The same of the services alone, which follow "group:". */
bool	nsswitch_list_merges(const char *services);

#endif
