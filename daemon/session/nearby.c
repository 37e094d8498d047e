/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST take for here only what shows that it is: a console, a session of
 *	logind's at a seat, or a display manager that root alone has started.
 *	What cannot be read shows nothing.
 * MUST refuse whatever a network login is an ancestor of, and a terminal that
 *	can be attached to from elsewhere; but not rely on ancestors alone,
 *	since a process can leave its own.
 */
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/session/nearby.h"
#include "daemon/systemd.h"

/* Nobody has more ancestors. */
#define ANCESTORS_MAX	64

/* A name as the kernel has it: cut after so many. */
#define NAME_SIZE	16

#define TEXT_SIZE	4096

/* loginuid of who has not logged in (proc_pid_loginuid(5)). */
#define NO_LOGIN	"4294967295"

struct process {
	pid_t		 pid;
	pid_t		 parent;
	unsigned	 tty;
	unsigned	 uid;		/* real */
	char		 name[NAME_SIZE];
};

struct ancestry {
	const char	*refusal;
	bool		 console;
	bool		 all_root;
};

static bool
is_listed(const char *name, const char *const *list)
{
	while (*list != NULL && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

static bool
read_text(const struct nearby *asked, pid_t pid, const char *file,
    char text[TEXT_SIZE])
{
	char path[256];
	size_t len;
	FILE *in;

	(void)snprintf(path, sizeof(path), "%s/%d/%s", asked->proc, (int)pid,
	    file);
	in = fopen(path, "re");
	if (in == NULL)
		return false;
	len = fread(text, 1, TEXT_SIZE - 1, in);
	(void)fclose(in);
	text[len] = '\0';
	return len > 0;
}

/* proc_pid_stat(5). A name may hold anything, also a parenthesis. */
static bool
read_stat(char *text, struct process *process)
{
	char *start = strchr(text, '('), *end = strrchr(text, ')');
	int parent, tty;
	size_t len;

	if (start == NULL || end == NULL || end < start ||
	    sscanf(end + 1, " %*c %d %*d %*d %d", &parent, &tty) != 2)
		return false;
	len = (size_t)(end - start) - 1;
	if (len >= NAME_SIZE)
		len = NAME_SIZE - 1;
	memcpy(process->name, start + 1, len);
	process->name[len] = '\0';
	process->parent = parent;
	process->tty = (unsigned)tty;
	return true;
}

static bool
read_process(const struct nearby *asked, pid_t pid, struct process *process)
{
	char text[TEXT_SIZE], *line;

	process->pid = pid;
	if (!read_text(asked, pid, "stat", text) || !read_stat(text, process) ||
	    !read_text(asked, pid, "status", text))
		return false;
	line = strstr(text, "\nUid:");
	return line != NULL && sscanf(line, "\nUid: %u", &process->uid) == 1;
}

/* A terminal that is a part of the machine: a virtual or a serial console.
 * Pseudo terminals are what networks and windows have. */
static bool
is_console(unsigned tty)
{
	unsigned major = tty >> 8 & 0xfff;
	unsigned minor = (tty & 0xff) | (tty >> 12 & 0xfff00);

	return (major == 4 && minor > 0) || major == 204 || major == 229 ||
	    (major == 5 && minor == 1);
}

static const char *
refuse_name(const char *name)
{
	static const char *const network[] = {
		"sshd", "sshd-session", "sshd-auth", "dropbear", "telnetd",
		"in.telnetd", "in.rlogind", "in.rshd", "mosh-server",
		"tailscaled", "teleport", "cockpit-ws", "cockpit-session",
		"cockpit-bridge", "ttyd", "shellinaboxd", "xrdp",
		"xrdp-sesman", "Xvnc", "x11vnc", "gnome-remote-de", NULL
	};
	static const char *const shared[] = {
		"tmux: server", "screen", "zellij", "dtach", "abduco", NULL
	};

	if (is_listed(name, network))
		return "she came over the network";
	if (is_listed(name, shared))
		return "her terminal can be attached to from elsewhere";
	return NULL;
}

/* All the way up. The first process is everybody's, and shows nothing of
 * anybody. */
static void
look_up(const struct nearby *asked, struct ancestry *ancestry)
{
	struct process process;
	pid_t pid = asked->pid;
	unsigned i;

	ancestry->refusal = "her processes cannot be looked at";
	ancestry->console = false;
	ancestry->all_root = true;
	for (i = 0; i < ANCESTORS_MAX; i++) {
		if (pid <= 0 || !read_process(asked, pid, &process))
			return;
		ancestry->refusal = refuse_name(process.name);
		if (ancestry->refusal != NULL)
			return;
		if (process.uid != 0)
			ancestry->all_root = false;
		if (pid == 1 || process.parent == 0)
			return;
		if (is_console(process.tty))
			ancestry->console = true;
		ancestry->refusal = "her processes cannot be looked at";
		pid = process.parent;
	}
}

/* Is it in front at a seat, and not remote? */
static bool
is_at_seat(const char *session)
{
	char *seat = NULL;
	bool at_seat;

	at_seat = sd_session_is_remote(session) == 0 &&
	    sd_session_is_active(session) > 0 &&
	    sd_session_get_seat(session, &seat) >= 0 && seat != NULL &&
	    seat[0] != '\0';
	free(seat);
	return at_seat;
}

/* Programs that her service manager starts belong to no session: many windows
 * do. They may be anybody's of hers, so that all must be here. */
static const char *
refuse_sessions(uid_t uid)
{
	char **sessions = NULL;
	bool seat = false, remote = false;
	int count, i;

	count = sd_uid_get_sessions(uid, 0, &sessions);
	for (i = 0; i < count; i++) {
		if (sd_session_is_remote(sessions[i]) != 0)
			remote = true;
		if (is_at_seat(sessions[i]))
			seat = true;
		free(sessions[i]);
	}
	free(sessions);
	if (remote)
		return "she has a remote session besides";
	return seat ? NULL : "none of her sessions is at a seat";
}

/* GDM lets people in from elsewhere in the same way, if this daemon runs. */
static bool
may_be_remote(const struct nearby *asked)
{
	struct process process;
	const struct dirent *entry;
	bool may = false;
	DIR *proc;

	if (strncmp(asked->service, "gdm-", 4) != 0)
		return false;
	proc = opendir(asked->proc);
	if (proc == NULL)
		return true;
	while (!may && (entry = readdir(proc)) != NULL)
		may = isdigit((unsigned char)entry->d_name[0]) &&
		    read_process(asked, (pid_t)strtol(entry->d_name, NULL, 10),
		    &process) && strcmp(process.name, "gnome-remote-de") == 0;
	(void)closedir(proc);
	return may;
}

/* A display manager that no user has called. A login is here by its console
 * alone: network daemons run it at pseudo terminals. */
static bool
is_entrance(const struct nearby *asked, const struct ancestry *ancestry)
{
	static const char *const services[] = {
		"gdm-password", "gdm-fingerprint", "gdm-smartcard", "lightdm",
		"sddm", "lxdm", "xdm", "greetd", NULL
	};
	char text[TEXT_SIZE];

	if (!ancestry->all_root || !is_listed(asked->service, services) ||
	    may_be_remote(asked))
		return false;
	/* Kernels without audit have no such file. */
	return !read_text(asked, asked->pid, "loginuid", text) ||
	    strcmp(text, NO_LOGIN) == 0;
}

const char *
nearby_refuses(const struct nearby *asked)
{
	struct ancestry ancestry;
	char *session = NULL;
	bool at_seat;
	uid_t uid;

	look_up(asked, &ancestry);
	if (ancestry.refusal != NULL)
		return ancestry.refusal;
	/* Whoever may open a serial line can make it hers from anywhere. */
	if (sd_pid_get_session(asked->pid, &session) >= 0) {
		at_seat = is_at_seat(session) || (ancestry.console &&
		    sd_session_is_remote(session) == 0);
		free(session);
		return at_seat ? NULL : "her session is at no seat";
	}
	if (sd_pid_get_owner_uid(asked->pid, &uid) >= 0)
		return refuse_sessions(uid);
	if (ancestry.console || is_entrance(asked, &ancestry))
		return NULL;
	return "neither a console nor a session shows that she is here";
}
