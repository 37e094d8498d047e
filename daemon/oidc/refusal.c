/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST not repeat a run of characters that is long enough to be a token,
 * whoever put it into an error message.
 */
#include <stdbool.h>
#include <string.h>

#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/refusal.h"

/* Of each text; of a run of characters that a UUID (36) is not cut by, and a
 * token is. */
#define TEXT_MAX	128
#define RUN_MAX		36

#define TOKEN_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"

/* Copy text, with "..." in place of each run that may be a token. */
static void
copy_without_tokens(char buf[TEXT_MAX], const char *text)
{
	size_t used = 0, run = 0;

	while (*text != '\0') {
		run = strchr(TOKEN_CHARACTERS, *text) != NULL ? run + 1 : 0;
		if (run > RUN_MAX) {
			used -= RUN_MAX;
			memcpy(buf + used, "...", 3);
			used += 3;
			text += strspn(text, TOKEN_CHARACTERS);
			run = 0;
		} else if (used == TEXT_MAX - 1) {
			break;
		} else {
			buf[used++] = *text++;
		}
	}
	/* The start of a run that was cut is not worth the doubt. */
	if (*text != '\0')
		used -= run;
	buf[used] = '\0';
}

void
refusal_add(struct reason_detail *detail, const char *name,
    const char *value)
{
	char text[TEXT_MAX];

	copy_without_tokens(text, value);
	reason_add(detail, "%s '%s'", name, text);
}

static void
say_member(struct reason_detail *detail, const struct json *answer,
    const char *name)
{
	const char *value = json_get_string(answer, name);

	if (value != NULL)
		refusal_add(detail, name, value);
}

void
refusal_say(struct reason_detail *detail, const struct http_reply *reply,
    const struct json *answer)
{
	static const char *const members[] = {
		"error", "error_description", "code", "request_id",
	};
	size_t i;

	reason_say(detail, "HTTP %ld", reply->status);
	for (i = 0; i < sizeof(members) / sizeof(*members); i++)
		say_member(detail, answer, members[i]);
}

void
refusal_say_no_json(struct reason_detail *detail,
    const struct http_reply *reply)
{
	reason_say(detail, "HTTP %ld, %zu bytes that are not JSON as it is "
	    "accepted here", reply->status, reply->len);
}

/* What can be said of a body that is not going to be read otherwise. */
static void
say_body(struct reason_detail *detail, const struct http_reply *reply)
{
	struct json *answer = NULL;

	if (json_parse(reply->body, reply->len, &answer) < 0)
		answer = NULL;
	refusal_say(detail, reply, answer);
	json_free(answer);
	if (reply->retry_after > 0)
		reason_add(detail, "Retry-After %u s",
		    (unsigned)reply->retry_after);
}

static enum reason
refuse_redirect(const struct http_reply *reply, struct reason_detail *detail)
{
	reason_say(detail, "HTTP %ld", reply->status);
	/* What follows the question mark may be meant for somebody else. */
	if (reply->location != NULL)
		reason_add(detail, "to %.*s",
		    (int)strcspn(reply->location, "?#"), reply->location);
	return REASON_PROVIDER_REDIRECT;
}

static enum reason
judge_status(const struct http_reply *reply, struct reason_detail *detail)
{
	if (reply->status >= 300 && reply->status < 400)
		return refuse_redirect(reply, detail);
	if (reply->status != 429 && reply->status < 500)
		return REASON_GRANTED;
	say_body(detail, reply);
	return reply->status == 429 ? REASON_PROVIDER_LIMITED :
	    REASON_PROVIDER_BUSY;
}

enum reason
refusal_of_reply(const struct http_reply *reply, struct reason_detail *detail)
{
	reason_say(detail, "%s", "");
	switch (reply->outcome) {
	case HTTP_UNREACHABLE:
		reason_say(detail, "%s", reply->error);
		break;
	case HTTP_UNTRUSTED:
		reason_say(detail, "%s", reply->error);
		return REASON_PROVIDER_TLS;
	case HTTP_OVERSIZED:
		return REASON_PROVIDER_OVERSIZED;
	case HTTP_ANSWERED:
		return judge_status(reply, detail);
	}
	return REASON_PROVIDER_UNREACHABLE;
}
