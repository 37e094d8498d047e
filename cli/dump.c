/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass dump`: the file that lookups are answered from, read by the same
 * reader and without the daemon. A damaged record is told and left out; the
 * others are shown.
 */
#include <errno.h>
#include <inttypes.h>
#include <json.h>
#include <string.h>

#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "cli/table.h"
#include "common/snapshot.h"

static void
set(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, line_need(value)) != 0)
		line_need(NULL);
}

static void
set_string(struct json_object *object, const char *key, const char *value)
{
	set(object, key, json_object_new_string(value));
}

static void
set_integer(struct json_object *object, const char *key, uint64_t value)
{
	set(object, key, json_object_new_int64((int64_t)value));
}

static void
set_boolean(struct json_object *object, const char *key, bool value)
{
	set(object, key, json_object_new_boolean(value));
}

static void
append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, line_need(value)) != 0)
		line_need(NULL);
}

static struct json_object *
read_user(const struct snapshot *s, const struct snapshot_user *user)
{
	struct json_object *object = line_need(json_object_new_object());
	struct json_object *gids = line_need(json_object_new_array());
	uint32_t i, start;

	for (i = 0; i < user->gid_count; i++) {
		append(gids,
		    json_object_new_int64(snapshot_user_gid(user, i)));
	}
	set_string(object, "name", user->name);
	set_integer(object, "uid", user->uid);
	set_integer(object, "gid", user->gid);
	set(object, "gids", gids);
	set_string(object, "gecos", user->gecos);
	set_string(object, "home", user->home);
	set_string(object, "shell", user->shell);
	if (snapshot_subid_start(s, user->uid, &start) == 0)
		set_integer(object, "subid_start", start);
	return object;
}

static struct json_object *
read_group(const struct snapshot_group *group)
{
	struct json_object *object = line_need(json_object_new_object());
	struct json_object *members = line_need(json_object_new_array());
	const char *member = NULL;

	while ((member = snapshot_group_member(group, member)) != NULL)
		append(members, json_object_new_string(member));
	set_string(object, "name", group->name);
	set_integer(object, "gid", group->gid);
	set(object, "members", members);
	return object;
}

static enum cli_end
read_users(const struct snapshot *s, struct json_object *array)
{
	struct snapshot_user user;
	enum cli_end end = CLI_FINE;
	uint32_t i;

	for (i = 0; i < snapshot_user_count(s); i++) {
		if (snapshot_user_at(s, i, &user) == 0) {
			append(array, read_user(s, &user));
			continue;
		}
		line_print(stderr, "hostpass: user %" PRIu32 " is damaged", i);
		end = CLI_NO;
	}
	return end;
}

/* The count groups that at gives, which what calls them. */
static enum cli_end
read_groups(const struct snapshot *s, struct json_object *array,
    const char *what, uint32_t count, int (*at)(const struct snapshot *s,
    uint32_t index, struct snapshot_group *ret_group))
{
	struct snapshot_group group;
	enum cli_end end = CLI_FINE;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (at(s, i, &group) == 0) {
			append(array, read_group(&group));
			continue;
		}
		line_print(stderr, "hostpass: %s %" PRIu32 " is damaged", what,
		    i);
		end = CLI_NO;
	}
	return end;
}

/* The whole snapshot as a document; CLI_NO if something in it is damaged. */
static enum cli_end
read_snapshot(const struct snapshot *s, const char *path,
    struct json_object *document)
{
	struct json_object *users = line_need(json_object_new_array());
	struct json_object *groups = line_need(json_object_new_array());
	struct json_object *local = line_need(json_object_new_array());
	uint32_t flags = snapshot_flags(s);
	enum cli_end end = CLI_FINE;

	set_string(document, "path", path);
	set_integer(document, "written", snapshot_written(s));
	set_integer(document, "size", s->size);
	set_integer(document, "owner", s->owner);
	set_boolean(document, "retired", snapshot_is_retired(s));
	set_boolean(document, "enumerate", (flags & SNAPSHOT_ENUMERATE) != 0);
	set_boolean(document, "sign_in", (flags & SNAPSHOT_SIGN_IN) != 0);
	if (read_users(s, users) != CLI_FINE)
		end = CLI_NO;
	if (read_groups(s, groups, "group", snapshot_group_count(s),
	    snapshot_group_at) != CLI_FINE)
		end = CLI_NO;
	if (read_groups(s, local, "local group", snapshot_local_group_count(s),
	    snapshot_local_group_at) != CLI_FINE)
		end = CLI_NO;
	set(document, "users", users);
	set(document, "groups", groups);
	set(document, "local_groups", local);
	return end;
}

static void
add_answer(struct table *table, const char *label, bool answer)
{
	table_add(table, "%s", label);
	table_add(table, "%s", answer ? "yes" : "no");
}

static void
print_header(struct json_object *document)
{
	struct table *table = table_new(2, NULL);
	char written[LINE_TIME_SIZE];

	line_time(written, document_integer(document, "written"));
	table_add(table, "snapshot");
	table_add(table, "%s", document_string(document, "path"));
	table_add(table, "written");
	table_add(table, "%s", written);
	table_add(table, "size");
	table_add(table, "%" PRId64 " bytes",
	    document_integer(document, "size"));
	table_add(table, "owner");
	table_add(table, "uid %" PRId64, document_integer(document, "owner"));
	add_answer(table, "retired", document_boolean(document, "retired"));
	add_answer(table, "lists everybody",
	    document_boolean(document, "enumerate"));
	add_answer(table, "signs in new names",
	    document_boolean(document, "sign_in"));
	table_print(stdout, table);
	table_free(table);
}

static void
print_users(struct json_object *document)
{
	static const char *const titles[] = { "USER", "UID", "GID", "GIDS",
		"HOME", "SHELL", "PERSON" };
	struct table *table = table_new(TABLE_COLUMNS(titles), titles);
	struct json_object *user;
	size_t i;

	for (i = 0; i < document_count(document, "users"); i++) {
		user = document_at(document, "users", i);
		table_add(table, "%s", document_string(user, "name"));
		table_add(table, "%" PRId64, document_integer(user, "uid"));
		table_add(table, "%" PRId64, document_integer(user, "gid"));
		document_add_list(table, user, "gids");
		table_add(table, "%s", document_string(user, "home"));
		table_add(table, "%s", document_string(user, "shell"));
		table_add(table, "%s", document_string(user, "gecos"));
	}
	line_print(stdout, "%s", "");
	table_print(stdout, table);
	table_free(table);
}

/* Those that key names, as a table whose first title is title. */
static void
print_groups(struct json_object *document, const char *key, const char *title)
{
	const char *const titles[] = { title, "GID", "MEMBERS" };
	struct table *table = table_new(TABLE_COLUMNS(titles), titles);
	struct json_object *group;
	size_t i;

	for (i = 0; i < document_count(document, key); i++) {
		group = document_at(document, key, i);
		table_add(table, "%s", document_string(group, "name"));
		table_add(table, "%" PRId64, document_integer(group, "gid"));
		document_add_list(table, group, "members");
	}
	line_print(stdout, "%s", "");
	table_print(stdout, table);
	table_free(table);
}

/* Nothing, where nobody has any. */
static void
print_subids(struct json_object *document)
{
	static const char *const titles[] = { "USER", "SUBIDS" };
	struct table *table = table_new(TABLE_COLUMNS(titles), titles);
	struct json_object *user;
	bool any = false;
	int64_t start;
	size_t i;

	for (i = 0; i < document_count(document, "users"); i++) {
		user = document_at(document, "users", i);
		start = document_integer(user, "subid_start");
		if (start <= 0)
			continue;
		any = true;
		table_add(table, "%s", document_string(user, "name"));
		table_add(table, "%" PRId64 "-%" PRId64, start,
		    start + SNAPSHOT_SUBID_COUNT - 1);
	}
	if (any) {
		line_print(stdout, "%s", "");
		table_print(stdout, table);
	}
	table_free(table);
}

static enum cli_end
say_unreadable(const char *path, int error)
{
	if (error == -ENOENT) {
		line_print(stderr, "hostpass: there is no %s; the daemon "
		    "writes it when it starts", path);
	} else if (error == -EUCLEAN) {
		line_print(stderr, "hostpass: %s is not a snapshot that this "
		    "version can read", path);
	} else if (error == -EPERM) {
		line_print(stderr, "hostpass: %s is not a file that only its "
		    "owner can write to", path);
	} else {
		line_print(stderr, "hostpass: cannot read %s: %s", path,
		    strerror(-error));
	}
	return CLI_NO;
}

enum cli_end
dump_run(const struct cli_request *request)
{
	const char *path = request->args[0] != NULL ? request->args[0] :
	    SNAPSHOT_PATH;
	struct json_object *document;
	struct snapshot snapshot;
	enum cli_end end;
	int r;

	r = snapshot_map(path, &snapshot);
	if (r < 0)
		return say_unreadable(path, r);
	document = line_need(json_object_new_object());
	end = read_snapshot(&snapshot, path, document);
	snapshot_unmap(&snapshot);
	if (request->json) {
		document_print(stdout, document);
	} else {
		print_header(document);
		print_users(document);
		print_groups(document, "groups", "GROUP");
		if (document_count(document, "local_groups") > 0)
			print_groups(document, "local_groups", "LOCAL GROUP");
		print_subids(document);
	}
	json_object_put(document);
	return end;
}
