/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The subcommands of `hostpass`: how they are called and how they end. Each
 * prints what was asked for on stdout, as text or, with --json, as exactly
 * one JSON document; what went wrong is said on stderr.
 */
#ifndef CLI_HOSTPASS_H
#define CLI_HOSTPASS_H

#include <stdbool.h>

/* The exit status; scripts rely on it. */
enum cli_end {
	CLI_FINE = 0,
	CLI_NO = 1,		/* denied, refused, or something is wrong */
	CLI_USAGE = 2,
	CLI_UNREACHABLE = 3,	/* no daemon that could be asked */
};

struct cli_request {
	bool	  json;
	bool	  forget;	/* --forget */
	bool	  remove;	/* --remove: of passcode */
	const char *scope;	/* --scope, or "" */
	bool	  follow;	/* events alone */
	char	**args;		/* those of the subcommand, then NULL */
	const char *claims;	/* of why: a file; NULL: not given */
};

/* Say on stderr what was not understood: what and word, one after the other.
 * CLI_USAGE. */
enum cli_end cli_say_usage(const char *what, const char *word);

enum cli_end directory_run(const struct cli_request *request);
enum cli_end dump_run(const struct cli_request *request);
enum cli_end events_run(const struct cli_request *request);
enum cli_end metrics_run(const struct cli_request *request);
enum cli_end end_sessions_run(const struct cli_request *request);
enum cli_end forget_run(const struct cli_request *request);
enum cli_end groups_run(const struct cli_request *request);
enum cli_end map_run(const struct cli_request *request);
enum cli_end refresh_run(const struct cli_request *request);
enum cli_end revoke_run(const struct cli_request *request);
enum cli_end keys_run(const struct cli_request *request);
enum cli_end passcode_run(const struct cli_request *request);
enum cli_end open_browser_run(const struct cli_request *request);
enum cli_end ssh_keys_run(const struct cli_request *request);
enum cli_end status_run(const struct cli_request *request);
enum cli_end token_run(const struct cli_request *request);
enum cli_end users_run(const struct cli_request *request);
enum cli_end why_run(const struct cli_request *request);

#endif
