/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows json-c. json-c is kinder than RFC 8259: it takes
 * bytes that are not UTF-8, replaces half a surrogate pair, cuts a key at NUL
 * and lets the last of two equal keys win. Each of these would let two parsers
 * read one token differently, so the text is scanned before json-c sees it.
 * And json-c 0.18 takes no letter beyond ASCII where it is strict, and no
 * number beyond 64 bits, so it gets escapes for the one and not the other.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <json-c/json_visit.h>

#include "daemon/oidc/json.h"

/* Beyond this a double does not hold every whole number. */
#define DOUBLE_WHOLE_MAX	9007199254740992.0

/* RFC 8259 6 leaves limits to whoever reads; these fit 64 bits. */
#define DIGITS_MAX		18

/* struct json is never defined: it is json-c's object by another name. json-c
 * has few const arguments, but does not write through these. */
static struct json_object *
unwrap(const struct json *json)
{
	return (struct json_object *)(uintptr_t)json;
}

static struct json *
wrap(struct json_object *object)
{
	return (struct json *)object;
}

/* The length of the character at p (RFC 3629 4), or 0 if it is none. */
static size_t
utf8_length(const uint8_t *p, size_t left)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t i, len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (len > left)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;	/* overlong */
	else if (p[0] == 0xed)
		high = 0x9f;	/* surrogates */
	else if (p[0] == 0xf0)
		low = 0x90;	/* overlong */
	else if (p[0] == 0xf4)
		high = 0x8f;	/* beyond U+10FFFF */
	if (p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++) {
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	}
	return len;
}

/* The code unit of the escape \uXXXX at p, or -1 if there is none. */
static int32_t
escape_unit(const uint8_t *p, size_t left)
{
	int32_t unit = 0;
	size_t i;

	if (left < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		if (p[i] >= '0' && p[i] <= '9')
			unit = unit * 16 + (p[i] - '0');
		else if ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'f')
			unit = unit * 16 + ((p[i] | 0x20) - 'a') + 10;
		else
			return -1;
	}
	return unit;
}

