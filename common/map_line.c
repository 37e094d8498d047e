/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line means one thing or is an error; nothing is corrected.
 */
#include <errno.h>
#include <string.h>

#include "common/map_line.h"
#include "common/names.h"

bool
map_parse_id(const char *text, size_t len, uint32_t *ret_id)
{
	uint64_t id = 0;
	size_t i;

	if (len == 0 || len > 10 || (len > 1 && text[0] == '0'))
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		id = id * 10 + (uint64_t)(text[i] - '0');
	}
	if (id > UINT32_MAX)
		return false;
	*ret_id = (uint32_t)id;
	return true;
}

static int
fail(const char **ret_why, const char *why)
{
	*ret_why = why;
	return -EINVAL;
}

static int
parse_ids(const char *text, struct map_line *line, const char **ret_why)
{
	size_t len = strcspn(text, ":");

	if (!map_parse_id(text, len, &line->uid))
		return fail(ret_why, "the line must end in UID or UID:GID");
	line->gid = line->uid;
	if (text[len] == ':' && !map_parse_id(text + len + 1,
	    strlen(text + len + 1), &line->gid))
		return fail(ret_why, "what follows the colon is not a gid");
	if (!id_is_allowed(line->uid) || !id_is_allowed(line->gid))
		return fail(ret_why, "the uid or gid is below 1000 or reserved "
		    "by the system");
	return 0;
}

static int
parse_key(char *key, struct map_line *line, const char **ret_why)
{
	static const char prefix[] = "sub:";

	line->is_subject = strncmp(key, prefix, sizeof(prefix) - 1) == 0;
	line->key = line->is_subject ? key + sizeof(prefix) - 1 : key;
	if (line->is_subject)
		return *line->key != '\0' ? 0 :
		    fail(ret_why, "there is nothing behind sub:");
	if (!name_is_valid(key) || strcmp(key, "root") == 0)
		return fail(ret_why, "the line must start with a name that a "
		    "person can have here, or with sub:");
	return 0;
}

int
map_line_parse(char *text, struct map_line *ret_line, const char **ret_why)
{
	struct map_line line = { 0 };
	char *ids, *end = text + strlen(text);
	int r;

	if (*text == '#' || text[strspn(text, " \t")] == '\0')
		return 1;
	if (end - text > MAP_LINE_MAX)
		return fail(ret_why, "the line is too long");
	if (*text == ' ' || *text == '\t')
		return fail(ret_why, "the line starts with a blank");
	while (end[-1] == ' ' || end[-1] == '\t')
		*--end = '\0';
	/* The first character of the line is none, so this stops. */
	for (ids = end; ids > text && ids[-1] != ' ' && ids[-1] != '\t'; ids--)
		;
	if (ids == text)
		return fail(ret_why, "the line must be NAME UID[:GID] or "
		    "sub:SUBJECT UID[:GID]");
	r = parse_ids(ids, &line, ret_why);
	if (r < 0)
		return r;
	while (ids[-1] == ' ' || ids[-1] == '\t')
		*--ids = '\0';
	if (!text_is_plain(text))
		return fail(ret_why, "the line is not UTF-8, or has characters "
		    "that do not show");
	r = parse_key(text, &line, ret_why);
	if (r == 0)
		*ret_line = line;
	return r;
}
