/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A damaged file is an error, never a crash and never an endless walk. Run
 * under AddressSanitizer, or valgrind, this also proves that nothing outside
 * of the file is read; it feeds the fuzz target what an engine would take long
 * to find.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/snapshot_sample.h"

#define FLIPS	20000

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct snapshot_image good;
static unsigned char *bytes;
static struct snapshot_header *header;

static int
lay_out(void **state UNUSED)
{
	struct snapshot_write_input in = sample_input();

	sample_layout(&in, &good);
	bytes = malloc(good.size);
	assert_non_null(bytes);
	header = (void *)bytes;
	memcpy(bytes, good.data, good.size);
	return 0;
}

static int
drop(void **state UNUSED)
{
	free(good.data);
	free(bytes);
	return 0;
}

/* What opening the bytes gives; they are good again afterwards. */
static int
open_bytes(void)
{
	struct snapshot map;
	int r;

	r = snapshot_open(bytes, good.size, &map);
	(void)LLVMFuzzerTestOneInput(bytes, good.size);
	memcpy(bytes, good.data, good.size);
	return r;
}

static void
test_header_fields(void **state UNUSED)
{
	size_t i;

	assert_int_equal(open_bytes(), 0);
	for (i = 0; i < sizeof(header->magic); i++) {
		header->magic[i] ^= 1;
		assert_int_equal(open_bytes(), -EUCLEAN);
	}
	header->major = htole16(SNAPSHOT_MAJOR + 1);
	assert_int_equal(open_bytes(), -EUCLEAN);
	header->size = htole64(good.size + 1);
	assert_int_equal(open_bytes(), -EUCLEAN);
	header->size = htole64(good.size - 1);
	assert_int_equal(open_bytes(), -EUCLEAN);
	header->size = htole64(good.size + (UINT64_C(1) << 32));
	assert_int_equal(open_bytes(), -EUCLEAN);
	/* A later minor version only adds. */
	header->minor = htole16(7);
	assert_int_equal(open_bytes(), 0);
}

static void
test_sections(void **state UNUSED)
{
	struct snapshot_section *section;
	enum snapshot_section_id id;

	for (id = 0; id < SNAPSHOT_SECTION_COUNT; id++) {
		section = &header->sections[id];
		section->offset = htole32((uint32_t)good.size + 4);
		assert_int_equal(open_bytes(), -EUCLEAN);
		section->offset = htole32(0xfffffffcu);
		assert_int_equal(open_bytes(), -EUCLEAN);
		section->count = htole32(0x80000000u);
		assert_int_equal(open_bytes(), -EUCLEAN);
		section->count = htole32(0x20000000u);
		assert_int_equal(open_bytes(), -EUCLEAN);
		if (id >= SNAPSHOT_HOME)
			continue;
		section->offset = htole32(le32toh(section->offset) + 1);
		assert_int_equal(open_bytes(), -EUCLEAN);
		if (id < SNAPSHOT_USER_NAMES)
			continue;
		section->count = htole32(3);
		assert_int_equal(open_bytes(), -EUCLEAN);
	}
	/* Text whose length does not end at its NUL. */
	for (id = SNAPSHOT_HOME; id <= SNAPSHOT_SHELL; id++) {
		section = &header->sections[id];
		section->count = htole32(le32toh(section->count) - 1);
		assert_int_equal(open_bytes(), -EUCLEAN);
	}
}

/* A text beyond what callers set room aside for; no writer lets it through. */
static void
test_long_text(void **state UNUSED)
{
	static char home[SNAPSHOT_STRING_MAX + 2];
	struct snapshot_write_input in = sample_input();
	struct snapshot_image image;
	struct snapshot map;

	memset(home, '/', SNAPSHOT_STRING_MAX + 1);
	in.home = home;
	assert_int_equal(snapshot_layout(&in, 0, &image), 0);
	assert_int_equal(snapshot_open(image.data, image.size, &map), -EUCLEAN);
	free(image.data);
	home[SNAPSHOT_STRING_MAX] = '\0';
	assert_int_equal(snapshot_layout(&in, 0, &image), 0);
	assert_int_equal(snapshot_open(image.data, image.size, &map), 0);
	free(image.data);
}

