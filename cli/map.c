/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass map`: the accounts of this host as a map file, and what is wrong
 * with such a file before it is installed. Its lines are those of
 * common/map_line.h.
 */
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <json.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "common/map_line.h"
#include "common/names.h"

/* A test has its own. */
#ifndef MAP_PASSWD
#define MAP_PASSWD	"/etc/passwd"
#define MAP_GROUP	"/etc/group"
#endif

/* A line and what it stands in. */
struct entry {
	struct map_line	 line;
	unsigned	 number;
	char		*text;
};

struct check {
	const char	*path;
	struct entry	*entries;
	size_t		 count;
	unsigned	 wrong;
};

/* By sub, and not by name: that is what a person stays. */
static enum cli_end
export_map(const struct cli_request *request)
{
	struct json_object *document, *user;
	enum cli_end end;
	size_t i;

	end = ask_daemon(PROTO_USERS, NULL, 0, &document);
	if (end != CLI_FINE)
		return end;
	if (request->json)
		document_print(stdout, document);
	for (i = 0; !request->json && i < document_count(document, "users");
	    i++) {
		user = document_at(document, "users", i);
		line_print(stdout, "# %s", document_string(user, "name"));
		line_print(stdout, "sub:%s %" PRId64 ":%" PRId64,
		    document_string(user, "sub"),
		    document_integer(user, "uid"),
		    document_integer(user, "gid"));
	}
	json_object_put(document);
	return CLI_FINE;
}

static void PRINTF_LIKE(3, 4)
say(struct check *check, unsigned number, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	line_print(stdout, "%s:%u: %s", check->path, number,
	    (char *)line_need(text));
	free(text);
	check->wrong++;
}

/* The lines that can be read; the others are told. */
static bool
read_entries(struct check *check)
{
	FILE *stream = fopen(check->path, "re");
	char *line = NULL;
	unsigned number = 0;
	struct entry entry;
	const char *why;
	size_t cap = 0;
	int r;

	if (stream == NULL)
		return false;
	while (getline(&line, &cap, stream) >= 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		entry.number = number;
		entry.text = line_need(strdup(line));
		r = map_line_parse(entry.text, &entry.line, &why);
		if (r == 0) {
			check->entries = line_need(reallocarray(check->entries,
			    check->count + 1, sizeof(entry)));
			check->entries[check->count++] = entry;
			continue;
		}
		if (r < 0)
			say(check, number, "%s", why);
		free(entry.text);
	}
	free(line);
	(void)fclose(stream);
	return true;
}

static bool
has_id(const struct map_line *line, uint32_t id)
{
	return line->uid == id || line->gid == id;
}

static void
compare_lines(struct check *check, const struct entry *entry)
{
	const struct entry *other;

	for (other = check->entries; other < entry; other++) {
		if (entry->line.is_subject == other->line.is_subject &&
		    strcmp(entry->line.key, other->line.key) == 0)
			say(check, entry->number, "%s stands in line %u "
			    "already", entry->line.key, other->number);
		else if (has_id(&other->line, entry->line.uid) ||
		    has_id(&other->line, entry->line.gid))
			say(check, entry->number, "line %u has the same id",
			    other->number);
	}
}

/* What people have now stays theirs, whatever the line says. */
static void
compare_person(struct check *check, const struct entry *entry,
    struct json_object *user)
{
	const struct map_line *line = &entry->line;
	const char *name = document_string(user, "name");
	int64_t uid = document_integer(user, "uid");
	int64_t gid = document_integer(user, "gid");
	bool same = strcmp(line->key, line->is_subject ?
	    document_string(user, "sub") : name) == 0;

	if (same && (line->uid != uid || line->gid != gid))
		say(check, entry->number, "%s is bound to %" PRId64 ":%" PRId64
		    ", which stays", name, uid, gid);
	else if (!same && (line->uid == uid || line->uid == gid ||
	    line->gid == uid || line->gid == gid))
		say(check, entry->number, "%s has this id", name);
}

static void
compare_local(struct check *check, FILE *passwd, FILE *group)
{
	const struct entry *entry, *end = check->entries + check->count;
	struct passwd *user;
	struct group *members;

	while (passwd != NULL && (user = fgetpwent(passwd)) != NULL) {
		for (entry = check->entries; entry < end; entry++) {
			if (!entry->line.is_subject &&
			    strcmp(entry->line.key, user->pw_name) == 0)
				say(check, entry->number, "%s is a local "
				    "account", user->pw_name);
			else if (has_id(&entry->line, user->pw_uid) ||
			    has_id(&entry->line, user->pw_gid))
				say(check, entry->number, "the local account "
				    "%s has this id", user->pw_name);
		}
	}
	while (group != NULL && (members = fgetgrent(group)) != NULL) {
		for (entry = check->entries; entry < end; entry++) {
			if (has_id(&entry->line, members->gr_gid))
				say(check, entry->number, "the local group %s "
				    "has this id", members->gr_name);
		}
	}
}

static void
compare_all(struct check *check, struct json_object *document)
{
	FILE *passwd = fopen(MAP_PASSWD, "re"), *group = fopen(MAP_GROUP, "re");
	size_t users = document_count(document, "users"), i, j;

	for (i = 0; i < check->count; i++) {
		compare_lines(check, &check->entries[i]);
		for (j = 0; j < users; j++)
			compare_person(check, &check->entries[i],
			    document_at(document, "users", j));
	}
	compare_local(check, passwd, group);
	if (passwd != NULL)
		(void)fclose(passwd);
	if (group != NULL)
		(void)fclose(group);
}

static enum cli_end
check_map(const char *path)
{
	struct check check = { .path = path };
	struct json_object *document;
	enum cli_end end;
	size_t i;

	if (!read_entries(&check)) {
		line_print(stderr, "hostpass: %s: %s", path, strerror(errno));
		return CLI_NO;
	}
	end = ask_daemon(PROTO_USERS, NULL, 0, &document);
	if (end == CLI_FINE) {
		compare_all(&check, document);
		json_object_put(document);
		if (check.wrong == 0)
			line_print(stdout, "%s: %zu lines, no collision", path,
			    check.count);
		else
			end = CLI_NO;
	}
	for (i = 0; i < check.count; i++)
		free(check.entries[i].text);
	free(check.entries);
	return end;
}

enum cli_end
map_run(const struct cli_request *request)
{
	char **args = request->args;

	if (strcmp(args[0], "export") == 0 && args[1] == NULL)
		return export_map(request);
	if (strcmp(args[0], "check") == 0 && args[1] != NULL)
		return check_map(args[1]);
	line_print(stderr, "hostpass: it is `hostpass map export` or "
	    "`hostpass map check FILE`");
	return CLI_USAGE;
}
