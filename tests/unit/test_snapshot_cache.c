/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mapping that a process keeps: what it costs, when it is replaced, and
 * what threads and forks see of that. The linker puts the functions below in
 * place of clock_gettime(), open() and stat(), to move time and count calls.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/snapshot_cache.h"
#include "tests/unit/snapshot_sample.h"

/* What these calls are by name where 32 bits are not enough by themselves. */
#if defined(__USE_TIME_BITS64) && __WORDSIZE == 32
#define __wrap_clock_gettime	__wrap___clock_gettime64
#define __wrap_open	__wrap_open64
#define __real_open	__real_open64
#define __wrap_stat	__wrap___stat64_time64
#define __real_stat	__real___stat64_time64
#endif

int	__wrap_clock_gettime(clockid_t id, struct timespec *now);
int	__wrap_open(const char *path, int flags, ...);
int	__real_open(const char *path, int flags, ...);
int	__wrap_stat(const char *path, struct stat *st);
int	__real_stat(const char *path, struct stat *st);

static struct sample_directory place;
static struct snapshot_cache cache;
static struct snapshot_write_input in;
static _Atomic uint32_t second;
static _Atomic uint32_t opens, stats;

int
__wrap_clock_gettime(clockid_t id UNUSED, struct timespec *now)
{
	now->tv_sec = (time_t)second;
	now->tv_nsec = 0;
	return 0;
}

int
__wrap_open(const char *path, int flags, ...)
{
	opens++;
	/* The writer of these tests creates files with one mode. */
	return __real_open(path, flags, 0600);
}

int
__wrap_stat(const char *path, struct stat *st)
{
	stats++;
	return __real_stat(path, st);
}

static int
start(void **state UNUSED)
{
	sample_directory_make(&place);
	memset(&cache, 0, sizeof(cache));
	cache.path = place.path;
	in = sample_input();
	second = 1000;
	return 0;
}

/* How many mappings of snapshots this process has. */
static int
count_mappings(void)
{
	char line[512];
	FILE *f;
	int n = 0;

	f = fopen("/proc/self/maps", "re");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, place.directory) != NULL;
	assert_int_equal(fclose(f), 0);
	return n;
}

static int
clean_up(void **state UNUSED)
{
	struct snapshot_reader reader;

	/* Without a file, nothing is kept. */
	sample_directory_remove(&place);
	second++;
	assert_int_equal(snapshot_cache_acquire(&cache, &reader), -ENOENT);
	assert_int_equal(count_mappings(), 0);
	return 0;
}

static void
publish(size_t users)
{
	in.user_count = users;
	assert_int_equal(snapshot_write(place.path, &in), 0);
}

/* How many users a lookup sees. */
static uint32_t
look(void)
{
	struct snapshot_reader reader;
	uint32_t count;

	errno = EDOM;
	assert_int_equal(snapshot_cache_acquire(&cache, &reader), 0);
	assert_int_equal(errno, EDOM);
	count = snapshot_user_count(&reader.map);
	snapshot_cache_release(&reader);
	return count;
}

static int
look_fails(void)
{
	struct snapshot_reader reader;
	int r;

	errno = EDOM;
	r = snapshot_cache_acquire(&cache, &reader);
	assert_true(r < 0);
	assert_int_equal(errno, EDOM);
	return r;
}

static void
test_hit_costs_nothing(void **state UNUSED)
{
	int i;

	publish(3);
	assert_int_equal(look(), 3);
	second++;
	assert_int_equal(look(), 3);
	opens = stats = 0;
	for (i = 0; i < 1000; i++)
		assert_int_equal(look(), 3);
	assert_int_equal(opens, 0);
	assert_int_equal(stats, 0);
	/* Once a second, one look at the path. */
	second++;
	for (i = 0; i < 1000; i++)
		assert_int_equal(look(), 3);
	assert_int_equal(opens, 0);
	assert_int_equal(stats, 1);
	assert_int_equal(count_mappings(), 1);
}

