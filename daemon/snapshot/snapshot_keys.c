/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The indices of a snapshot. A key that comes twice is found here, because
 * inserting it walks past the first; and each key is placed where a reader
 * finds it within SNAPSHOT_PROBE_MAX steps, whatever names people choose.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "daemon/snapshot/snapshot_layout.h"

/* Seeds to try until no search takes too many steps. With half of the slots
 * empty the first one nearly always does. */
#define SEED_ATTEMPTS	32

/* What an index refers to: value is an offset, and where text is not NULL, it
 * is the key and stands name_offset bytes after value. */
struct entry {
	uint64_t	 hash;
	uint32_t	 tag;
	uint32_t	 value;
	const char	*text;
	size_t		 name_offset;
};

/* 0, -EEXIST if the key is there already, or -EAGAIN if the search for it
 * would take too many steps. */
static int
insert(struct snapshot_layout *l, enum snapshot_section_id id,
    const struct entry *entry)
{
	struct snapshot_slot *slots = snapshot_layout_section(l, id);
	struct snapshot_slot *slot;
	uint32_t mask = l->sections[id].count - 1, steps;

	for (steps = 0; steps < SNAPSHOT_PROBE_MAX && steps <= mask; steps++) {
		slot = &slots[((uint32_t)entry->hash + steps) & mask];
		if (slot->value == 0) {
			slot->tag = htole32(entry->tag);
			slot->value = htole32(entry->value);
			return 0;
		}
		if (le32toh(slot->tag) == entry->tag && (entry->text == NULL ||
		    strcmp((const char *)l->data + le32toh(slot->value) +
		    entry->name_offset, entry->text) == 0))
			return -EEXIST;
	}
	return -EAGAIN;
}

static int
insert_name(struct snapshot_layout *l, enum snapshot_section_id id,
    const char *name, uint32_t value, size_t name_offset)
{
	struct entry entry = {
		.hash = snapshot_hash_name(l->index_seed, name),
		.value = value,
		.text = name,
		.name_offset = name_offset,
	};

	entry.tag = (uint32_t)(entry.hash >> 32);
	return insert(l, id, &entry);
}

static int
insert_id(struct snapshot_layout *l, enum snapshot_section_id id, uint32_t key,
    uint32_t value)
{
	struct entry entry = {
		.hash = snapshot_hash_id(l->index_seed, key),
		.tag = key,
		.value = value,
	};

	return insert(l, id, &entry);
}

static int
index_users(struct snapshot_layout *l)
{
	const uint32_t *offsets = snapshot_layout_section(l, SNAPSHOT_USERS);
	const struct snapshot_write_user *user;
	uint32_t offset;
	size_t i;
	int r;

	for (i = 0; i < l->in->user_count; i++) {
		user = &l->in->users[i];
		offset = le32toh(offsets[i]);
		r = insert_name(l, SNAPSHOT_USER_NAMES, user->name, offset,
		    sizeof(struct snapshot_user_record));
		if (r == 0)
			r = insert_id(l, SNAPSHOT_USER_IDS, user->uid, offset);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
index_groups(struct snapshot_layout *l)
{
	const uint32_t *offsets = snapshot_layout_section(l, SNAPSHOT_GROUPS);
	const struct snapshot_write_group *group;
	uint32_t offset;
	size_t i;
	int r;

	for (i = 0; i < l->in->group_count; i++) {
		group = &l->in->groups[i];
		offset = le32toh(offsets[i]);
		r = insert_name(l, SNAPSHOT_GROUP_NAMES, group->name, offset,
		    sizeof(struct snapshot_group_record));
		if (r == 0)
			r = insert_id(l, SNAPSHOT_GROUP_IDS, group->gid,
			    offset);
		if (r < 0)
			return r;
	}
	return 0;
}

/* /etc/group may have a gid twice; then the first one has it. */
static int
index_local_groups(struct snapshot_layout *l)
{
	const uint32_t *offsets = snapshot_layout_section(l,
	    SNAPSHOT_LOCAL_GROUPS);
	const struct snapshot_write_group *group;
	uint32_t offset;
	size_t i;
	int r;

	for (i = 0; i < l->in->local_group_count; i++) {
		group = &l->in->local_groups[i];
		offset = le32toh(offsets[i]);
		r = insert_name(l, SNAPSHOT_LOCAL_GROUP_NAMES, group->name,
		    offset, sizeof(struct snapshot_group_record));
		if (r < 0)
			return r;
		r = insert_id(l, SNAPSHOT_LOCAL_GROUP_IDS, group->gid, offset);
		if (r < 0 && r != -EEXIST)
			return r;
	}
	return 0;
}

static int
index_subids(struct snapshot_layout *l)
{
	const struct snapshot_write_user *user;
	size_t i;
	int r;

	for (i = 0; i < l->in->user_count; i++) {
		user = &l->in->users[i];
		if (user->subid_start == 0)
			continue;
		r = insert_id(l, SNAPSHOT_SUBID_STARTS, user->uid,
		    user->subid_start);
		if (r == 0)
			r = insert_id(l, SNAPSHOT_SUBID_OWNERS,
			    user->subid_start, user->uid);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Write strings at *at and index them. One that comes twice is there once. */
static int
index_strings(struct snapshot_layout *l, enum snapshot_section_id id,
    const char *const *strings, size_t count, uint64_t *at)
{
	size_t i, size;
	int r;

	for (i = 0; i < count; i++) {
		size = strlen(strings[i]) + 1;
		memcpy(l->data + *at, strings[i], size);
		r = insert_name(l, id, strings[i], (uint32_t)*at, 0);
		if (r < 0 && r != -EEXIST)
			return r;
		*at += size;
	}
	return 0;
}

static int
index_taken_ids(struct snapshot_layout *l)
{
	size_t i;
	int r;

	for (i = 0; i < l->in->taken_id_count; i++) {
		r = insert_id(l, SNAPSHOT_TAKEN_IDS, l->in->taken_ids[i], 1);
		if (r < 0 && r != -EEXIST)
			return r;
	}
	return 0;
}

static int
index_all(struct snapshot_layout *l)
{
	const struct snapshot_write_input *in = l->in;
	uint64_t at = l->strings;
	enum snapshot_section_id id;
	int r;

	for (id = SNAPSHOT_USER_NAMES; id <= SNAPSHOT_CALLERS; id++)
		memset(snapshot_layout_section(l, id), 0,
		    l->sections[id].count * sizeof(struct snapshot_slot));
	if ((r = index_users(l)) < 0 || (r = index_groups(l)) < 0 ||
	    (r = index_local_groups(l)) < 0 || (r = index_subids(l)) < 0 ||
	    (r = index_taken_ids(l)) < 0 ||
	    (r = index_strings(l, SNAPSHOT_LOCAL_NAMES, in->local_names,
	    in->local_name_count, &at)) < 0)
		return r;
	return index_strings(l, SNAPSHOT_CALLERS, in->callers,
	    in->caller_count, &at);
}

int
snapshot_layout_index(struct snapshot_layout *l)
{
	int i, r = -EAGAIN;

	l->index_seed = snapshot_issuer_seed(l->in->issuer);
	for (i = 0; i < SEED_ATTEMPTS && r == -EAGAIN; i++) {
		if (i > 0)
			l->index_seed = snapshot_hash_id(l->index_seed, 1);
		r = index_all(l);
	}
	return r == -EEXIST ? -EINVAL : r;
}
