/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Widths are counted in characters, not bytes, once all rows are known.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "cli/line.h"
#include "cli/table.h"

#define COLUMN_GAP	2

struct table {
	size_t	  columns;
	size_t	  count;	/* cells */
	size_t	  room;
	char	**cells;
};

struct table *
table_new(size_t columns, const char *const *titles)
{
	struct table *table = line_need(calloc(1, sizeof(*table)));
	size_t i;

	table->columns = columns;
	for (i = 0; titles != NULL && i < columns; i++)
		table_add(table, "%s", titles[i]);
	return table;
}

static void
grow(struct table *table)
{
	size_t room = table->room == 0 ? 64 : table->room * 2;

	table->cells = line_need(reallocarray(table->cells, room,
	    sizeof(*table->cells)));
	table->room = room;
}

void
table_add(struct table *table, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	line_need(text);
	if (table->count == table->room)
		grow(table);
	table->cells[table->count++] = line_plain(*text == '\0' ? "-" : text);
	free(text);
}

/* UTF-8: every byte but a continuation starts a character. */
static size_t
characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (((unsigned char)*text & 0xc0) != 0x80)
			n++;
	}
	return n;
}

/* Of full rows: what is behind them is not shown. */
static size_t
column_width(const struct table *table, size_t column)
{
	size_t full = table->count - table->count % table->columns;
	size_t width = 0;
	size_t i, n;

	for (i = column; i < full; i += table->columns) {
		n = characters(table->cells[i]);
		if (n > width)
			width = n;
	}
	return width;
}

static void
print_row(FILE *out, char **cells, const size_t *widths, size_t columns)
{
	size_t i;

	for (i = 0; i + 1 < columns; i++) {
		(void)fprintf(out, "%s%*s", cells[i],
		    (int)(widths[i] + COLUMN_GAP - characters(cells[i])), "");
	}
	(void)fprintf(out, "%s\n", cells[i]);
}

void
table_print(FILE *out, const struct table *table)
{
	size_t *widths = line_need(calloc(table->columns, sizeof(*widths)));
	size_t i;

	for (i = 0; i < table->columns; i++)
		widths[i] = column_width(table, i);
	for (i = 0; i + table->columns <= table->count; i += table->columns)
		print_row(out, table->cells + i, widths, table->columns);
	free(widths);
}

void
table_free(struct table *table)
{
	size_t i;

	if (table == NULL)
		return;
	for (i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}
