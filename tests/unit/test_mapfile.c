/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The map file, line by line and as a whole; and the fields of an account that
 * claims may fill: paths and ssh keys.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/snapshot.h"
#include "daemon/config/passwd_field.h"
#include "daemon/identity/mapfile.h"

#define ED25519 \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFx" \
	"gZGhscHR4f"

static const struct {
	const char	*line;
	int		 r;
	bool		 is_subject;
	const char	*key;
	uint32_t	 uid;
	uint32_t	 gid;
} lines[] = {
	{ "alice 5000", 0, false, "alice", 5000, 5000 },
	{ "alice 5000:6000", 0, false, "alice", 5000, 6000 },
	{ "alice \t 5000  ", 0, false, "alice", 5000, 5000 },
	{ "sub:a b c 5000", 0, true, "a b c", 5000, 5000 },
	{ "sub:#1 5000", 0, true, "#1", 5000, 5000 },
	{ "", 1, false, NULL, 0, 0 },
	{ " \t", 1, false, NULL, 0, 0 },
	{ "# alice 5000", 1, false, NULL, 0, 0 },
	{ " alice 5000", -EINVAL, false, NULL, 0, 0 },
	{ "alice", -EINVAL, false, NULL, 0, 0 },
	{ "5000", -EINVAL, false, NULL, 0, 0 },
	{ "alice x", -EINVAL, false, NULL, 0, 0 },
	{ "alice 5000:", -EINVAL, false, NULL, 0, 0 },
	{ "alice :5000", -EINVAL, false, NULL, 0, 0 },
	{ "alice 5000:6000:7000", -EINVAL, false, NULL, 0, 0 },
	{ "alice -1", -EINVAL, false, NULL, 0, 0 },
	{ "alice 05000", -EINVAL, false, NULL, 0, 0 },
	{ "alice 4294967296", -EINVAL, false, NULL, 0, 0 },
	{ "alice 4294967295", -EINVAL, false, NULL, 0, 0 },
	{ "alice 0", -EINVAL, false, NULL, 0, 0 },
	{ "alice 5000:0", -EINVAL, false, NULL, 0, 0 },
	{ "alice 999", -EINVAL, false, NULL, 0, 0 },
	{ "alice 65534", -EINVAL, false, NULL, 0, 0 },
	{ "root 5000", -EINVAL, false, NULL, 0, 0 },
	{ "Alice 5000", -EINVAL, false, NULL, 0, 0 },
	{ "a b 5000", -EINVAL, false, NULL, 0, 0 },
	{ "sub: 5000", -EINVAL, false, NULL, 0, 0 },
	{ "sub:a\x1b 5000", -EINVAL, false, NULL, 0, 0 },
	{ "alice 5000\r", -EINVAL, false, NULL, 0, 0 },
};

static void
test_lines(void **state)
{
	struct map_line line;
	const char *why;
	char text[600];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s", lines[i].line);
		if (map_line_parse(text, &line, &why) != lines[i].r)
			fail_msg("\"%s\"", lines[i].line);
		if (lines[i].r != 0)
			continue;
		assert_string_equal(line.key, lines[i].key);
		assert_int_equal(line.is_subject, lines[i].is_subject);
		assert_int_equal(line.uid, lines[i].uid);
		assert_int_equal(line.gid, lines[i].gid);
	}
	(void)snprintf(text, sizeof(text), "sub:%0*d 5000", MAP_LINE_MAX, 1);
	assert_int_equal(map_line_parse(text, &line, &why), -EINVAL);
}

static char path[] = "/tmp/hostpass-map.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	return mkstemp(path) < 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

static void
write_map(const char *text, size_t len)
{
	FILE *stream = fopen(path, "w");

	assert_non_null(stream);
	assert_int_equal(fwrite(text, 1, len, stream), len);
	assert_int_equal(fclose(stream), 0);
}

/* A map of this text is refused with these words behind the file's name. */
static void
refused(const char *text, size_t len, const char *words)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct mapfile *map;

	write_map(text, len);
	assert_int_not_equal(mapfile_load(path, &map, error), 0);
	if (strncmp(error, path, strlen(path)) != 0 ||
	    strstr(error, words) == NULL)
		fail_msg("%s, not %s", error, words);
}

#define REFUSED(text, words)	refused(text, sizeof(text) - 1, words)