/* A time of the year 2100 is no reason to have nothing more to say. */
static void
test_late_file(void **state UNUSED)
{
	const struct timespec late[2] = { { INT64_C(4102444800), 0 },
	    { INT64_C(4102444800), 0 } };

	publish(3);
	assert_int_equal(utimensat(AT_FDCWD, place.path, late, 0), 0);
	assert_int_equal(look(), 3);
	opens = stats = 0;
	second++;
	assert_int_equal(look(), 3);
	assert_int_equal(opens, 0);
	assert_int_equal(stats, 1);
}

/* sshd was started before the daemon: the first snapshot counts at once. */
static void
test_first_publish(void **state UNUSED)
{
	assert_int_equal(look_fails(), -ENOENT);
	assert_int_equal(look_fails(), -ENOENT);
	publish(2);
	assert_int_equal(look(), 2);
}

static void
test_retired_is_seen_at_once(void **state UNUSED)
{
	size_t i;

	for (i = 0; i < 50; i++) {
		publish(i % 4);
		assert_int_equal(look(), i % 4);
		assert_int_equal(count_mappings(), 1);
	}
}

/* The writer was killed between rename and retire. */
static void
test_not_retired(void **state UNUSED)
{
	char other[128];

	publish(1);
	assert_int_equal(look(), 1);
	second++;
	assert_int_equal(look(), 1);
	(void)snprintf(other, sizeof(other), "%s.new", place.path);
	in.user_count = 2;
	assert_int_equal(snapshot_write(other, &in), 0);
	assert_int_equal(rename(other, place.path), 0);
	assert_int_equal(look(), 1);
	second++;
	assert_int_equal(look(), 2);
	assert_int_equal(count_mappings(), 1);
}

static void
test_file_vanishes(void **state UNUSED)
{
	publish(1);
	assert_int_equal(look(), 1);
	assert_int_equal(unlink(place.path), 0);
	second++;
	assert_int_equal(look_fails(), -ENOENT);
	assert_int_equal(count_mappings(), 0);
	publish(2);
	assert_int_equal(look(), 2);
}

static void
test_file_becomes_corrupt(void **state UNUSED)
{
	char other[128];
	int fd;

	publish(1);
	assert_int_equal(look(), 1);
	(void)snprintf(other, sizeof(other), "%s.new", place.path);
	fd = __real_open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, "junk", 4), 4);
	assert_int_equal(close(fd), 0);
	assert_int_equal(rename(other, place.path), 0);
	second++;
	assert_int_equal(look_fails(), -EUCLEAN);
	assert_int_equal(look_fails(), -EUCLEAN);
	publish(3);
	assert_int_equal(look(), 3);
}

