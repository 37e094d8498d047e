/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every account and group of the two files counts, and both kinds of id are
 * kept sorted for a binary search. Lines for NIS, which start with '+' or '-',
 * name nobody of this host. A gid that is only some user's primary group is as
 * local as one with a line in the group file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/account_file.h"
#include "daemon/local/localfiles.h"

#define LINE_FIRST_GUESS	1024

/* A user or a group. */
struct entry {
	char		*name;
	uint32_t	 id;
	uint32_t	 gid;	/* of a user: the primary group */
	char		**members;	/* of a group: sorted */
	size_t		 member_count;
};

struct table {
	struct entry	*entries;	/* sorted by name */
	size_t		 count;
};

/* Sorted, perhaps with the same id twice. */
struct ids {
	uint32_t	*items;
	size_t		 count;
};

struct localfiles {
	struct filestamp  passwd, group;
	struct localrules rules;
	struct table	  users, groups;
	const char	**user_names;
	struct ids	  uids, gids, all;
};

/* Reads the next entry of stream with the help of buf: see account_file.h. */
typedef int next_fn(FILE *stream, char *buf, size_t size,
    struct entry *ret_entry);

static int
next_user(FILE *stream, char *buf, size_t size, struct entry *ret_entry)
{
	struct passwd pw;
	int r;

	r = account_file_user(stream, &pw, buf, size);
	if (r == 0)
		*ret_entry = (struct entry){ pw.pw_name, pw.pw_uid, pw.pw_gid,
		    NULL, 0 };
	return r;
}

static int
next_group(FILE *stream, char *buf, size_t size, struct entry *ret_entry)
{
	struct group gr;
	int r;

	r = account_file_group(stream, &gr, buf, size);
	if (r == 0)
		*ret_entry = (struct entry){ gr.gr_name, gr.gr_gid, 0,
		    gr.gr_mem, 0 };
	return r;
}

