/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mapping may be unmapped only when no thread reads it. Time cannot tell (a
 * thread may sleep for as long as it likes in the middle of a lookup), hazard
 * pointers need a place for each thread, which means thread-local storage, and
 * keeping all mappings for ever would keep the disk blocks of every snapshot
 * that was ever published. So readers are counted, in the slot of the mapping.
 *
 *	reader	adds itself to a slot, then looks whether the slot is still
 *		current; if not, takes itself off again and touches nothing
 *	writer	makes another slot current, then looks for readers of the old
 *
 * Both are sequentially consistent, so one of the two sees the other: a slot
 * that is not current and has no readers is nobody's. A thread that is in
 * between may raise the count of a slot that is being filled anew; it reads
 * nothing there unless that slot has become current, and then it may.
 *
 * FORK
 *	The count of a reader in another thread stays in the child, and a slot
 *	that was being filled stays taken. The child loses that slot, no more.
 *	Once all are lost each lookup maps the file for itself.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>

#include "common/snapshot_cache.h"

/* How often a reader tries again that found its slot just replaced. */
#define HOLD_ATTEMPTS	8

/* FREE -> BUSY -> LIVE -> RETIRED -> BUSY -> FREE. Whoever made a slot BUSY
 * owns its map; LIVE is current, and so read only. */
enum {
	SLOT_FREE,
	SLOT_BUSY,
	SLOT_LIVE,
	SLOT_RETIRED,
};

static bool
claim(struct snapshot_cache_slot *slot, uint32_t state)
{
	return atomic_compare_exchange_strong(&slot->state, &state, SLOT_BUSY);
}

/* Unmap a retired slot, unless it is read. */
static void
reclaim(struct snapshot_cache_slot *slot)
{
	if (atomic_load(&slot->readers) != 0 || !claim(slot, SLOT_RETIRED))
		return;
	/* It may have been in use again between the two. */
	if (atomic_load(&slot->readers) != 0) {
		atomic_store(&slot->state, SLOT_RETIRED);
		return;
	}
	snapshot_unmap(&slot->map);
	atomic_store(&slot->state, SLOT_FREE);
}

/* Add a reader to the current slot, or return NULL if there is none. */
static struct snapshot_cache_slot *
hold(struct snapshot_cache *cache)
{
	struct snapshot_cache_slot *slot;
	uint32_t current;
	int i;

	for (i = 0; i < HOLD_ATTEMPTS; i++) {
		current = atomic_load(&cache->current);
		if (current == 0)
			break;
		slot = &cache->slots[current - 1];
		atomic_fetch_add(&slot->readers, 1);
		if (atomic_load(&cache->current) == current)
			return slot;
		atomic_fetch_sub(&slot->readers, 1);
	}
	return NULL;
}

static void
drop(struct snapshot_cache_slot *slot)
{
	if (atomic_fetch_sub(&slot->readers, 1) == 1 &&
	    atomic_load(&slot->state) == SLOT_RETIRED)
		reclaim(slot);
}

static bool
path_is(const char *path, const struct snapshot *map)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == map->device &&
	    st.st_ino == map->inode;
}

/* True unless the mapping that is held has been replaced. */
static bool
is_fresh(struct snapshot_cache *cache, const struct snapshot *map)
{
	struct timespec now;
	uint32_t second;
	int saved;
	bool same;

	if (snapshot_is_retired(map))
		return false;
	if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) < 0)
		return false;
	second = (uint32_t)now.tv_sec;
	if (atomic_load_explicit(&cache->checked, memory_order_relaxed) ==
	    second)
		return true;
	atomic_store_explicit(&cache->checked, second, memory_order_relaxed);
	saved = errno;
	same = path_is(cache->path, map);
	errno = saved;
	return same;
}

/* Make map current in place of old (NULL: of nothing). The new slot has one
 * reader. NULL, and map stays the caller's, if no slot is free or another
 * thread was faster. */
static struct snapshot_cache_slot *
install(struct snapshot_cache *cache, const struct snapshot *map,
    struct snapshot_cache_slot *old)
{
	struct snapshot_cache_slot *slot;
	uint32_t expected, i;

	expected = old == NULL ? 0 : (uint32_t)(old - cache->slots) + 1;
	for (i = 0; i < SNAPSHOT_CACHE_SLOTS; i++) {
		if (claim(&cache->slots[i], SLOT_FREE))
			break;
	}
	if (i == SNAPSHOT_CACHE_SLOTS)
		return NULL;
	slot = &cache->slots[i];
	slot->map = *map;
	atomic_fetch_add(&slot->readers, 1);
	atomic_store(&slot->state, SLOT_LIVE);
	if (!atomic_compare_exchange_strong(&cache->current, &expected,
	    i + 1)) {
		atomic_fetch_sub(&slot->readers, 1);
		atomic_store(&slot->state, SLOT_FREE);
		return NULL;
	}
	if (old != NULL)
		atomic_store(&old->state, SLOT_RETIRED);
	return slot;
}

/* Nothing is in force any more: forget the slot, if it still is current. */
static void
forget(struct snapshot_cache *cache, struct snapshot_cache_slot *slot)
{
	uint32_t expected = (uint32_t)(slot - cache->slots) + 1;

	if (atomic_compare_exchange_strong(&cache->current, &expected, 0))
		atomic_store(&slot->state, SLOT_RETIRED);
}

/* True if the path has been looked at and holds no snapshot; anything else
 * (no descriptors left, no memory) says nothing about it. */
static bool
is_final(int error)
{
	return error == -ENOENT || error == -EUCLEAN || error == -EPERM;
}

/* Map what the path holds now. held (or NULL) is let go of, or returned if
 * nothing better is to be had. */
static int
refresh(struct snapshot_cache *cache, struct snapshot_cache_slot *held,
    struct snapshot_reader *ret_reader)
{
	struct snapshot_cache_slot *slot;
	struct snapshot map;
	int i, r;

	r = snapshot_map(cache->path, &map);
	if (r < 0 && held != NULL && !is_final(r)) {
		ret_reader->map = held->map;
		ret_reader->slot = held;
		return 0;
	}
	if (r == 0) {
		slot = install(cache, &map, held);
		ret_reader->map = map;
		ret_reader->slot = slot;
	} else if (held != NULL) {
		forget(cache, held);
	}
	if (held != NULL)
		drop(held);
	for (i = 0; i < SNAPSHOT_CACHE_SLOTS; i++) {
		if (atomic_load(&cache->slots[i].state) == SLOT_RETIRED)
			reclaim(&cache->slots[i]);
	}
	return r;
}

int
snapshot_cache_acquire(struct snapshot_cache *cache,
    struct snapshot_reader *ret_reader)
{
	struct snapshot_cache_slot *held;
	int cancel, r, saved;

	held = hold(cache);
	if (held != NULL && is_fresh(cache, &held->map)) {
		ret_reader->map = held->map;
		ret_reader->slot = held;
		return 0;
	}
	/* A thread that is cancelled in open() would lose a descriptor. */
	saved = errno;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	r = refresh(cache, held, ret_reader);
	(void)pthread_setcancelstate(cancel, NULL);
	errno = saved;
	return r;
}

void
snapshot_cache_release(struct snapshot_reader *reader)
{
	if (reader->slot != NULL)
		drop(reader->slot);
	else
		snapshot_unmap(&reader->map);
}
