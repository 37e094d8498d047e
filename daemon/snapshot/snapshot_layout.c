/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two passes over the input. The first adds up sizes and gives each section
 * its place, the second fills one block of memory; they MUST agree, which is
 * why both take the size of a record from one function.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/snapshot/snapshot_layout.h"

static uint64_t
align(uint64_t size)
{
	return (size + 3) & ~(uint64_t)3;
}

static uint64_t
user_size(const struct snapshot_write_user *user)
{
	return sizeof(struct snapshot_user_record) +
	    align(strlen(user->name) + strlen(user->gecos) +
	    strlen(user->home) + strlen(user->shell) + 4) +
	    user->gid_count * sizeof(uint32_t);
}

static uint64_t
members_size(const struct snapshot_write_group *group)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < group->member_count; i++)
		size += strlen(group->members[i]) + 1;
	return size;
}

static uint64_t
group_size(const struct snapshot_write_group *group, uint64_t members)
{
	return align(sizeof(struct snapshot_group_record) +
	    strlen(group->name) + 1 + group->member_count + members);
}

static uint64_t
groups_size(const struct snapshot_write_group *groups, size_t count)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < count; i++)
		size += group_size(&groups[i], members_size(&groups[i]));
	return size;
}

/* How many people own subordinate ids. */
static size_t
subid_count(const struct snapshot_write_input *in)
{
	size_t count = 0, i;

	for (i = 0; i < in->user_count; i++)
		count += in->users[i].subid_start != 0;
	return count;
}

static uint64_t
strings_size(const char *const *strings, size_t count)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < count; i++)
		size += strlen(strings[i]) + 1;
	return size;
}

/* Slots of an index: a power of two of which at most half is used. */
static uint64_t
slots_for(size_t count)
{
	uint64_t slots = 2;

	if (count == 0)
		return 0;
	while (slots < 2 * (uint64_t)count)
		slots *= 2;
	return slots;
}

/* Give a section its place. Too large a one is noticed by its effect on size,
 * which is checked at the end. */
static void
place_section(struct snapshot_layout *l, enum snapshot_section_id id,
    uint64_t count, size_t width)
{
	l->sections[id].offset = (uint32_t)l->size;
	l->sections[id].count = (uint32_t)count;
	l->size += count * width;
}

static void
place_index(struct snapshot_layout *l, enum snapshot_section_id id,
    size_t count)
{
	place_section(l, id, slots_for(count), sizeof(struct snapshot_slot));
}

static void
place_text(struct snapshot_layout *l, enum snapshot_section_id id,
    const char *text)
{
	place_section(l, id, strlen(text), 1);
	l->size++;
}

/* The first pass. */
static int
place_all(struct snapshot_layout *l)
{
	const struct snapshot_write_input *in = l->in;
	size_t i;

	l->size = sizeof(struct snapshot_header);
	place_section(l, SNAPSHOT_USERS, in->user_count, sizeof(uint32_t));
	place_section(l, SNAPSHOT_GROUPS, in->group_count, sizeof(uint32_t));
	place_section(l, SNAPSHOT_LOCAL_GROUPS, in->local_group_count,
	    sizeof(uint32_t));
	place_index(l, SNAPSHOT_USER_NAMES, in->user_count);
	place_index(l, SNAPSHOT_USER_IDS, in->user_count);
	place_index(l, SNAPSHOT_GROUP_NAMES, in->group_count);
	place_index(l, SNAPSHOT_GROUP_IDS, in->group_count);
	place_index(l, SNAPSHOT_LOCAL_GROUP_NAMES, in->local_group_count);
	place_index(l, SNAPSHOT_LOCAL_GROUP_IDS, in->local_group_count);
	place_index(l, SNAPSHOT_SUBID_STARTS, subid_count(in));
	place_index(l, SNAPSHOT_SUBID_OWNERS, subid_count(in));
	place_index(l, SNAPSHOT_LOCAL_NAMES, in->local_name_count);
	place_index(l, SNAPSHOT_TAKEN_IDS, in->taken_id_count);
	place_index(l, SNAPSHOT_CALLERS, in->caller_count);
	place_text(l, SNAPSHOT_HOME, in->home);
	place_text(l, SNAPSHOT_SHELL, in->shell);
	l->strings = l->size;
	l->size += strings_size(in->local_names, in->local_name_count);
	l->size += strings_size(in->callers, in->caller_count);
	l->size = align(l->size);
	l->records = l->size;
	for (i = 0; i < in->user_count; i++)
		l->size += user_size(&in->users[i]);
	l->size += groups_size(in->groups, in->group_count);
	l->size += groups_size(in->local_groups, in->local_group_count);
	return l->size > UINT32_MAX ? -EFBIG : 0;
}

void *
snapshot_layout_section(const struct snapshot_layout *l,
    enum snapshot_section_id id)
{
	return l->data + l->sections[id].offset;
}

static void
put_text(struct snapshot_layout *l, enum snapshot_section_id id,
    const char *text)
{
	memcpy(snapshot_layout_section(l, id), text, strlen(text) + 1);
}

/* Copy a string with its NUL to *to, which moves past it. */
static uint16_t
put_string(unsigned char **to, const char *text)
{
	size_t length = strlen(text);

	memcpy(*to, text, length + 1);
	*to += length + 1;
	return htole16((uint16_t)length);
}

