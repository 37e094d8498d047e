/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass forget` and `hostpass ssh-keys`: one person, by her name.
 */
#include <errno.h>
#include <inttypes.h>
#include <json.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "cli/table.h"
#include "common/snapshot.h"

static void
print_forgotten(struct json_object *document)
{
	static const char *const titles[] = { "NAME", "ID", "FORGOTTEN",
		"SUB", "ISSUER" };
	size_t count = document_count(document, "forgotten"), i;
	char when[LINE_TIME_SIZE];
	struct json_object *stone;
	struct table *table;

	if (count == 0) {
		line_print(stdout, "nobody was forgotten");
		return;
	}
	table = table_new(TABLE_COLUMNS(titles), titles);
	for (i = 0; i < count; i++) {
		stone = document_at(document, "forgotten", i);
		line_time(when, document_integer(stone, "forgotten"));
		table_add(table, "%s", document_string(stone, "name"));
		table_add(table, "%" PRId64, document_integer(stone, "id"));
		table_add(table, "%s", when);
		table_add(table, "%s", document_string(stone, "sub"));
		table_add(table, "%s", document_string(stone, "issuer"));
	}
	table_print(stdout, table);
	table_free(table);
}

/* What is left for the admin to do. */
static void
print_left(struct json_object *person)
{
	const char *name = document_string(person, "name");
	int64_t uid = document_integer(person, "uid");

	line_print(stdout, "%s (uid %" PRId64 ", sub %s) is forgotten", name,
	    uid, document_string(person, "sub"));
	line_print(stdout, "her files remain, in %s and elsewhere; uid %" PRId64
	    " stays hers alone", document_string(person, "home"), uid);
	line_print(stdout, "somebody else who is to be %s needs another uid: "
	    "set uid in [user:%s], or in map_file", name, name);
}

enum cli_end
forget_run(const struct cli_request *request)
{
	static char nobody[] = "";
	char *fields[] = { request->args[0] };
	struct json_object *document;
	enum cli_end end;

	if (fields[0] == NULL)
		fields[0] = nobody;
	end = ask_daemon(PROTO_FORGET, fields, 1, &document);
	if (end != CLI_FINE)
		return end;
	if (request->json)
		document_print(stdout, document);
	else if (*fields[0] == '\0')
		print_forgotten(document);
	else
		print_left(document);
	json_object_put(document);
	return CLI_FINE;
}

/* sshd asks about everybody, also while the daemon is away. Who is nobody of
 * ours is told apart without it. */
static bool
may_be_ours(const char *name)
{
	struct snapshot_user user;
	struct snapshot snapshot;
	int r;

	if (snapshot_map(SNAPSHOT_PATH, &snapshot) < 0)
		return true;
	r = snapshot_user_by_name(&snapshot, name, &user);
	snapshot_unmap(&snapshot);
	return r != -ENOENT;
}

enum cli_end
ssh_keys_run(const struct cli_request *request)
{
	struct json_object *document, *key;
	enum cli_end end;
	size_t i;

	if (!request->json && !may_be_ours(request->args[0]))
		return CLI_FINE;
	end = ask_daemon(PROTO_SSH_KEYS, request->args, 1, &document);
	if (end != CLI_FINE)
		return end;
	if (request->json)
		document_print(stdout, document);
	for (i = 0; !request->json && i < document_count(document, "keys");
	    i++) {
		key = document_at(document, "keys", i);
		if (json_object_is_type(key, json_type_string))
			line_print(stdout, "%s", json_object_get_string(key));
	}
	json_object_put(document);
	return CLI_FINE;
}