static void
test_files(void **state)
{
	char error[CONFIG_ERROR_MAX] = "";
	static const char text[] =
	    "# ours\ncarol 5002\n\nsub:s1 5001:6001\nalice 5000";
	const struct map_line *line;
	struct mapfile *map;

	(void)state;
	REFUSED("a 5000\nb 5000\n", ":2: the id 5000 stands in line 1");
	REFUSED("a 5000:5001\nb 5001\n", ":2: the id 5001 stands in line 1");
	REFUSED("a 5000\n\na 5001\n", ":3: 'a' stands in line 1");
	REFUSED("sub:a 5000\nsub:a 5001\n", ":2: 'a' stands in line 1");
	REFUSED("a 5000\nb\n", ":2: the line must be NAME");
	REFUSED("a 5000\nb 50\0" "01\n", ":2: the line has a NUL byte");
	write_map(text, sizeof(text) - 1);
	assert_int_equal(mapfile_load(path, &map, error), 0);
	assert_false(mapfile_changed(map));
	assert_null(mapfile_find(map, "s2", "bob"));
	assert_null(mapfile_find(map, "alice", "s1"));
	assert_int_equal(mapfile_find(map, "s2", "alice")->uid, 5000);
	line = mapfile_find(map, "s1", "alice");
	assert_int_equal(line->uid, 5001);
	assert_int_equal(line->gid, 6001);
	assert_int_equal(mapfile_find(map, NULL, "carol")->uid, 5002);
	write_map("x", 1);
	assert_true(mapfile_changed(map));
	mapfile_free(map);
	/* what others may write is not believed */
	write_map("", 0);
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(mapfile_load(path, &map, error), -EINVAL);
	assert_non_null(strstr(error, "chmod go-w"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(mapfile_load(path, &map, error), 0);
	assert_null(mapfile_find(map, "s1", "alice"));
	mapfile_free(map);
	assert_null(mapfile_find(NULL, "s1", "alice"));
}

static void
test_paths(void **state)
{
	static const char *const good[] = {
		"/bin/bash", "/usr/bin/zsh-5.9", "/home/alice", "/srv/a_b+c/@d",
		"/home/.hidden", "/home/a..b",
	};
	static const char *const bad[] = {
		"", "/", "bin/bash", "/bin/", "//bin", "/bin//sh", "/a/../b",
		"/..", "/.", "/a/.", "/a:b", "/a b", "/a\n", "/a\x1b", "/$(x)",
		"/a%u", "/\xc3\xa4", "~/x", "/a,b", "/a'b",
	};
	char text[SNAPSHOT_STRING_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(path_is_plain(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (path_is_plain(bad[i]))
			fail_msg("\"%s\"", bad[i]);
	}
	memset(text, 'a', sizeof(text));
	text[0] = '/';
	text[SNAPSHOT_STRING_MAX] = '\0';
	assert_true(path_is_plain(text));
	text[SNAPSHOT_STRING_MAX] = 'a';
	text[SNAPSHOT_STRING_MAX + 1] = '\0';
	assert_false(path_is_plain(text));
}

static void
test_ssh_keys(void **state)
{
	static const char *const good[] = {
		ED25519, ED25519 " alice@laptop", ED25519 " with blanks, too",
	};
	static const char *const bad[] = {
		"", "ssh-ed25519", "ssh-ed25519 ", "ssh-ed25519  " ED25519,
		"ssh-ed25519 AAAA", "ssh-rsa" " AAAAC3NzaC1lZDI1NTE5AAAAIAABAgM"
		"EBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
		"ssh-ed25519-cert-v01@openssh.com AAAA", "ssh-dss AAAA",
		"command=\"sh\" " ED25519, "no-pty " ED25519,
		"cert-authority " ED25519, "restrict,pty " ED25519,
		ED25519 "!", ED25519 "\tcomment", ED25519 " a\x1b[2J",
		ED25519 "\nssh-rsa AAAA", " " ED25519, "SSH-ED25519 AAAA",
	};
	char text[SSH_KEY_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(ssh_key_is_plain(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (ssh_key_is_plain(bad[i]))
			fail_msg("\"%s\"", bad[i]);
	}
	(void)snprintf(text, sizeof(text), "%s %0*d", ED25519,
	    (int)(SSH_KEY_MAX - strlen(ED25519) - 1), 7);
	assert_true(ssh_key_is_plain(text));
	(void)snprintf(text, sizeof(text), "%s %0*d", ED25519,
	    (int)(SSH_KEY_MAX - strlen(ED25519)), 7);
	assert_false(ssh_key_is_plain(text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_ssh_keys),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
