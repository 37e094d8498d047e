/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One small function for each rule. A rule that is broken ends the check with
 * its own reason; nothing is granted unless all of them were asked.
 *
 * MUST: no claim is looked at before the signature is right; a claim of the
 * wrong type is a broken rule, never a missing claim.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "common/names.h"
#include "daemon/oidc/base64url.h"
#include "daemon/oidc/idtoken.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jws.h"

/* What every rule sees. */
struct check {
	const struct json		*header;
	const struct json		*claims;
	const struct idtoken_expect	*expect;
	int64_t				 now;
};

typedef enum reason rule_fn(const struct check *check);

/* Is it there, and exactly this string? */
static bool
is_string(const struct json *json, const char *text)
{
	const char *value = json_string(json);

	return value != NULL && strcmp(value, text) == 0;
}

/* Say what a claim is: a string, a number, or neither. */
static void
say_claim(const struct check *check, const char *name)
{
	const struct json *claim = json_get(check->claims, name);
	const char *text = json_string(claim);

	if (text != NULL)
		reason_add(check->expect->detail, "%s is '%.128s'", name, text);
	else
		reason_add(check->expect->detail, "%s is %s", name,
		    claim == NULL ? "missing" : "not a string");
}

/* Say how far a time is away. */
static void
say_time(const struct check *check, const char *name)
{
	const struct json *claim = json_get(check->claims, name);
	int64_t when, away;

	if (json_integer(claim, &when) < 0) {
		reason_add(check->expect->detail, "%s is %s", name,
		    claim == NULL ? "missing" : "not a number");
		return;
	}
	if (__builtin_sub_overflow(when, check->now, &away))
		away = when < 0 ? INT64_MIN + 1 : INT64_MAX;
	reason_add(check->expect->detail, "%s is %" PRId64 " s %s", name,
	    away < 0 ? -away : away, away < 0 ? "ago" : "ahead");
}

/* One key signs access tokens (RFC 9068) and logout tokens too, both with our
 * client_id in aud: typ and type tell them apart. */
static enum reason
check_type(const struct check *check)
{
	const char *typ = json_get_string(check->header, "typ");

	if (json_has(check->header, "typ") &&
	    (typ == NULL || strcasecmp(typ, "JWT") != 0)) {
		reason_add(check->expect->detail, "typ is '%.64s'",
		    typ != NULL ? typ : "");
		return REASON_TOKEN_TYPE;
	}
	if (json_has(check->claims, "type") &&
	    !is_string(json_get(check->claims, "type"), "id-token")) {
		say_claim(check, "type");
		return REASON_TOKEN_TYPE;
	}
	return REASON_GRANTED;
}

static enum reason
check_issuer(const struct check *check)
{
	if (is_string(json_get(check->claims, "iss"), check->expect->issuer))
		return REASON_GRANTED;
	say_claim(check, "iss");
	reason_add(check->expect->detail, "configured is '%s'",
	    check->expect->issuer);
	return REASON_TOKEN_ISSUER;
}

/* Say who else is meant: aud as a string or its first member, and azp. */
static enum reason
refuse_audience(const struct check *check)
{
	const char *first = json_string(json_at(json_get(check->claims, "aud"),
	    0));

	if (first != NULL)
		reason_add(check->expect->detail, "aud is '%.128s'", first);
	else
		say_claim(check, "aud");
	if (json_has(check->claims, "azp"))
		say_claim(check, "azp");
	return REASON_TOKEN_AUDIENCE;
}

static enum reason
check_audience(const struct check *check)
{
	const struct json *aud = json_get(check->claims, "aud");
	const char *client_id = check->expect->client_id;
	bool found = is_string(aud, client_id);
	size_t i;

	for (i = 0; i < json_length(aud); i++) {
		if (json_string(json_at(aud, i)) == NULL)
			return refuse_audience(check);
		found |= is_string(json_at(aud, i), client_id);
	}
	if (!found)
		return refuse_audience(check);
	if (json_has(check->claims, "azp") &&
	    !is_string(json_get(check->claims, "azp"), client_id))
		return refuse_audience(check);
	return REASON_GRANTED;
}

static enum reason
check_subject(const struct check *check)
{
	const char *sub = json_get_string(check->claims, "sub");

	if (sub == NULL || sub[0] == '\0' ||
	    strlen(sub) > IDTOKEN_SUBJECT_MAX || !text_is_plain(sub))
		return REASON_TOKEN_SUBJECT;
	if (check->expect->subject != NULL &&
	    strcmp(sub, check->expect->subject) != 0)
		return REASON_TOKEN_SUBJECT;
	return REASON_GRANTED;
}

static enum reason
check_expiry(const struct check *check)
{
	int64_t exp, iat;

	if (json_integer(json_get(check->claims, "exp"), &exp) == 0 &&
	    exp > check->now - IDTOKEN_SKEW &&
	    (json_integer(json_get(check->claims, "iat"), &iat) < 0 ||
	    iat >= check->now - IDTOKEN_AGE_MAX))
		return REASON_GRANTED;
	say_time(check, "exp");
	say_time(check, "iat");
	return REASON_TOKEN_EXPIRED;
}

static enum reason
check_beginning(const struct check *check)
{
	int64_t iat, nbf;

	if (json_integer(json_get(check->claims, "iat"), &iat) < 0 ||
	    iat > check->now + IDTOKEN_SKEW) {
		say_time(check, "iat");
		return REASON_TOKEN_FUTURE;
	}
	if (!json_has(check->claims, "nbf"))
		return REASON_GRANTED;
	if (json_integer(json_get(check->claims, "nbf"), &nbf) < 0 ||
	    nbf > check->now + IDTOKEN_SKEW) {
		say_time(check, "nbf");
		return REASON_TOKEN_FUTURE;
	}
	return REASON_GRANTED;
}