static int
by_name(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int
by_id(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the place of members, which belong to a buffer, copies in order. */
static int
keep_members(struct entry *entry)
{
	char **from = entry->members, **to;
	size_t count = 0;

	entry->members = NULL;
	if (from == NULL || *from == NULL)
		return 0;
	while (from[count] != NULL)
		count++;
	to = calloc(count, sizeof(*to));
	if (to == NULL)
		return -ENOMEM;
	entry->members = to;
	for (; entry->member_count < count; entry->member_count++) {
		to[entry->member_count] = strdup(from[entry->member_count]);
		if (to[entry->member_count] == NULL)
			return -ENOMEM;
	}
	qsort(to, count, sizeof(*to), by_text);
	return 0;
}

static int
append(struct table *table, const struct entry *entry)
{
	struct entry *entries;

	entries = reallocarray(table->entries, table->count + 1,
	    sizeof(*entries));
	if (entries == NULL)
		return -ENOMEM;
	table->entries = entries;
	entries[table->count] = *entry;
	entries[table->count].name = strdup(entry->name);
	if (entries[table->count].name == NULL)
		return -ENOMEM;
	return keep_members(&entries[table->count++]);
}

/* Read again from the same place with more room, until the line fits. Going
 * back there is left to us by older C libraries. */
static int
next_entry(FILE *stream, next_fn *next, char **buf, size_t *size,
    struct entry *ret_entry)
{
	off_t before;
	char *grown;
	int r;

	for (;;) {
		before = ftello(stream);
		if (before < 0)
			return -errno;
		r = next(stream, *buf, *size, ret_entry);
		if (r != -ERANGE)
			return r;
		grown = realloc(*buf, *size * 2);
		if (grown == NULL)
			return -ENOMEM;
		*buf = grown;
		*size *= 2;
		if (fseeko(stream, before, SEEK_SET) < 0)
			return -errno;
	}
}

static int
read_entries(FILE *stream, next_fn *next, struct table *table)
{
	size_t size = LINE_FIRST_GUESS;
	struct entry entry;
	char *buf;
	int r;

	buf = malloc(size);
	if (buf == NULL)
		return -ENOMEM;
	while ((r = next_entry(stream, next, &buf, &size, &entry)) == 0) {
		if (*entry.name == '+' || *entry.name == '-')
			continue;
		r = append(table, &entry);
		if (r < 0)
			break;
	}
	free(buf);
	return r == -ENOENT ? 0 : r;	/* the end of the file */
}

static int
read_source(const char *path, next_fn *next, struct filestamp *stamp,
    struct table *table)
{
	FILE *stream;
	int r;

	r = filestamp_open(stamp, path, &stream);
	if (r < 0)
		return r;
	r = read_entries(stream, next, table);
	(void)fclose(stream);
	if (r == 0 && table->count > 0)
		qsort(table->entries, table->count, sizeof(*table->entries),
		    by_name);
	return r;
}

static void
push(struct ids *ids, uint32_t id)
{
	ids->items[ids->count++] = id;
}

static void
sort(struct ids *ids)
{
	qsort(ids->items, ids->count, sizeof(*ids->items), by_id);
}

static int
make_indexes(struct localfiles *files)
{
	size_t users = files->users.count, groups = files->groups.count, i;
	const struct entry *entry;

	/* One more than needed: an allocation of nothing may be NULL. */
	files->user_names = calloc(users + 1, sizeof(*files->user_names));
	files->uids.items = calloc(users + 1, sizeof(uint32_t));
	files->gids.items = calloc(users + groups + 1, sizeof(uint32_t));
	files->all.items = calloc(2 * users + groups + 1, sizeof(uint32_t));
	if (files->user_names == NULL || files->uids.items == NULL ||
	    files->gids.items == NULL || files->all.items == NULL)
		return -ENOMEM;
	for (i = 0; i < users; i++) {
		entry = &files->users.entries[i];
		files->user_names[i] = entry->name;
		push(&files->uids, entry->id);
		push(&files->gids, entry->gid);
		push(&files->all, entry->id);
		push(&files->all, entry->gid);
	}
	for (i = 0; i < groups; i++) {
		push(&files->gids, files->groups.entries[i].id);
		push(&files->all, files->groups.entries[i].id);
	}
	sort(&files->uids);
	sort(&files->gids);
	sort(&files->all);
	return 0;
}

int
localfiles_load(const char *passwd, const char *group,
    struct localfiles **ret_files)
{
	struct localfiles *files;
	int r;

	files = calloc(1, sizeof(*files));
	if (files == NULL)
		return -ENOMEM;
	r = read_source(passwd, next_user, &files->passwd, &files->users);
	if (r == 0)
		r = read_source(group, next_group, &files->group,
		    &files->groups);
	if (r == 0)
		r = make_indexes(files);
	if (r < 0)
		localfiles_free(files);
	else
		*ret_files = files;
	return r;
}

struct localrules *
localfiles_rules(struct localfiles *files)
{
	return &files->rules;
}

bool
localfiles_merges(const struct localfiles *files)
{
	return files->rules.merges;
}

const struct local_range *
localfiles_subids(const struct localfiles *files, size_t *ret_count)
{
	*ret_count = files->rules.range_count;
	return files->rules.ranges;
}

bool
localfiles_subids_unread(const struct localfiles *files)
{
	return files->rules.unread;
}

bool
localfiles_changed(const struct localfiles *files)
{
	return filestamp_changed(&files->passwd) ||
	    filestamp_changed(&files->group) ||
	    localrules_changed(&files->rules);
}

static void
free_table(struct table *table)
{
	struct entry *entry;
	size_t i, j;

	for (i = 0; i < table->count; i++) {
		entry = &table->entries[i];
		free(entry->name);
		for (j = 0; j < entry->member_count; j++)
			free(entry->members[j]);
		free(entry->members);
	}
	free(table->entries);
}

void
localfiles_free(struct localfiles *files)
{
	if (files == NULL)
		return;
	filestamp_clear(&files->passwd);
	filestamp_clear(&files->group);
	localrules_clear(&files->rules);
	free_table(&files->users);
	free_table(&files->groups);
	free(files->user_names);
	free(files->uids.items);
	free(files->gids.items);
	free(files->all.items);
	free(files);
}

static int
name_order(const void *name, const void *entry)
{
	const struct entry *candidate = entry;

	return strcmp(name, candidate->name);
}

static const struct entry *
find(const struct table *table, const char *name)
{
	if (table->count == 0)
		return NULL;
	return bsearch(name, table->entries, table->count,
	    sizeof(*table->entries), name_order);
}

static bool
has_id(const struct ids *ids, uint32_t id)
{
	return bsearch(&id, ids->items, ids->count, sizeof(id), by_id) != NULL;
}

bool
localfiles_has_user(const struct localfiles *files, const char *name)
{
	return find(&files->users, name) != NULL;
}

bool
localfiles_has_uid(const struct localfiles *files, uint32_t uid)
{
	return has_id(&files->uids, uid);
}

bool
localfiles_has_group(const struct localfiles *files, const char *name)
{
	return find(&files->groups, name) != NULL;
}

bool
localfiles_has_gid(const struct localfiles *files, uint32_t gid)
{
	return has_id(&files->gids, gid);
}

bool
localfiles_claim(const struct localfiles *files, const char *name, uint32_t id)
{
	return localfiles_has_user(files, name) ||
	    localfiles_has_uid(files, id) ||
	    localfiles_has_group(files, name) ||
	    localfiles_has_gid(files, id);
}

const char *
localfiles_id_owner(const struct localfiles *files, uint32_t id)
{
	const struct entry *entry;
	size_t i;

	for (i = 0; i < files->users.count; i++) {
		entry = &files->users.entries[i];
		if (entry->id == id || entry->gid == id)
			return entry->name;
	}
	for (i = 0; i < files->groups.count; i++) {
		entry = &files->groups.entries[i];
		if (entry->id == id)
			return entry->name;
	}
	return NULL;
}

int
localfiles_gid(const struct localfiles *files, const char *name,
    uint32_t *ret_gid)
{
	const struct entry *entry = find(&files->groups, name);

	if (entry == NULL)
		return -ENOENT;
	*ret_gid = entry->id;
	return 0;
}

bool
localfiles_is_member(const struct localfiles *files, const char *group,
    const char *user)
{
	const struct entry *entry = find(&files->groups, group);

	return entry != NULL && entry->member_count > 0 &&
	    bsearch(&user, entry->members, entry->member_count,
	    sizeof(*entry->members), by_text) != NULL;
}

int
localfiles_user(const struct localfiles *files, const char *name,
    uint32_t *ret_uid, uint32_t *ret_gid)
{
	const struct entry *entry = find(&files->users, name);

	if (entry == NULL)
		return -ENOENT;
	*ret_uid = entry->id;
	*ret_gid = entry->gid;
	return 0;
}

const char *const *
localfiles_user_names(const struct localfiles *files, size_t *ret_count)
{
	*ret_count = files->users.count;
	return files->user_names;
}

const uint32_t *
localfiles_ids(const struct localfiles *files, size_t *ret_count)
{
	*ret_count = files->all.count;
	return files->all.items;
}
