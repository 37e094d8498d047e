/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every access to the file is checked here, by subtraction, when it is made:
 * whatever the bytes are, nothing outside of the mapping is read and each walk
 * ends after SNAPSHOT_PROBE_MAX steps.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "common/snapshot_index.h"

#define FNV_START	0xcbf29ce484222325u
#define FNV_PRIME	0x100000001b3u

const void *
snapshot_bytes(const struct snapshot *s, uint32_t offset, uint64_t length)
{
	if (offset > s->size || length > s->size - offset)
		return NULL;
	return s->data + offset;
}

int
snapshot_section(const struct snapshot *s, enum snapshot_section_id id,
    size_t width, const void **ret_data, uint32_t *ret_count)
{
	const struct snapshot_header *header;
	const void *data;
	uint32_t offset, count;

	header = (const void *)s->data;
	offset = le32toh(header->sections[id].offset);
	count = le32toh(header->sections[id].count);
	data = snapshot_bytes(s, offset, (uint64_t)count * width);
	if (data == NULL || (width > 1 && offset % 4 != 0))
		return -EUCLEAN;
	*ret_data = data;
	*ret_count = count;
	return 0;
}

int
snapshot_text(const struct snapshot *s, enum snapshot_section_id id,
    const char **ret_text)
{
	const struct snapshot_header *header;
	const char *text;
	uint32_t length;

	header = (const void *)s->data;
	length = le32toh(header->sections[id].count);
	text = snapshot_bytes(s, le32toh(header->sections[id].offset),
	    (uint64_t)length + 1);
	if (text == NULL || length > SNAPSHOT_STRING_MAX ||
	    text[length] != '\0')
		return -EUCLEAN;
	*ret_text = text;
	return 0;
}

int
snapshot_search_start(const struct snapshot *s, enum snapshot_section_id id,
    uint64_t hash, uint32_t tag, struct snapshot_search *ret_search)
{
	const void *slots;
	uint32_t count;
	int r;

	r = snapshot_section(s, id, sizeof(struct snapshot_slot), &slots,
	    &count);
	if (r < 0)
		return r;
	if ((count & (count - 1)) != 0)
		return -EUCLEAN;
	ret_search->slots = slots;
	ret_search->mask = count - 1;
	ret_search->at = (uint32_t)hash & (count - 1);
	ret_search->left = count < SNAPSHOT_PROBE_MAX ?
	    count : SNAPSHOT_PROBE_MAX;
	ret_search->tag = tag;
	return 0;
}

int
snapshot_search_next(struct snapshot_search *search, uint32_t *ret_value)
{
	const struct snapshot_slot *slot;

	while (search->left > 0) {
		slot = &search->slots[search->at];
		if (slot->value == 0)
			break;
		search->at = (search->at + 1) & search->mask;
		search->left--;
		if (le32toh(slot->tag) == search->tag) {
			*ret_value = le32toh(slot->value);
			return 0;
		}
	}
	return -ENOENT;
}

int
snapshot_find_id(const struct snapshot *s, enum snapshot_section_id id,
    uint32_t key, uint32_t *ret_value)
{
	const struct snapshot_header *header;
	struct snapshot_search search;
	int r;

	header = (const void *)s->data;
	r = snapshot_search_start(s, id,
	    snapshot_hash_id(le64toh(header->index_seed), key), key, &search);
	if (r < 0)
		return r;
	return snapshot_search_next(&search, ret_value);
}

int
snapshot_find_string(const struct snapshot *s, enum snapshot_section_id id,
    const char *key)
{
	const struct snapshot_header *header;
	struct snapshot_search search;
	const char *text;
	uint64_t hash;
	uint32_t value;
	size_t size;
	int r;

	header = (const void *)s->data;
	size = strlen(key) + 1;
	hash = snapshot_hash_name(le64toh(header->index_seed), key);
	r = snapshot_search_start(s, id, hash, (uint32_t)(hash >> 32), &search);
	if (r < 0)
		return r;
	while ((r = snapshot_search_next(&search, &value)) == 0) {
		/* A shorter string at the very end is another one. */
		text = snapshot_bytes(s, value, size);
		if (text != NULL && memcmp(text, key, size) == 0)
			return 0;
	}
	return r;
}

static uint64_t
fnv(uint64_t state, const char *text)
{
	for (; *text != '\0'; text++)
		state = (state ^ (unsigned char)*text) * FNV_PRIME;
	return state;
}

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

uint64_t
snapshot_hash_name(uint64_t index_seed, const char *name)
{
	return mix(fnv(index_seed, name));
}

uint64_t
snapshot_hash_id(uint64_t index_seed, uint32_t id)
{
	return mix(index_seed ^ id);
}

uint64_t
snapshot_issuer_seed(const char *issuer)
{
	return fnv(FNV_START, issuer);
}

uint32_t
snapshot_computed_id(uint64_t issuer_seed, const char *name, uint32_t start,
    uint32_t size)
{
	return start + (uint32_t)(mix(fnv(issuer_seed, name)) % size);
}

uint32_t
snapshot_computed_gid(uint64_t issuer_seed, const char *group, uint32_t start,
    uint32_t size)
{
	return snapshot_computed_id(fnv(issuer_seed, "group:"), group, start,
	    size);
}
