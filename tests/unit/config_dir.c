/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing stays behind: the directory goes with whatever a test left in it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/config_dir.h"

static char dir[] = "/tmp/hostpass-config-XXXXXX";
char main_file[64];
char error[CONFIG_ERROR_MAX];

void
path_of(char *path, size_t size, const char *name)
{
	assert_true((size_t)snprintf(path, size, "%s/%s", dir, name) < size);
}

void
write_bytes(const char *name, const char *data, size_t len, mode_t mode)
{
	char path[128];
	FILE *stream;

	path_of(path, sizeof(path), name);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_int_equal(fwrite(data, 1, len, stream), len);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(chmod(path, mode), 0);
}

void
write_text(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text), 0644);
}

void
remove_file(const char *name)
{
	char path[128];

	path_of(path, sizeof(path), name);
	assert_int_equal(remove(path), 0);
}

void
load_ok(struct config *config)
{
	error[0] = '\0';
	if (config_load(main_file, config, error) != 0)
		fail_msg("refused: %s", error);
}

int
load_refused(void)
{
	struct config config;
	int r;

	memset(&config, 0x5a, sizeof(config));
	error[0] = '\0';
	r = config_load(main_file, &config, error);
	if (r == 0)
		fail_msg("accepted");
	assert_int_equal(*(unsigned char *)&config, 0x5a);
	return r;
}

void
assert_error_at(const char *name, unsigned int line, const char *words)
{
	char prefix[128];
	int n;

	n = snprintf(prefix, sizeof(prefix), "%s/%s:%u: ", dir, name, line);
	assert_in_range(n, 1, sizeof(prefix) - 1);
	if (strncmp(error, prefix, (size_t)n) != 0 ||
	    strstr(error, words) == NULL)
		fail_msg("got '%s', not '%s...%s'", error, prefix, words);
}

void
assert_refused(const char *text, unsigned int line, const char *words)
{
	write_text("hostpass.conf", text);
	assert_int_equal(load_refused(), -EINVAL);
	assert_error_at("hostpass.conf", line, words);
}

int
make_dir(void **state)
{
	char path[64];

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	path_of(main_file, sizeof(main_file), "hostpass.conf");
	path_of(path, sizeof(path), "conf.d");
	return mkdir(path, 0755);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
remove_dir(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}
