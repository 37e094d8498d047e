/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass users` and `hostpass groups`: whom this host knows, and what the
 * provider's groups give them here.
 */
#include <inttypes.h>
#include <json.h>
#include <stdlib.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "cli/table.h"

static const char *
passcode_word(struct json_object *user)
{
	struct json_object *passcode = document_member(user, "passcode");

	if (passcode == NULL)
		return "";
	return document_boolean(passcode, "locked") ? "locked" : "set";
}

static void
add_user(struct table *table, struct json_object *user, bool passcodes)
{
	struct json_object *token = document_member(user, "token");
	char proof[LINE_TIME_SIZE], next[LINE_TIME_SIZE];

	line_time(proof, document_integer(user, "last_proof"));
	line_time(next, document_integer(token, "next"));
	table_add(table, "%s", document_string(user, "name"));
	table_add(table, "%" PRId64, document_integer(user, "uid"));
	table_add(table, "%s", document_boolean(user, "revoked") ?
	    "revoked" : "active");
	table_add(table, "%s", proof);
	table_add(table, "%s", next);
	table_add(table, "%s", document_string(token, "outcome"));
	document_add_list(table, user, "groups");
	document_add_list(table, user, "local_groups");
	table_add(table, "%s", document_string(user, "gecos"));
	if (passcodes)
		table_add(table, "%s", passcode_word(user));
}

static void
print_users(struct json_object *document)
{
	static const char *const titles[] = { "NAME", "UID", "STATE",
		"LAST PROOF", "NEXT REFRESH", "LAST REFRESH", "GROUPS",
		"LOCAL GROUPS", "PERSON", "PASSCODE" };
	size_t count = document_count(document, "users");
	struct table *table;
	bool passcodes = false;
	size_t i;

	if (count == 0) {
		line_print(stdout, "nobody has signed in on this host yet");
		return;
	}
	for (i = 0; i < count; i++) {
		if (document_member(document_at(document, "users", i),
		    "passcode") != NULL)
			passcodes = true;
	}
	table = table_new(TABLE_COLUMNS(titles) - (passcodes ? 0 : 1), titles);
	for (i = 0; i < count; i++)
		add_user(table, document_at(document, "users", i), passcodes);
	table_print(stdout, table);
	table_free(table);
}

/* The local groups of a provider group, each with its gid, or with the note
 * that this host has no such group. */
static void
add_local(struct table *table, struct json_object *group)
{
	struct json_object *local;
	char *text = NULL;
	size_t len, i;
	FILE *out = line_need(open_memstream(&text, &len));

	for (i = 0; i < document_count(group, "local"); i++) {
		local = document_at(group, "local", i);
		(void)fprintf(out, "%s%s ", i > 0 ? ", " : "",
		    document_string(local, "name"));
		if (document_boolean(local, "exists"))
			(void)fprintf(out, "(%" PRId64 ")",
			    document_integer(local, "gid"));
		else
			(void)fprintf(out, "(not on this host)");
	}
	(void)fclose(out);
	table_add(table, "%s", (char *)line_need(text));
	free(text);
}

/* The group that a provider group is here, or why it is none. */
static void
add_own(struct table *table, struct json_object *group)
{
	struct json_object *own = document_member(group, "own");
	const char *problem = document_string(own, "problem");

	if (own == NULL)
		table_add(table, "%s", "");
	else if (problem[0] != '\0')
		table_add(table, "refused: %s", problem);
	else
		table_add(table, "%s (%" PRId64 ")",
		    document_string(own, "name"),
		    document_integer(own, "gid"));
}

static void
print_groups(struct json_object *document)
{
	static const char *const titles[] = { "GROUP", "OWN GROUP",
		"LOCAL GROUPS", "PEOPLE" };
	size_t count = document_count(document, "groups");
	struct json_object *group;
	const char *provider;
	struct table *table;
	size_t i;

	if (count == 0) {
		line_print(stdout, "no provider group is known or mapped");
		return;
	}
	table = table_new(TABLE_COLUMNS(titles), titles);
	for (i = 0; i < count; i++) {
		group = document_at(document, "groups", i);
		provider = document_string(group, "provider");
		table_add(table, "%s%s%s", provider,
		    provider[0] != '\0' ? ":" : "",
		    document_string(group, "name"));
		add_own(table, group);
		add_local(table, group);
		document_add_list(table, group, "members");
	}
	table_print(stdout, table);
	table_free(table);
}

static enum cli_end
list(const struct cli_request *request, enum proto_type type,
    void (*print)(struct json_object *))
{
	struct json_object *document;
	enum cli_end end;

	end = ask_daemon(type, NULL, 0, &document);
	if (end != CLI_FINE)
		return end;
	if (request->json)
		document_print(stdout, document);
	else
		print(document);
	json_object_put(document);
	return CLI_FINE;
}

enum cli_end
users_run(const struct cli_request *request)
{
	return list(request, PROTO_USERS, print_users);
}

enum cli_end
groups_run(const struct cli_request *request)
{
	return list(request, PROTO_GROUPS, print_groups);
}
