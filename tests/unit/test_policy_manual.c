/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The truth table of hostpass.conf(5) against policy_decide(): every situation
 * that the table tells apart gets the verdict of the first line that applies,
 * and every line applies to something.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/policy/policy.h"

#define COLUMNS		6
#define LINES_MAX	16
#define HEADING		".It allow_* Ta deny_* Ta allow_* Ta deny_* Ta holds Ta code\n"

struct line {
	char	cells[COLUMNS][24];
	size_t	used;
};

static struct line lines[LINES_MAX];
static size_t line_count;

static void
take_line(const char *text)
{
	struct line *line = &lines[line_count++];

	assert_in_range(line_count, 1, LINES_MAX);
	if (sscanf(text, ".It %23s Ta %23s Ta %23s Ta %23s Ta %23s Ta %23s",
	    line->cells[0], line->cells[1], line->cells[2], line->cells[3],
	    line->cells[4], line->cells[5]) != COLUMNS)
		fail_msg("not a line of the table: %s", text);
}

static int
read_table(void **state)
{
	const char *top = getenv("TOP_SRCDIR");
	char path[1024], *text = NULL;
	bool in_table = false;
	size_t size = 0;
	FILE *stream;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/man/hostpass.conf.5",
	    top != NULL ? top : ".");
	stream = fopen(path, "r");
	assert_non_null(stream);
	while (getline(&text, &size, stream) >= 0) {
		if (in_table && strcmp(text, ".El\n") == 0)
			break;
		if (in_table)
			take_line(text);
		in_table = in_table || strcmp(text, HEADING) == 0;
	}
	free(text);
	return fclose(stream);
}

/* What a list has for alice, who is in staff. */
enum entries { NONE, NOT, FITS };

static char staff[] = "staff", guests[] = "guests", alice[] = "alice";
static char bob[] = "bob", pattern[] = "/b.*/", none[] = "", sudo[] = "sudo";
static char *fitting_groups[] = { guests, staff };
static char *fitting_users[] = { bob, alice };
static char *other_groups[] = { guests };
static char *other_users[] = { bob, pattern };

static void
fill(enum entries entries, bool by_group, struct config_list *groups,
    struct config_list *users)
{
	*groups = *users = (struct config_list){ NULL, 0 };
	if (entries == NOT) {
		*groups = (struct config_list){ other_groups, 1 };
		*users = (struct config_list){ other_users, 2 };
	} else if (entries == FITS && by_group) {
		*groups = (struct config_list){ fitting_groups, 2 };
		*users = (struct config_list){ other_users, 2 };
	} else if (entries == FITS) {
		*users = (struct config_list){ fitting_users, 2 };
	}
}

/* Each cell as the manual would say it. */
struct situation {
	enum entries	 lists[4];
	bool		 has_service;
	bool		 by_group;
	unsigned	 passkey;	/* index of ages */
};

static const struct {
	uint32_t	host_max;
	uint32_t	service_max;
	int64_t		last;
	bool		holds;
} ages[] = {
	{ 0, 0, 0, true },
	{ 0, 0, 5000, true },
	{ 100, 0, 9900, true },
	{ 100, 0, 9899, false },
	{ 100, 0, 0, false },
	{ 100, 5000, 5000, true },
	{ 5000, 100, 5000, false },
	{ 0, 100, 9899, false },
	{ 0, 100, 9901, true },
	{ 100, 0, 10100, true },	/* clocks differ */
	{ 100, 0, 99999, false },	/* one was set back */
	{ 0xffffffff, 0, 0, false },
};

static enum reason
decide(const struct situation *s)
{
	static const char *const groups[] = { staff };
	static const struct config_provider provider = { .name = none };
	struct config_access access[2] = {
		{ .service = none, .passkey_max = ages[s->passkey].host_max },
		{ .service = sudo,
		    .passkey_max = ages[s->passkey].service_max },
	};
	const struct config config = {
		.access = access, .access_count = s->has_service ? 2 : 1,
	};
	const struct policy_subject subject = {
		.user = alice, .provider = &provider, .groups = groups,
		.group_count = 1, .last_passkey = ages[s->passkey].last,
		.now = 10000,
	};

	fill(s->lists[0], s->by_group, &access[0].allow_groups,
	    &access[0].allow_users);
	fill(s->lists[1], s->by_group, &access[0].deny_groups,
	    &access[0].deny_users);
	fill(s->lists[2], s->by_group, &access[1].allow_groups,
	    &access[1].allow_users);
	fill(s->lists[3], s->by_group, &access[1].deny_groups,
	    &access[1].deny_users);
	return policy_decide(&config, &subject, sudo, NULL, NULL);
}

static bool
cell_applies(const char *cell, const struct situation *s, size_t column)
{
	enum entries entries;

	if (strcmp(cell, "-") == 0)
		return true;
	if (column == 4) {
		assert_true(strcmp(cell, "yes") == 0 ||
		    strcmp(cell, "no") == 0);
		return ages[s->passkey].holds == (cell[0] == 'y');
	}
	entries = s->lists[column];
	if (strcmp(cell, "fits") == 0)
		return entries == FITS;
	if (strcmp(cell, "not") == 0)
		return entries == NOT || (column % 2 == 1 && entries == NONE);
	assert_string_equal(cell, "none");
	return entries == NONE;
}

static void
check(const struct situation *s)
{
	const char *said = reason_code(decide(s));
	size_t i, column;

	for (i = 0; i < line_count; i++) {
		for (column = 0; column < COLUMNS - 1; column++) {
			if (!cell_applies(lines[i].cells[column], s, column))
				break;
		}
		if (column == COLUMNS - 1)
			break;
	}
	if (i == line_count)
		fail_msg("no line for a verdict of %s", said);
	lines[i].used++;
	if (strcmp(lines[i].cells[COLUMNS - 1], said) != 0)
		fail_msg("line %zu says %s, policy_decide() %s", i + 1,
		    lines[i].cells[COLUMNS - 1], said);
}

static void
the_manual_is_right(void **state)
{
	struct situation s;
	size_t i, checked = 0;

	(void)state;
	assert_in_range(line_count, 5, LINES_MAX);
	for (i = 0; i < 3u * 3 * 3 * 3 * 2 * 2; i++) {
		s.lists[0] = i % 3;
		s.lists[1] = i / 3 % 3;
		s.lists[2] = i / 9 % 3;
		s.lists[3] = i / 27 % 3;
		s.by_group = i / 81 % 2;
		s.has_service = i / 162 == 1;
		if (!s.has_service && i / 9 % 9 != 0)
			continue;
		for (s.passkey = 0; s.passkey < sizeof(ages) / sizeof(ages[0]);
		    s.passkey++) {
			if (!s.has_service &&
			    ages[s.passkey].service_max != 0)
				continue;
			check(&s);
			checked++;
		}
	}
	print_message("# %zu situations, %zu lines\n", checked, line_count);
	for (i = 0; i < line_count; i++) {
		if (lines[i].used == 0)
			fail_msg("line %zu applies to nothing", i + 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_is_right),
	};

	return cmocka_run_group_tests(tests, read_table, NULL);
}