static enum reason
check_nonce(const struct check *check)
{
	const char *nonce = check->expect->nonce;

	if (nonce == NULL || (!check->expect->nonce_required &&
	    !json_has(check->claims, "nonce")))
		return REASON_GRANTED;
	return is_string(json_get(check->claims, "nonce"), nonce) ?
	    REASON_GRANTED : REASON_TOKEN_NONCE;
}

/* Core 3.1.3.8. With EdDSA no hash is defined, and providers differ. */
static enum reason
check_access_token(const struct check *check)
{
	const struct secret *token = check->expect->access_token;
	const char *text = json_get_string(check->claims, "at_hash");
	uint8_t hash[JWS_HASH_MAX], wanted[JWS_HASH_MAX];
	size_t hash_len, len;

	if (token == NULL || !json_has(check->claims, "at_hash"))
		return REASON_GRANTED;
	switch (jws_left_hash(json_get_string(check->header, "alg"),
	    token->data, token->len, wanted, &len)) {
	case 0:
		break;
	case -ENOTSUP:
		return REASON_GRANTED;
	default:
		return REASON_INTERNAL;
	}
	if (text == NULL || base64url_decode(text, strlen(text), hash,
	    sizeof(hash), &hash_len) < 0 || hash_len != len ||
	    memcmp(hash, wanted, len) != 0)
		return REASON_TOKEN_HASH;
	return REASON_GRANTED;
}

/* Core 3.1.2.1: who asks for max_age must look at auth_time. */
static enum reason
check_auth_time(const struct check *check)
{
	const struct flow_policy *policy = &check->expect->policy;
	int64_t auth_time;

	if (policy->max_age == 0 && !policy->fresh_auth)
		return REASON_GRANTED;
	if (json_integer(json_get(check->claims, "auth_time"), &auth_time) < 0)
		return REASON_AUTH_TIME_MISSING;
	/* For whichever rule it breaks. */
	say_time(check, "auth_time");
	if (auth_time > check->now + IDTOKEN_SKEW)
		return REASON_TOKEN_FUTURE;
	if (policy->max_age > 0 &&
	    auth_time < check->now - policy->max_age - IDTOKEN_SKEW)
		return REASON_AUTH_TOO_OLD;
	if (policy->fresh_auth && auth_time <
	    check->expect->began - IDTOKEN_REAUTH_LIFE - IDTOKEN_SKEW)
		return REASON_AUTH_NOT_FRESH;
	return REASON_GRANTED;
}

static bool
is_demanded(const struct flow_policy *policy, const char *method)
{
	size_t i;

	for (i = 0; i < policy->amr_count; i++) {
		if (strcmp(policy->amr[i], method) == 0)
			return true;
	}
	return false;
}

/* Core 2: amr is an array of strings. */
static enum reason
check_methods(const struct check *check)
{
	const struct flow_policy *policy = &check->expect->policy;
	const struct json *amr = json_get(check->claims, "amr");
	const char *method;
	bool found = false;
	size_t i;

	if (policy->amr_count == 0 ||
	    (policy->amr_may_be_missing && !json_has(check->claims, "amr")))
		return REASON_GRANTED;
	for (i = 0; i < json_length(amr); i++) {
		method = json_string(json_at(amr, i));
		if (method == NULL)
			return REASON_AUTH_METHOD;
		reason_add(check->expect->detail, "amr has %.32s", method);
		found |= is_demanded(policy, method);
	}
	return found ? REASON_GRANTED : REASON_AUTH_METHOD;
}

static rule_fn *const rules[] = {
	check_type, check_issuer, check_audience, check_subject, check_expiry,
	check_beginning, check_nonce, check_access_token, check_auth_time,
	check_methods,
};

static enum reason
read_claims(const struct jws *jws, struct json **ret_claims)
{
	struct json *claims;
	int r;

	r = json_parse(jws->payload, jws->len, &claims);
	if (r < 0)
		return r == -ENOMEM ? REASON_INTERNAL : REASON_TOKEN_MALFORMED;
	if (!json_is_object(claims)) {
		json_free(claims);
		return REASON_TOKEN_MALFORMED;
	}
	*ret_claims = claims;
	return REASON_GRANTED;
}

enum reason
idtoken_verify(const struct secret *token, const struct jwk_set *keys,
    const struct idtoken_expect *expect, int64_t now, struct json **ret_claims)
{
	struct check check = { NULL, NULL, expect, now };
	struct json *claims = NULL;
	struct jws jws;
	enum reason reason;
	size_t i;

	if (token->data == NULL)
		return REASON_TOKEN_MISSING;
	reason = jws_verify(token->data, token->len, keys, &jws);
	if (reason != REASON_GRANTED) {
		jws_describe(token->data, token->len, keys, expect->detail);
		return reason;
	}
	reason = read_claims(&jws, &claims);
	check.header = jws.header;
	check.claims = claims;
	for (i = 0; reason == REASON_GRANTED &&
	    i < sizeof(rules) / sizeof(*rules); i++)
		reason = rules[i](&check);
	if (reason == REASON_GRANTED)
		*ret_claims = claims;
	else
		json_free(claims);
	jws_free(&jws);
	return reason;
}
