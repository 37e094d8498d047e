/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass events`: who was let in and who was not, and why; with --follow
 * until it is stopped.
 */
#include <inttypes.h>
#include <json.h>
#include <stdlib.h>
#include <time.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"

#define TIME_SIZE	32
#define FLOW_SIZE	64

/* Seconds count here. */
static void
put_time(char buf[TIME_SIZE], int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL ||
	    strftime(buf, TIME_SIZE, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		(void)snprintf(buf, TIME_SIZE, "%" PRId64, when);
}

/* How she came and how long it took, where something was done. */
static void
put_flow(char buf[FLOW_SIZE], struct json_object *event)
{
	const char *flow = document_string(event, "flow");
	int64_t ms = document_integer(event, "duration_ms");

	buf[0] = '\0';
	if (flow[0] != '\0')
		(void)snprintf(buf, FLOW_SIZE, " by %.32s in %" PRId64 ".%" PRId64
		    " s", flow, ms / 1000, ms % 1000 / 100);
}

static void
print_event(struct json_object *event)
{
	const char *detail = document_string(event, "detail");
	const char *source = document_string(event, "source");
	const char *key = document_string(event, "key");
	char when[TIME_SIZE], flow[FLOW_SIZE];

	put_time(when, document_integer(event, "time"));
	put_flow(flow, event);
	line_print(stdout, "%s %-7s %s %s from %s: %s%s%s%s%s%s%s", when,
	    document_string(event, "kind"), document_string(event, "user"),
	    document_string(event, "service"),
	    source[0] == '\0' ? "-" : source,
	    document_string(event, "reason"), flow,
	    key[0] == '\0' ? "" : " ", key,
	    detail[0] == '\0' ? "" : " (", detail,
	    detail[0] == '\0' ? "" : ")");
}

/* A watcher may read it through a pipe, so each is there at once. */
static enum cli_end
print_document(void *arg, struct json_object *document)
{
	const struct cli_request *request = arg;
	size_t i;

	if (request->json)
		document_print(stdout, document);
	else
		for (i = 0; i < document_count(document, "events"); i++)
			print_event(document_at(document, "events", i));
	return fflush(stdout) == 0 ? CLI_FINE : CLI_NO;
}

enum cli_end
events_run(const struct cli_request *request)
{
	struct cli_request copy = *request;

	return ask_daemon_on(PROTO_EVENTS, request->follow, print_document,
	    &copy);
}
