/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon thinks of many tokens: reads lines of a JWK Set, a tab and
 * base64url of the bytes of a token, prints for each the code of the reason,
 * and if it is granted a space and base64url of the payload.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/base64url.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"
#include "tests/unit/oidc_mint.h"

static void
print_verdict(enum reason reason, const struct jws *jws)
{
	char *payload;

	if (reason != REASON_GRANTED) {
		puts(reason_code(reason));
		return;
	}
	payload = mint_base64url(jws->payload, jws->len);
	printf("%s %s\n", reason_code(reason), payload);
	free(payload);
}

/* 0, or -errno if the line is not what it has to be. */
static int
verify_line(const char *jwks, size_t jwks_len, const char *text, size_t len)
{
	uint8_t *token = malloc(len + 1);
	struct jws jws = { NULL, NULL, 0 };
	struct jwk_set *keys = NULL;
	struct json *json = NULL;
	size_t token_len = 0;
	int r;

	r = token == NULL ? -1 : base64url_decode(text, len, token, len,
	    &token_len);
	if (r == 0)
		r = json_parse(jwks, jwks_len, &json);
	if (r == 0)
		r = jwk_set_parse(json, &keys);
	if (r == 0)
		print_verdict(jws_verify((const char *)token, token_len, keys,
		    &jws), &jws);
	jws_free(&jws);
	jwk_set_free(keys);
	json_free(json);
	free(token);
	return r;
}

int
main(void)
{
	char *line = NULL, *tab;
	size_t size = 0, number = 0;
	ssize_t len;
	int r = 0;

	while (r == 0 && (len = getline(&line, &size, stdin)) > 0) {
		number++;
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		tab = strchr(line, '\t');
		r = tab == NULL ? -1 : verify_line(line, (size_t)(tab - line),
		    tab + 1, (size_t)(line + len - tab - 1));
	}
	if (r != 0)
		fprintf(stderr, "line %zu makes no sense\n", number);
	free(line);
	return r != 0;
}
