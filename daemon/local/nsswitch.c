/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the line as the C library does, and follows it for a name that is in
 * /etc/group. A service that merges and finds nothing passes on what it was
 * given as its own success: so each service between files and us has to merge
 * too, or we are never asked.
 *
 * MUST answer no where the line is missing, cannot be read, or could let our
 * part of a local group be taken for the whole of it: if we come first, or if
 * files says continue.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/local/nsswitch.h"

/* A piece of the line, not terminated. */
struct word {
	const char	*text;
	size_t		 length;
};

static void
skip_blanks(const char **p)
{
	while (isspace((unsigned char)**p))
		(*p)++;
}

/* The characters up to a blank, or one of stops. */
static struct word
take_word(const char **p, const char *stops)
{
	struct word word = { *p, 0 };

	while (**p != '\0' && !isspace((unsigned char)**p) &&
	    strchr(stops, **p) == NULL)
		(*p)++;
	word.length = (size_t)(*p - word.text);
	return word;
}

static bool
word_is(const struct word *word, const char *text)
{
	return word->length == strlen(text) &&
	    strncasecmp(word->text, text, word->length) == 0;
}

static bool
word_is_any(const struct word *word, const char *const *texts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (word_is(word, texts[i]))
			return true;
	}
	return false;
}

/* One STATUS=ACTION. What it says of SUCCESS is written to *merges; false if it
 * cannot be read. */
static bool
take_action(const char **p, bool *merges)
{
	static const char *const statuses[] = {
		"SUCCESS", "NOTFOUND", "UNAVAIL", "TRYAGAIN",
	};
	static const char *const actions[] = { "return", "continue", "merge" };
	struct word status, action;
	bool others = **p == '!';

	if (others)
		(*p)++;
	status = take_word(p, "=]");
	skip_blanks(p);
	if (!word_is_any(&status, statuses, 4) || *(*p)++ != '=')
		return false;
	skip_blanks(p);
	action = take_word(p, "=]");
	skip_blanks(p);
	if (!word_is_any(&action, actions, 3))
		return false;
	if (word_is(&status, "SUCCESS") != others)
		*merges = word_is(&action, "merge");
	return true;
}

/* What may follow a service: [STATUS=ACTION ...]. */
static bool
take_actions(const char **p, bool *merges)
{
	*merges = false;
	skip_blanks(p);
	if (**p != '[')
		return true;
	(*p)++;
	skip_blanks(p);
	do {
		if (!take_action(p, merges))
			return false;
	} while (**p != ']');
	(*p)++;
	return true;
}

bool
nsswitch_list_merges(const char *services)
{
	bool after_files = false, merges;
	struct word service;

	for (;;) {
		skip_blanks(&services);
		service = take_word(&services, "[");
		if (service.length == 0)
			return false;
		if (service.length == strlen("hostpass") &&
		    strncmp(service.text, "hostpass", service.length) == 0)
			return after_files;
		if (!take_actions(&services, &merges))
			return false;
		if (after_files && !merges)
			return false;
		if (service.length != strlen("files") ||
		    strncmp(service.text, "files", service.length) != 0)
			continue;
		if (!merges)
			return false;
		after_files = true;
	}
}

bool
nsswitch_merges_groups(FILE *stream)
{
	bool merges = false;
	char *line = NULL;
	const char *p;
	struct word database;
	size_t size = 0;

	while (getline(&line, &size, stream) > 0) {
		line[strcspn(line, "#\n")] = '\0';
		p = line;
		skip_blanks(&p);
		database = take_word(&p, ":");
		/* The last line is the one that counts. */
		if (*p != '\0' && database.length == strlen("group") &&
		    strncmp(database.text, "group", database.length) == 0)
			merges = nsswitch_list_merges(p + 1);
	}
	free(line);
	return merges;
}
