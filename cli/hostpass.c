/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line. A call that is not understood does nothing, and a result
 * that could not be written is not a success.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/hostpass.h"
#include "cli/line.h"

static const struct subcommand {
	const char	 *name;
	const char	 *args;
	int		  min;	/* how many arguments it takes */
	int		  max;
	const char	 *help;
	enum cli_end	(*run)(const struct cli_request *);
} subcommands[] = {
	{ "status", "", 0, 0, "what works and what does not", status_run },
	{ "users", "", 0, 0, "the people this host knows", users_run },
	{ "groups", "", 0, 0, "the provider's groups and what they are here",
	    groups_run },
	{ "why", "USER SERVICE", 1, 2,
	    "may USER use SERVICE now? rule by rule", why_run },
	{ "events", "[--follow]", 0, 0,
	    "who was let in lately, and who was not",
	    events_run },
	{ "metrics", "", 0, 0, "numbers for Prometheus", metrics_run },
	{ "forget", "[NAME]", 0, 1,
	    "forget NAME; without one, list the forgotten", forget_run },
	{ "map", "export|check FILE", 1, 2,
	    "print the accounts as a map_file; check one", map_run },
	{ "ssh-keys", "USER", 1, 1,
	    "the ssh keys of USER, if she may come in now", ssh_keys_run },
	{ "refresh", "[USER]", 0, 1,
	    "ask the provider now about USER", refresh_run },
	{ "revoke", "USER", 1, 1,
	    "keep USER out until the next sign-in", revoke_run },
	{ "directory", "export|keygen ...", 0, INT_MAX,
	    "make the signed directory of people", directory_run },
	{ "keys", "[USER]", 0, 2,
	    "remembered keys; --forget USER [KEY]", keys_run },
	{ "passcode", "[--remove [USER]]", 0, 1,
	    "set a passcode for when the provider is away",
	    passcode_run },
	{ "token", "[--scope SCOPES]", 0, 0, "an access token of your own",
	    token_run },
	{ "dump", "[FILE]", 0, 1,
	    "what lookups find; needs no daemon", dump_run },
	{ "end-sessions", "", 0, 0,
	    "end sessions of revoked people (for systemd)", end_sessions_run },
	{ "open-browser", "", 0, 0,
	    "open your sign-ins' links on this desktop",
	    open_browser_run },
};

#define SUBCOMMANDS	(sizeof(subcommands) / sizeof(subcommands[0]))

/* The width of a column that has to hold text too. */
static int
wider(int width, const char *text)
{
	int length = (int)strlen(text);

	return length > width ? length : width;
}

static enum cli_end
print_help(void)
{
	int name = 0, args = 0;
	size_t i;

	for (i = 0; i < SUBCOMMANDS; i++) {
		name = wider(name, subcommands[i].name);
		args = wider(args, subcommands[i].args);
	}

	line_print(stdout, "usage: hostpass [--json] COMMAND [ARGUMENT...]");
	line_print(stdout, "%s", "");
	for (i = 0; i < SUBCOMMANDS; i++) {
		line_print(stdout, "  %-*s  %-*s  %s", name,
		    subcommands[i].name, args, subcommands[i].args,
		    subcommands[i].help);
	}
	line_print(stdout, "%s", "");
	line_print(stdout, "  --json         print one JSON document");
	line_print(stdout, "  --claims FILE  with why [USER] SERVICE: for the "
	    "claims of a token to come");
	line_print(stdout, "  --help         print this");
	line_print(stdout, "  --version      print the version");
	line_print(stdout, "%s", "");
	line_print(stdout, "exit status: 0 fine; 1 denied, refused or "
	    "something is wrong;");
	line_print(stdout, "  2 not understood; 3 no daemon to ask");
	return CLI_FINE;
}

enum cli_end
cli_say_usage(const char *what, const char *word)
{
	line_print(stderr, "hostpass: %s%s; see `hostpass --help`", what, word);
	return CLI_USAGE;
}

/* Only `keys` forgets, somebody's, and only `token` has a scope. NULL, or what
 * is wrong. */
static const char *
misfit(const struct cli_request *request, const struct subcommand *subcommand,
    int count)
{
	bool is_keys = subcommand->run == keys_run;

	if (request->forget ? !is_keys || count == 0 : is_keys && count > 1)
		return "only keys has a KEY and --forget, and they need a USER";
	if (request->remove ? subcommand->run != passcode_run :
	    subcommand->run == passcode_run && count > 0)
		return "only passcode has --remove, and a USER only with it";
	if (*request->scope != '\0' && subcommand->run != token_run)
		return "only token has a --scope";
	return NULL;
}

static enum cli_end
run_subcommand(struct cli_request *request, int count)
{
	const char *name, *wrong;
	size_t i;

	if (count == 0)
		return cli_say_usage("no command was given", "");
	name = *request->args++;
	count--;
	for (i = 0; i < SUBCOMMANDS; i++) {
		if (strcmp(name, subcommands[i].name) != 0)
			continue;
		if (count < subcommands[i].min)
			return cli_say_usage("too few arguments for ", name);
		if (count > subcommands[i].max)
			return cli_say_usage("too many arguments for ", name);
		if (request->claims != NULL &&
		    subcommands[i].run != why_run)
			return cli_say_usage("--claims is not for ", name);
		if (request->follow && subcommands[i].run != events_run)
			return cli_say_usage("there is nothing to "
			    "follow in ", name);
		wrong = misfit(request, &subcommands[i], count);
		if (wrong != NULL)
			return cli_say_usage(wrong, "");
		return subcommands[i].run(request);
	}
	return cli_say_usage("no such command: ", name);
}

static enum cli_end
run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "follow", no_argument, NULL, 'F' },
		{ "forget", no_argument, NULL, 'f' },
		{ "remove", no_argument, NULL, 'r' },
		{ "scope", required_argument, NULL, 's' },
		{ "claims", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	struct cli_request request = { .scope = "" };
	/* What stands behind that word is for another program. */
	const char *order = argc > 1 && strcmp(argv[1], "directory") == 0 ?
	    "+" : "";
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, order, options,
	    NULL)) != -1) {
		switch (option) {
		case 'j':
			request.json = true;
			break;
		case 'f':
			request.forget = true;
			break;
		case 'r':
			request.remove = true;
			break;
		case 'F':
			request.follow = true;
			break;
		case 's':
			request.scope = optarg;
			break;
		case 'c':
			request.claims = optarg;
			break;
		case 'h':
			return print_help();
		case 'v':
			line_print(stdout, "hostpass %s", PACKAGE_VERSION);
			return CLI_FINE;
		default:
			return cli_say_usage("no such option: ", argv[optind - 1]);
		}
	}
	request.args = argv + optind;
	return run_subcommand(&request, argc - optind);
}

int
main(int argc, char **argv)
{
	enum cli_end end;

	end = run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		line_print(stderr, "hostpass: cannot write: %s",
		    strerror(errno));
		end = CLI_NO;
	}
	return (int)end;
}
