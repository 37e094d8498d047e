/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line with a JWK Set, then any bytes as a token. What is granted has a
 * signature by a key of the set, and a header that asks for nothing else.
 */
#include <string.h>

#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"
#include "tests/fuzz/fuzz.h"

static void
try_token(const char *token, size_t len, const struct jwk_set *keys)
{
	const char *alg;
	struct jws jws;

	if (jws_verify(token, len, keys, &jws) != REASON_GRANTED)
		return;
	alg = json_get_string(jws.header, "alg");
	fuzz_holds(alg != NULL && strcmp(alg, "none") != 0);
	fuzz_holds(!json_has(jws.header, "crit"));
	fuzz_holds(jws.payload != NULL && jws.len < len);
	fuzz_holds(jwk_set_count(keys) > 0);
	jws_free(&jws);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	struct jwk_set *keys = NULL;
	struct json *json = NULL;

	if (end == NULL || json_parse((const char *)data, (size_t)(end - data),
	    &json) < 0)
		return 0;
	if (jwk_set_parse(json, &keys) == 0)
		try_token((const char *)end + 1,
		    size - (size_t)(end + 1 - data), keys);
	jwk_set_free(keys);
	json_free(json);
	return 0;
}
