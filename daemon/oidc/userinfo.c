/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST refuse the whole answer if its sub is not that of the ID token (Core
 *	5.3.2): another person's claims would become this one's.
 * MUST NOT replace what the ID token says, nor add to what it says of itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/oidc/claims.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/idtoken.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jws.h"
#include "daemon/oidc/refusal.h"
#include "daemon/oidc/userinfo.h"

/* Of a token and of a sign-in, not of a person (Core 2, RFC 7519 4.1). */
static const char *const not_of_a_person[] = {
	"iss", "aud", "exp", "nbf", "iat", "jti", "auth_time", "nonce", "acr",
	"amr", "azp", "at_hash", "c_hash", "sid", "type", NULL
};

bool
userinfo_is_wanted(const struct userinfo_policy *policy, bool has_endpoint,
    const struct json *claims)
{
	size_t i;

	if (policy->always)
		return true;
	for (i = 0; has_endpoint && i < USERINFO_CLAIMS; i++) {
		if (policy->claims[i] != NULL &&
		    claims_get(claims, policy->claims[i]) == NULL)
			return true;
	}
	return false;
}

int
userinfo_authorize(const struct secret *access_token,
    struct secret *authorization)
{
	static const char scheme[] = "Bearer ";
	static const char b64token[] = "-._~+/=0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	struct secret value = SECRET_INIT;
	size_t start = strlen(scheme);

	if (access_token->len == 0 ||
	    strspn(access_token->data, b64token) != access_token->len)
		return -EBADMSG;
	if (access_token->len > SECRET_MAX - start)
		return -E2BIG;
	value.len = start + access_token->len;
	value.data = malloc(value.len + 1);
	if (value.data == NULL)
		return -ENOMEM;
	memcpy(value.data, scheme, start);
	memcpy(value.data + start, access_token->data, access_token->len + 1);
	secret_move(authorization, &value);
	return 0;
}

/* Is this the media type, whatever its parameters are? */
static bool
is_type(const struct http_reply *reply, const char *type)
{
	size_t len = strlen(type);

	return strncasecmp(reply->type, type, len) == 0 &&
	    (reply->type[len] == '\0' || reply->type[len] == ';' ||
	    reply->type[len] == ' ');
}

static enum reason
parse(const char *data, size_t len, struct json **ret_claims)
{
	struct json *claims;
	int r;

	r = json_parse(data, len, &claims);
	if (r < 0)
		return r == -ENOMEM ? REASON_INTERNAL : REASON_PROVIDER_REPLY;
	if (!json_is_object(claims)) {
		json_free(claims);
		return REASON_PROVIDER_REPLY;
	}
	*ret_claims = claims;
	return REASON_GRANTED;
}

static bool
names(const struct json *json, const char *text)
{
	const char *value = json_string(json);

	return value != NULL && strcmp(value, text) == 0;
}

/* What a signed answer says of itself (Core 5.3.2): iss and aud need not be
 * there, but if they are, it is made by the one and for the other. */
static enum reason
check_signed(const struct json *header, const struct json *claims,
    const struct idtoken_expect *expect, int64_t now)
{
	const struct json *aud = json_get(claims, "aud");
	bool found = !json_has(claims, "aud") || names(aud, expect->client_id);
	int64_t exp;
	size_t i;

	if (json_has(header, "typ") &&
	    (json_get_string(header, "typ") == NULL ||
	    strcasecmp(json_get_string(header, "typ"), "JWT") != 0))
		return REASON_TOKEN_TYPE;
	if (json_has(claims, "iss") &&
	    !names(json_get(claims, "iss"), expect->issuer))
		return REASON_TOKEN_ISSUER;
	for (i = 0; i < json_length(aud); i++)
		found |= names(json_at(aud, i), expect->client_id);
	if (!found)
		return REASON_TOKEN_AUDIENCE;
	if (json_has(claims, "exp") &&
	    (json_integer(json_get(claims, "exp"), &exp) < 0 ||
	    exp <= now - IDTOKEN_SKEW))
		return REASON_TOKEN_EXPIRED;
	return REASON_GRANTED;
}

static enum reason
read_signed(const struct http_reply *reply, const struct jwk_set *keys,
    const struct idtoken_expect *expect, int64_t now, struct json **ret_claims)
{
	struct json *claims = NULL;
	struct jws jws;
	enum reason reason;

	reason = jws_verify(reply->body, reply->len, keys, &jws);
	if (reason != REASON_GRANTED)
		return reason;
	reason = parse(jws.payload, jws.len, &claims);
	if (reason == REASON_GRANTED)
		reason = check_signed(jws.header, claims, expect, now);
	jws_free(&jws);
	if (reason == REASON_GRANTED)
		*ret_claims = claims;
	else
		json_free(claims);
	return reason;
}

enum reason
userinfo_read(const struct http_reply *reply, const struct jwk_set *keys,
    const struct idtoken_expect *expect, int64_t now, struct json **ret_claims)
{
	enum reason reason = REASON_PROVIDER_REPLY;
	struct json *claims = NULL;

	if (reply->status >= 400 && reply->status < 500)
		return REASON_USERINFO_REFUSED;
	if (reply->status != 200)
		return REASON_PROVIDER_REPLY;
	if (is_type(reply, "application/json"))
		reason = parse(reply->body, reply->len, &claims);
	else if (is_type(reply, "application/jwt"))
		reason = read_signed(reply, keys, expect, now, &claims);
	if (reason == REASON_PROVIDER_REPLY)
		refusal_say_no_json(expect->detail, reply);
	if (reason != REASON_GRANTED)
		return reason;
	if (!names(json_get(claims, "sub"), expect->subject)) {
		json_free(claims);
		return REASON_USERINFO_SUBJECT;
	}
	*ret_claims = claims;
	return REASON_GRANTED;
}

int
userinfo_merge(struct json *claims, const struct json *more)
{
	return json_add_missing(claims, more, not_of_a_person);
}
