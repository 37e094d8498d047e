/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass directory`: another program does it, for it speaks with the
 * provider, and this one has no need of what that takes.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/hostpass.h"
#include "cli/line.h"

/* A test has its own. */
#ifndef DIRECTORY_PROGRAM
#define DIRECTORY_PROGRAM	HOSTPASS_LIBEXECDIR "/hostpass-directory"
#endif

enum cli_end
directory_run(const struct cli_request *request)
{
	/* The word before the arguments, "directory", takes the place of the
	 * program's name. */
	(void)execv(DIRECTORY_PROGRAM, request->args - 1);
	line_print(stderr, "hostpass: cannot run %s: %s", DIRECTORY_PROGRAM,
	    strerror(errno));
	return CLI_NO;
}