/* The length of the escape at p, or 0 if it is NUL, half a pair or unknown. */
static size_t
escape_length(const uint8_t *p, size_t left)
{
	int32_t low, unit;

	if (left < 2)
		return 0;
	if (p[1] != 'u')
		return p[1] != '\0' && strchr("\"\\/bfnrt", p[1]) != NULL ?
		    2 : 0;
	unit = escape_unit(p, left);
	if (unit <= 0)
		return 0;
	if (unit < 0xd800 || unit > 0xdfff)
		return 6;
	if (unit > 0xdbff)
		return 0;
	low = escape_unit(p + 6, left - 6);
	return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

/* The character of len bytes at p, as its code point. */
static uint32_t
code_point(const uint8_t *p, size_t len)
{
	uint32_t point;
	size_t i;

	point = p[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++)
		point = point << 6 | (p[i] & 0x3f);
	return point;
}

/* A copy of a text that scan() accepted, in ASCII: 2 bytes become 6, and 4
 * become 12. NULL when memory is short. */
static char *
escape(const uint8_t *p, size_t left, size_t *ret_len)
{
	char *text = malloc(3 * left + 1), *out = text;
	uint32_t point;
	size_t step;

	if (text == NULL)
		return NULL;
	for (; left > 0; p += step, left -= step) {
		step = utf8_length(p, left);
		point = code_point(p, step);
		if (step == 1)
			*out++ = (char)*p;
		else if (point < 0x10000)
			out += snprintf(out, 7, "\\u%04x", point);
		else
			out += snprintf(out, 13, "\\u%04x\\u%04x",
			    0xd800 + ((point - 0x10000) >> 10),
			    0xdc00 + ((point - 0x10000) & 0x3ff));
	}
	*out = '\0';
	*ret_len = (size_t)(out - text);
	return text;
}

/* Look at every character once. Every colon outside a string stands for one
 * member of an object: their number is what the tree must hold. */
static int
scan(const uint8_t *p, size_t left, size_t *ret_members)
{
	bool inside = false;
	size_t members = 0, digits = 0, step;

	for (; left > 0; p += step, left -= step) {
		step = utf8_length(p, left);
		digits = !inside && *p >= '0' && *p <= '9' ? digits + 1 : 0;
		if (digits > DIGITS_MAX)
			return -EBADMSG;
		if (inside && *p == '\\')
			step = escape_length(p, left);
		else if (*p == '"')
			inside = !inside;
		else if (inside && *p < 0x20)
			return -EBADMSG;
		else if (!inside && *p == ':')
			members++;
		else if (!inside && *p == '\0')
			return -EBADMSG;
		if (step == 0)
			return -EBADMSG;
	}
	*ret_members = members;
	return 0;
}

/* What the scan cannot see: members that were there twice are missing here,
 * and NaN and Infinity are not JSON (RFC 8259 6). */
static int
check_value(struct json_object *object, int flags,
    struct json_object *parent UNUSED, const char *key UNUSED,
    size_t *index UNUSED, void *arg)
{
	size_t *members = arg;

	if (flags == JSON_C_VISIT_SECOND)
		return JSON_C_VISIT_RETURN_CONTINUE;
	if (json_object_is_type(object, json_type_object))
		*members -= (size_t)json_object_object_length(object);
	if (json_object_is_type(object, json_type_double) &&
	    !isfinite(json_object_get_double(object)))
		return JSON_C_VISIT_RETURN_ERROR;
	return JSON_C_VISIT_RETURN_CONTINUE;
}

int
json_parse(const char *data, size_t len, struct json **ret)
{
	return json_parse_long(data, len, JSON_SIZE_MAX, ret);
}

int
json_parse_long(const char *data, size_t len, size_t most, struct json **ret)
{
	struct json_object *object = NULL;
	struct json_tokener *tokener = NULL;
	size_t members = 0, text_len;
	char *text;
	int r;

	if (len > most)
		return -EMSGSIZE;
	r = scan((const uint8_t *)data, len, &members);
	if (r < 0)
		return r;
	while (len > 0 && strchr(" \t\r\n", data[len - 1]) != NULL)
		len--;
	text = escape((const uint8_t *)data, len, &text_len);
	tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
	r = -ENOMEM;
	if (text == NULL || tokener == NULL)
		goto out;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);

	r = -EBADMSG;
	object = json_tokener_parse_ex(tokener, text, (int)text_len);
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    json_tokener_get_parse_end(tokener) != text_len)
		goto out;
	if (!json_object_is_type(object, json_type_object) &&
	    !json_object_is_type(object, json_type_array))
		goto out;
	if (json_c_visit(object, 0, check_value, &members) < 0 || members != 0)
		goto out;
	*ret = wrap(object);
	object = NULL;
	r = 0;
out:
	json_free(wrap(object));
	if (tokener != NULL)
		json_tokener_free(tokener);
	if (text != NULL)
		explicit_bzero(text, text_len);
	free(text);
	return r;
}

/* A document may hold tokens. */
static int
wipe_value(struct json_object *object, int flags UNUSED,
    struct json_object *parent UNUSED, const char *key UNUSED,
    size_t *index UNUSED, void *arg UNUSED)
{
	if (json_object_is_type(object, json_type_string))
		explicit_bzero(
		    (void *)(uintptr_t)json_object_get_string(object),
		    (size_t)json_object_get_string_len(object));
	return JSON_C_VISIT_RETURN_CONTINUE;
}

void
json_free(struct json *json)
{
	if (json == NULL)
		return;
	json_c_visit(unwrap(json), 0, wipe_value, NULL);
	json_object_put(unwrap(json));
}

struct json *
json_copy(const struct json *json)
{
	struct json_object *copy = NULL;

	if (json == NULL ||
	    json_object_deep_copy(unwrap(json), &copy, NULL) < 0)
		return NULL;
	return wrap(copy);
}

const struct json *
json_get(const struct json *json, const char *path)
{
	struct json_object *value = NULL;

	if (json == NULL)
		return NULL;
	if (path[0] == '/') {
		if (json_pointer_get(unwrap(json), path, &value) < 0)
			return NULL;
	} else if (!json_object_object_get_ex(unwrap(json), path, &value)) {
		return NULL;
	}
	return wrap(value);
}

bool
json_has(const struct json *json, const char *name)
{
	return json_is_object(json) &&
	    json_object_object_get_ex(unwrap(json), name, NULL);
}

bool
json_is_object(const struct json *json)
{
	return json_object_is_type(unwrap(json), json_type_object);
}

bool
json_is_array(const struct json *json)
{
	return json_object_is_type(unwrap(json), json_type_array);
}

