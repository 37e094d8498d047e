/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON documents of the daemon. A member that is missing or of another
 * type reads as empty, so that a newer or older daemon is shown as far as it
 * is understood.
 */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/attr.h"

struct json_object;
struct table;

/* NULL unless text is one JSON object in UTF-8. The result must be given to
 * json_object_put(). */
struct json_object *document_parse(const char *text) MUST_USE;

/* Print it as JSON. Characters that text_is_plain() refuses are escaped as
 * \uXXXX: the value is the same, and a terminal is safe. */
void	document_print(FILE *out, struct json_object *document);

/* Members of object, which may be NULL. They belong to the document. */
struct json_object *document_member(struct json_object *object,
	    const char *key);
const char *document_string(struct json_object *object, const char *key);
int64_t	document_integer(struct json_object *object, const char *key);
bool	document_boolean(struct json_object *object, const char *key);

/* The array at key: how many elements, and the one at i (NULL beyond). */
size_t	document_count(struct json_object *object, const char *key);
struct json_object *document_at(struct json_object *object, const char *key,
	    size_t i);

/* The text at i of the array at key, "" if there is none. */
const char *document_string_at(struct json_object *object, const char *key,
	    size_t i);

/* Fill the next cell of table with the strings and numbers of the array at
 * key, with commas between them. */
void	document_add_list(struct table *table, struct json_object *object,
	    const char *key);

#endif
