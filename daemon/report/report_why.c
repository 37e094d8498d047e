/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass why`: the code that decides is walked, and every rule that it looks
 * at is noted. Nothing is kept of a token that has not come yet.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/names.h"
#include "daemon/identity/identity.h"
#include "daemon/oidc/json.h"
#include "daemon/policy/account.h"
#include "daemon/report/report.h"

static void
add_step(void *arg, const char *rule, int fits)
{
	struct json *step = json_new_object();

	json_set_string(step, "rule", rule);
	json_set_boolean(step, "fits", fits != 0);
	json_append(arg, step);
}

/* Takes steps over. */
static struct json *
say_verdict(const char *user, const char *service, enum reason reason,
    struct json *steps)
{
	struct json *document = json_new_object();

	json_set_string(document, "user", user);
	json_set_string(document, "service", service);
	json_set_string(document, "verdict",
	    reason == REASON_GRANTED ? "granted" : "denied");
	json_set_string(document, "reason", reason_code(reason));
	json_set_string(document, "sentence", reason_admin(reason));
	json_set(document, "steps", steps);
	return document;
}

struct json *
report_why(const struct world *world, const char *user,
    const char *service)
{
	struct json *steps = json_new_array();
	enum reason reason;

	reason = account_decide(world, user, service, add_step, steps);
	return say_verdict(user, service, reason, steps);
}

/* What is asked about claims. */
struct question {
	const struct world		*world;
	const char			*user;		/* "": whoever it is */
	const char			*service;
	struct identity_token		 token;
	struct json			*steps;
	char				 name[NAME_LIMIT + 1];
	struct person			*person;	/* NULL: refused */
};

static bool
note(const struct question *q, const char *rule, bool fits)
{
	add_step(q->steps, rule, fits);
	return fits;
}

/* The same with what was seen, which may also be about a claim that is left
 * out of account. */
static bool
note_identity(const struct question *q, const char *rule, enum reason reason,
    const struct reason_detail *detail)
{
	char text[REASON_DETAIL_SIZE + 128];

	(void)snprintf(text, sizeof(text), "%s%s%s%s", rule,
	    detail->text[0] != '\0' ? " (" : "", detail->text,
	    detail->text[0] != '\0' ? ")" : "");
	return note(q, text, reason == REASON_GRANTED);
}

/* iss, as it will be; it may be left out where there is one provider. */
static const struct config_provider *
issuer_of(struct question *q)
{
	const struct config *config = q->world->config;
	const struct config_provider *provider;
	const char *issuer = json_get_string(q->token.claims, "iss");

	if (issuer == NULL && config->provider_count == 1)
		issuer = config->providers[0].issuer;
	provider = issuer == NULL ? NULL : config_provider_of(config, issuer);
	if (note(q, "iss is the issuer of a provider in hostpass.conf",
	    provider != NULL))
		q->token.issuer = issuer;
	return provider;
}

static enum reason
decide_claims(struct question *q)
{
	struct identity_context context = {
		.config = q->world->config,
		.files = q->world->files,
		.map = q->world->map,
		.store = q->world->store,
	};
	struct reason_detail detail = { "" };
	struct policy_subject subject;
	int64_t now = time(NULL);
	enum reason reason;

	if (issuer_of(q) == NULL)
		return REASON_TOKEN_ISSUER;
	q->token.subject = json_get_string(q->token.claims, "sub");
	if (!note(q, "there is a sub", q->token.subject != NULL))
		return REASON_TOKEN_SUBJECT;
	reason = identity_find_name(&context, &q->token, &detail, q->name);
	if (!note_identity(q, "there is a name for her here", reason, &detail))
		return reason;
	reason = identity_resolve(&context, &q->token,
	    q->user[0] != '\0' ? q->user : q->name, now, &detail, &q->person);
	if (!note_identity(q, "she is, or can become, the person of that name",
	    reason, &detail))
		return reason;
	subject = policy_subject_of(q->world->config, q->person, now);
	return policy_decide(q->world->config, &subject, q->service, add_step,
	    q->steps);
}

struct json *
report_why_claims(const struct world *world, const char *user,
    const char *service, const struct json *claims)
{
	struct question q = {
		.world = world, .user = user, .service = service,
		.token = { .claims = claims }, .steps = json_new_array(),
	};
	struct json *document;
	enum reason reason;

	reason = decide_claims(&q);
	document = say_verdict(q.name[0] != '\0' ? q.name : user, service,
	    reason, q.steps);
	if (q.person != NULL)
		json_set(document, "person", report_person(world, q.person));
	person_free(q.person);
	return document;
}
