/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass keys`: the SSH keys that spare people a sign-in for now.
 */
#include <inttypes.h>
#include <json.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "cli/table.h"

static void
add_time(struct table *table, struct json_object *key, const char *name)
{
	char text[LINE_TIME_SIZE];

	line_time(text, document_integer(key, name));
	table_add(table, "%s", text);
}

static void
print_keys(struct json_object *document)
{
	static const char *const titles[] = { "USER", "KEY", "SERVICE",
		"REMEMBERED", "FROM", "LAST USED", "UNTIL" };
	size_t count = document_count(document, "keys");
	struct json_object *key;
	struct table *table;
	size_t i;

	if (count == 0) {
		line_print(stdout, "no key is remembered");
		return;
	}
	table = table_new(TABLE_COLUMNS(titles), titles);
	for (i = 0; i < count; i++) {
		key = document_at(document, "keys", i);
		table_add(table, "%s", document_string(key, "user"));
		table_add(table, "%s", document_string(key, "fingerprint"));
		table_add(table, "%s", document_string(key, "service"));
		add_time(table, key, "remembered");
		table_add(table, "%s", document_string(key, "from"));
		add_time(table, key, "used");
		add_time(table, key, "until");
	}
	table_print(stdout, table);
	table_free(table);
}

static void
print_forgotten(struct json_object *document)
{
	line_print(stdout, "%" PRId64 " forgotten",
	    document_integer(document, "forgotten"));
}

/* Whose keys are listed if nobody is named: root's question is about
 * everybody. */
static char *
own_name(void)
{
	static char nobody[] = "";
	const struct passwd *entry = NULL;

	if (getuid() != 0)
		entry = getpwuid(getuid());
	return entry != NULL ? entry->pw_name : nobody;
}

enum cli_end
keys_run(const struct cli_request *request)
{
	static char all[] = "";
	enum proto_type type = request->forget ? PROTO_KEY_FORGET : PROTO_KEYS;
	char *fields[2] = { request->args[0], all };
	struct json_object *document;
	enum cli_end end;

	if (fields[0] == NULL)
		fields[0] = own_name();
	else if (request->args[1] != NULL)
		fields[1] = request->args[1];
	end = ask_daemon(type, fields, request->forget ? 2 : 1, &document);
	if (end != CLI_FINE)
		return end;
	if (request->json)
		document_print(stdout, document);
	else if (request->forget)
		print_forgotten(document);
	else
		print_keys(document);
	json_object_put(document);
	return CLI_FINE;
}
