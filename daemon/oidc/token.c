/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set is whole or not there: half of an answer is an error.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "daemon/oidc/json.h"
#include "daemon/oidc/token.h"

/* RFC 6749 5.2, RFC 8628 3.5; the sentences are what Pocket ID says up to
 * 2.9. */
static const struct {
	const char	*error;
	enum reason	 reason;
} errors[] = {
	{ "access_denied", REASON_ACCESS_DENIED },
	{ "expired_token", REASON_GRANT_INVALID },
	{ "invalid_request", REASON_REQUEST_REFUSED },
	{ "invalid_scope", REASON_SCOPE_REFUSED },
	{ "server_error", REASON_PROVIDER_BUSY },
	{ "temporarily_unavailable", REASON_PROVIDER_BUSY },
	{ "unsupported_grant_type", REASON_GRANT_UNSUPPORTED },
	{ "invalid_grant", REASON_GRANT_INVALID },
	{ "invalid_client", REASON_CLIENT_REFUSED },
	{ "unauthorized_client", REASON_CLIENT_REFUSED },
	{ "Invalid device code", REASON_GRANT_INVALID },
	{ "Device code has expired", REASON_GRANT_INVALID },
};

enum reason
token_error_reason(const char *error)
{
	size_t i;

	for (i = 0; error != NULL && i < sizeof(errors) / sizeof(*errors);
	    i++) {
		if (strcmp(error, errors[i].error) == 0)
			return errors[i].reason;
	}
	return REASON_PROVIDER_REPLY;
}

/* Copy the token of this name. 0, also if there is none, -EBADMSG if it is no
 * text, or what secret_set() gives. */
static int
take(const struct json *answer, const char *name, struct secret *secret)
{
	const char *text = json_get_string(answer, name);

	if (text == NULL)
		return json_has(answer, name) ? -EBADMSG : 0;
	if (text[0] == '\0')
		return -EBADMSG;
	return secret_set(secret, text, strlen(text));
}

enum reason
token_set_read(const struct json *answer, struct token_set *ret_set)
{
	struct token_set set = { SECRET_INIT, SECRET_INIT, SECRET_INIT };
	const char *type = json_get_string(answer, "token_type");
	int r;

	/* RFC 6749 5.1: the type is case insensitive. */
	if (type == NULL || strcasecmp(type, "Bearer") != 0)
		return REASON_PROVIDER_REPLY;
	r = take(answer, "access_token", &set.access_token);
	if (r == 0 && set.access_token.len == 0)
		r = -EBADMSG;
	if (r < 0)
		goto out;
	r = take(answer, "refresh_token", &set.refresh_token);
	if (r < 0)
		goto out;
	r = take(answer, "id_token", &set.id_token);
	if (r < 0)
		goto out;
	*ret_set = set;
	return REASON_GRANTED;
out:
	token_set_free(&set);
	return r == -ENOMEM ? REASON_INTERNAL : REASON_PROVIDER_REPLY;
}

enum reason
token_take_refresh(const struct json *answer, struct secret *ret_token)
{
	switch (take(answer, "refresh_token", ret_token)) {
	case 0:
		return REASON_GRANTED;
	case -ENOMEM:
		return REASON_INTERNAL;
	default:
		return REASON_PROVIDER_REPLY;
	}
}

void
token_set_describe(const struct json *answer, struct reason_detail *detail)
{
	static const char *const members[] = { "access_token", "id_token" };
	const char *type = json_get_string(answer, "token_type");
	size_t i;

	if (type == NULL || strcasecmp(type, "Bearer") != 0)
		reason_add(detail, "token_type is '%.32s'",
		    type != NULL ? type : "");
	for (i = 0; i < sizeof(members) / sizeof(*members); i++) {
		if (json_get_string(answer, members[i]) == NULL)
			reason_add(detail, "%s is %s", members[i],
			    json_has(answer, members[i]) ? "not a string" :
			    "missing");
	}
}

void
token_set_free(struct token_set *set)
{
	secret_free(&set->access_token);
	secret_free(&set->refresh_token);
	secret_free(&set->id_token);
}
