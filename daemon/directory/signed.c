/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pure: the same arguments give the same answer.
 *
 * MUST believe pinned keys alone, EdDSA alone, and the typ of a directory
 *	alone: whoever else signs something with such a key, an ID token, say,
 *	has not made a directory.
 * MUST look at no line before the digest of all of them is right.
 * MUST NOT take an older document for a newer one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"
#include "daemon/directory/signed.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/oidc/jws.h"

static const struct {
	const char *code, *sentence;
} verdicts[] = {
#define SIGNED_ROW(symbol, code, sentence) \
	[SIGNED_##symbol] = { code, sentence },
	SIGNED_TABLE(SIGNED_ROW)
#undef SIGNED_ROW
};

const char *
signed_code(enum signed_verdict verdict)
{
	return verdicts[verdict].code;
}

const char *
signed_sentence(enum signed_verdict verdict)
{
	return verdicts[verdict].sentence;
}

static bool
has_text(const struct json *json, const char *name, const char *value)
{
	const char *text = json_get_string(json, name);

	return text != NULL && strcmp(text, value) == 0;
}

/* The keys of Ed25519 (RFC 8037 2) of a set, or the one JWK, as a set. 0,
 * -EKEYREJECTED if any is private, of whatever kind, or -ENOMEM. */
static int
pick_keys(const struct json *json, struct json **ret_set)
{
	const struct json *list = json_get(json, "keys"), *key;
	size_t count = list != NULL ? json_length(list) : 1, i;
	struct json *set = json_new_object(), *keys = json_new_array();
	int r = 0;

	for (i = 0; i < count; i++) {
		key = list != NULL ? json_at(list, i) : json;
		if (!json_is_object(key))
			continue;
		/* RFC 7518 6: what no key has that all may read. */
		if (json_has(key, "d") || json_has(key, "k"))
			r = -EKEYREJECTED;
		if (!has_text(key, "kty", "OKP") ||
		    !has_text(key, "crv", "Ed25519"))
			continue;
		json_append(keys, json_copy(key));
	}
	json_set(set, "keys", keys);
	if (r == 0 && set == NULL)
		r = -ENOMEM;
	if (r < 0)
		json_free(set);
	else
		*ret_set = set;
	return r;
}

int
signed_keys_read(const struct secret *text, struct jwk_set **ret_keys)
{
	struct json *json = NULL, *set = NULL;
	struct jwk_set *keys = NULL;
	int r;

	r = json_parse(text->data, text->len, &json);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	r = pick_keys(json, &set);
	if (r == 0)
		r = jwk_set_parse(set, &keys);
	if (r == 0 && jwk_set_count(keys) == 0)
		r = -EBADMSG;
	if (r == 0) {
		*ret_keys = keys;
		keys = NULL;
	}
	jwk_set_free(keys);
	json_free(set);
	json_free(json);
	return r;
}

static enum signed_verdict
open_manifest(const char *line, size_t len, const struct jwk_set *keys,
    struct json **ret_manifest)
{
	struct jws jws;
	enum reason reason;
	enum signed_verdict verdict = SIGNED_MANIFEST;
	int r;

	reason = jws_verify(line, len, keys, &jws);
	if (reason == REASON_INTERNAL)
		return SIGNED_MEMORY;
	if (reason != REASON_GRANTED)
		return reason == REASON_TOKEN_MALFORMED ||
		    reason == REASON_TOKEN_CRITICAL ? SIGNED_MANIFEST :
		    SIGNED_SIGNATURE;
	if (!has_text(jws.header, "alg", "EdDSA")) {
		verdict = SIGNED_SIGNATURE;
	} else if (has_text(jws.header, "typ", SIGNED_TYPE)) {
		r = json_parse(jws.payload, jws.len, ret_manifest);
		if (r == 0)
			verdict = SIGNED_GOOD;
		else if (r == -ENOMEM)
			verdict = SIGNED_MEMORY;
	}
	jws_free(&jws);
	return verdict;
}

static enum signed_verdict
read_manifest(const struct json *manifest, int64_t now,
    struct signed_directory *document)
{
	const char *issuer = json_get_string(manifest, "iss");
	const char *digest = json_get_string(manifest, "sha256");
	int64_t count;

	if (issuer == NULL || digest == NULL ||
	    strlen(digest) != DIGEST_SIZE - 1 ||
	    json_integer(json_get(manifest, "iat"), &document->issued) < 0 ||
	    json_integer(json_get(manifest, "exp"), &document->expires) < 0 ||
	    json_integer(json_get(manifest, "serial"),
	    &document->serial) < 0 || document->serial <= 0 ||
	    json_integer(json_get(manifest, "count"), &count) < 0 ||
	    count < 0 || count > SIGNED_PEOPLE_MAX ||
	    json_boolean(json_get(manifest, "complete"),
	    &document->complete) < 0)
		return SIGNED_MANIFEST;
	document->count = (size_t)count;
	memcpy(document->digest, digest, DIGEST_SIZE);
	document->issuer = strdup(issuer);
	if (document->issuer == NULL)
		return SIGNED_MEMORY;
	if (document->issued > now + SIGNED_SKEW)
		return SIGNED_NOT_YET;
	/* No overflow: issued is no later than about now. */
	if (document->serial > document->issued + SIGNED_AHEAD)
		return SIGNED_AHEAD_OF_TIME;
	return document->expires <= now ? SIGNED_EXPIRED : SIGNED_GOOD;
}

static size_t
count_lines(const char *data, size_t len)
{
	const char *end = data + len, *newline;
	size_t count = 0;

	while (data < end && (newline = memchr(data, '\n',
	    (size_t)(end - data))) != NULL) {
		data = newline + 1;
		count++;
	}
	/* The last one has to be whole. */
	return data == end ? count : SIZE_MAX;
}

static enum signed_verdict
check_lines(const char *data, size_t len,
    const struct signed_directory *document)
{
	char digest[DIGEST_SIZE];

	if (digest_sha256(data, len, digest) < 0)
		return SIGNED_MEMORY;
	if (strcmp(digest, document->digest) != 0)
		return SIGNED_DIGEST;
	return count_lines(data, len) == document->count ? SIGNED_GOOD :
	    SIGNED_COUNT;
}

enum signed_verdict
signed_verify(const char *data, size_t len, const struct jwk_set *keys,
    int64_t now, struct signed_directory *ret_document)
{
	struct signed_directory document = { 0 };
	struct json *manifest = NULL;
	enum signed_verdict verdict;
	const char *newline, *lines;

	newline = memchr(data, '\n', len < JWS_SIZE_MAX ? len : JWS_SIZE_MAX);
	if (newline == NULL)
		return SIGNED_MANIFEST;
	lines = newline + 1;
	document.len = len - (size_t)(lines - data);
	verdict = open_manifest(data, (size_t)(newline - data), keys,
	    &manifest);
	if (verdict == SIGNED_GOOD)
		verdict = read_manifest(manifest, now, &document);
	if (verdict == SIGNED_GOOD)
		verdict = check_lines(lines, document.len, &document);
	if (verdict == SIGNED_GOOD) {
		document.lines = malloc(document.len + 1);
		if (document.lines == NULL)
			verdict = SIGNED_MEMORY;
	}
	if (verdict == SIGNED_GOOD) {
		memcpy(document.lines, lines, document.len);
		*ret_document = document;
	} else {
		signed_free(&document);
	}
	json_free(manifest);
	return verdict;
}

enum signed_verdict
signed_follows(const struct signed_directory *document, int64_t serial,
    const char *digest)
{
	if (document->serial < serial)
		return SIGNED_SERIAL;
	if (document->serial == serial && *digest != '\0' &&
	    strcmp(document->digest, digest) != 0)
		return SIGNED_TWIN;
	return SIGNED_GOOD;
}

bool
signed_next(struct signed_directory *document, const char **ret_line,
    size_t *ret_len)
{
	const char *line = document->lines + document->read, *newline;

	if (document->read >= document->len)
		return false;
	newline = memchr(line, '\n', document->len - document->read);
	if (newline == NULL)
		return false;
	*ret_line = line;
	*ret_len = (size_t)(newline - line);
	document->read += *ret_len + 1;
	return true;
}

void
signed_free(struct signed_directory *document)
{
	free(document->issuer);
	free(document->lines);
	memset(document, 0, sizeof(*document));
}
