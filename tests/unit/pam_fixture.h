/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real PAM handle with a scripted person behind it, for tests of pam/. What
 * the module logs by pam_syslog() is kept, not sent to the host's log.
 */
#ifndef TESTS_UNIT_PAM_FIXTURE_H
#define TESTS_UNIT_PAM_FIXTURE_H

#include <stddef.h>

#include <security/pam_appl.h>

#define FIXTURE_SERVICE	"hostpass-test"

struct fixture {
	char		 directory[40];	/* of service files */
	pam_handle_t	*pamh;
	char		 seen[8192];	/* one line for each message: "show: ",
					 * "error: ", "echo: ", "hide: " */
	char		 logged[4096];	/* all lines of pam_syslog() */
	const char	*answer;	/* to each prompt; NULL is allowed */
	int		 prompts;	/* so far */
	int		 show_result;	/* what the program says to texts */
	int		 ask_result;	/* ... and to prompts */
	const char	*become;	/* set PAM_USER to this at a prompt */
};

/* Start a transaction for user with these lines as the service's file. */
void	fixture_open(struct fixture *f, const char *user, const char *lines);

/* Forget what was seen and logged. */
void	fixture_clear(struct fixture *f);

void	fixture_close(struct fixture *f);

#endif
