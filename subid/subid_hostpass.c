/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whoever newuidmap believes to own ids may put on anybody's uid among them,
 * inside of a user namespace. The answer is what the host's own files say, and
 * what the snapshot says, which no one but the daemon writes.
 *
 * MUST start from "does not own it", and stay there on any error.
 * MUST NOT ask anybody, nor read the environment: newuidmap is setuid.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "subid/subid_hostpass.h"
#include "subid/subid_local.h"
#include "subid/subid_paths.h"

/* Somebody whose lines are looked for. */
struct owner {
	const char	*name;
	uid_t		 uid;
	bool		 has_uid;
};

static struct owner
know_owner(const char *name)
{
	struct owner owner = { .name = name };

	owner.has_uid = subid_local_owner(name, &owner.uid) == 0;
	return owner;
}

/* What the snapshot gives to owner: 0 and the first of SNAPSHOT_SUBID_COUNT
 * ids, -ENOENT, or another -errno. Nothing to somebody else of the same name,
 * whom the host knows by another uid. */
static int
find_ours(const struct owner *owner, uint32_t *ret_start)
{
	struct snapshot_user user;
	struct snapshot snapshot;
	int r;

	if (!owner->has_uid || !name_is_valid(owner->name))
		return -ENOENT;
	r = snapshot_map(subid_snapshot, &snapshot);
	if (r < 0)
		return r == -ENOENT ? -EUNATCH : r;
	r = snapshot_user_by_name(&snapshot, owner->name, &user);
	if (r == 0 && user.uid != owner->uid)
		r = -ENOENT;
	if (r == 0)
		r = snapshot_subid_start(&snapshot, user.uid, ret_start);
	snapshot_unmap(&snapshot);
	return r;
}

/* By name, or by uid: in digits, or that of another name. */
static bool
is_hers(const struct owner *owner, const struct subid_line *line)
{
	uid_t uid;

	if (strcmp(line->owner, owner->name) == 0)
		return true;
	return owner->has_uid && subid_local_owner(line->owner, &uid) == 0 &&
	    uid == owner->uid;
}

struct wanted {
	struct owner	 owner;
	uint64_t	 first;		/* that no line was found for yet */
	uint64_t	 last;
};

/* 1 if this is the line that was missing. */
static int
holds(void *arg, const struct subid_line *line)
{
	struct wanted *wanted = arg;

	if (line->first > wanted->first || line->last < wanted->first ||
	    !is_hers(&wanted->owner, line))
		return 0;
	wanted->first = (uint64_t)line->last + 1;
	return wanted->first > wanted->last;
}

/* Lines that adjoin, in whichever order, are one range, as they are for shadow
 * itself. 1, 0 or -errno. */
static int
walk_on(enum subid_type type, struct wanted *wanted)
{
	uint64_t before;
	int r;

	do {
		before = wanted->first;
		r = subid_local_walk(type, holds, wanted);
	} while (r == 0 && wanted->first > before);
	return r;
}

enum subid_status
subid_has_range(const char *owner, unsigned long start, unsigned long count,
    enum subid_type type, bool *result)
{
	struct wanted wanted = { .first = start, .last = count };
	uint32_t ours;
	int r;

	*result = false;
	if (count == 0 || wanted.first > UINT32_MAX ||
	    wanted.last > UINT32_MAX)
		return SUBID_SUCCESS;
	wanted.owner = know_owner(owner);
	wanted.last += wanted.first - 1;
	r = walk_on(type, &wanted);
	if (r < 0)
		return SUBID_ERROR;
	if (r > 0) {
		*result = true;
		return SUBID_SUCCESS;
	}
	r = find_ours(&wanted.owner, &ours);
	if (r < 0)
		return r == -ENOENT ? SUBID_SUCCESS : SUBID_UNREACHABLE;
	*result = ours <= start && wanted.last - ours < SNAPSHOT_SUBID_COUNT;
	return SUBID_SUCCESS;
}

/* An array that grows by one: of ranges, or of uids. */
struct list {
	void		*items;
	int		 count;
	struct owner	 owner;
	uint64_t	 id;
};

static int
add_range(struct list *list, unsigned long start, unsigned long count)
{
	struct subid_range *ranges;

	ranges = reallocarray(list->items, (size_t)list->count + 1,
	    sizeof(*ranges));
	if (ranges == NULL)
		return -ENOMEM;
	ranges[list->count++] = (struct subid_range){ start, count };
	list->items = ranges;
	return 0;
}

static int
list_line(void *arg, const struct subid_line *line)
{
	struct list *list = arg;

	if (!is_hers(&list->owner, line))
		return 0;
	return add_range(list, line->first,
	    (unsigned long)(line->last - line->first) + 1);
}

/* Hand over the list, or nothing; r is the outcome. */
static enum subid_status
finish(struct list *list, int r, void *ret_items, int *ret_count)
{
	if (r < 0) {
		free(list->items);
		list->items = NULL;
		list->count = 0;
	}
	memcpy(ret_items, &list->items, sizeof(list->items));
	*ret_count = list->count;
	return r < 0 ? SUBID_ERROR : SUBID_SUCCESS;
}

enum subid_status
shadow_subid_list_owner_ranges(const char *owner, enum subid_type type,
    struct subid_range **ranges, int *count)
{
	struct list list = { .owner = know_owner(owner) };
	uint32_t ours;
	int r;

	r = subid_local_walk(type, list_line, &list);
	/* Without a snapshot, what the host itself says still holds. */
	if (r == 0 && find_ours(&list.owner, &ours) == 0)
		r = add_range(&list, ours, SNAPSHOT_SUBID_COUNT);
	return finish(&list, r, ranges, count);
}

static int
add_uid(struct list *list, uid_t uid)
{
	uid_t *uids;

	uids = reallocarray(list->items, (size_t)list->count + 1,
	    sizeof(*uids));
	if (uids == NULL)
		return -ENOMEM;
	uids[list->count++] = uid;
	list->items = uids;
	return 0;
}

static int
list_owner(void *arg, const struct subid_line *line)
{
	struct list *list = arg;
	uid_t uid;

	if (list->id < line->first || list->id > line->last ||
	    subid_local_owner(line->owner, &uid) < 0)
		return 0;
	return add_uid(list, uid);
}

static int
find_owner_of_ours(uint32_t id, uint32_t *ret_uid)
{
	struct snapshot snapshot;
	int r;

	r = snapshot_map(subid_snapshot, &snapshot);
	if (r < 0)
		return r;
	r = snapshot_subid_owner(&snapshot, id, ret_uid);
	snapshot_unmap(&snapshot);
	return r;
}

enum subid_status
shadow_subid_find_subid_owners(unsigned long id, enum subid_type type,
    uid_t **uids, int *count)
{
	struct list list = { .id = id };
	uint32_t uid;
	int r;

	r = subid_local_walk(type, list_owner, &list);
	if (r == 0 && list.id <= UINT32_MAX &&
	    find_owner_of_ours((uint32_t)id, &uid) == 0)
		r = add_uid(&list, uid);
	return finish(&list, r, uids, count);
}

void
shadow_subid_free(void *memory)
{
	free(memory);
}
