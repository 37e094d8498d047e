/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was decided, and how often, as documents.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/provider.h"
#include "daemon/refresher/refresher.h"
#include "daemon/report/audit.h"
#include "daemon/report/report.h"
#include "daemon/store/store_token.h"

static struct json *
describe(const struct audit_record *record)
{
	struct json *event = json_new_object();

	json_set_integer(event, "time", record->time);
	json_set_string(event, "kind", audit_kind_name(record->kind));
	json_set_integer(event, "number", (int64_t)record->number);
	json_set_string(event, "user", record->user);
	json_set_string(event, "sub", record->subject);
	json_set_string(event, "service", record->service);
	json_set_string(event, "source", record->source);
	json_set_string(event, "reason", reason_code(record->reason));
	json_set_string(event, "sentence", reason_admin(record->reason));
	json_set_string(event, "detail", record->detail);
	json_set_string(event, "flow", record->flow);
	json_set_string(event, "key", record->key);
	json_set_integer(event, "duration_ms", (int64_t)record->milliseconds);
	return event;
}

static struct json *
wrap(struct json *events)
{
	struct json *document = json_new_object();

	json_set(document, "events", events);
	return document;
}

struct json *
report_event(const struct audit_record *record)
{
	struct json *events = json_new_array();

	json_append(events, describe(record));
	return wrap(events);
}

struct json *
report_events(const struct world *world)
{
	struct json *events = json_new_array();
	const struct audit_record *record;
	size_t i;

	for (i = 0; (record = audit_at(world->audit, i)) != NULL; i++)
		json_append(events, describe(record));
	return wrap(events);
}

/* One metric without samples; they are added to what is returned. */
static struct json *
add_metric(struct json *metrics, const char *name, const char *type,
    const char *help)
{
	struct json *metric = json_new_object(), *samples = json_new_array();

	json_set_string(metric, "name", name);
	json_set_string(metric, "type", type);
	json_set_string(metric, "help", help);
	json_set(metric, "samples", samples);
	json_append(metrics, metric);
	return samples;
}

/* A sample; labels may be NULL. */
static void
add_sample(struct json *samples, const char *suffix, struct json *labels,
    int64_t value)
{
	struct json *sample = json_new_object();

	json_set_string(sample, "suffix", suffix);
	if (labels != NULL)
		json_set(sample, "labels", labels);
	json_set_integer(sample, "value", value);
	json_append(samples, sample);
}

static void
add_gauge(struct json *metrics, const char *name, const char *help,
    int64_t value)
{
	add_sample(add_metric(metrics, name, "gauge", help), NULL, NULL,
	    value);
}

/* The sum of a summary: Prometheus counts in seconds. */
static struct json *
sum_of(uint64_t milliseconds)
{
	struct json *sum = NULL;
	char text[96];

	(void)snprintf(text, sizeof(text), "{\"suffix\":\"_sum\",\"value\":"
	    "%" PRIu64 ".%03" PRIu64 "}", milliseconds / 1000,
	    milliseconds % 1000);
	if (json_parse(text, strlen(text), &sum) < 0)
		return NULL;
	return sum;
}

/* Those that never happened are left out, but for the one that everybody
 * looks for. */
static void
add_decisions(struct json *metrics, const struct audit *audit)
{
	static const enum reason reasons[] = {
#define X(symbol, code, person, admin) REASON_##symbol,
		REASON_TABLE(X)
#undef X
	};
	struct json *samples, *labels;
	enum audit_kind kind;
	uint64_t count;
	size_t i;

	samples = add_metric(metrics, "hostpass_decisions_total", "counter",
	    "Verdicts of sign-ins and of the account phase, by reason.");
	for (kind = 0; kind < AUDIT_KINDS; kind++) {
		for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
			count = audit_count(audit, kind, reasons[i]);
			if (count == 0 && reasons[i] != REASON_GRANTED)
				continue;
			labels = json_new_object();
			json_set_string(labels, "kind", audit_kind_name(kind));
			json_set_string(labels, "reason",
			    reason_code(reasons[i]));
			add_sample(samples, NULL, labels, (int64_t)count);
		}
	}
	samples = add_metric(metrics, "hostpass_sign_in_duration_seconds",
	    "summary", "How long the sign-ins took that were granted.");
	json_append(samples, sum_of(audit_milliseconds(audit, AUDIT_SIGN_IN)));
	add_sample(samples, "_count", NULL,
	    (int64_t)audit_count(audit, AUDIT_SIGN_IN, REASON_GRANTED));
}

