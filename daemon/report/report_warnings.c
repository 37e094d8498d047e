/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is not as it should be although everything works: who is hidden by a
 * local account, which groups are not there. Each sentence names what to do.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/snapshot.h"
#include "daemon/adopt/adopt.h"
#include "daemon/oidc/json.h"
#include "daemon/reason.h"
#include "daemon/report/report.h"
#include "daemon/snapshot/owngroup.h"
#include "daemon/snapshot/publish.h"

/* More would help nobody. */
#define WARNINGS_MAX	100

static void PRINTF_LIKE(2, 3)
warn(struct json *warnings, const char *fmt, ...)
{
	va_list arguments;
	char *text;
	int length;

	if (json_length(warnings) > WARNINGS_MAX)
		return;
	if (json_length(warnings) == WARNINGS_MAX) {
		json_append_string(warnings, "there are more of these");
		return;
	}
	va_start(arguments, fmt);
	length = vasprintf(&text, fmt, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	json_append_string(warnings, text);
	free(text);
}

/* A local user or group that came later than the person. */
static void
warn_of_hidden(struct json *warnings, const struct localfiles *files,
    const struct person *person)
{
	const char *file;

	if (localfiles_has_user(files, person->name) ||
	    localfiles_has_uid(files, person->uid))
		file = "passwd";
	else if (publish_is_hidden(files, person))
		file = "group";
	else
		return;
	warn(warnings, "%s (%u) cannot sign in and is not shown: /etc/%s has "
	    "that name or number now; remove it there, or let the person have "
	    "another name", person->name, person->uid, file);
}

static void
warn_of_mappings(struct json *warnings, const struct config *config,
    const struct localfiles *files)
{
	const struct config_group *group;
	uint32_t gid;
	size_t i, j;

	for (i = 0; i < config->group_count; i++) {
		group = &config->groups[i];
		for (j = 0; j < group->local.count; j++) {
			if (localfiles_gid(files, group->local.items[j],
			    &gid) < 0)
				warn(warnings, "[groups] %s = %s: there is no "
				    "local group %s", group->name,
				    group->local.items[j],
				    group->local.items[j]);
		}
	}
}

static void
warn_of_own_groups(struct json *warnings, const struct world *world,
    struct person *const *people, size_t count)
{
	struct owngroups own;
	size_t i;

	if (owngroup_list(world->config, world->files, world->store, people,
	    count, time(NULL), &own) < 0)
		return;
	for (i = 0; i < own.count; i++) {
		if (own.groups[i].problem != OWNGROUP_SHOWN)
			warn(warnings, "the provider's group '%s' is not shown "
			    "as %s (%u): %s", own.groups[i].provider,
			    own.groups[i].name, own.groups[i].gid,
			    owngroup_why(own.groups[i].problem));
	}
	owngroup_free(&own);
}

static void
warn_of_directory(struct json *warnings, const struct adopt *adopt)
{
	char *text = adopt_warning(adopt);

	if (text != NULL)
		warn(warnings, "%s", text);
	free(text);
}

/* Somebody who has none in what was published, and should. */
static void
warn_of_subids(struct json *warnings, const struct world *world,
    struct person *const *people, size_t count)
{
	const struct config_identity *identity = &world->config->identity;
	struct snapshot_user user;
	struct snapshot snapshot;
	uint32_t start;
	size_t i;

	if (identity->subid_start == 0)
		return;
	if (localfiles_subids_unread(world->files)) {
		warn(warnings, "/etc/subuid or /etc/subgid cannot be read: "
		    "nobody is given new subordinate ids until they can");
		return;
	}
	if (snapshot_map(world->snapshot, &snapshot) < 0)
		return;
	for (i = 0; i < count; i++) {
		if (publish_wants_subids(world->config, people[i],
		    time(NULL)) && snapshot_user_by_name(&snapshot,
		    people[i]->name, &user) == 0 &&
		    snapshot_subid_start(&snapshot, user.uid, &start) < 0)
			warn(warnings, "%s has no subordinate ids: subid_range "
			    "%u-%u has no room for more people, or /etc/subuid,"
			    " /etc/subgid or an id of this host is in hers; "
			    "change the range, or remove that", people[i]->name,
			    identity->subid_start, identity->subid_end);
	}
	snapshot_unmap(&snapshot);
}

struct json *
report_warnings(const struct world *world)
{
	struct json *warnings = json_new_array();
	struct person **people;
	size_t count, i;

	if (store_is_damaged(world->store))
		warn(warnings, "%s", reason_admin(REASON_STORE_DAMAGED));
	warn_of_directory(warnings, world->adopt);
	warn_of_mappings(warnings, world->config, world->files);
	if (store_all(world->store, &people, &count) < 0)
		return warnings;
	for (i = 0; i < count; i++)
		warn_of_hidden(warnings, world->files, people[i]);
	warn_of_own_groups(warnings, world, people, count);
	warn_of_subids(warnings, world, people, count);
	store_free_all(people, count);
	return warnings;
}