/* A program that is out of descriptors keeps the answers that it has. */
static void
test_no_descriptors(void **state UNUSED)
{
	struct rlimit limit, none = { 0, 0 };

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	publish(1);
	assert_int_equal(look(), 1);
	publish(2);
	none.rlim_max = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(look(), 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(look(), 2);
	assert_int_equal(count_mappings(), 1);
}

static void
test_descriptors(void **state UNUSED)
{
	int before, after;

	before = dup(0);
	assert_true(before >= 0);
	publish(1);
	assert_int_equal(look(), 1);
	publish(2);
	assert_int_equal(look(), 2);
	after = dup(0);
	assert_int_equal(after, before + 1);
	assert_int_equal(close(before), 0);
	assert_int_equal(close(after), 0);
}

/* Readers in the middle of a lookup keep their file; when all slots are in
 * use, a lookup still works; and all is unmapped in the end. */
static void
test_slow_readers(void **state UNUSED)
{
	enum { READERS = SNAPSHOT_CACHE_SLOTS + 4 };
	struct snapshot_reader readers[READERS];
	int i;

	for (i = 0; i < READERS; i++) {
		publish((size_t)i % 4);
		assert_int_equal(snapshot_cache_acquire(&cache, &readers[i]),
		    0);
	}
	assert_int_equal(count_mappings(), READERS);
	for (i = 0; i < READERS; i++)
		assert_int_equal(snapshot_user_count(&readers[i].map), i % 4);
	/* In an odd order, to leave holes. */
	for (i = 0; i < READERS; i += 2)
		snapshot_cache_release(&readers[i]);
	for (i = 1; i < READERS; i += 2)
		snapshot_cache_release(&readers[i]);
	publish(3);
	assert_int_equal(look(), 3);
	assert_int_equal(count_mappings(), 1);
}

/* The child of a fork has the mapping, and sees later ones. */
static void
test_fork(void **state UNUSED)
{
	struct snapshot_reader reader;
	int status;
	pid_t pid;

	publish(1);
	assert_int_equal(look(), 1);
	assert_int_equal(snapshot_cache_acquire(&cache, &reader), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (look() != 1)
			_exit(1);
		publish(2);
		_exit(look() == 2 ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(snapshot_user_count(&reader.map), 1);
	snapshot_cache_release(&reader);
	assert_int_equal(look(), 2);
}

/* A thread that is cancelled while it maps a file: the lookup ends first, and
 * holds nothing afterwards. */
static void *
look_and_be_cancelled(void *argument)
{
	_Atomic uint32_t *looked = argument;

	publish(3);
	assert_int_equal(pthread_cancel(pthread_self()), 0);
	*looked = look();
	pthread_testcancel();
	return NULL;
}

static void
test_cancellation(void **state UNUSED)
{
	_Atomic uint32_t looked = 0;
	pthread_t thread;
	void *result;
	int before, after;

	publish(1);
	assert_int_equal(look(), 1);
	before = dup(0);
	assert_true(before >= 0);
	assert_int_equal(pthread_create(&thread, NULL, look_and_be_cancelled,
	    &looked), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, PTHREAD_CANCELED);
	assert_int_equal(looked, 3);
	after = dup(0);
	assert_int_equal(after, before + 1);
	assert_int_equal(close(before), 0);
	assert_int_equal(close(after), 0);
	assert_int_equal(look(), 3);
}

static _Atomic bool enough;
static _Atomic uint32_t lookups;

/* Every snapshot of the threads test holds as many groups as users. */
static void *
read_for_a_while(void *argument)
{
	struct snapshot_reader reader;
	struct snapshot_user user;
	uint32_t users, i;

	while (!enough) {
		if (snapshot_cache_acquire(&cache, &reader) < 0)
			return NULL;
		users = snapshot_user_count(&reader.map);
		if (users != snapshot_group_count(&reader.map))
			return NULL;
		for (i = 0; i < users; i++) {
			if (snapshot_user_at(&reader.map, i, &user) < 0)
				return NULL;
		}
		snapshot_cache_release(&reader);
		lookups++;
	}
	return argument;
}

static void
fork_and_look(void)
{
	struct snapshot_reader reader;
	int status, i;
	pid_t pid;

	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (i = 0; i < 20; i++) {
			if (snapshot_cache_acquire(&cache, &reader) < 0)
				_exit(1);
			snapshot_cache_release(&reader);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
test_threads(void **state UNUSED)
{
	enum { THREADS = 3, GENERATIONS = 200 };
	pthread_t threads[THREADS];
	void *result;
	size_t i;

	enough = false;
	lookups = 0;
	in.group_count = 1;
	publish(1);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
		    read_for_a_while, &cache), 0);
	for (i = 0; i < GENERATIONS || lookups < 1000; i++) {
		second++;
		in.group_count = 1 + i % 3;
		publish(in.group_count);
		if (i % 20 == 0)
			fork_and_look();
	}
	enough = true;
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, &cache);
	}
	publish(3);
	assert_int_equal(look(), 3);
	assert_int_equal(count_mappings(), 1);
}

#define WITH_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, start, clean_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(test_hit_costs_nothing),
		WITH_PLACE(test_late_file),
		WITH_PLACE(test_first_publish),
		WITH_PLACE(test_retired_is_seen_at_once),
		WITH_PLACE(test_not_retired),
		WITH_PLACE(test_file_vanishes),
		WITH_PLACE(test_file_becomes_corrupt),
		WITH_PLACE(test_no_descriptors),
		WITH_PLACE(test_descriptors),
		WITH_PLACE(test_slow_readers),
		WITH_PLACE(test_fork),
		WITH_PLACE(test_cancellation),
		WITH_PLACE(test_threads),
	};

	return cmocka_run_group_tests_name("snapshot_cache", tests, NULL,
	    NULL);
}
