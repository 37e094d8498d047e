/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass why`: the verdict that PAM's account phase would get now, and the
 * rules that led to it. Anything but the word "granted" is a denial.
 */
#include <json.h>
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

enum cli_end
why_run(const struct cli_request *request)
{
	struct json_object *why;
	enum cli_end end;
	bool granted;

	end = ask_daemon(PROTO_WHY, request->args, 2, &why);
	if (end != CLI_FINE)
		return end;
	granted = strcmp(document_string(why, "verdict"), "granted") == 0;
	if (request->json) {
		document_print(stdout, why);
	} else {
		line_print(stdout, granted ? "granted: %s may use %s (%s)" :
		    "denied: %s may not use %s (%s)",
		    document_string(why, "user"),
		    document_string(why, "service"),
		    document_string(why, "reason"));
		line_print(stdout, "%s", document_string(why, "sentence"));
		print_steps(why);
	}
	json_object_put(why);
	return granted ? CLI_FINE : CLI_NO;
}
