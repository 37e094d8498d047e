/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests by vectors share: files of vectors, the functions that the
 * daemon uses, and TAP with a line for each vector. Whatever goes wrong here
 * that is not the vector's doing aborts the program.
 */
#ifndef TESTS_VECTORS_VECTOR_H
#define TESTS_VECTORS_VECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/reason.h"

struct json;

/* The file of this name, to be freed by json_free(). NULL if there is none. */
struct json *vector_read(const char *directory, const char *name);

/* The text that a vector has for a token: a string, or JSON that was written
 * as such. To be freed. */
char	*vector_token(const struct json *json);

/* Verify token by keys, which are a JWK Set or a single JWK. payload may be
 * NULL; else what was granted has to be it. */
enum reason vector_verify(const struct json *keys, const char *token,
	    const char *payload);

/* How many keys of the set can be used. */
size_t	vector_usable(const struct json *keys);

/* The next line of TAP. Returns good. */
bool	vector_report(bool good, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* The plan, and what main() returns. */
int	vector_end(void);

#endif
