/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST NOT take a secret: everybody sees a command line.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/directory/options.h"

#define VALID_DEFAULT	(24 * 60 * 60)
#define VALID_MAX	(366LL * 24 * 60 * 60)

/* Seconds of "90", "15m", "24h", "7d"; 0 for anything else. */
static long long
read_duration(const char *text)
{
	static const struct { const char *unit; long long seconds; } units[] = {
		{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 },
		{ "d", 86400 },
	};
	long long number;
	char *end;
	size_t i;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || number <= 0 || number > VALID_MAX)
		return 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) == 0 &&
		    number * units[i].seconds <= VALID_MAX)
			return number * units[i].seconds;
	}
	return 0;
}

static int
take_valid(const char *text, struct options *options, char *error)
{
	options->manifest.valid = read_duration(text);
	return options->manifest.valid > 0 ? 0 : export_say(error, -EINVAL,
	    "--valid is a time such as 24h or 7d, a year at most");
}

static int
take_subject(const char *text, struct options *options, char *error)
{
	if (strcmp(text, "id") != 0 && strcmp(text, "externalId") != 0 &&
	    strcmp(text, "userName") != 0)
		return export_say(error, -EINVAL, "--sub is id, externalId or "
		    "userName: what the provider's tokens have as sub");
	options->rules.subject = text;
	return 0;
}

/* What is told of everybody is not renamed. */
static bool
is_taken(const char *name)
{
	static const char *const taken[] = { "disabled", "email",
	    "email_verified", "groups", "preferred_username", "sub" };
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		if (strcmp(name, taken[i]) == 0)
			return true;
	}
	return false;
}

static int
take_claim(char *text, struct scim_rules *rules, char *error)
{
	char *equals = strchr(text, '=');

	if (equals == NULL || equals == text || equals[1] == '\0')
		return export_say(error, -EINVAL, "--claim is NAME=ATTRIBUTE, "
		    "such as uid=/urn:example:posix/uidNumber");
	*equals = '\0';
	if (is_taken(text))
		return export_say(error, -EINVAL, "--claim cannot set %s",
		    text);
	if (rules->claim_count == SCIM_CLAIMS_MAX)
		return export_say(error, -EINVAL, "there are more than %d "
		    "--claim", SCIM_CLAIMS_MAX);
	rules->claims[rules->claim_count].name = text;
	rules->claims[rules->claim_count++].path = equals + 1;
	return 0;
}

/* Where an option's argument is kept as it is; NULL: nowhere. */
static const char **
place_of(struct options *options, int option)
{
	switch (option) {
	case 'p':
		return &options->pocketid;
	case 's':
		return &options->scim;
	case 'a':
	case 't':
		return &options->credential_file;
	case 'i':
		return &options->manifest.issuer;
	case 'k':
		return &options->manifest.key_file;
	case 'o':
		return &options->manifest.out;
	case 'c':
		return &options->ca_file;
	default:
		return NULL;
	}
}

static int
take_option(int option, char *argument, struct options *options, char *error)
{
	const char **place = place_of(options, option);

	if (place != NULL) {
		if (*place != NULL)
			return export_say(error, -EINVAL, "'%.64s' is one "
			    "too many of its kind", argument);
		*place = argument;
		return 0;
	}
	switch (option) {
	case 'v':
		return take_valid(argument, options, error);
	case 'u':
		return take_subject(argument, options, error);
	case 'l':
		return take_claim(argument, &options->rules, error);
	case 'C':
		options->manifest.complete = true;
		return 0;
	case 'e':
		options->rules.emails_verified = true;
		return 0;
	default:
		return -EINVAL;
	}
}

/* What is missing, or does not go together. */
static int
check(const struct options *options, bool api_key, bool token, char *error)
{
	const struct scim_rules *rules = &options->rules;
	const char *missing = NULL;

	if ((options->pocketid != NULL) == (options->scim != NULL))
		return export_say(error, -EINVAL, "export needs --pocketid or "
		    "--scim, one of them");
	if (options->scim != NULL ? api_key : token || rules->subject != NULL ||
	    rules->claim_count > 0 || rules->emails_verified)
		return export_say(error, -EINVAL, "--pocketid goes with "
		    "--api-key-file; --token-file, --sub, --claim and "
		    "--emails-verified go with --scim");
	if (options->credential_file == NULL)
		missing = options->scim != NULL ? "--token-file FILE" :
		    "--api-key-file FILE";
	else if (options->scim != NULL && rules->subject == NULL)
		missing = "--sub id|externalId|userName";
	else if (options->manifest.issuer == NULL)
		missing = "--issuer URL";
	else if (options->manifest.key_file == NULL)
		missing = "--key FILE";
	else if (options->manifest.out == NULL)
		missing = "--out FILE";
	return missing == NULL ? 0 : export_say(error, -EINVAL, "export needs "
	    "%s", missing);
}

int
options_read(int argc, char **argv, struct options *ret_options,
    char error[EXPORT_ERROR_MAX])
{
	static const struct option known[] = {
		{ "pocketid", required_argument, NULL, 'p' },
		{ "api-key-file", required_argument, NULL, 'a' },
		{ "scim", required_argument, NULL, 's' },
		{ "token-file", required_argument, NULL, 't' },
		{ "sub", required_argument, NULL, 'u' },
		{ "claim", required_argument, NULL, 'l' },
		{ "emails-verified", no_argument, NULL, 'e' },
		{ "issuer", required_argument, NULL, 'i' },
		{ "key", required_argument, NULL, 'k' },
		{ "out", required_argument, NULL, 'o' },
		{ "valid", required_argument, NULL, 'v' },
		{ "complete", no_argument, NULL, 'C' },
		{ "ca-file", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = { .manifest.valid = VALID_DEFAULT };
	bool api_key = false, token = false;
	int option, r = 0;

	opterr = 0;
	optind = 0;	/* from the start, should this be called again */
	while (r == 0 && (option = getopt_long(argc, argv, "", known,
	    NULL)) != -1) {
		if (option == '?')
			return export_say(error, -EINVAL, "'%.64s' is no "
			    "option, or lacks its argument", argv[optind - 1]);
		api_key |= option == 'a';
		token |= option == 't';
		r = take_option(option, optarg, &options, error);
	}
	if (r == 0 && optind < argc)
		r = export_say(error, -EINVAL, "'%.64s' is one word too many",
		    argv[optind]);
	if (r == 0)
		r = check(&options, api_key, token, error);
	if (r == 0)
		*ret_options = options;
	return r;
}