static void
add_providers(struct json *metrics, const struct world *world)
{
	const struct world_provider *provider;
	struct json *samples, *labels;
	size_t i;

	samples = add_metric(metrics,
	    "hostpass_provider_last_answer_timestamp_seconds", "gauge",
	    "When the provider last answered; 0: not since the start.");
	for (i = 0; i < world->provider_count; i++) {
		provider = &world->providers[i];
		labels = json_new_object();
		json_set_string(labels, "issuer", provider->config->issuer);
		add_sample(samples, NULL, labels,
		    provider_last_answer(provider->oidc));
	}
}

static void
add_refreshes(struct json *metrics, const struct refresher *refresher)
{
	static const char *const names[] = {
		[REFRESH_RENEWED] = "renewed", [REFRESH_REVOKED] = "revoked",
		[REFRESH_TRY_LATER] = "later", [REFRESH_LOST] = "lost",
	};
	struct json *samples, *labels;
	unsigned i;

	samples = add_metric(metrics, "hostpass_refreshes_total", "counter",
	    "Refreshes of people's tokens, by what came of them.");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		labels = json_new_object();
		json_set_string(labels, "outcome", names[i]);
		add_sample(samples, NULL, labels,
		    (int64_t)refresher_count(refresher, i));
	}
}

static void
add_snapshot(struct json *metrics, const struct world *world)
{
	struct snapshot snapshot;

	add_gauge(metrics, "hostpass_snapshot_pending",
	    "1 while the store knows more than lookups are told.",
	    world->unpublished);
	if (snapshot_map(world->snapshot, &snapshot) < 0)
		return;
	add_gauge(metrics, "hostpass_snapshot_written_timestamp_seconds",
	    "When the file that lookups are answered from was written.",
	    (int64_t)snapshot_written(&snapshot));
	add_gauge(metrics, "hostpass_snapshot_users",
	    "People in the file that lookups are answered from.",
	    snapshot_user_count(&snapshot));
	snapshot_unmap(&snapshot);
}

struct json *
report_metrics(const struct world *world, int64_t started)
{
	struct json *document, *metrics, *labels;
	size_t count = 0, tokens = 0;

	if ((store_count(world->store, &count) < 0 ||
	    store_token_count(world->store, &tokens) < 0) &&
	    !store_is_damaged(world->store))
		return NULL;
	metrics = json_new_array();
	labels = json_new_object();
	json_set_string(labels, "version", PACKAGE_VERSION);
	add_sample(add_metric(metrics, "hostpass_build_info", "gauge",
	    "1; the version is in the label."), NULL, labels, 1);
	add_gauge(metrics, "hostpass_start_time_seconds",
	    "When the daemon was started.", started);
	add_gauge(metrics, "hostpass_store_damaged",
	    "1 if a part of the store cannot be read.",
	    store_is_damaged(world->store));
	add_decisions(metrics, world->audit);
	add_gauge(metrics, "hostpass_sign_ins_pending",
	    "Sign-ins that wait for an approval.", (int64_t)world->pending);
	add_gauge(metrics, "hostpass_sign_ins_pending_limit",
	    "How many may wait.", world->config->limits.pending);
	add_gauge(metrics, "hostpass_people",
	    "People who are bound to a name on this host.", (int64_t)count);
	if (world->refresher != NULL)
		add_refreshes(metrics, world->refresher);
	add_gauge(metrics, "hostpass_refresh_tokens",
	    "People whose refresh token is kept.", (int64_t)tokens);
	add_providers(metrics, world);
	add_snapshot(metrics, world);
	document = json_new_object();
	json_set(document, "metrics", metrics);
	return document;
}
