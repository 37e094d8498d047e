/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file in memory: values in slots, read by another process that believes
 * nothing of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/session/slots.h"

static char seen[64];

static void
see(void *arg, const void *data, size_t len)
{
	size_t there = strlen(seen);

	assert_null(arg);
	(void)snprintf(seen + there, sizeof(seen) - there, "%.*s;", (int)len,
	    (const char *)data);
}

static const char *
take(int fd)
{
	seen[0] = '\0';
	assert_int_equal(slots_take(fd, see, NULL), 0);
	return seen;
}

static void
test_values(void **state)
{
	struct slots *slots;
	size_t one = 0, two = 0, three = 0;

	(void)state;
	assert_int_equal(slots_new(2, &slots), 0);
	assert_int_equal(slots_put(slots, &one, "one", 3), 0);
	assert_int_equal(slots_put(slots, &two, "two", 3), 0);
	assert_int_equal(slots_put(slots, &three, "three", 5), -ENOSPC);
	assert_int_equal(three, 0);
	assert_int_equal(slots_put(slots, &one, "uno", 3), 0);
	assert_string_equal(take(slots_fd(slots)), "uno;two;");
	assert_string_equal(take(slots_fd(slots)), "");
	assert_int_equal(slots_put(slots, &two, "2", 1), 0);
	slots_drop(slots, &two);
	assert_int_equal(two, 0);
	slots_drop(slots, &two);
	assert_int_equal(slots_put(slots, &three, "three", 5), 0);
	assert_string_equal(take(slots_fd(slots)), "three;");
	slots_free(slots);
}

static void
test_lengths(void **state)
{
	static const char big[SLOTS_VALUE_MAX + 1];
	struct slots *slots;
	size_t slot = 0;

	(void)state;
	assert_int_equal(slots_new(0, &slots), -EINVAL);
	assert_int_equal(slots_new(SLOTS_COUNT_MAX + 1, &slots), -EINVAL);
	assert_int_equal(slots_new(1, &slots), 0);
	assert_int_equal(slots_put(slots, &slot, big, sizeof(big)),
	    -EMSGSIZE);
	assert_int_equal(slots_put(slots, &slot, big, 0), -EMSGSIZE);
	assert_int_equal(slot, 0);
	assert_int_equal(slots_put(slots, &slot, big, SLOTS_VALUE_MAX), 0);
	slots_free(slots);
}

/* A value that was left, or written over, is nowhere in the file. */
static void
test_wiped(void **state)
{
	struct slots *slots;
	size_t slot = 0;
	char page[4096];

	(void)state;
	assert_int_equal(slots_new(1, &slots), 0);
	assert_int_equal(slots_put(slots, &slot, "a-long-secret", 13), 0);
	assert_int_equal(slots_put(slots, &slot, "short", 5), 0);
	assert_int_equal(pread(slots_fd(slots), page, 4096, 0), 4096);
	assert_null(memmem(page, 4096, "secret", 6));
	slots_drop(slots, &slot);
	assert_int_equal(pread(slots_fd(slots), page, 4096, 0), 4096);
	assert_null(memmem(page, 4096, "short", 5));
	slots_free(slots);
}

static void
test_size_is_fixed(void **state)
{
	struct slots *slots;

	(void)state;
	assert_int_equal(slots_new(2, &slots), 0);
	assert_int_equal(ftruncate(slots_fd(slots), 4096), -1);
	assert_int_equal(ftruncate(slots_fd(slots), 3 * 4096), -1);
	assert_true((fcntl(slots_fd(slots), F_GETFD) & FD_CLOEXEC) != 0);
	slots_free(slots);
}

static void
test_files_that_are_none(void **state)
{
	const uint32_t lie = SLOTS_VALUE_MAX + 1;
	int pipes[2], fd;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(slots_take(pipes[0], see, NULL), -EUCLEAN);
	fd = memfd_create("test", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_string_equal(take(fd), "");
	assert_int_equal(ftruncate(fd, 4095), 0);
	assert_int_equal(slots_take(fd, see, NULL), -EUCLEAN);
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_int_equal(pwrite(fd, &lie, sizeof(lie), 0), sizeof(lie));
	seen[0] = '\0';
	assert_int_equal(slots_take(fd, see, NULL), -EUCLEAN);
	assert_string_equal(seen, "");
	assert_int_equal(ftruncate(fd, (off_t)4096 * (SLOTS_COUNT_MAX + 1)),
	    0);
	assert_int_equal(slots_take(fd, see, NULL), -EUCLEAN);
	(void)close(fd);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	assert_int_equal(slots_take(-1, see, NULL), -EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_wiped),
		cmocka_unit_test(test_size_is_fixed),
		cmocka_unit_test(test_files_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
