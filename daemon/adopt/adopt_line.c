/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of the directory: the same claims, and the same rules of [identity],
 * as at a sign-in of that person.
 *
 * MUST NOT believe of a line what only a token can prove: that a passkey was
 *	used.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/names.h"
#include "daemon/adopt/adopt_private.h"
#include "daemon/identity/identity.h"
#include "daemon/oidc/json.h"
#include "daemon/world.h"

/* More refusals than this of one document are only counted. */
#define REFUSALS_LOGGED	20

static void
refuse(struct adopt *adopt, const char *who, enum reason reason,
    const struct reason_detail *detail)
{
	if (adopt->refused++ < REFUSALS_LOGGED)
		log_line(LOG_WARNING, "directory: sub %.64s is left out: %s: "
		    "%s (%s)", who, reason_code(reason), reason_admin(reason),
		    detail->text);
}

static bool
is_disabled(const struct json *claims)
{
	bool disabled = false;

	/* What is neither true nor false is not a reason to let her in. */
	return json_has(claims, "disabled") && (json_boolean(
	    json_get(claims, "disabled"), &disabled) < 0 || disabled);
}

/* Bring person, who is bound, up to the document; known is what she was. */
static int
keep(struct adopt *adopt, const struct person *known, struct person *person)
{
	person->listed = true;
	person->last_passkey = known != NULL ? known->last_passkey : 0;
	if (known != NULL && known->revoked)
		person->revoked = true;
	if (known == NULL) {
		/* Not when the document was made: programs that looked her up
		 * since were told another uid, perhaps. */
		person->bound = adopt->begun;
		adopt->fresh++;
	}
	return store_save(adopt->world->store, person);
}

static int
take_in(struct adopt *adopt, const struct identity_token *token,
    const struct person *known)
{
	const struct world *world = adopt->world;
	const struct identity_context context = {
		.config = world->config,
		.files = world->files,
		.map = world->map,
		.store = world->store,
		.listed = true,
	};
	char name[NAME_LIMIT + 1];
	struct person *person = NULL;
	struct reason_detail detail = { "" };
	enum reason reason;
	int r;

	reason = identity_find_name(&context, token, &detail, name);
	if (reason == REASON_GRANTED)
		reason = identity_resolve(&context, token, name,
		    adopt->document.issued, &detail, &person);
	if (reason == REASON_INTERNAL)
		return -EIO;
	if (reason != REASON_GRANTED) {
		refuse(adopt, token->subject, reason, &detail);
		return 0;
	}
	r = keep(adopt, known, person);
	person_free(person);
	if (r != -EEXIST)
		return r;
	refuse(adopt, token->subject, REASON_NAME_BOUND, &detail);
	return 0;
}

/* Who is disabled is not among those who were seen, and leaves with all who
 * are not. */
static int
mark_disabled(struct adopt *adopt, struct person *known)
{
	if (known == NULL || known->revoked || known->listed)
		return 0;
	known->listed = true;
	return store_save(adopt->world->store, known);
}

static int
take_claims(struct adopt *adopt, const struct json *claims,
    const struct identity_token *token, struct person *known)
{
	int r;

	if (is_disabled(claims))
		return mark_disabled(adopt, known);
	r = store_seen_add(adopt->world->store, token->subject);
	if (r < 0)
		return r;
	if (known == NULL || known->last_proof <= adopt->document.issued)
		return take_in(adopt, token, known);
	/* What she signed in with since is newer. */
	if (known->listed)
		return 0;
	known->listed = true;
	return store_save(adopt->world->store, known);
}

int
adopt_line(struct adopt *adopt, const char *line, size_t len)
{
	struct identity_token token = { .issuer = adopt->document.issuer };
	struct json *claims = NULL;
	struct person *known = NULL;
	int r;

	r = json_parse(line, len, &claims);
	if (r == -ENOMEM)
		return r;
	token.subject = json_get_string(claims, "sub");
	if (!json_is_object(claims) || token.subject == NULL ||
	    *token.subject == '\0') {
		refuse(adopt, "(none)", REASON_CLAIM_MISSING,
		    &(struct reason_detail){ "" });
		json_free(claims);
		return 0;
	}
	token.claims = claims;
	r = store_find_subject(adopt->world->store, token.issuer,
	    token.subject, &known);
	if (r == 0 || r == -ENOENT)
		r = take_claims(adopt, claims, &token, known);
	person_free(known);
	json_free(claims);
	return r;
}
