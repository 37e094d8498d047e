/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See document.h. What is parsed came from a daemon that was checked, and is
 * bounded by PROTO_REPLY_MAX; the names in it came from further away.
 */
#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/line.h"
#include "cli/table.h"
#include "common/names.h"

#define DEPTH_MAX	8

struct json_object *
document_parse(const char *text)
{
	struct json_tokener *tokener;
	struct json_object *document;

	tokener = line_need(json_tokener_new_ex(DEPTH_MAX));
	/* Not JSON_TOKENER_STRICT: with it, json-c 0.18 knows ASCII alone. */
	json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
	/* With the NUL, so that a number or a word at the end is complete. */
	document = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    json_tokener_get_parse_end(tokener) < strlen(text) ||
	    !json_object_is_type(document, json_type_object)) {
		json_object_put(document);
		document = NULL;
	}
	json_tokener_free(tokener);
	return document;
}

/* The number of the UTF-8 character at text and its length; U+FFFD and 1 for
 * bytes that are none. */
static size_t
decode(const char *text, uint32_t *ret_number)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t len = byte[0] < 0xc0 ? 1 : byte[0] < 0xe0 ? 2 :
	    byte[0] < 0xf0 ? 3 : 4;
	uint32_t number = byte[0];
	size_t i;

	if (len > 1)
		number &= 0x7fu >> len;
	for (i = 1; i < len && (byte[i] & 0xc0) == 0x80; i++)
		number = number << 6 | (byte[i] & 0x3f);
	if (i < len || (len == 1 && number >= 0x80) || number > 0x10ffff) {
		*ret_number = 0xfffd;
		return 1;
	}
	*ret_number = number;
	return len;
}

static void
print_escaped(FILE *out, uint32_t number)
{
	if (number >= 0x10000) {
		(void)fprintf(out, "\\u%04x\\u%04x",
		    (unsigned)(0xd800 + ((number - 0x10000) >> 10)),
		    (unsigned)(0xdc00 + ((number - 0x10000) & 0x3ff)));
		return;
	}
	(void)fprintf(out, "\\u%04x", (unsigned)number);
}

void
document_print(FILE *out, struct json_object *document)
{
	const char *text = line_need((void *)(uintptr_t)
	    json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN |
	    JSON_C_TO_STRING_NOSLASHESCAPE));
	char character[5];
	uint32_t number;
	size_t len;

	for (; *text != '\0'; text += len) {
		len = decode(text, &number);
		memcpy(character, text, len);
		character[len] = '\0';
		if (text_is_plain(character))
			(void)fputs(character, out);
		else
			print_escaped(out, number);
	}
	(void)fputc('\n', out);
}

struct json_object *
document_member(struct json_object *object, const char *key)
{
	struct json_object *member = NULL;

	if (!json_object_is_type(object, json_type_object))
		return NULL;
	(void)json_object_object_get_ex(object, key, &member);
	return member;
}

const char *
document_string(struct json_object *object, const char *key)
{
	struct json_object *member = document_member(object, key);

	if (!json_object_is_type(member, json_type_string))
		return "";
	return json_object_get_string(member);
}

int64_t
document_integer(struct json_object *object, const char *key)
{
	struct json_object *member = document_member(object, key);

	if (!json_object_is_type(member, json_type_int))
		return 0;
	return json_object_get_int64(member);
}

bool
document_boolean(struct json_object *object, const char *key)
{
	struct json_object *member = document_member(object, key);

	return json_object_is_type(member, json_type_boolean) &&
	    json_object_get_boolean(member);
}

size_t
document_count(struct json_object *object, const char *key)
{
	struct json_object *member = document_member(object, key);

	if (!json_object_is_type(member, json_type_array))
		return 0;
	return json_object_array_length(member);
}

struct json_object *
document_at(struct json_object *object, const char *key, size_t i)
{
	if (i >= document_count(object, key))
		return NULL;
	return json_object_array_get_idx(document_member(object, key), i);
}

const char *
document_string_at(struct json_object *object, const char *key, size_t i)
{
	struct json_object *element = document_at(object, key, i);

	if (!json_object_is_type(element, json_type_string))
		return "";
	return json_object_get_string(element);
}

void
document_add_list(struct table *table, struct json_object *object,
    const char *key)
{
	char *text = NULL;
	const char *element;
	size_t len, i;
	FILE *out = line_need(open_memstream(&text, &len));

	for (i = 0; i < document_count(object, key); i++) {
		element = json_object_get_string(document_at(object, key, i));
		(void)fprintf(out, "%s%s", i > 0 ? ", " : "",
		    element != NULL ? element : "");
	}
	(void)fclose(out);
	table_add(table, "%s", (char *)line_need(text));
	free(text);
}
