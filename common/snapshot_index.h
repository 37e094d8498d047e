/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the readers of common/snapshot.h reach into the file: no other code
 * turns an offset into a pointer.
 */
#ifndef COMMON_SNAPSHOT_INDEX_H
#define COMMON_SNAPSHOT_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "common/snapshot.h"

/* length bytes at offset, or NULL if they are not all within the file. */
const void *snapshot_bytes(const struct snapshot *s, uint32_t offset,
	    uint64_t length);

/* A section of elements of width bytes each. 0, or -EUCLEAN if it is not
 * within the file or, for a width above 1, not at a multiple of 4. */
int	snapshot_section(const struct snapshot *s, enum snapshot_section_id id,
	    size_t width, const void **ret_data, uint32_t *ret_count) MUST_USE;

/* A section that is text. 0 or -EUCLEAN. */
int	snapshot_text(const struct snapshot *s, enum snapshot_section_id id,
	    const char **ret_text) MUST_USE;

/* A walk over the slots of an index that may hold one key. */
struct snapshot_search {
	const struct snapshot_slot	*slots;
	uint32_t			 mask;
	uint32_t			 at;
	uint32_t			 left;	/* slots to look at */
	uint32_t			 tag;
};

/* Start a walk. 0 or -EUCLEAN. */
int	snapshot_search_start(const struct snapshot *s,
	    enum snapshot_section_id id, uint64_t hash, uint32_t tag,
	    struct snapshot_search *ret_search) MUST_USE;

/* The value of the next slot with this tag: 0, or -ENOENT at the end. */
int	snapshot_search_next(struct snapshot_search *search,
	    uint32_t *ret_value) MUST_USE;

/* The value of an id: 0, -ENOENT or -EUCLEAN. */
int	snapshot_find_id(const struct snapshot *s, enum snapshot_section_id id,
	    uint32_t key, uint32_t *ret_value) MUST_USE;

/* 0 if the index holds this string, -ENOENT if not, or -EUCLEAN. Only for
 * LOCAL_NAMES and CALLERS, whose values are strings. */
int	snapshot_find_string(const struct snapshot *s,
	    enum snapshot_section_id id, const char *key) MUST_USE;

#endif
