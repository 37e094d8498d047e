/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole file is right, or there is no map: an id that stands twice would
 * make one account of two people.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config/config_file.h"
#include "daemon/identity/mapfile.h"

struct entry {
	struct map_line	 line;
	unsigned int	 number;
	char		*text;		/* what line points into */
};

struct id {
	uint32_t	 value;
	unsigned int	 number;	/* of the line */
};

struct mapfile {
	char		*path;
	struct stat	 st;
	struct entry	*entries;	/* sorted by kind and key */
	size_t		 count;
	size_t		 room;
};

static int
by_key(const void *a, const void *b)
{
	const struct map_line *left = a, *right = b;

	if (left->is_subject != right->is_subject)
		return left->is_subject ? 1 : -1;
	return strcmp(left->key, right->key);
}

static int
by_value(const void *a, const void *b)
{
	const struct id *left = a, *right = b;

	return (left->value > right->value) - (left->value < right->value);
}

static int
no_memory(const struct config_place *place)
{
	return config_fail(place, -ENOMEM, "out of memory");
}

/* Take over text, one line of the file. */
static int
take_line(struct mapfile *map, const struct config_place *place, char *text)
{
	struct entry *grown;
	const char *why;
	int r;

	if (map->count == map->room) {
		map->room = map->room == 0 ? 64 : map->room * 2;
		grown = reallocarray(map->entries, map->room, sizeof(*grown));
		if (grown == NULL) {
			free(text);
			return no_memory(place);
		}
		map->entries = grown;
	}
	r = map_line_parse(text, &map->entries[map->count].line, &why);
	if (r != 0) {
		free(text);
		return r > 0 ? 0 : config_fail(place, r, "%s", why);
	}
	map->entries[map->count].number = place->line;
	map->entries[map->count++].text = text;
	return 0;
}

static int
read_lines(struct mapfile *map, struct config_place *place, FILE *stream)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int r = 0;

	errno = 0;
	while (r == 0 && (len = getline(&line, &cap, stream)) >= 0) {
		place->line++;
		if (strlen(line) != (size_t)len)
			r = config_fail(place, -EINVAL,
			    "the line has a NUL byte");
		else {
			if (len > 0 && line[len - 1] == '\n')
				line[len - 1] = '\0';
			r = take_line(map, place, line);
			line = NULL;
			cap = 0;
		}
	}
	free(line);
	if (r == 0 && !feof(stream))
		r = config_fail(place, errno == 0 ? -EIO : -errno,
		    "the rest cannot be read: %s", strerror(errno));
	return r;
}

static int
check_keys(const struct mapfile *map, struct config_place *place)
{
	const struct entry *entry;
	size_t i;

	for (i = 1; i < map->count; i++) {
		entry = &map->entries[i];
		if (by_key(&entry[-1].line, &entry->line) != 0)
			continue;
		place->line = entry->number;
		return config_fail(place, -EINVAL, "'%s' stands in line %u "
		    "already", entry->line.key, entry[-1].number);
	}
	return 0;
}

/* An id may stand twice in the line of one person. */
static int
check_ids(const struct mapfile *map, struct config_place *place)
{
	struct id *ids;
	size_t i;
	int r = 0;

	ids = calloc(2 * map->count + 1, sizeof(*ids));
	if (ids == NULL)
		return no_memory(place);
	for (i = 0; i < map->count; i++) {
		ids[2 * i] = (struct id){ map->entries[i].line.uid,
		    map->entries[i].number };
		ids[2 * i + 1] = (struct id){ map->entries[i].line.gid,
		    map->entries[i].number };
	}
	qsort(ids, 2 * map->count, sizeof(*ids), by_value);
	for (i = 1; r == 0 && i < 2 * map->count; i++) {
		if (ids[i].value != ids[i - 1].value ||
		    ids[i].number == ids[i - 1].number)
			continue;
		place->line = ids[i].number;
		r = config_fail(place, -EINVAL, "the id %u stands in line %u "
		    "already", ids[i].value, ids[i - 1].number);
	}
	free(ids);
	return r;
}

static int
read_file(struct mapfile *map, struct config_place *place)
{
	FILE *stream;
	int fd, r;

	r = config_file_open(place, map->path, CONFIG_FILE_PUBLIC, &fd);
	if (r < 0)
		return r;
	stream = fdopen(fd, "r");
	if (stream == NULL) {
		(void)close(fd);
		return no_memory(place);
	}
	if (fstat(fd, &map->st) < 0)
		r = config_fail(place, -errno, "%s: %s", map->path,
		    strerror(errno));
	else
		r = read_lines(map, place, stream);
	(void)fclose(stream);
	return r;
}

int
mapfile_load(const char *path, struct mapfile **ret_map,
    char error[CONFIG_ERROR_MAX])
{
	struct config_place place = { .file = path, .error = error };
	struct mapfile *map;
	int r;

	map = calloc(1, sizeof(*map));
	if (map == NULL || (map->path = strdup(path)) == NULL) {
		free(map);
		return no_memory(&place);
	}
	r = read_file(map, &place);
	if (r == 0 && map->count > 0) {
		/* The line is the first member of an entry. */
		qsort(map->entries, map->count, sizeof(*map->entries), by_key);
		r = check_keys(map, &place);
		if (r == 0)
			r = check_ids(map, &place);
	}
	if (r < 0)
		mapfile_free(map);
	else
		*ret_map = map;
	return r;
}

bool
mapfile_changed(const struct mapfile *map)
{
	struct stat st;

	return stat(map->path, &st) < 0 || st.st_dev != map->st.st_dev ||
	    st.st_ino != map->st.st_ino || st.st_size != map->st.st_size ||
	    st.st_mtim.tv_sec != map->st.st_mtim.tv_sec ||
	    st.st_mtim.tv_nsec != map->st.st_mtim.tv_nsec ||
	    st.st_ctim.tv_sec != map->st.st_ctim.tv_sec ||
	    st.st_ctim.tv_nsec != map->st.st_ctim.tv_nsec;
}

void
mapfile_free(struct mapfile *map)
{
	size_t i;

	if (map == NULL)
		return;
	for (i = 0; i < map->count; i++)
		free(map->entries[i].text);
	free(map->entries);
	free(map->path);
	free(map);
}

static const struct map_line *
find(const struct mapfile *map, const char *key, bool is_subject)
{
	struct map_line wanted = { .key = key, .is_subject = is_subject };
	const struct entry *entry;

	entry = bsearch(&wanted, map->entries, map->count,
	    sizeof(*map->entries), by_key);
	return entry == NULL ? NULL : &entry->line;
}

const struct map_line *
mapfile_find(const struct mapfile *map, const char *subject, const char *name)
{
	const struct map_line *line;

	if (map == NULL || map->count == 0)
		return NULL;
	line = subject == NULL ? NULL : find(map, subject, true);
	return line != NULL ? line : find(map, name, false);
}
