/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of text in columns that line up. Cells are filtered as line.h says.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "common/attr.h"

struct table;

/* A table of that many columns, the caller's to free; titles is the first row
 * or NULL. */
struct table *table_new(size_t columns, const char *const *titles) MUST_USE;
#define TABLE_COLUMNS(titles)	(sizeof(titles) / sizeof((titles)[0]))

/* Fill the next cell, row by row; an empty text is shown as "-". */
void	table_add(struct table *table, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Print all full rows. */
void	table_print(FILE *out, const struct table *table);

/* table may be NULL. */
void	table_free(struct table *table);

#endif