const char *
json_string(const struct json *json)
{
	if (!json_object_is_type(unwrap(json), json_type_string))
		return NULL;
	return json_object_get_string(unwrap(json));
}

/* json-c turns what does not fit into the nearest number that does; the ends
 * of the range are therefore refused with what lies beyond them. */
int
json_integer(const struct json *json, int64_t *ret)
{
	double number;
	int64_t value;

	if (json_object_is_type(unwrap(json), json_type_double)) {
		number = json_object_get_double(unwrap(json));
		if (!(number >= -DOUBLE_WHOLE_MAX &&
		    number <= DOUBLE_WHOLE_MAX) ||
		    (double)(int64_t)number != number)
			return -EBADMSG;
		*ret = (int64_t)number;
		return 0;
	}
	if (!json_object_is_type(unwrap(json), json_type_int))
		return -EBADMSG;
	value = json_object_get_int64(unwrap(json));
	if (value == INT64_MAX || value == INT64_MIN)
		return -EBADMSG;
	*ret = value;
	return 0;
}

int
json_boolean(const struct json *json, bool *ret)
{
	if (!json_object_is_type(unwrap(json), json_type_boolean))
		return -EBADMSG;
	*ret = json_object_get_boolean(unwrap(json)) != 0;
	return 0;
}

size_t
json_length(const struct json *json)
{
	return json_is_array(json) ? json_object_array_length(unwrap(json)) : 0;
}

const struct json *
json_at(const struct json *json, size_t i)
{
	if (i >= json_length(json))
		return NULL;
	return wrap(json_object_array_get_idx(unwrap(json), i));
}

const char *
json_get_string(const struct json *json, const char *path)
{
	return json_string(json_get(json, path));
}

struct json *
json_new_object(void)
{
	return wrap(json_object_new_object());
}

struct json *
json_new_array(void)
{
	return wrap(json_object_new_array());
}

static int
refuse_to_write(struct json_object *object UNUSED,
    struct printbuf *buffer UNUSED, int level UNUSED, int flags UNUSED)
{
	return -1;
}

/* Remember in the document itself that a part of it is missing. */
static void
spoil(struct json *json)
{
	if (json != NULL)
		json_object_set_serializer(unwrap(json), refuse_to_write, NULL,
		    NULL);
}

void
json_set(struct json *object, const char *key, struct json *value)
{
	if (object == NULL || value == NULL || json_object_object_add(
	    unwrap(object), key, unwrap(value)) < 0) {
		json_free(value);
		spoil(object);
	}
}

void
json_append(struct json *array, struct json *value)
{
	if (array == NULL || value == NULL ||
	    json_object_array_add(unwrap(array), unwrap(value)) < 0) {
		json_free(value);
		spoil(array);
	}
}

void
json_set_string(struct json *object, const char *key, const char *value)
{
	if (value != NULL)
		json_set(object, key, wrap(json_object_new_string(value)));
}

void
json_set_integer(struct json *object, const char *key, int64_t value)
{
	json_set(object, key, wrap(json_object_new_int64(value)));
}

void
json_set_number(struct json *object, const char *key, double value)
{
	json_set(object, key, wrap(json_object_new_double(value)));
}

void
json_set_boolean(struct json *object, const char *key, bool value)
{
	json_set(object, key, wrap(json_object_new_boolean(value)));
}

void
json_append_string(struct json *array, const char *value)
{
	json_append(array, wrap(json_object_new_string(value)));
}

static bool
is_one_of(const char *text, const char *const *list)
{
	while (*list != NULL && strcmp(*list, text) != 0)
		list++;
	return *list != NULL;
}

int
json_add_missing(struct json *object, const struct json *more,
    const char *const *except)
{
	struct json_object_iter at;
	struct json *copy;

	json_object_object_foreachC(unwrap(more), at) {
		if (at.val == NULL || is_one_of(at.key, except) ||
		    json_object_object_get(unwrap(object), at.key) != NULL)
			continue;
		copy = json_copy(wrap(at.val));
		if (copy == NULL || json_object_object_add(unwrap(object),
		    at.key, unwrap(copy)) < 0) {
			json_free(copy);
			return -ENOMEM;
		}
	}
	return 0;
}

char *
json_write(const struct json *json)
{
	const char *text;

	if (json == NULL)
		return NULL;
	text = json_object_to_json_string_ext(unwrap(json),
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	return text != NULL ? strdup(text) : NULL;
}
