/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass status`: what is wrong comes first, in words that say what to do;
 * the facts follow.
 */
#include <inttypes.h>
#include <json.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "cli/table.h"

static bool
provider_was_asked(struct json_object *provider)
{
	return document_integer(provider, "last_answer") != 0 ||
	    strcmp(document_string(provider, "state"), "granted") != 0;
}

/* A row if the provider is in the way; how many. */
static size_t
add_refusal(struct table *table, struct json_object *provider)
{
	const char *name = document_string(provider, "name");
	const char *state = document_string(provider, "state");
	const char *detail = document_string(provider, "detail");

	if (strcmp(state, "granted") == 0)
		return 0;
	table_add(table, "problem: the provider %s%sdid not do its part: "
	    "%s%s%s; see `journalctl -u hostpassd`", name,
	    name[0] != '\0' ? " " : "", state, detail[0] != '\0' ? ": " : "",
	    detail);
	return 1;
}

/* One row for each thing that is wrong; how many there are. */
static size_t
add_problems(struct table *table, struct json_object *status)
{
	struct json_object *snapshot = document_member(status, "snapshot");
	size_t problems = 0, i;

	if (!document_boolean(status, "rules")) {
		table_add(table, "problem: nobody may enter this host: set "
		    "allow_groups or allow_users in [access] of hostpass.conf");
		problems++;
	}
	if (document_count(status, "providers") == 0) {
		table_add(table, "problem: hostpassd told of no provider");
		problems++;
	}
	for (i = 0; i < document_count(status, "providers"); i++)
		problems += add_refusal(table,
		    document_at(status, "providers", i));
	if (document_integer(snapshot, "written") == 0) {
		table_add(table, "problem: nothing was published for lookups; "
		    "see `journalctl -u hostpassd`");
		problems++;
	}
	return problems;
}

static void
add_warnings(struct table *table, struct json_object *status)
{
	size_t i;

	for (i = 0; i < document_count(status, "warnings"); i++)
		table_add(table, "warning: %s",
		    document_string_at(status, "warnings", i));
}

static void
add_time(struct table *table, const char *label, int64_t when)
{
	char text[LINE_TIME_SIZE];

	line_time(text, when);
	table_add(table, "%s", label);
	table_add(table, "%s", text);
}

static void
add_snapshot(struct table *table, struct json_object *snapshot)
{
	table_add(table, "snapshot");
	table_add(table, "%s", document_string(snapshot, "path"));
	table_add(table, "  holds");
	table_add(table, "%" PRId64 " users, %" PRId64 " groups",
	    document_integer(snapshot, "users"),
	    document_integer(snapshot, "groups"));
	add_time(table, "  written", document_integer(snapshot, "written"));
}

static void
add_provider(struct table *table, struct json_object *provider)
{
	const char *name = document_string(provider, "name");

	if (name[0] != '\0') {
		table_add(table, "provider");
		table_add(table, "%s", name);
	}
	table_add(table, "issuer");
	table_add(table, "%s", document_string(provider, "issuer"));
	table_add(table, "client");
	table_add(table, "%s", document_string(provider, "client_id"));
	if (provider_was_asked(provider)) {
		add_time(table, "answered",
		    document_integer(provider, "last_answer"));
	} else {
		table_add(table, "answered");
		table_add(table, "not asked yet");
	}
}

/* A time and how long that was ago: seconds, by the clock of the daemon. */
static void
add_age(struct table *table, const char *label, int64_t when, int64_t age)
{
	static const struct { int64_t seconds; const char *name; } units[] = {
		{ 172800, "days" }, { 7200, "hours" }, { 120, "minutes" },
		{ 0, "seconds" },
	};
	char text[LINE_TIME_SIZE];
	size_t i = 0;

	while (age < units[i].seconds)
		i++;
	line_time(text, when);
	table_add(table, "%s", label);
	table_add(table, "%s, %" PRId64 " %s ago", text, units[i].seconds > 0 ?
	    age / (units[i].seconds / 2) : age, units[i].name);
}

static void
add_directory(struct table *table, struct json_object *directory)
{
	const char *problem = document_string(directory, "problem");
	int64_t age = document_integer(directory, "age");

	table_add(table, "directory");
	table_add(table, "%s", document_string(directory, "url"));
	if (document_boolean(directory, "known")) {
		table_add(table, "  serial");
		table_add(table, "%" PRId64,
		    document_integer(directory, "serial"));
		add_age(table, "  made", document_integer(directory, "issued"),
		    age > 0 ? age : 0);
		add_time(table, "  expires",
		    document_integer(directory, "expires"));
		table_add(table, "  lists");
		table_add(table, "%" PRId64 " people, %" PRId64 " left out%s",
		    document_integer(directory, "people"),
		    document_integer(directory, "refused"),
		    document_boolean(directory, "complete") ?
		    "; there is nobody else" : "");
	}
	add_time(table, "  answered", document_integer(directory, "answered"));
	table_add(table, "  last error");
	table_add(table, "%s", problem[0] != '\0' ? problem : "none");
}

static void
print_facts(struct json_object *status)
{
	struct table *table = table_new(2, NULL);
	size_t i;

	table_add(table, "version");
	table_add(table, "%s", document_string(status, "version"));
	for (i = 0; i < document_count(status, "providers"); i++)
		add_provider(table, document_at(status, "providers", i));
	table_add(table, "people");
	table_add(table, "%" PRId64, document_integer(status, "people"));
	table_add(table, "tokens");
	table_add(table, "%" PRId64, document_integer(status, "tokens"));
	if (document_integer(status, "passcodes") > 0) {
		table_add(table, "passcodes");
		table_add(table, "%" PRId64,
		    document_integer(status, "passcodes"));
	}
	table_add(table, "signing in");
	table_add(table, "%" PRId64, document_integer(status, "pending"));
	add_snapshot(table, document_member(status, "snapshot"));
	if (document_member(status, "directory") != NULL)
		add_directory(table, document_member(status, "directory"));
	add_time(table, "running since", document_integer(status, "started"));
	table_print(stdout, table);
	table_free(table);
}

enum cli_end
status_run(const struct cli_request *request)
{
	struct json_object *status;
	struct table *problems;
	enum cli_end end;

	end = ask_daemon(PROTO_STATUS, NULL, 0, &status);
	if (end != CLI_FINE)
		return end;
	problems = table_new(1, NULL);
	if (add_problems(problems, status) > 0)
		end = CLI_NO;
	else
		table_add(problems, "hostpass is working");
	add_warnings(problems, status);
	if (request->json) {
		document_print(stdout, status);
	} else {
		table_print(stdout, problems);
		line_print(stdout, "%s", "");
		print_facts(status);
	}
	table_free(problems);
	json_object_put(status);
	return end;
}
