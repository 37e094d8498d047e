/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a path to a struct snapshot. No file descriptor outlives a call: a
 * program may close or reuse any that it did not open itself. The header is
 * checked as a whole here; what it points to is checked at each use.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/snapshot_index.h"

_Static_assert(offsetof(struct snapshot_header, retired) == 12,
    "the place of retired never changes");
_Static_assert(sizeof(struct snapshot_header) == 64 +
    SNAPSHOT_SECTION_COUNT * 8, "the header has no padding");
_Static_assert(sizeof(struct snapshot_user_record) == 20,
    "a user record has no padding");
_Static_assert(sizeof(struct snapshot_group_record) == 16,
    "a group record has no padding");

static const struct snapshot_header *
header_of(const struct snapshot *s)
{
	return (const void *)s->data;
}

static int
check_sections(const struct snapshot *s)
{
	struct snapshot_search search;
	enum snapshot_section_id id;
	const void *data;
	const char *text;
	uint32_t count;
	int r;

	for (id = SNAPSHOT_USERS; id <= SNAPSHOT_LOCAL_GROUPS; id++) {
		r = snapshot_section(s, id, sizeof(uint32_t), &data, &count);
		if (r < 0)
			return r;
	}
	for (id = SNAPSHOT_USER_NAMES; id <= SNAPSHOT_CALLERS; id++) {
		r = snapshot_search_start(s, id, 0, 0, &search);
		if (r < 0)
			return r;
	}
	for (id = SNAPSHOT_HOME; id <= SNAPSHOT_SHELL; id++) {
		r = snapshot_text(s, id, &text);
		if (r < 0)
			return r;
	}
	return 0;
}

int
snapshot_open(const void *data, size_t size, struct snapshot *ret_snapshot)
{
	const struct snapshot_header *header = data;
	struct snapshot s = { .data = data, .size = size };
	int r;

	if (size < sizeof(*header) ||
	    memcmp(header->magic, SNAPSHOT_MAGIC, sizeof(header->magic)) != 0 ||
	    le16toh(header->major) != SNAPSHOT_MAJOR ||
	    le64toh(header->size) != size)
		return -EUCLEAN;
	r = check_sections(&s);
	if (r < 0)
		return r;
	*ret_snapshot = s;
	return 0;
}

/* Offsets have 32 bits, so a larger file cannot be meant. */
static int
check_file(const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || (st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return -EPERM;
	if (st->st_size < (off_t)sizeof(struct snapshot_header) ||
	    (uint64_t)st->st_size > UINT32_MAX)
		return -EUCLEAN;
	return 0;
}

static int
map_fd(int fd, struct snapshot *ret_snapshot)
{
	struct snapshot s;
	struct stat st;
	void *data;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	r = check_file(&st);
	if (r < 0)
		return r;
	/* Shared: the word `retired` must be seen when it is set. */
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	r = snapshot_open(data, (size_t)st.st_size, &s);
	if (r < 0) {
		(void)munmap(data, (size_t)st.st_size);
		return r;
	}
	s.device = st.st_dev;
	s.inode = st.st_ino;
	s.owner = st.st_uid;
	*ret_snapshot = s;
	return 0;
}

int
snapshot_map(const char *path, struct snapshot *ret_snapshot)
{
	int fd, r;

	/* O_NONBLOCK: a pipe in its place must not hang every lookup. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
	    O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = map_fd(fd, ret_snapshot);
	(void)close(fd);
	return r;
}

void
snapshot_unmap(struct snapshot *s)
{
	/* By an integer, because munmap() takes no pointer to const. */
	(void)munmap((void *)(uintptr_t)s->data, s->size);
	s->data = NULL;
	s->size = 0;
}

bool
snapshot_is_retired(const struct snapshot *s)
{
	return __atomic_load_n(&header_of(s)->retired, __ATOMIC_ACQUIRE) != 0;
}

uint64_t
snapshot_written(const struct snapshot *s)
{
	return le64toh(header_of(s)->written);
}

uint32_t
snapshot_flags(const struct snapshot *s)
{
	return le32toh(header_of(s)->flags);
}
