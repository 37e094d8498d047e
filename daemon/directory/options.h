/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands behind `hostpass directory export`. Pure.
 */
#ifndef DAEMON_DIRECTORY_OPTIONS_H
#define DAEMON_DIRECTORY_OPTIONS_H

#include "common/attr.h"
#include "daemon/directory/export.h"
#include "daemon/directory/scim.h"

struct options {
	const char		*pocketid;	/* a URL, or NULL: one of */
	const char		*scim;		/* these two is NULL */
	const char		*credential_file;
	const char		*ca_file;	/* NULL: the system's */
	struct scim_rules	 rules;		/* of scim */
	struct export_manifest	 manifest;	/* now is 0 */
};

/* Read them; the strings are those of argv, which may be put in another order.
 * 0, or -EINVAL with a sentence. */
int	options_read(int argc, char **argv, struct options *ret_options,
	    char error[EXPORT_ERROR_MAX]) MUST_USE;

#endif