/* The record of user or group 0. */
static void *
first_record(enum snapshot_section_id id)
{
	const uint32_t *offsets;

	offsets = (void *)(bytes + le32toh(header->sections[id].offset));
	return bytes + le32toh(offsets[0]);
}

/* What asking for user 0 by its place, name and uid gives: all the same. */
static void
assert_user(int expected)
{
	struct snapshot_user user;
	struct snapshot map;

	assert_int_equal(snapshot_open(bytes, good.size, &map), 0);
	assert_int_equal(snapshot_user_at(&map, 0, &user), expected);
	assert_int_equal(snapshot_user_by_name(&map, "alice", &user),
	    expected);
	assert_int_equal(snapshot_user_by_uid(&map, SAMPLE_ALICE, &user),
	    expected);
	(void)LLVMFuzzerTestOneInput(bytes, good.size);
	memcpy(bytes, good.data, good.size);
}

static void
test_user_record(void **state UNUSED)
{
	struct snapshot_user_record *record = first_record(SNAPSHOT_USERS);
	uint16_t *lengths[] = { &record->name_length, &record->gecos_length,
	    &record->home_length, &record->shell_length };
	struct snapshot_user user;
	struct snapshot map;
	size_t i;

	assert_user(0);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		*lengths[i] = htole16((uint16_t)(le16toh(*lengths[i]) - 1));
		assert_user(-EUCLEAN);
		*lengths[i] = 0xffff;
		assert_user(-EUCLEAN);
	}
	record->gid_count = htole32(0x10000000u);
	assert_user(-EUCLEAN);
	record->gid_count = 0xffffffffu;
	assert_user(-EUCLEAN);
	/* Ids that no writer may write. */
	record->uid = 0;
	assert_user(-EUCLEAN);
	record->gid = 0;
	assert_user(-EUCLEAN);
	record->gid = htole32(27);
	assert_user(-EUCLEAN);
	/* The index says one uid, the record another. */
	record->uid = htole32(70009);
	assert_int_equal(snapshot_open(bytes, good.size, &map), 0);
	assert_int_equal(snapshot_user_by_uid(&map, SAMPLE_ALICE, &user),
	    -EUCLEAN);
	memcpy(bytes, good.data, good.size);
}

static void
assert_group(int expected)
{
	struct snapshot_group group;
	struct snapshot map;

	assert_int_equal(snapshot_open(bytes, good.size, &map), 0);
	assert_int_equal(snapshot_group_at(&map, 0, &group), expected);
	assert_int_equal(snapshot_group_by_name(&map, "staff", &group),
	    expected);
	assert_int_equal(snapshot_group_by_gid(&map, 5000, &group), expected);
	(void)LLVMFuzzerTestOneInput(bytes, good.size);
	memcpy(bytes, good.data, good.size);
}

static void
test_group_record(void **state UNUSED)
{
	struct snapshot_group_record *record = first_record(SNAPSHOT_GROUPS);
	struct snapshot_group group;
	struct snapshot map;

	assert_group(0);
	record->name_length = 0xffff;
	assert_group(-EUCLEAN);
	record->name_length = htole16(4);
	assert_group(-EUCLEAN);
	/* The same, with members that end where they should. */
	record->name_length = htole16(4);
	record->members_size = htole32(11);
	assert_group(-EUCLEAN);
	record->member_count = 0xffffffffu;
	assert_group(-EUCLEAN);
	record->members_size = 0xffffffffu;
	assert_group(-EUCLEAN);
	/* Members that do not end with a NUL. */
	record->members_size = htole32(9);
	assert_group(-EUCLEAN);
	record->gid = 0;
	assert_group(-EUCLEAN);
	record->gid = htole32(70009);
	assert_int_equal(snapshot_open(bytes, good.size, &map), 0);
	assert_int_equal(snapshot_group_by_gid(&map, 5000, &group), -EUCLEAN);
	memcpy(bytes, good.data, good.size);
}

