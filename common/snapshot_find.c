/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Users and groups out of a snapshot. No system call, no memory, no state:
 * what is returned points into the file and has been checked to end there.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot_index.h"

static uint64_t
index_seed(const struct snapshot *s)
{
	const struct snapshot_header *header = (const void *)s->data;

	return le64toh(header->index_seed);
}

/* The offset of the record at index. */
static int
offset_at(const struct snapshot *s, enum snapshot_section_id id, uint32_t index,
    uint32_t *ret_offset)
{
	const uint32_t *offsets;
	const void *data;
	uint32_t count;
	int r;

	r = snapshot_section(s, id, sizeof(*offsets), &data, &count);
	if (r < 0)
		return r;
	if (index >= count)
		return -ENOENT;
	offsets = data;
	*ret_offset = le32toh(offsets[index]);
	return 0;
}

static uint32_t
count_of(const struct snapshot *s, enum snapshot_section_id id)
{
	const void *data;
	uint32_t count;

	if (snapshot_section(s, id, sizeof(uint32_t), &data, &count) < 0)
		return 0;
	return count;
}

static const void *
record_at(const struct snapshot *s, uint32_t offset, size_t size)
{
	return offset % 4 == 0 ? snapshot_bytes(s, offset, size) : NULL;
}

/* The string of length bytes at text, if a NUL follows; *text moves past. */
static const char *
take_string(const char **text, uint16_t length)
{
	const char *string = *text;

	if (string[length] != '\0')
		return NULL;
	*text = string + length + 1;
	return string;
}

static int
decode_user(const struct snapshot *s, uint32_t offset,
    struct snapshot_user *ret_user)
{
	const struct snapshot_user_record *record;
	struct snapshot_user user;
	const char *text;
	uint16_t name, gecos, home, shell;
	size_t padded;

	record = record_at(s, offset, sizeof(*record));
	if (record == NULL)
		return -EUCLEAN;
	name = le16toh(record->name_length);
	gecos = le16toh(record->gecos_length);
	home = le16toh(record->home_length);
	shell = le16toh(record->shell_length);
	user.strings_size = (size_t)name + gecos + home + shell + 4;
	user.uid = le32toh(record->uid);
	user.gid = le32toh(record->gid);
	user.gid_count = le32toh(record->gid_count);
	padded = (user.strings_size + 3) & ~(size_t)3;
	if (snapshot_bytes(s, offset, sizeof(*record) + padded +
	    (uint64_t)user.gid_count * sizeof(*user.gids)) == NULL ||
	    !id_is_allowed(user.uid) || !id_is_allowed(user.gid))
		return -EUCLEAN;
	text = (const char *)(record + 1);
	user.gids = (const void *)(text + padded);
	if ((user.name = take_string(&text, name)) == NULL ||
	    (user.gecos = take_string(&text, gecos)) == NULL ||
	    (user.home = take_string(&text, home)) == NULL ||
	    (user.shell = take_string(&text, shell)) == NULL)
		return -EUCLEAN;
	*ret_user = user;
	return 0;
}

int
snapshot_user_by_name(const struct snapshot *s, const char *name,
    struct snapshot_user *ret_user)
{
	struct snapshot_search search;
	struct snapshot_user user;
	uint64_t hash;
	uint32_t offset;
	int r;

	hash = snapshot_hash_name(index_seed(s), name);
	r = snapshot_search_start(s, SNAPSHOT_USER_NAMES, hash,
	    (uint32_t)(hash >> 32), &search);
	while (r == 0 && (r = snapshot_search_next(&search, &offset)) == 0) {
		r = decode_user(s, offset, &user);
		if (r == 0 && strcmp(user.name, name) == 0) {
			*ret_user = user;
			return 0;
		}
	}
	return r;
}

int
snapshot_user_by_uid(const struct snapshot *s, uint32_t uid,
    struct snapshot_user *ret_user)
{
	struct snapshot_user user;
	uint32_t offset;
	int r;

	r = snapshot_find_id(s, SNAPSHOT_USER_IDS, uid, &offset);
	if (r < 0)
		return r;
	r = decode_user(s, offset, &user);
	if (r < 0)
		return r;
	if (user.uid != uid)
		return -EUCLEAN;
	*ret_user = user;
	return 0;
}

int
snapshot_user_at(const struct snapshot *s, uint32_t index,
    struct snapshot_user *ret_user)
{
	uint32_t offset;
	int r;

	r = offset_at(s, SNAPSHOT_USERS, index, &offset);
	if (r < 0)
		return r;
	return decode_user(s, offset, ret_user);
}

uint32_t
snapshot_user_count(const struct snapshot *s)
{
	return count_of(s, SNAPSHOT_USERS);
}

uint32_t
snapshot_user_gid(const struct snapshot_user *user, uint32_t index)
{
	return le32toh(user->gids[index]);
}

