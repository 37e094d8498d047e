/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state is compared before anything else is believed, in a time that tells
 * nothing about it: whoever does not know it can neither end nor mislead a
 * sign-in.
 *
 * MUST: exactly one state, exactly one of code and error; decoded text is
 * printable ASCII, so that no NUL cuts it short; what was decoded is wiped.
 * What a provider says in words decides nothing, and is for the log alone.
 */
#include <errno.h>
#include <string.h>

#include "daemon/oidc/callback.h"
#include "daemon/oidc/refusal.h"
#include "daemon/oidc/token.h"

enum {
	CODE,
	STATE,
	ERROR,
	ISS,
	DESCRIPTION,
	KNOWN
};

static const char *const names[KNOWN] = {
	[CODE] = "code", [STATE] = "state", [ERROR] = "error", [ISS] = "iss",
	[DESCRIPTION] = "error_description",
};

/* RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6. The rest is as at the token
 * endpoint. */
static const struct {
	const char	*error;
	enum reason	 reason;
} errors[] = {
	{ "login_required", REASON_ACCESS_DENIED },
	{ "interaction_required", REASON_ACCESS_DENIED },
	{ "consent_required", REASON_ACCESS_DENIED },
	{ "account_selection_required", REASON_ACCESS_DENIED },
	{ "unsupported_response_type", REASON_CLIENT_REFUSED },
};

static enum reason
error_reason(const char *error)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		if (strcmp(errors[i].error, error) == 0)
			return errors[i].reason;
	}
	return token_error_reason(error);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Decode a value of application/x-www-form-urlencoded. 0, -EBADMSG, or what
 * secret_set() gives. Where it is but words, the worst that can be in it is a
 * '?'. */
static int
decode(const char *text, size_t len, bool words, struct secret *value)
{
	struct secret copy = SECRET_INIT;
	size_t i, n = 0;
	int high, low, r;

	r = secret_set(&copy, text, len);
	for (i = 0; r == 0 && i < len; i++) {
		char c = text[i];

		if (c == '+')
			c = ' ';
		if (c == '%') {
			high = i + 2 < len ? hex(text[i + 1]) : -1;
			low = i + 2 < len ? hex(text[i + 2]) : -1;
			c = '\0';
			if (high >= 0 && low >= 0)
				c = (char)(high << 4 | low);
			i += 2;
		}
		if (words && c == '\0')
			c = '?';
		if (!words && (c < ' ' || c > '~'))
			r = -EBADMSG;
		else
			copy.data[n++] = c;
	}
	if (r == 0)
		r = secret_set(value, copy.data, n);
	secret_free(&copy);
	return r;
}

/* Take name=value into its place. Names are compared as they stand: nobody
 * has a reason to encode ours. */
static int
take(const char *text, size_t len, struct secret values[KNOWN])
{
	const char *equals = memchr(text, '=', len);
	size_t name_len, i;

	if (equals == NULL || equals == text)
		return -EBADMSG;
	name_len = (size_t)(equals - text);
	if (memchr(text, '%', name_len) != NULL)
		return -EBADMSG;
	for (i = 0; i < KNOWN; i++) {
		if (strlen(names[i]) != name_len ||
		    memcmp(names[i], text, name_len) != 0)
			continue;
		if (values[i].data != NULL || name_len + 1 == len)
			return i == DESCRIPTION ? 0 : -EBADMSG;
		return decode(equals + 1, len - name_len - 1,
		    i == DESCRIPTION, &values[i]);
	}
	return 0;
}

static int
split(const char *query, struct secret values[KNOWN])
{
	const char *end;
	size_t count = 0;
	int r;

	if (strlen(query) > CALLBACK_MAX)
		return -EBADMSG;
	for (;;) {
		end = query + strcspn(query, "&");
		if (++count > CALLBACK_PARAMETERS_MAX)
			return -EBADMSG;
		r = take(query, (size_t)(end - query), values);
		if (r < 0 || *end == '\0')
			return r;
		query = end + 1;
	}
}

static enum reason
judge(const struct secret values[KNOWN], const struct callback_expect *expect)
{
	if (values[STATE].data == NULL ||
	    (values[CODE].data == NULL) == (values[ERROR].data == NULL))
		return REASON_CALLBACK_MALFORMED;
	if (!secret_equal(&values[STATE], expect->state))
		return REASON_CALLBACK_STATE;
	reason_say(expect->detail, "%s", "");
	if (values[ISS].data == NULL ? expect->iss_required :
	    strcmp(values[ISS].data, expect->issuer) != 0) {
		reason_say(expect->detail, "iss is '%.128s', configured is "
		    "'%s'", values[ISS].data != NULL ? values[ISS].data : "",
		    expect->issuer);
		return REASON_CALLBACK_ISSUER;
	}
	if (values[ERROR].data == NULL)
		return REASON_GRANTED;
	refusal_add(expect->detail, "error", values[ERROR].data);
	if (values[DESCRIPTION].data != NULL)
		refusal_add(expect->detail, "error_description",
		    values[DESCRIPTION].data);
	return error_reason(values[ERROR].data);
}

enum reason
callback_read_query(const char *query, const struct callback_expect *expect,
    struct secret *ret_code)
{
	struct secret values[KNOWN] = { SECRET_INIT };
	enum reason reason;
	size_t i;
	int r;

	r = split(query, values);
	if (r == 0)
		reason = judge(values, expect);
	else
		reason = r == -ENOMEM ? REASON_INTERNAL :
		    REASON_CALLBACK_MALFORMED;
	if (reason == REASON_GRANTED)
		secret_move(ret_code, &values[CODE]);
	for (i = 0; i < KNOWN; i++)
		secret_free(&values[i]);
	return reason;
}

enum reason
callback_read_address(const char *address,
    const struct callback_expect *expect, struct secret *ret_code)
{
	size_t prefix = strlen(expect->redirect_uri), len;
	struct secret query = SECRET_INIT;
	enum reason reason;
	int r;

	address += strspn(address, " \t");
	len = strlen(address);
	while (len > 0 && strchr(" \t\r\n", address[len - 1]) != NULL)
		len--;
	if (len <= prefix + 1 || len > CALLBACK_MAX ||
	    strncmp(address, expect->redirect_uri, prefix) != 0 ||
	    address[prefix] != '?' || memchr(address, '#', len) != NULL)
		return REASON_CALLBACK_MALFORMED;
	r = secret_set(&query, address + prefix + 1, len - prefix - 1);
	reason = r < 0 ? REASON_INTERNAL :
	    callback_read_query(query.data, expect, ret_code);
	secret_free(&query);
	return reason;
}
