/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line with a header, then any claims, signed by the provider's key: what is
 * granted has the claims that were expected.
 */
#include <string.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/oidc/idtoken.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/oidc_mint.h"

#define NOW	1311280978

static struct evp_pkey_st *key;
static struct jwk_set *keys;

static void
clean_up(void)
{
	jwk_set_free(keys);
	mint_key_free(key);
}

/* Once for all inputs. */
static void
make_key(void)
{
	struct json *json = NULL;
	char *jwks;

	if (key != NULL)
		return;
	key = mint_key("Ed25519", 0);
	jwks = mint_jwks(key, "k");
	fuzz_holds(json_parse(jwks, strlen(jwks), &json) == 0 &&
	    jwk_set_parse(json, &keys) == 0 && atexit(clean_up) == 0);
	json_free(json);
	free(jwks);
}

static void
try_token(const char *text)
{
	char method[] = "hwk", *methods[] = { method };
	struct secret token = { 0 }, access = { 0 };
	struct idtoken_expect expect = {
		.issuer = "http://server.example.com",
		.client_id = "s6BhdRkqt3",
		.nonce = "n-0S6_WzA2Mj",
		.access_token = &access,
		.policy = { .max_age = 60, .fresh_auth = true, .amr = methods,
		    .amr_count = 1 },
		.began = NOW - 30,
	};
	struct json *claims = NULL;

	fuzz_holds(secret_set(&token, text, strlen(text)) == 0 &&
	    secret_set(&access, "a", 1) == 0);
	if (idtoken_verify(&token, keys, &expect, NOW, &claims) ==
	    REASON_GRANTED) {
		fuzz_holds(strcmp(json_get_string(claims, "iss"),
		    expect.issuer) == 0);
		fuzz_holds(json_get_string(claims, "sub")[0] != '\0');
		fuzz_holds(json_length(json_get(claims, "amr")) > 0);
	}
	json_free(claims);
	secret_free(&access);
	secret_free(&token);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *header = mint_text("%.*s", (int)size, (const char *)data);
	char *claims = strchr(header, '\n'), *token;

	make_key();
	if (claims != NULL) {
		*claims++ = '\0';
		token = mint_token(key, "EdDSA", header, claims);
		try_token(token);
		free(token);
	}
	free(header);
	return 0;
}
