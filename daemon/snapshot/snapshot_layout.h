/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of a snapshot, in memory: the parts of snapshot_write() that
 * touch no file.
 */
#ifndef DAEMON_SNAPSHOT_SNAPSHOT_LAYOUT_H
#define DAEMON_SNAPSHOT_SNAPSHOT_LAYOUT_H

#include "common/snapshot.h"
#include "daemon/snapshot/snapshot_write.h"

/* Refuse what no reader must ever see: 0, or -EINVAL. Duplicates are found by
 * snapshot_layout(). */
int	snapshot_check(const struct snapshot_write_input *in) MUST_USE;

struct snapshot_image {
	unsigned char	*data;	/* to be freed */
	size_t		 size;
};

/* Lay out a checked input, written at now (seconds since 1970). 0; -EINVAL for
 * two users or groups with one name or id; -EFBIG beyond what offsets of 32
 * bits reach; -EAGAIN if the keys cannot be spread; or -ENOMEM. */
int	snapshot_layout(const struct snapshot_write_input *in, uint64_t now,
	    struct snapshot_image *ret_image) MUST_USE;

/* A snapshot that is being laid out; for snapshot_layout() and its parts. */
struct snapshot_layout {
	const struct snapshot_write_input *in;
	struct snapshot_section	 sections[SNAPSHOT_SECTION_COUNT];
	uint64_t		 strings;	/* of LOCAL_NAMES, CALLERS */
	uint64_t		 records;
	uint64_t		 size;
	uint64_t		 index_seed;
	unsigned char		*data;
};

/* The bytes of a section. */
void	*snapshot_layout_section(const struct snapshot_layout *l,
	    enum snapshot_section_id id);

/* Fill the indices, and write the strings that only they refer to, once the
 * records are there. Sets index_seed. 0, -EINVAL or -EAGAIN. */
int	snapshot_layout_index(struct snapshot_layout *l) MUST_USE;

#endif
