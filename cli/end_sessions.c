/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass end-sessions`: what hostpass-end-sessions.service runs as root,
 * because hostpassd cannot end what other users run. For each file of the
 * directory "ending" whose name is a uid, the sessions of that user are ended
 * by logind, and then what is left of her processes. Meanwhile the file is
 * called UID.now: one that hostpassd makes anew asks for another end, and one
 * that is left over was cut short.
 *
 * MUST end nothing of root's, nor of a user of /etc/passwd, nor of an id that
 *	no person can have (names.h), whatever hostpassd asks for.
 * MUST signal no process but the one that was looked at.
 * MUST follow no link in a directory that hostpassd can write.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/hostpass.h"
#include "cli/line.h"
#include "common/names.h"

#define ENDING		HOSTPASS_STATEDIR "/ending"
#define LOGINCTL	"/usr/bin/loginctl"

/* What follows the uid of whose sessions are being ended. */
#define NOW		".now"

/* How often it is looked, a tenth of a second apart, whether a process has
 * ended by itself. */
#define PATIENCE	20

/* A number without sign, blank or leading zero. */
static bool
read_number(const char *text, uint32_t *ret_number)
{
	uint64_t number = 0;
	const char *p;

	if (text[0] < '1' || text[0] > '9')
		return false;
	for (p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return false;
		number = number * 10 + (uint64_t)(*p - '0');
		if (number >= UINT32_MAX)
			return false;
	}
	*ret_number = (uint32_t)number;
	return true;
}

/* Also if that cannot be told. */
static bool
is_local(uint32_t uid)
{
	FILE *in = fopen("/etc/passwd", "re");
	const struct passwd *entry;
	bool found = false;

	if (in == NULL)
		return true;
	while (!found && (entry = fgetpwent(in)) != NULL)
		found = entry->pw_uid == uid;
	(void)fclose(in);
	return found;
}

/* Where logind runs, it ends sessions as wholes, with what sudo started in
 * them. */
static void
end_by_logind(uint32_t uid)
{
	char name[] = "loginctl", verb[] = "terminate-user", number[16];
	char *const args[] = { name, verb, number, NULL };
	char *const environment[] = { NULL };
	int status;
	pid_t pid;

	if (access("/run/systemd/system", F_OK) < 0)
		return;
	(void)snprintf(number, sizeof(number), "%" PRIu32, uid);
	if (posix_spawn(&pid, LOGINCTL, NULL, NULL, args, environment) != 0)
		return;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
}

/* Is the real uid of this process uid, and is there anything left of it? */
static bool
is_hers(int proc, uint32_t pid, uint32_t uid)
{
	char path[64], line[128];
	unsigned real;
	bool hers = false;
	FILE *in;
	int fd;

	(void)snprintf(path, sizeof(path), "%" PRIu32 "/status", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	in = fdopen(fd, "r");
	if (in == NULL) {
		(void)close(fd);
		return false;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		if (strncmp(line, "State:\tZ", 8) == 0)
			break;
		if (sscanf(line, "Uid: %u", &real) == 1) {
			hers = real == uid;
			break;
		}
	}
	(void)fclose(in);
	return hers;
}

/* Send signal to this process, if it is hers; true if it was there. It is held
 * first, where the kernel can (Linux 5.3): a number may be another process's by
 * the time that it is used. */
static bool
signal_one(int proc, uint32_t pid, uint32_t uid, int signal)
{
	int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	int error = fd < 0 ? errno : 0;
	bool there = is_hers(proc, pid, uid);
	long r;

	if (fd < 0 && error != ENOSYS)
		return there;
	r = !there ? 0 : fd < 0 ? kill((pid_t)pid, signal) :
	    syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
	there = there && (r == 0 || errno != ESRCH);
	if (fd >= 0)
		(void)close(fd);
	return there;
}

/* Send signal to all that she runs. How many that were. */
static unsigned
signal_all(uint32_t uid, int signal)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	unsigned count = 0;
	uint32_t pid;

	if (proc == NULL)
		return 0;
	while ((entry = readdir(proc)) != NULL) {
		if (read_number(entry->d_name, &pid) &&
		    signal_one(dirfd(proc), pid, uid, signal))
			count++;
	}
	(void)closedir(proc);
	return count;
}

/* True if nothing is left. */
static bool
end_processes(uint32_t uid)
{
	struct timespec tenth = { 0, 100000000 };
	int i;

	(void)signal_all(uid, SIGTERM);
	for (i = 0; i < PATIENCE && signal_all(uid, 0) > 0; i++)
		(void)nanosleep(&tenth, NULL);
	/* Some may be making others just now. */
	for (i = 0; i < PATIENCE && signal_all(uid, SIGKILL) > 0; i++)
		(void)nanosleep(&tenth, NULL);
	return signal_all(uid, 0) == 0;
}

static enum cli_end
end_one(const char *name)
{
	uint32_t uid;

	if (!read_number(name, &uid) || !id_is_allowed(uid) || is_local(uid)) {
		line_print(stderr, "hostpass: %s is nobody whose sessions "
		    "may be ended", name);
		return CLI_NO;
	}
	end_by_logind(uid);
	if (!end_processes(uid)) {
		line_print(stderr, "hostpass: not all that uid %s runs could "
		    "be ended", name);
		return CLI_NO;
	}
	line_print(stdout, "ended what uid %s ran", name);
	return CLI_FINE;
}

/* Take up one file and do what it asks for. */
static enum cli_end
take_up(int dir, const char *name)
{
	char uid[NAME_MAX + 1], now[NAME_MAX + sizeof(NOW)];
	size_t len = strlen(name), tail = strlen(NOW);
	bool left_over;
	enum cli_end end;

	left_over = len > tail && strcmp(name + len - tail, NOW) == 0;
	(void)snprintf(uid, sizeof(uid), "%.*s",
	    (int)(left_over ? len - tail : len), name);
	(void)snprintf(now, sizeof(now), "%s" NOW, uid);
	/* Another file may have taken the place of what was left over. */
	if (left_over && faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return CLI_FINE;
	if (!left_over && renameat(dir, name, dir, now) < 0) {
		(void)unlinkat(dir, name, 0);
		return CLI_NO;
	}
	end = end_one(uid);
	/* A directory stays; the unit's start limit stops it. */
	(void)unlinkat(dir, now, 0);
	return end;
}

/* Do what is asked for by now. What comes meanwhile makes the path unit start
 * this again. */
static enum cli_end
take_up_all(int fd, DIR *directory)
{
	const struct dirent *entry;
	enum cli_end end = CLI_FINE;
	char **names = NULL, **more;
	size_t count = 0, i;

	while ((entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		more = reallocarray(names, count + 1, sizeof(*names));
		if (more == NULL)
			break;
		names = more;
		names[count] = strdup(entry->d_name);
		if (names[count] == NULL)
			break;
		count++;
	}
	for (i = 0; i < count; i++) {
		if (take_up(fd, names[i]) != CLI_FINE)
			end = CLI_NO;
		free(names[i]);
	}
	free(names);
	return end;
}

enum cli_end
end_sessions_run(const struct cli_request *request)
{
	enum cli_end end;
	DIR *directory;
	int fd;

	(void)request;
	if (geteuid() != 0) {
		line_print(stderr, "hostpass: only root may do this");
		return CLI_NO;
	}
	fd = open(ENDING, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return CLI_FINE;
	directory = fd < 0 ? NULL : fdopendir(fd);
	if (directory == NULL) {
		line_print(stderr, "hostpass: %s: %s", ENDING,
		    strerror(errno));
		return CLI_NO;
	}
	end = take_up_all(fd, directory);
	(void)closedir(directory);
	return end;
}
