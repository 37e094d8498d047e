/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The built libsubid_hostpass.so, loaded as shadow loads it: newuidmap finds
 * what it looks up, and useradd does not. This program, executed by another
 * name, is each of them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/attr.h"

/* What the program ends with. */
enum {
	THERE,
	MISSING,
	NOT_LOADED,
	NOT_RUN,
	NO_BINARY_OF_HERE,	/* qemu runs this one, and the kernel none */
};

static char module[PATH_MAX];

static int
look(const char *path)
{
	void *handle = dlopen(path, RTLD_LAZY);
	int result = THERE;

	if (handle == NULL) {
		(void)fprintf(stderr, "%s\n", dlerror());
		return NOT_LOADED;
	}
	if (dlsym(handle, "shadow_subid_list_owner_ranges") == NULL ||
	    dlsym(handle, "shadow_subid_find_subid_owners") == NULL ||
	    dlsym(handle, "shadow_subid_free") == NULL)
		result = NOT_LOADED;
	else if (dlsym(handle, "shadow_subid_has_range") == NULL)
		result = MISSING;
	(void)dlclose(handle);
	return result;
}

/* What the program called name finds. */
static int
found_by(const char *name)
{
	char directory[] = "/tmp/hostpass-subid.XXXXXX";
	char path[64], self[PATH_MAX] = "";
	char *argv[] = { path, module, NULL };
	int status = 0;
	pid_t pid;

	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	assert_int_equal(symlink(self, path), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)execv(path, argv);
		_exit(errno == ENOEXEC ? NO_BINARY_OF_HERE : NOT_RUN);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	(void)unlink(path);
	(void)rmdir(directory);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_BINARY_OF_HERE)
		skip();
	return WEXITSTATUS(status);
}

static void
test_askers(void **state UNUSED)
{
	assert_int_equal(found_by("newuidmap"), THERE);
	assert_int_equal(found_by("newgidmap"), THERE);
	assert_int_equal(found_by("getsubids"), THERE);
	assert_int_equal(found_by("podman"), THERE);
}

static void
test_editors(void **state UNUSED)
{
#ifdef HAVE_IFUNC
	assert_int_equal(found_by("useradd"), MISSING);
	assert_int_equal(found_by("userdel"), MISSING);
	assert_int_equal(found_by("usermod"), MISSING);
	assert_int_equal(found_by("newusers"), MISSING);
#else
	skip();
#endif
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_askers),
		cmocka_unit_test(test_editors),
	};
	const char *top = getenv("TOP_BUILDDIR");

	if (argc == 2)
		return look(argv[1]);
	(void)snprintf(module, sizeof(module),
	    "%s/subid/.libs/libsubid_hostpass.so", top == NULL ? "." : top);
	return cmocka_run_group_tests_name("subid_module", tests, NULL, NULL);
}
