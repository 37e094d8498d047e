/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass end-sessions`: what hostpass-end-sessions.service runs as root,
 * because hostpassd cannot end what other users run. For each file of the
 * directory "ending" whose name is a uid, the sessions of that user are ended
 * by logind, and then what is left of her processes.
 *
 * MUST end nothing of root's, nor of a user of /etc/passwd, nor of an id that
 *	no person can have (names.h), whatever hostpassd asks for.
 * MUST follow no link in a directory that hostpassd can write.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/hostpass.h"
#include "cli/line.h"
#include "common/names.h"

#define ENDING		HOSTPASS_STATEDIR "/ending"
#define LOGINCTL	"/usr/bin/loginctl"

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

/* Is the real uid of this process uid? */
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
		if (sscanf(line, "Uid: %u", &real) == 1) {
			hers = real == uid;
			break;
		}
	}
	(void)fclose(in);
	return hers;
}

/* Send signal to all that she runs. How many that are. */
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
		if (!read_number(entry->d_name, &pid) ||
		    !is_hers(dirfd(proc), pid, uid))
			continue;
		if (kill((pid_t)pid, signal) == 0)
			count++;
	}
	(void)closedir(proc);
	return count;
}

static void
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
	end_processes(uid);
	line_print(stdout, "ended what uid %s ran", name);
	return CLI_FINE;
}

enum cli_end
end_sessions_run(const struct cli_request *request)
{
	enum cli_end end = CLI_FINE;
	const struct dirent *entry;
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
	while ((entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (end_one(entry->d_name) != CLI_FINE)
			end = CLI_NO;
		/* A directory stays; the unit's start limit stops it. */
		(void)unlinkat(fd, entry->d_name, 0);
	}
	(void)closedir(directory);
	return end;
}
