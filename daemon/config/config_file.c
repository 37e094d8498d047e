/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every line means one thing or is an error. libinih splits the lines, but as
 * distributions build it it also cuts a line after 199 bytes and takes the
 * rest for another, ends a value at " ;", takes ':' for '=', ignores what
 * follows a ']' and shortens section names. The reader below hands it only
 * lines with which none of that can happen.
 *
 * A value that ends in a comma goes on in the next line if that is indented;
 * any other indented line is refused, because libinih would take it for a part
 * of the value before it.
 */
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/names.h"
#include "daemon/config/config_file.h"

/* libinih's buffer for a section name is 50 bytes. */
#define SECTION_MAX	49

/* A file being read. The key that was read last waits until it is clear that
 * no further line belongs to it. */
struct reading {
	FILE			*stream;
	struct config_place	 place;		/* of the line read last */
	config_entry_fn		*entry;
	void			*arg;
	char			*section;	/* of key */
	char			*key;		/* NULL: none waits */
	char			*value;
	unsigned int		 key_line;
	bool			 goes_on;	/* this line continues value */
	int			 result;	/* the first -errno */
};

int
config_file_open(const struct config_place *place, const char *path,
    mode_t forbidden, int *ret_fd)
{
	struct stat st;
	int fd, r;

	/* Not blocking: a FIFO must be refused, not waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return config_fail(place, -errno, "%s cannot be read: %s",
		    path, strerror(errno));
	if (fstat(fd, &st) < 0)
		r = config_fail(place, -errno, "%s: %s", path,
		    strerror(errno));
	else if (!S_ISREG(st.st_mode))
		r = config_fail(place, -EINVAL, "%s is not a regular file",
		    path);
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		r = config_fail(place, -EINVAL, "%s belongs to uid %u; run: "
		    "chown root %s", path, (unsigned int)st.st_uid, path);
	else if ((st.st_mode & forbidden) != 0)
		r = config_fail(place, -EINVAL, "%s has mode %04o; run: "
		    "chmod %s %s", path, (unsigned int)(st.st_mode & 07777),
		    forbidden == CONFIG_FILE_SECRET ? "g-w,o=" : "go-w", path);
	else {
		*ret_fd = fd;
		return 0;
	}
	(void)close(fd);
	return r;
}

char *
config_file_beside(const struct config_place *place, const char *name)
{
	const char *slash = strrchr(place->file, '/');
	char *path;

	if (*name == '/' || slash == NULL)
		return strdup(name);
	if (asprintf(&path, "%.*s/%s", (int)(slash - place->file), place->file,
	    name) < 0)
		return NULL;
	return path;
}

static void
forget_key(struct reading *in)
{
	free(in->section);
	free(in->key);
	free(in->value);
	in->section = in->key = in->value = NULL;
}

/* Hand the key that waits to the one who asked for it. */
static int
finish_key(struct reading *in)
{
	struct config_place place = in->place;
	int r;

	if (in->key == NULL)
		return 0;
	place.line = in->key_line;
	r = in->entry(in->arg, &place, in->section, in->key, in->value);
	forget_key(in);
	return r;
}

/* The handler of libinih: a key, or the continuation of one. */
static int
take_key(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *in = arg;
	char *joined;

	if (in->goes_on) {
		if (asprintf(&joined, "%s%s", in->value, value) < 0)
			goto no_memory;
		free(in->value);
		in->value = joined;
		return 1;
	}
	in->key_line = in->place.line;
	in->section = strdup(section);
	in->key = strdup(name);
	in->value = strdup(value);
	if (in->section == NULL || in->key == NULL || in->value == NULL)
		goto no_memory;
	return 1;
no_memory:
	in->result = config_fail(&in->place, -ENOMEM, "out of memory");
	return 0;
}

static int
check_section(struct reading *in, const char *line)
{
	char section[SECTION_MAX + 1];
	size_t len = strlen(line);

	if (strchr(line, ']') != line + len - 1)
		return config_fail(&in->place, -EINVAL,
		    "a section is one name in brackets: [access]");
	if (len - 2 > SECTION_MAX)
		return config_fail(&in->place, -EINVAL,
		    "the section name is longer than %d bytes", SECTION_MAX);
	memcpy(section, line + 1, len - 2);
	section[len - 2] = '\0';
	return in->entry(in->arg, &in->place, section, NULL, NULL);
}

static int
check_key(struct reading *in, const char *line)
{
	const char *separator = strpbrk(line, "=:");

	if (separator == NULL || *separator != '=' || separator == line)
		return config_fail(&in->place, -EINVAL,
		    "a line must be KEY = VALUE, [SECTION], or a # comment");
	return 0;
}

/* An indented line. */
static int
check_continuation(struct reading *in)
{
	size_t len = in->key != NULL ? strlen(in->value) : 0;

	if (len == 0 || in->value[len - 1] != ',')
		return config_fail(&in->place, -EINVAL, "an indented line "
		    "continues a list that ended in a comma; keys and sections "
		    "start in the first column");
	in->goes_on = true;
	return 0;
}

/* What libinih would see as the start of a comment behind a value. */
static bool
has_comment(const char *line)
{
	return strstr(line, " #") != NULL || strstr(line, " ;") != NULL;
}

static int
check_line(struct reading *in, const char *line)
{
	int r;

	in->goes_on = false;
	if (*line != ' ') {
		r = finish_key(in);
		if (r < 0)
			return r;
	}
	if (!text_is_plain(line))
		return config_fail(&in->place, -EINVAL, "the line is not "
		    "UTF-8, or has characters that do not show");
	if (has_comment(line))
		return config_fail(&in->place, -EINVAL,
		    "a comment must stand on a line of its own");
	if (*line == '[')
		return check_section(in, line);
	if (*line == ' ')
		return check_continuation(in);
	return check_key(in, line);
}

/* Make blanks of tabs and cut the end of the line, of Unix or of DOS. */
static size_t
tidy(char *line, size_t len)
{
	char *tab;

	for (tab = strchr(line, '\t'); tab != NULL; tab = strchr(tab, '\t'))
		*tab = ' ';
	while (len > 0 && strchr("\r\n ", line[len - 1]) != NULL)
		len--;
	line[len] = '\0';
	return len;
}

/* Is there nothing on the line (then strchr() finds the NUL), or a comment? */
static bool
says_nothing(const char *line)
{
	return strchr("#;", line[strspn(line, " ")]) != NULL;
}

static int
read_line(struct reading *in, char *line, size_t len, char *str, int size)
{
	if (strlen(line) != len)
		return config_fail(&in->place, -EINVAL,
		    "the line has a NUL byte");
	len = tidy(line, len);
	if (says_nothing(line)) {
		str[0] = '\0';
		return 0;
	}
	if (len >= (size_t)size)
		return config_fail(&in->place, -EINVAL, "the line is longer "
		    "than %d bytes; a list can go on in the next line, after "
		    "a comma and indented", size - 1);
	memcpy(str, line, len + 1);
	return check_line(in, str);
}

/* The reader of libinih: one line of the file into str. */
static char *
next_line(char *str, int size, void *arg)
{
	struct reading *in = arg;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	if (in->result < 0)
		return NULL;
	errno = 0;
	len = getline(&line, &cap, in->stream);
	if (len >= 0) {
		in->place.line++;
		in->result = read_line(in, line, (size_t)len, str, size);
	} else if (!feof(in->stream)) {
		in->result = config_fail(&in->place, errno == 0 ? -EIO : -errno,
		    "the rest cannot be read: %s", strerror(errno));
	}
	free(line);
	return len < 0 || in->result < 0 ? NULL : str;
}

int
config_file_read(const char *path, config_entry_fn *entry, void *arg,
    char error[CONFIG_ERROR_MAX])
{
	struct reading in = {
		.place = { .file = path, .error = error },
		.entry = entry,
		.arg = arg,
	};
	int fd, r;

	r = config_file_open(&in.place, path, CONFIG_FILE_PUBLIC, &fd);
	if (r < 0)
		return r;
	in.stream = fdopen(fd, "r");
	if (in.stream == NULL) {
		r = config_fail(&in.place, -errno, "%s: %s", path,
		    strerror(errno));
		(void)close(fd);
		return r;
	}
	r = ini_parse_stream(next_line, &in, take_key, &in);
	if (in.result == 0 && r != 0)
		in.result = config_fail(&in.place, -EINVAL,
		    "libinih does not understand the line");
	if (in.result == 0)
		in.result = finish_key(&in);
	forget_key(&in);
	(void)fclose(in.stream);
	return in.result;
}
