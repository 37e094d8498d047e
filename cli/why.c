/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass why`: the verdict that PAM's account phase would get now, and the
 * rules that led to it; with --claims, that of a sign-in with a token that has
 * not come yet. Anything but the word "granted" is a denial.
 */
#include <errno.h>
#include <inttypes.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "cli/table.h"

static void
print_steps(struct json_object *why)
{
	size_t count = document_count(why, "steps");
	struct json_object *step;
	struct table *table;
	size_t i;

	if (count == 0)
		return;
	table = table_new(2, NULL);
	for (i = 0; i < count; i++) {
		step = document_at(why, "steps", i);
		table_add(table, "%s", document_boolean(step, "fits") ?
		    "fits" : "does not fit");
		table_add(table, "%s", document_string(step, "rule"));
	}
	line_print(stdout, "%s", "");
	table_print(stdout, table);
	table_free(table);
}

/* The file's text, which must be freed; NULL, with a word on stderr, if it
 * cannot be had. */
static char *
read_claims(const char *path)
{
	char *text = line_need(malloc(PROTO_CLAIMS_MAX + 1));
	const char *why = NULL;
	size_t len = 0;
	FILE *in;

	in = fopen(path, "re");
	if (in == NULL) {
		why = strerror(errno);
	} else {
		len = fread(text, 1, PROTO_CLAIMS_MAX + 1, in);
		if (ferror(in))
			why = strerror(errno);
		else if (len > PROTO_CLAIMS_MAX)
			why = "it is longer than claims are";
		else if (memchr(text, '\0', len) != NULL)
			why = "it is not text";
		(void)fclose(in);
	}
	if (why == NULL) {
		text[len] = '\0';
		return text;
	}
	line_print(stderr, "hostpass: cannot read %s: %s", path, why);
	free(text);
	return NULL;
}

static enum cli_end
ask_about_claims(const struct cli_request *request,
    struct json_object **ret_why)
{
	static char nobody[] = "";
	char *fields[3];
	enum cli_end end;

	fields[0] = request->args[1] != NULL ? request->args[0] : nobody;
	fields[1] = request->args[request->args[1] != NULL ? 1 : 0];
	fields[2] = read_claims(request->claims);
	if (fields[2] == NULL)
		return CLI_NO;
	end = ask_daemon(PROTO_WHY_CLAIMS, fields, 3, ret_why);
	free(fields[2]);
	return end;
}

/* Who the claims would make of their owner. */
static void
print_person(struct json_object *person)
{
	struct table *table;

	if (person == NULL)
		return;
	table = table_new(2, NULL);
	table_add(table, "name");
	table_add(table, "%s", document_string(person, "name"));
	table_add(table, "uid");
	table_add(table, "%" PRId64, document_integer(person, "uid"));
	table_add(table, "groups");
	document_add_list(table, person, "groups");
	table_add(table, "local groups");
	document_add_list(table, person, "local_groups");
	line_print(stdout, "%s", "");
	table_print(stdout, table);
	table_free(table);
}

enum cli_end
why_run(const struct cli_request *request)
{
	struct json_object *why;
	enum cli_end end;
	const char *user;
	bool granted;

	if (request->claims == NULL && request->args[1] == NULL)
		return cli_say_usage("too few arguments for ", "why");
	if (request->claims != NULL)
		end = ask_about_claims(request, &why);
	else
		end = ask_daemon(PROTO_WHY, request->args, 2, &why);
	if (end != CLI_FINE)
		return end;
	granted = strcmp(document_string(why, "verdict"), "granted") == 0;
	if (request->json) {
		document_print(stdout, why);
	} else {
		user = document_string(why, "user");
		line_print(stdout, granted ? "granted: %s may use %s (%s)" :
		    "denied: %s may not use %s (%s)",
		    user[0] != '\0' ? user : "somebody",
		    document_string(why, "service"),
		    document_string(why, "reason"));
		line_print(stdout, "%s", document_string(why, "sentence"));
		print_person(document_member(why, "person"));
		print_steps(why);
	}
	json_object_put(why);
	return granted ? CLI_FINE : CLI_NO;
}
