/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing here decides about a token: jwk_set_parse() and jws_verify() do.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"
#include "tests/unit/oidc_mint.h"
#include "tests/vectors/vector.h"

static unsigned int count, failed;

static void
need(bool holds, const char *what)
{
	if (holds)
		return;
	printf("Bail out! %s\n", what);
	exit(1);
}

struct json *
vector_read(const char *directory, const char *name)
{
	char *path = mint_text("%s/%s", directory, name), *text;
	FILE *file = fopen(path, "r");
	struct json *json = NULL;
	size_t len;

	free(path);
	if (file == NULL)
		return NULL;
	text = malloc(JSON_SIZE_MAX);
	need(text != NULL, "no memory");
	len = fread(text, 1, JSON_SIZE_MAX, file);
	fclose(file);
	need(json_parse(text, len, &json) == 0, name);
	free(text);
	return json;
}

char *
vector_token(const struct json *json)
{
	const char *text = json_string(json);
	char *token = text != NULL ? strdup(text) : json_write(json);

	need(token != NULL, "no memory");
	return token;
}

static struct jwk_set *
read_keys(const struct json *keys)
{
	struct json *set = NULL, *list;
	struct jwk_set *parsed = NULL;

	if (!json_has(keys, "keys")) {
		set = json_new_object();
		list = json_new_array();
		json_append(list, json_copy(keys));
		json_set(set, "keys", list);
		keys = set;
	}
	need(jwk_set_parse(keys, &parsed) == 0, "a JWK Set that is none");
	json_free(set);
	return parsed;
}

enum reason
vector_verify(const struct json *keys, const char *token, const char *payload)
{
	struct jwk_set *set = read_keys(keys);
	enum reason reason;
	struct jws jws;

	reason = jws_verify(token, strlen(token), set, &jws);
	if (reason == REASON_GRANTED) {
		if (payload != NULL && (jws.len != strlen(payload) ||
		    memcmp(jws.payload, payload, jws.len) != 0))
			reason = REASON_INTERNAL;
		jws_free(&jws);
	}
	jwk_set_free(set);
	return reason;
}

size_t
vector_usable(const struct json *keys)
{
	struct jwk_set *set = read_keys(keys);
	size_t n = jwk_set_count(set);

	jwk_set_free(set);
	return n;
}

bool
vector_report(bool good, const char *fmt, ...)
{
	va_list args;

	failed += !good;
	printf("%sok %u - ", good ? "" : "not ", ++count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	return good;
}

int
vector_end(void)
{
	printf("1..%u\n", count);
	return failed > 0;
}
