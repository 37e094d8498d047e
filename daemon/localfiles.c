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
#include <sys/stat.h>
#include <unistd.h>

#include "common/account_file.h"
#include "daemon/localfiles.h"

#define LINE_FIRST_GUESS	1024

struct table {
	struct account_line	*entries;	/* sorted by name */
	size_t			 count;
};

/* Sorted, perhaps with the same id twice. */
struct ids {
	uint32_t	*items;
	size_t		 count;
};

/* A file, and what told it from other versions when it was opened. */
struct source {
	char		*path;
	struct stat	 st;
};

struct localfiles {
	struct source	  passwd, group;
	struct table	  users, groups;
	const char	**user_names;
	struct ids	  uids, gids, all;
};

/* Reads the next entry: see account_file.h. */
typedef int next_fn(FILE *stream, char *buf, size_t size,
    struct account_line *ret_entry);

static int
by_name(const void *a, const void *b)
{
	const struct account_line *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int
by_id(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static int
append(struct table *table, const struct account_line *entry)
{
	struct account_line *entries;

	entries = reallocarray(table->entries, table->count + 1,
	    sizeof(*entries));
	if (entries == NULL)
		return -ENOMEM;
	table->entries = entries;
	entries[table->count] = *entry;
	entries[table->count].name = strdup(entry->name);
	if (entries[table->count].name == NULL)
		return -ENOMEM;
	table->count++;
	return 0;
}

/* Read again from the same place with more room, until the line fits. Going
 * back there is left to us by older C libraries. */
static int
next_entry(FILE *stream, next_fn *next, char **buf, size_t *size,
    struct account_line *ret_entry)
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
	struct account_line entry;
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
read_source(const char *path, next_fn *next, struct source *source,
    struct table *table)
{
	FILE *stream;
	int r;

	source->path = strdup(path);
	if (source->path == NULL)
		return -ENOMEM;
	stream = fopen(path, "re");
	if (stream == NULL)
		return -errno;
	/* Before the first line: a change while we read shows afterwards. */
	if (fstat(fileno(stream), &source->st) < 0)
		r = -errno;
	else
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
	const struct account_line *entry;

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
	r = read_source(passwd, account_file_user, &files->passwd,
	    &files->users);
	if (r == 0)
		r = read_source(group, account_file_group, &files->group,
		    &files->groups);
	if (r == 0)
		r = make_indexes(files);
	if (r < 0)
		localfiles_free(files);
	else
		*ret_files = files;
	return r;
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool
source_changed(const struct source *source)
{
	struct stat st;

	return stat(source->path, &st) < 0 ||
	    st.st_dev != source->st.st_dev ||
	    st.st_ino != source->st.st_ino ||
	    st.st_size != source->st.st_size ||
	    !same_time(&st.st_mtim, &source->st.st_mtim) ||
	    !same_time(&st.st_ctim, &source->st.st_ctim);
}

bool
localfiles_changed(const struct localfiles *files)
{
	return source_changed(&files->passwd) || source_changed(&files->group);
}

static void
free_table(struct table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		free(table->entries[i].name);
	free(table->entries);
}

void
localfiles_free(struct localfiles *files)
{
	if (files == NULL)
		return;
	free(files->passwd.path);
	free(files->group.path);
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
	const struct account_line *candidate = entry;

	return strcmp(name, candidate->name);
}

static const struct account_line *
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
	const struct account_line *entry;
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
	const struct account_line *entry = find(&files->groups, name);

	if (entry == NULL)
		return -ENOENT;
	*ret_gid = entry->id;
	return 0;
}

int
localfiles_user(const struct localfiles *files, const char *name,
    uint32_t *ret_uid, uint32_t *ret_gid)
{
	const struct account_line *entry = find(&files->users, name);

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
