/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last gate before every process of the host believes what it reads. Other
 * parts of the daemon refuse the same things earlier and say why; this one
 * MUST hold even if they forget.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/snapshot/snapshot_layout.h"

/* A colon or a control character would forge fields or lines in whatever
 * prints passwd(5) entries. */
static bool
text_is_field(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (i == SNAPSHOT_STRING_MAX || text[i] == ':' ||
		    (unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	}
	return true;
}

static bool
name_is_ours(const char *name)
{
	return name_is_valid(name) && strcmp(name, "root") != 0;
}

static bool
user_is_valid(const struct snapshot_write_user *user)
{
	size_t i;

	if (!name_is_ours(user->name) || !id_is_allowed(user->uid) ||
	    !id_is_allowed(user->gid) || !text_is_field(user->gecos) ||
	    !text_is_field(user->home) || !text_is_field(user->shell))
		return false;
	/* Local groups may be among them, root's may not. */
	for (i = 0; i < user->gid_count; i++) {
		if (user->gids[i] == 0 || user->gids[i] == UINT32_MAX)
			return false;
	}
	return true;
}

/* may_have is what the ids of this kind of group must be. */
static bool
group_is_valid(const struct snapshot_write_group *group,
    bool (*may_have)(uint32_t id))
{
	size_t i;

	if (!name_is_ours(group->name) || !may_have(group->gid))
		return false;
	for (i = 0; i < group->member_count; i++) {
		if (!name_is_valid(group->members[i]))
			return false;
	}
	return true;
}

/* A pattern whose result is a valid field for any name: no other '%' than %u,
 * and short enough for the longest name. */
static bool
pattern_is_valid(const char *pattern)
{
	size_t expanded = 0;

	if (!text_is_field(pattern))
		return false;
	for (; *pattern != '\0'; pattern++, expanded++) {
		if (*pattern != '%')
			continue;
		if (*++pattern != 'u')
			return false;
		expanded += NAME_LIMIT - 1;
	}
	return expanded <= SNAPSHOT_STRING_MAX;
}

/* Strings that are looked up, never shown. */
static bool
strings_are_valid(const char *const *strings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strings[i][0] == '\0' || !text_is_field(strings[i]))
			return false;
	}
	return true;
}

static bool
sign_in_is_valid(const struct snapshot_write_input *in)
{
	return (!in->sign_in || in->range_size > 0) &&
	    in->range_size <= UINT32_MAX - in->range_start &&
	    pattern_is_valid(in->home) && text_is_field(in->shell) &&
	    strings_are_valid(in->callers, in->caller_count) &&
	    strings_are_valid(in->local_names, in->local_name_count);
}

/* All ranges of subordinate ids that there can be, a bit each. */
struct ranges {
	unsigned char	bits[UINT32_MAX / SNAPSHOT_SUBID_COUNT / CHAR_BIT + 1];
};

static bool
is_marked(const struct ranges *ranges, uint32_t id)
{
	uint32_t range = id / SNAPSHOT_SUBID_COUNT;

	return (ranges->bits[range / CHAR_BIT] >> range % CHAR_BIT & 1) != 0;
}

static bool
mark(struct ranges *ranges, uint32_t start)
{
	uint32_t range = start / SNAPSHOT_SUBID_COUNT;

	if (!snapshot_subid_is_start(start) || is_marked(ranges, start))
		return false;
	ranges->bits[range / CHAR_BIT] |=
	    (unsigned char)(1u << range % CHAR_BIT);
	return true;
}

/* Nobody's container may run as anybody: each range is one person's, and no
 * user or group, of ours or the host's, is in it. */
static bool
subids_are_valid(const struct snapshot_write_input *in)
{
	struct ranges ranges = { { 0 } };
	size_t i;

	for (i = 0; i < in->user_count; i++) {
		if (in->users[i].subid_start != 0 &&
		    !mark(&ranges, in->users[i].subid_start))
			return false;
	}
	for (i = 0; i < in->user_count; i++) {
		if (is_marked(&ranges, in->users[i].uid) ||
		    is_marked(&ranges, in->users[i].gid))
			return false;
	}
	for (i = 0; i < in->group_count; i++) {
		if (is_marked(&ranges, in->groups[i].gid))
			return false;
	}
	for (i = 0; i < in->taken_id_count; i++) {
		if (is_marked(&ranges, in->taken_ids[i]))
			return false;
	}
	return true;
}

int
snapshot_check(const struct snapshot_write_input *in)
{
	size_t i;

	if (!sign_in_is_valid(in) || !subids_are_valid(in))
		return -EINVAL;
	for (i = 0; i < in->user_count; i++) {
		if (!user_is_valid(&in->users[i]))
			return -EINVAL;
	}
	for (i = 0; i < in->group_count; i++) {
		if (!group_is_valid(&in->groups[i], id_is_allowed))
			return -EINVAL;
	}
	for (i = 0; i < in->local_group_count; i++) {
		if (!group_is_valid(&in->local_groups[i], gid_may_be_extended))
			return -EINVAL;
	}
	return 0;
}
