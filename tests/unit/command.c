/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See command.h. The command runs in UTC and prints to files, so that it can
 * print as much as it likes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/command.h"

static char home[] = "/tmp/hostpass-cli.XXXXXX";
static char program[PATH_MAX];

bool
command_is_built(void)
{
	if (getenv("TOP_SRCDIR") != NULL && getenv("TOP_BUILDDIR") != NULL)
		return true;
	puts("1..0 # SKIP run by make check");
	return false;
}

void
command_use(const char *name)
{
	(void)snprintf(program, sizeof(program), "%s/%s",
	    getenv("TOP_BUILDDIR"), name);
}

bool
command_can_run(void)
{
	if (getenv("TOP_SRCDIR") != NULL && getenv("TOP_BUILDDIR") != NULL &&
	    geteuid() == 0)
		return true;
	puts("1..0 # SKIP run by make check, as root: the command trusts a "
	    "socket of root alone");
	return false;
}

int
command_set_up(void **state)
{
	(void)state;
	command_use("tests/unit/hostpass_scripted");
	if (mkdtemp(home) == NULL || chdir(home) != 0)
		return -1;
	(void)umask(022);
	return mkdir("run", 0755) == 0 && mkdir("state", 0755) == 0 ? 0 : -1;
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
command_tear_down(void **state)
{
	(void)state;
	if (chdir("/") != 0)
		return -1;
	return nftw(home, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

static size_t
read_file(const char *path, char *buf, size_t size)
{
	FILE *in = fopen(path, "r");
	size_t len;

	if (in == NULL)
		return 0;
	len = fread(buf, 1, size - 1, in);
	buf[len] = '\0';
	(void)fclose(in);
	return len;
}

static void
exec_program(const char *const *args, const char *out)
{
	char *argv[COMMAND_ARGS + 1] = { program, NULL };
	size_t i;

	for (i = 0; i + 1 < COMMAND_ARGS && args[i] != NULL; i++)
		argv[i + 1] = (char *)(uintptr_t)args[i];
	if (freopen(out, "w", stdout) == NULL ||
	    freopen("err", "w", stderr) == NULL)
		_exit(99);
	(void)setenv("TZ", "UTC", 1);
	(void)execv(program, argv);
	_exit(98);
}

void
command_run(const char *const *args, const char *out,
    char result[COMMAND_OUTPUT])
{
	size_t len;
	int status;
	pid_t pid;

	(void)unlink("out");
	(void)fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		exec_program(args, out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	len = read_file("out", result, COMMAND_OUTPUT);
	len += (size_t)snprintf(result + len, COMMAND_OUTPUT - len, "--- stderr\n");
	len += read_file("err", result + len, COMMAND_OUTPUT - len);
	(void)snprintf(result + len, COMMAND_OUTPUT - len, "--- exit %d\n",
	    WEXITSTATUS(status));
}

void
command_compare(const char *name, const char *result)
{
	char path[PATH_MAX], golden[COMMAND_OUTPUT];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/tests/unit/golden/%s.txt",
	    getenv("TOP_SRCDIR"), name);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		out = fopen(path, "w");
		assert_non_null(out);
		(void)fputs(result, out);
		(void)fclose(out);
	}
	assert_true(read_file(path, golden, sizeof(golden)) > 0);
	assert_string_equal(result, golden);
}
