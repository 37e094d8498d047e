/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token bucket needs no more than one number, the time until which it is
 * busy (the generic cell rate algorithm). The table has a fixed size: the
 * place of the one who is the least busy is taken, so that whoever uses up her
 * rate is not forgotten because others came by.
 */
#include <stddef.h>

#include "daemon/session/rate.h"

#define MINUTE		UINT64_C(60000000)	/* microseconds */
#define FNV_PRIME	UINT64_C(0x100000001b3)
#define FNV_BASIS	UINT64_C(0xcbf29ce484222325)

/* With its end, so that "a" and "bc" are not "ab" and "c". */
static uint64_t
add_string(uint64_t hash, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	do
		hash = (hash ^ *p) * FNV_PRIME;
	while (*p++ != '\0');
	return hash;
}

static uint64_t
make_key(const struct rate *rate, const char *name, const char *source)
{
	uint64_t hash = FNV_BASIS ^ rate->seed;

	hash = add_string(add_string(hash, name), source);
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ (hash >> 29);
}

static struct rate_bucket *
find_bucket(struct rate *rate, uint64_t key)
{
	struct rate_bucket *set = rate->buckets[key % RATE_SETS];
	struct rate_bucket *least = &set[0];
	size_t i;

	for (i = 0; i < RATE_WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].busy_until < least->busy_until)
			least = &set[i];
	}
	least->key = key;
	least->busy_until = 0;
	return least;
}

bool
rate_take(struct rate *rate, const char *name, const char *source,
    uint32_t per_minute, uint64_t now)
{
	struct rate_bucket *bucket;
	uint64_t part = MINUTE / per_minute, start = now * 1000;

	bucket = find_bucket(rate, make_key(rate, name, source));
	if (bucket->busy_until > start)
		start = bucket->busy_until;
	if (start + part > now * 1000 + MINUTE)
		return false;
	bucket->busy_until = start + part;
	return true;
}
