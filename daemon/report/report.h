/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON documents that the command `hostpass` shows. Nothing secret is in
 * any of them.
 */
#ifndef DAEMON_REPORT_REPORT_H
#define DAEMON_REPORT_REPORT_H

#include <stdint.h>

#include "common/attr.h"
#include "daemon/world.h"

struct audit_record;
struct json;

/* Each returns a document that must be freed, or NULL if the store cannot be
 * read or memory is short. started is when the daemon was (CLOCK_REALTIME). */
struct json *report_status(const struct world *world,
	    int64_t started) MUST_USE;
struct json *report_users(const struct world *world) MUST_USE;
struct json *report_groups(const struct world *world) MUST_USE;

/* What was decided lately, from the oldest, and one decision in the same
 * form. */
struct json *report_events(const struct world *world) MUST_USE;
struct json *report_event(const struct audit_record *record) MUST_USE;

/* Metrics in the terms of Prometheus: {"metrics": [{"name", "type", "help",
 * "samples": [{"suffix"?, "labels"?, "value"}]}]}. Nobody's name is in it. */
struct json *report_metrics(const struct world *world,
	    int64_t started) MUST_USE;

/* What an admin should look into, one sentence each: an array that must be
 * freed, perhaps an empty one. */
struct json *report_warnings(const struct world *world) MUST_USE;

/* The account phase for user and service, rule by rule: the same code decides
 * that decides for PAM. */
struct json *report_why(const struct world *world, const char *user,
	    const char *service) MUST_USE;

/* The same for the claims of a token that has not come yet, and for whoever it
 * would belong to if user is "". The token's signature, times and methods are
 * not looked at. Nothing is kept. */
struct json *report_why_claims(const struct world *world,
	    const char *user, const char *service,
	    const struct json *claims) MUST_USE;

/* One person, as in report_users(). */
struct json *report_person(const struct world *world,
	    const struct person *person) MUST_USE;

/* People who were forgotten, with the ids that stay reserved. */
struct json *report_forgotten(const struct world *world) MUST_USE;

/* The keys of person; none if person is NULL. */
struct json *report_ssh_keys(const struct person *person) MUST_USE;

#endif
