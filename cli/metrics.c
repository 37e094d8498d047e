/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass metrics`: numbers in the text format of Prometheus, for the
 * textfile collector of node_exporter. A name that the format does not know
 * is left out, and a value of a label cannot end its quotes.
 */
#include <inttypes.h>
#include <json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"

#define NAME_CHARACTERS	"abcdefghijklmnopqrstuvwxyz_0123456789"

static bool
is_name(const char *name)
{
	return name[0] != '\0' && (name[0] < '0' || name[0] > '9') &&
	    name[strspn(name, NAME_CHARACTERS)] == '\0';
}

/* Text in quotes, or up to the end of a line. */
static void
put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			(void)fputs("\\n", out);
		else if (*text == '\\' || *text == '"')
			(void)fprintf(out, "\\%c", *text);
		else
			(void)fputc(*text, out);
	}
}

static void
put_labels(FILE *out, struct json_object *labels)
{
	const char *before = "{";

	if (labels == NULL || !json_object_is_type(labels, json_type_object))
		return;
	json_object_object_foreach(labels, name, value) {
		if (!is_name(name))
			continue;
		(void)fprintf(out, "%s%s=\"", before, name);
		put_escaped(out, json_object_get_string(value));
		(void)fputc('"', out);
		before = ",";
	}
	if (before[0] == ',')
		(void)fputc('}', out);
}

/* A number as it came: whole, or a time with its milliseconds. */
static void
put_value(FILE *out, struct json_object *value)
{
	if (json_object_is_type(value, json_type_double))
		(void)fprintf(out, "%.3f", json_object_get_double(value));
	else
		(void)fprintf(out, "%" PRId64, json_object_get_int64(value));
}

static void
print_sample(const char *name, struct json_object *sample)
{
	const char *suffix = document_string(sample, "suffix");
	char *text = NULL;
	size_t len;
	FILE *out;

	if (suffix[0] != '\0' && !is_name(suffix))
		return;
	out = line_need(open_memstream(&text, &len));
	put_labels(out, document_member(sample, "labels"));
	(void)fputc(' ', out);
	put_value(out, document_member(sample, "value"));
	(void)fclose(out);
	line_print(stdout, "%s%s%s", name, suffix, (char *)line_need(text));
	free(text);
}

static void
print_metric(struct json_object *metric)
{
	const char *name = document_string(metric, "name");
	const char *type = document_string(metric, "type");
	size_t i;

	if (!is_name(name) || !is_name(type))
		return;
	line_print(stdout, "# HELP %s %s", name,
	    document_string(metric, "help"));
	line_print(stdout, "# TYPE %s %s", name, type);
	for (i = 0; i < document_count(metric, "samples"); i++)
		print_sample(name, document_at(metric, "samples", i));
}

enum cli_end
metrics_run(const struct cli_request *request)
{
	struct json_object *document;
	enum cli_end end;
	size_t i;

	end = ask_daemon(PROTO_METRICS, NULL, 0, &document);
	if (end != CLI_FINE)
		return end;
	if (request->json)
		document_print(stdout, document);
	else
		for (i = 0; i < document_count(document, "metrics"); i++)
			print_metric(document_at(document, "metrics", i));
	json_object_put(document);
	return CLI_FINE;
}
