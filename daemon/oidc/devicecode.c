/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * These strings reach a terminal before anybody has signed in: what is not
 * plain text, or not a https link, is refused and not repaired.
 */
#include <stdbool.h>
#include <string.h>

#include "common/names.h"
#include "daemon/oidc/devicecode.h"
#include "daemon/oidc/json.h"

#define LINK_MAX_BYTES	1024	/* a QR code of it must still be readable */

static bool
is_shown_safely(const char *text, size_t max)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= max &&
	    text_is_plain(text);
}

static bool
is_link(const char *text)
{
	return is_shown_safely(text, LINK_MAX_BYTES) &&
	    strchr(text, ' ') == NULL &&
	    strncmp(text, "https://", strlen("https://")) == 0;
}

/* NULL and a prompt, or the member that is wrong. */
static const char *
read_prompt(const struct json *answer, struct device_prompt *ret_prompt)
{
	struct device_prompt prompt = {
		.verification_uri = json_get_string(answer, "verification_uri"),
		.verification_uri_complete = json_get_string(answer,
		    "verification_uri_complete"),
		.user_code = json_get_string(answer, "user_code"),
	};
	int64_t expires_in;

	if (!is_link(prompt.verification_uri))
		return "verification_uri";
	if (!is_shown_safely(prompt.user_code, DEVICECODE_CODE_MAX))
		return "user_code";
	if (json_get(answer, "verification_uri_complete") != NULL &&
	    !is_link(prompt.verification_uri_complete))
		return "verification_uri_complete";
	if (json_integer(json_get(answer, "expires_in"), &expires_in) < 0 ||
	    expires_in <= 0)
		return "expires_in";
	prompt.expires_in = expires_in < DEVICECODE_LIFETIME_MAX ?
	    (uint32_t)expires_in : DEVICECODE_LIFETIME_MAX;
	*ret_prompt = prompt;
	return NULL;
}

static uint32_t
read_interval(const struct json *answer)
{
	int64_t interval;

	if (json_integer(json_get(answer, "interval"), &interval) < 0)
		return DEVICECODE_INTERVAL;
	if (interval < 1)
		return 1;
	return interval < DEVICECODE_INTERVAL_MAX ? (uint32_t)interval :
	    DEVICECODE_INTERVAL_MAX;
}

enum reason
devicecode_read(const struct json *answer, struct reason_detail *detail,
    struct devicecode *ret_code)
{
	const char *wrong = NULL;
	struct devicecode code = {
		.device_code = json_get_string(answer, "device_code"),
		.interval = read_interval(answer),
	};

	if (code.device_code == NULL || code.device_code[0] == '\0')
		wrong = "device_code";
	else
		wrong = read_prompt(answer, &code.prompt);
	if (wrong != NULL) {
		reason_say(detail, "%s is missing or cannot be used", wrong);
		return REASON_PROVIDER_REPLY;
	}
	*ret_code = code;
	return REASON_GRANTED;
}
