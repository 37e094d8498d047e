/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Made without the exporter, so that each does not prove the other right.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"
#include "daemon/directory/signed.h"
#include "tests/unit/directory_mint.h"
#include "tests/unit/oidc_mint.h"

char *
directory_mint(const struct directory_mint *mint)
{
	const char *lines = mint->lines != NULL ? mint->lines : "";
	const char *told = mint->signed_lines != NULL ? mint->signed_lines :
	    lines;
	char digest[DIGEST_SIZE], *payload, *token, *text;
	int64_t count = mint->more;
	const char *p;

	if (digest_sha256(told, strlen(told), digest) < 0)
		abort();
	for (p = told; (p = strchr(p, '\n')) != NULL; p++)
		count++;
	payload = mint_text("{\"iss\":\"%s\",\"iat\":%" PRId64 ",\"exp\":%"
	    PRId64 ",\"serial\":%" PRId64 ",\"count\":%" PRId64 ","
	    "\"complete\":%s,\"sha256\":\"%s\"}", mint->issuer != NULL ?
	    mint->issuer : "https://id.example.com", mint->issued,
	    mint->expires, mint->serial, count, mint->complete != NULL ?
	    mint->complete : "false", digest);
	token = mint_token(mint->key, mint->how != NULL ? mint->how : "EdDSA",
	    mint->header != NULL ? mint->header : "{\"alg\":\"EdDSA\","
	    "\"typ\":\"hostpass-directory\",\"kid\":\"k\"}", payload);
	text = mint_text("%s\n%s", token, lines);
	free(token);
	free(payload);
	return text;
}

struct jwk_set *
directory_keys(struct evp_pkey_st *key)
{
	char *text = mint_jwks(key, "k");
	struct secret secret = SECRET_INIT;
	struct jwk_set *keys;

	if (secret_set(&secret, text, strlen(text)) < 0 ||
	    signed_keys_read(&secret, &keys) < 0)
		abort();
	secret_free(&secret);
	free(text);
	return keys;
}