/* An offset that leaves the file, or is not a multiple of 4. */
static void
test_record_offsets(void **state UNUSED)
{
	static const uint32_t wrong[] = { 0xffffffffu, 0xfffffffcu, 1 };
	struct snapshot_user user;
	struct snapshot_group group;
	struct snapshot map;
	uint32_t *users, *groups;
	size_t i;

	users = (void *)(bytes +
	    le32toh(header->sections[SNAPSHOT_USERS].offset));
	groups = (void *)(bytes +
	    le32toh(header->sections[SNAPSHOT_GROUPS].offset));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		users[0] = groups[0] = htole32(wrong[i]);
		assert_int_equal(snapshot_open(bytes, good.size, &map), 0);
		assert_int_equal(snapshot_user_at(&map, 0, &user), -EUCLEAN);
		assert_int_equal(snapshot_group_at(&map, 0, &group), -EUCLEAN);
		memcpy(bytes, good.data, good.size);
	}
	users[0] = htole32((uint32_t)good.size & ~3u);
	assert_int_equal(snapshot_open(bytes, good.size, &map), 0);
	assert_int_equal(snapshot_user_at(&map, 0, &user), -EUCLEAN);
	memcpy(bytes, good.data, good.size);
}

/* An index without an empty slot, in which nothing matches. */
static void
test_full_index(void **state UNUSED)
{
	enum { SLOTS = 1 << 20 };
	struct snapshot_section *section;
	struct snapshot_slot *slots;
	struct snapshot_user user;
	struct snapshot map;
	unsigned char *large;
	size_t size;
	uint32_t i;

	size = sizeof(*header) + SLOTS * sizeof(*slots);
	large = calloc(1, size);
	assert_non_null(large);
	memcpy(large, good.data, sizeof(*header));
	header = (void *)large;
	header->size = htole64(size);
	for (i = 0; i < SNAPSHOT_SECTION_COUNT; i++)
		header->sections[i] = (struct snapshot_section){ 0, 0 };
	/* Two NULs of the slots serve as empty texts. */
	header->sections[SNAPSHOT_HOME].offset = htole32(sizeof(*header) + 3);
	header->sections[SNAPSHOT_SHELL].offset = htole32(sizeof(*header) + 3);
	section = &header->sections[SNAPSHOT_USER_NAMES];
	section->offset = htole32(sizeof(*header));
	section->count = htole32(SLOTS);
	slots = (void *)(header + 1);
	for (i = 0; i < SLOTS; i++) {
		slots[i].tag = htole32(i & 0xffffff);
		slots[i].value = htole32(4);
	}
	assert_int_equal(snapshot_open(large, size, &map), 0);
	/* So many steps that they take minutes, were each not cut off. */
	for (i = 0; i < 100000; i++)
		assert_int_equal(snapshot_user_by_name(&map, "alice", &user),
		    -ENOENT);
	free(large);
	header = (void *)bytes;
}

static void
test_truncation(void **state UNUSED)
{
	struct snapshot map;
	size_t size;

	for (size = 0; size < good.size; size++) {
		memcpy(bytes, good.data, good.size);
		assert_int_equal(snapshot_open(bytes, size, &map), -EUCLEAN);
		/* As if the header agreed. */
		if (size >= sizeof(*header))
			header->size = htole64(size);
		(void)LLVMFuzzerTestOneInput(bytes, size);
	}
	memcpy(bytes, good.data, good.size);
}

static void
test_bit_flips(void **state UNUSED)
{
	uint64_t random = 88172645463325252u;
	size_t bit;
	int i, j;

	for (i = 0; i < FLIPS; i++) {
		for (j = 0; j <= i % 3; j++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			bit = (size_t)(random % (good.size * 8));
			bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
		(void)LLVMFuzzerTestOneInput(bytes, good.size);
		memcpy(bytes, good.data, good.size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_fields),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_user_record),
		cmocka_unit_test(test_group_record),
		cmocka_unit_test(test_record_offsets),
		cmocka_unit_test(test_full_index),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_bit_flips),
	};

	return cmocka_run_group_tests_name("snapshot_corrupt", tests, lay_out,
	    drop);
}
