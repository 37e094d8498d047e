/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON (RFC 8259) as this project reads and writes it: json-c stays behind
 * this header. Reading is strict: a size and a depth cap, one document and
 * nothing after it, UTF-8 only, no NUL in a string, no key twice in an object.
 */
#ifndef DAEMON_OIDC_JSON_H
#define DAEMON_OIDC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

#define JSON_SIZE_MAX	(1024 * 1024)
#define JSON_DEPTH_MAX	16

struct json;

/* Parse data. 0 and an object or array that must be freed, or -EBADMSG,
 * -EMSGSIZE beyond JSON_SIZE_MAX, -ENOMEM. */
int	json_parse(const char *data, size_t len, struct json **ret) MUST_USE;

/* The same for what may have up to most bytes, where the wait that takes is
 * nobody else's. */
int	json_parse_long(const char *data, size_t len, size_t most,
	    struct json **ret) MUST_USE;

/* Free a document. Only the root that was returned by json_parse(), json_copy()
 * or json_new_*() and not handed to json_set() or json_append() may be
 * freed. */
void	json_free(struct json *json);

/* A deep copy, the caller's to free. NULL when memory is short. */
struct json *json_copy(const struct json *json) MUST_USE;

/* Reading. Everything returned belongs to the document; json may be NULL,
 * which has nothing in it. */

/* The value at path: a member name, or a JSON pointer (RFC 6901) if it starts
 * with '/'. NULL if it is not there. JSON null counts as not there. */
const struct json *json_get(const struct json *json, const char *path);
/* Is there a member of this name, be it null? For what must not be there. */
bool	json_has(const struct json *json, const char *name);
bool	json_is_object(const struct json *json);
bool	json_is_array(const struct json *json);
/* NULL unless it is a string. */
const char *json_string(const struct json *json);
/* 0, or -EBADMSG unless it is a whole number in range. */
int	json_integer(const struct json *json, int64_t *ret) MUST_USE;
int	json_boolean(const struct json *json, bool *ret) MUST_USE;
/* 0 unless it is an array. */
size_t	json_length(const struct json *json);
const struct json *json_at(const struct json *json, size_t i);
/* Shorthand for json_string(json_get(json, path)). */
const char *json_get_string(const struct json *json, const char *path);

/* Writing. A failure for want of memory shows in json_write(). */
struct json *json_new_object(void);
struct json *json_new_array(void);
/* A value of NULL is left out. */
void	json_set_string(struct json *object, const char *key,
	    const char *value);
void	json_set_integer(struct json *object, const char *key, int64_t value);
void	json_set_number(struct json *object, const char *key, double value);
void	json_set_boolean(struct json *object, const char *key, bool value);
/* These take value over. */
void	json_set(struct json *object, const char *key, struct json *value);
void	json_append(struct json *array, struct json *value);
void	json_append_string(struct json *array, const char *value);
/* Copy to object the members of more that it lacks or has as null, but for
 * those whose names are in except, which ends with NULL. 0 or -ENOMEM. */
int	json_add_missing(struct json *object, const struct json *more,
	    const char *const *except) MUST_USE;
/* The document as text, the caller's to free; NULL when memory was short. */
char	*json_write(const struct json *json) MUST_USE;

#endif
