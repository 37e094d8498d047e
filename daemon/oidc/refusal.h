/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies that are no answer: which reason they are, and what of them an admin
 * should see. Pure. What a provider says in words is cut and filtered, and
 * what could be a token or a code is left out.
 */
#ifndef DAEMON_OIDC_REFUSAL_H
#define DAEMON_OIDC_REFUSAL_H

#include "common/attr.h"
#include "daemon/reason.h"

struct http_reply;
struct json;

/* REASON_GRANTED if there is an answer to read; else PROVIDER_UNREACHABLE,
 * PROVIDER_TLS, PROVIDER_OVERSIZED, PROVIDER_REDIRECT (3xx), PROVIDER_LIMITED
 * (429) or PROVIDER_BUSY (5xx). detail is what was seen, or empty. */
enum reason refusal_of_reply(const struct http_reply *reply,
	    struct reason_detail *detail) MUST_USE;

/* Say the status, and what the answer has of an OAuth error (RFC 6749 5.2) or
 * an error of Pocket ID's API: error, code, error_description, request_id. */
void	refusal_say(struct reason_detail *detail,
	    const struct http_reply *reply, const struct json *answer);

/* Add what the provider says in its own words under this name. */
void	refusal_add(struct reason_detail *detail, const char *name,
	    const char *value);

/* Say that the body is not JSON. */
void	refusal_say_no_json(struct reason_detail *detail,
	    const struct http_reply *reply);

#endif
