/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mapping that a process keeps from one lookup to the next, for code that
 * is loaded into foreign programs: no lock, no memory from the heap, no file
 * descriptor, no thread-local storage, and nothing to do at fork or exit.
 */
#ifndef COMMON_SNAPSHOT_CACHE_H
#define COMMON_SNAPSHOT_CACHE_H

#include <stdatomic.h>

#include "common/snapshot.h"

/* Mappings that may be alive at once: the current one, and those that other
 * threads still read. */
#define SNAPSHOT_CACHE_SLOTS	8

struct snapshot_cache_slot {
	_Atomic uint32_t	state;
	_Atomic uint32_t	readers;
	struct snapshot		map;
};

/* Start with `{ .path = ... }` in static memory. */
struct snapshot_cache {
	const char			*path;
	_Atomic uint32_t		 current;	/* slot + 1; 0: none */
	_Atomic uint32_t		 checked;	/* second of the last */
							/* look at the path */
	struct snapshot_cache_slot	 slots[SNAPSHOT_CACHE_SLOTS];
};

/* One lookup's hold on a mapping. */
struct snapshot_reader {
	struct snapshot			 map;
	struct snapshot_cache_slot	*slot;	/* NULL: this reader's own */
};

/* Take hold of the snapshot that is in force: one that is retired is never
 * returned if its successor can be mapped, and one that another has replaced
 * without retiring it is noticed within a second or two. 0 and the reader must
 * be released, or what snapshot_map() said. errno stays as it was. */
int	snapshot_cache_acquire(struct snapshot_cache *cache,
	    struct snapshot_reader *ret_reader) MUST_USE;

/* Let go; what was found in reader->map is invalid from now on. */
void	snapshot_cache_release(struct snapshot_reader *reader);

#endif
