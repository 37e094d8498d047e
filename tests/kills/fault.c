/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into a program: every call that changes a file is a step, and at
 * one of them the program is killed, or all of them fail.
 *	KILL_AT=N	at step N, from 1
 *	KILL_HOW=before|half|after	half: of what is written, or of the call
 *	FAULT_FILE=PATH	while PATH holds a number, steps fail with that errno
 *	COUNT_WHEN=PATH	steps count once PATH exists
 *	STEPS_FILE=PATH	how many there were, at the end
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NEXT(name)	((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long steps;

static bool
is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static int
fault(void)
{
	const char *path = getenv("FAULT_FILE");
	char text[16] = "";
	ssize_t n;
	int fd;

	if (path == NULL)
		return 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	return n > 0 ? (int)strtol(text, NULL, 10) : 0;
}

static void
die(void)
{
	(void)kill(getpid(), SIGKILL);
	for (;;)
		(void)pause();
}

/* Is this the step at which one dies in that way? */
static bool
is_time(const char *how)
{
	const char *at = getenv("KILL_AT"), *wanted = getenv("KILL_HOW");

	return at != NULL && strtol(at, NULL, 10) == steps &&
	    strcmp(wanted == NULL ? "before" : wanted, how) == 0;
}

/* Begin a step: false and errno if it fails. */
static bool
begin(void)
{
	const char *when = getenv("COUNT_WHEN");
	int error = fault();

	if (when == NULL || access(when, F_OK) == 0)
		steps++;
	if (is_time("before"))
		die();
	if (error != 0)
		errno = error;
	return error == 0;
}

static void
end(void)
{
	if (is_time("after") || is_time("half"))
		die();
}

static void __attribute__((destructor))
tell(void)
{
	const char *path = getenv("STEPS_FILE");
	char text[32];
	int fd, n;

	if (path == NULL)
		return;
	n = snprintf(text, sizeof(text), "%ld\n", steps);
	fd = (int)syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	(void)syscall(SYS_write, fd, text, (size_t)n);
	(void)close(fd);
}

/* The rest of a step, once it has begun. */
#define STEP(type, call) do { \
	type r = (type)-1; \
	int error; \
	if (begin()) \
		r = (call); \
	error = errno; \
	end(); \
	errno = error; \
	return r; \
} while (0)

ssize_t
write(int fd, const void *data, size_t len)
{
	__typeof__(&write) next = NEXT(write);

	if (!is_file(fd))
		return next(fd, data, len);
	STEP(ssize_t, next(fd, data, is_time("half") ? len / 2 : len));
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
	__typeof__(&pwrite) next = NEXT(pwrite);

	if (!is_file(fd))
		return next(fd, data, len, offset);
	STEP(ssize_t, next(fd, data, is_time("half") ? len / 2 : len, offset));
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
	return pwrite(fd, data, len, offset);
}

int
fsync(int fd)
{
	STEP(int, NEXT(fsync)(fd));
}

int
fdatasync(int fd)
{
	STEP(int, NEXT(fdatasync)(fd));
}

int
ftruncate(int fd, off_t length)
{
	STEP(int, NEXT(ftruncate)(fd, length));
}

int
ftruncate64(int fd, off64_t length)
{
	return ftruncate(fd, length);
}

int
rename(const char *from, const char *to)
{
	STEP(int, NEXT(rename)(from, to));
}

int
unlink(const char *path)
{
	STEP(int, NEXT(unlink)(path));
}

int
open(const char *path, int flags, ...)
{
	__typeof__(&open) next = NEXT(open);
	mode_t mode = 0;
	va_list ap;

	if ((flags & O_CREAT) == 0)
		return next(path, flags);
	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	STEP(int, next(path, flags, mode));
}

int
open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if ((flags & O_CREAT) == 0)
		return open(path, flags | O_LARGEFILE);
	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	return open(path, flags | O_LARGEFILE, mode);
}
