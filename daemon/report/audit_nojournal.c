/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In place of audit_journal.c where there is no libsystemd: a decision is a
 * line of the log.
 */
#include <errno.h>

#include "daemon/report/audit.h"

int
audit_journal_send(const struct audit_record *record UNUSED,
    int priority UNUSED, const char *text UNUSED)
{
	return -ENOSYS;
}
