/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a JWK Set: there are no more keys than were given, and each
 * that is found is one of them.
 */
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "tests/fuzz/fuzz.h"

static void
try_set(const struct json *json, const struct jwk_set *set)
{
	const struct json *keys = json_get(json, "keys");
	const char *kid;
	enum jwk_kind kind;
	size_t i, found;

	fuzz_holds(jwk_set_count(set) <= json_length(keys));
	fuzz_holds(jwk_set_count(set) <= JWK_SET_MAX);
	for (kind = JWK_RSA; kind <= JWK_ED25519; kind++) {
		found = jwk_set_find(set, NULL, kind, "RS256") != NULL;
		for (i = 0; i < json_length(keys); i++) {
			kid = json_get_string(json_at(keys, i), "kid");
			found += kid != NULL && jwk_set_find(set, kid, kind,
			    "RS256") != NULL;
		}
		fuzz_holds(found == 0 || jwk_set_count(set) > 0);
	}
	fuzz_holds(jwk_set_find(set, NULL, JWK_NONE, "none") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jwk_set *set = NULL;
	struct json *json = NULL;

	if (json_parse((const char *)data, size, &json) < 0)
		return 0;
	if (jwk_set_parse(json, &set) == 0)
		try_set(json, set);
	jwk_set_free(set);
	json_free(json);
	return 0;
}
