/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON documents that the command `hostpass` shows. Nothing secret is in
 * any of them.
 */
#ifndef DAEMON_REPORT_H
#define DAEMON_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/session.h"

struct json;

/* Each returns a document that must be freed, or NULL if the store cannot be
 * read or memory is short. started is when the daemon was (CLOCK_REALTIME).
 * Only with warnings, which name people and groups, is every person looked
 * at. */
struct json *report_status(const struct session_world *world,
	    int64_t started, bool warnings) MUST_USE;
struct json *report_users(const struct session_world *world) MUST_USE;
struct json *report_groups(const struct session_world *world) MUST_USE;

/* What an admin should look into, one sentence each: an array that must be
 * freed, perhaps an empty one. */
struct json *report_warnings(const struct session_world *world) MUST_USE;

/* The account phase for user and service, rule by rule: the same code decides
 * that decides for PAM. */
struct json *report_why(const struct session_world *world, const char *user,
	    const char *service) MUST_USE;

/* The same for the claims of a token that has not come yet, and for whoever it
 * would belong to if user is "". The token's signature, times and methods are
 * not looked at. Nothing is kept. */
struct json *report_why_claims(const struct session_world *world,
	    const char *user, const char *service,
	    const struct json *claims) MUST_USE;

/* One person, as in report_users(). */
struct json *report_person(const struct session_world *world,
	    const struct person *person) MUST_USE;

#endif