static int
compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The user's supplementary gids: ascending, once each, without the primary.
 * Returns how many. */
static uint32_t
put_gids(uint32_t *to, const struct snapshot_write_user *user)
{
	size_t i, count = 0;

	if (user->gid_count == 0)
		return 0;
	memcpy(to, user->gids, user->gid_count * sizeof(*to));
	qsort(to, user->gid_count, sizeof(*to), compare_ids);
	for (i = 0; i < user->gid_count; i++) {
		if (to[i] != user->gid &&
		    (count == 0 || to[i] != to[count - 1]))
			to[count++] = to[i];
	}
	for (i = 0; i < count; i++)
		to[i] = htole32(to[i]);
	return (uint32_t)count;
}

static void
put_user(unsigned char *to, const struct snapshot_write_user *user)
{
	struct snapshot_user_record *record = (void *)to;
	unsigned char *text = (unsigned char *)(record + 1);
	unsigned char *start = text;

	record->uid = htole32(user->uid);
	record->gid = htole32(user->gid);
	record->name_length = put_string(&text, user->name);
	record->gecos_length = put_string(&text, user->gecos);
	record->home_length = put_string(&text, user->home);
	record->shell_length = put_string(&text, user->shell);
	record->gid_count = htole32(put_gids(
	    (void *)(start + align((uint64_t)(text - start))), user));
}

/* Returns the size of the record. */
static uint64_t
put_group(unsigned char *to, const struct snapshot_write_group *group)
{
	struct snapshot_group_record *record = (void *)to;
	unsigned char *text = (unsigned char *)(record + 1);
	unsigned char *lengths, *members;
	size_t i, length;

	record->gid = htole32(group->gid);
	record->member_count = htole32((uint32_t)group->member_count);
	record->name_length = put_string(&text, group->name);
	lengths = text;
	members = text = lengths + group->member_count;
	for (i = 0; i < group->member_count; i++) {
		length = strlen(group->members[i]);
		lengths[i] = (unsigned char)length;
		memcpy(text, group->members[i], length + 1);
		text += length + 1;
	}
	record->members_size = htole32((uint32_t)(text - members));
	return group_size(group, (uint64_t)(text - members));
}

/* Returns where the last one ends. */
static uint64_t
put_groups(struct snapshot_layout *l, enum snapshot_section_id id,
    const struct snapshot_write_group *groups, size_t count, uint64_t at)
{
	uint32_t *offsets = snapshot_layout_section(l, id);
	size_t i;

	for (i = 0; i < count; i++) {
		offsets[i] = htole32((uint32_t)at);
		at += put_group(l->data + at, &groups[i]);
	}
	return at;
}

static void
put_records(struct snapshot_layout *l)
{
	const struct snapshot_write_input *in = l->in;
	uint32_t *users = snapshot_layout_section(l, SNAPSHOT_USERS);
	uint64_t at = l->records;
	size_t i;

	for (i = 0; i < in->user_count; i++) {
		users[i] = htole32((uint32_t)at);
		put_user(l->data + at, &in->users[i]);
		at += user_size(&in->users[i]);
	}
	at = put_groups(l, SNAPSHOT_GROUPS, in->groups, in->group_count, at);
	(void)put_groups(l, SNAPSHOT_LOCAL_GROUPS, in->local_groups,
	    in->local_group_count, at);
}

static void
put_header(struct snapshot_layout *l, uint64_t now)
{
	const struct snapshot_write_input *in = l->in;
	struct snapshot_header *header = (void *)l->data;
	uint32_t flags = 0;
	enum snapshot_section_id id;

	if (in->enumerate)
		flags |= SNAPSHOT_ENUMERATE;
	if (in->sign_in)
		flags |= SNAPSHOT_SIGN_IN;
	memcpy(header->magic, SNAPSHOT_MAGIC, sizeof(header->magic));
	header->major = htole16(SNAPSHOT_MAJOR);
	header->minor = htole16(SNAPSHOT_MINOR);
	header->size = htole64(l->size);
	header->written = htole64(now);
	header->issuer_seed = htole64(snapshot_issuer_seed(in->issuer));
	header->index_seed = htole64(l->index_seed);
	header->range_start = htole32(in->range_start);
	header->range_size = htole32(in->range_size);
	header->flags = htole32(flags);
	for (id = 0; id < SNAPSHOT_SECTION_COUNT; id++) {
		header->sections[id].offset = htole32(l->sections[id].offset);
		header->sections[id].count = htole32(l->sections[id].count);
	}
}

int
snapshot_layout(const struct snapshot_write_input *in, uint64_t now,
    struct snapshot_image *ret_image)
{
	struct snapshot_layout l = { .in = in };
	int r;

	r = place_all(&l);
	if (r < 0)
		return r;
	l.data = calloc(1, (size_t)l.size);
	if (l.data == NULL)
		return -ENOMEM;
	put_text(&l, SNAPSHOT_HOME, in->home);
	put_text(&l, SNAPSHOT_SHELL, in->shell);
	put_records(&l);
	r = snapshot_layout_index(&l);
	if (r < 0) {
		free(l.data);
		return r;
	}
	put_header(&l, now);
	ret_image->data = l.data;
	ret_image->size = (size_t)l.size;
	return 0;
}