/* Groups of one kind: where they are, and which ids they may have. */
struct group_kind {
	enum snapshot_section_id	 list;
	enum snapshot_section_id	 names;
	enum snapshot_section_id	 ids;
	bool				(*may_have)(uint32_t id);
};

static const struct group_kind ours = {
	SNAPSHOT_GROUPS, SNAPSHOT_GROUP_NAMES, SNAPSHOT_GROUP_IDS,
	id_is_allowed,
};

static const struct group_kind local = {
	SNAPSHOT_LOCAL_GROUPS, SNAPSHOT_LOCAL_GROUP_NAMES,
	SNAPSHOT_LOCAL_GROUP_IDS, gid_may_be_extended,
};

static int
decode_group(const struct snapshot *s, const struct group_kind *kind,
    uint32_t offset, struct snapshot_group *ret_group)
{
	const struct snapshot_group_record *record;
	struct snapshot_group group;

	record = record_at(s, offset, sizeof(*record));
	if (record == NULL)
		return -EUCLEAN;
	group.name_length = le16toh(record->name_length);
	group.gid = le32toh(record->gid);
	group.member_count = le32toh(record->member_count);
	group.members_size = le32toh(record->members_size);
	if (snapshot_bytes(s, offset, (uint64_t)sizeof(*record) +
	    group.name_length + 1 + group.member_count +
	    group.members_size) == NULL || !kind->may_have(group.gid))
		return -EUCLEAN;
	group.name = (const char *)(record + 1);
	group.member_lengths =
	    (const uint8_t *)group.name + group.name_length + 1;
	group.members = (const char *)group.member_lengths +
	    group.member_count;
	if (group.name[group.name_length] != '\0' || (group.members_size > 0 &&
	    group.members[group.members_size - 1] != '\0'))
		return -EUCLEAN;
	*ret_group = group;
	return 0;
}

static int
group_by_name(const struct snapshot *s, const struct group_kind *kind,
    const char *name, struct snapshot_group *ret_group)
{
	struct snapshot_search search;
	struct snapshot_group group;
	uint64_t hash;
	uint32_t offset;
	int r;

	hash = snapshot_hash_name(index_seed(s), name);
	r = snapshot_search_start(s, kind->names, hash,
	    (uint32_t)(hash >> 32), &search);
	while (r == 0 && (r = snapshot_search_next(&search, &offset)) == 0) {
		r = decode_group(s, kind, offset, &group);
		if (r == 0 && strcmp(group.name, name) == 0) {
			*ret_group = group;
			return 0;
		}
	}
	return r;
}

static int
group_by_gid(const struct snapshot *s, const struct group_kind *kind,
    uint32_t gid, struct snapshot_group *ret_group)
{
	struct snapshot_group group;
	uint32_t offset;
	int r;

	r = snapshot_find_id(s, kind->ids, gid, &offset);
	if (r < 0)
		return r;
	r = decode_group(s, kind, offset, &group);
	if (r < 0)
		return r;
	if (group.gid != gid)
		return -EUCLEAN;
	*ret_group = group;
	return 0;
}

static int
group_at(const struct snapshot *s, const struct group_kind *kind,
    uint32_t index, struct snapshot_group *ret_group)
{
	uint32_t offset;
	int r;

	r = offset_at(s, kind->list, index, &offset);
	if (r < 0)
		return r;
	return decode_group(s, kind, offset, ret_group);
}

int
snapshot_group_by_name(const struct snapshot *s, const char *name,
    struct snapshot_group *ret_group)
{
	return group_by_name(s, &ours, name, ret_group);
}

int
snapshot_group_by_gid(const struct snapshot *s, uint32_t gid,
    struct snapshot_group *ret_group)
{
	return group_by_gid(s, &ours, gid, ret_group);
}

int
snapshot_group_at(const struct snapshot *s, uint32_t index,
    struct snapshot_group *ret_group)
{
	return group_at(s, &ours, index, ret_group);
}

uint32_t
snapshot_group_count(const struct snapshot *s)
{
	return count_of(s, ours.list);
}

int
snapshot_local_group_by_name(const struct snapshot *s, const char *name,
    struct snapshot_group *ret_group)
{
	return group_by_name(s, &local, name, ret_group);
}

int
snapshot_local_group_by_gid(const struct snapshot *s, uint32_t gid,
    struct snapshot_group *ret_group)
{
	return group_by_gid(s, &local, gid, ret_group);
}

int
snapshot_local_group_at(const struct snapshot *s, uint32_t index,
    struct snapshot_group *ret_group)
{
	return group_at(s, &local, index, ret_group);
}

uint32_t
snapshot_local_group_count(const struct snapshot *s)
{
	return count_of(s, local.list);
}

const char *
snapshot_group_member(const struct snapshot_group *group, const char *previous)
{
	const char *next;

	next = previous == NULL ? group->members :
	    previous + strlen(previous) + 1;
	return next < group->members + group->members_size ? next : NULL;
}
