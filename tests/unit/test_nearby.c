/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who sits at this host, by a /proc of the test's own, and logind's answers.
 * The functions of libsystemd that are asked are defined here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-login.h>

#include "daemon/session/nearby.h"

#define ALICE	1001
#define PTS	"34817"		/* pts/1 */
#define TTY1	"1025"
#define TTYS0	"1088"
#define NONE	"0"

static char proc[] = "/tmp/hostpass-nearby-XXXXXX";

/* --- logind --- */

static struct {
	const char	*session;	/* of a process; NULL: of none */
	bool		 owned;		/* it is below user-1001.slice */
	const char	*sessions;	/* hers: "lr " is local, remote; s is at
					 * a seat; i there, but not in front */
} logind;

int
sd_pid_get_session(pid_t pid, char **ret_session)
{
	(void)pid;
	if (logind.session == NULL)
		return -ENODATA;
	*ret_session = strdup(logind.session);
	return 0;
}

int
sd_pid_get_owner_uid(pid_t pid, uid_t *ret_uid)
{
	(void)pid;
	if (!logind.owned)
		return -ENODATA;
	*ret_uid = ALICE;
	return 0;
}

int
sd_session_is_remote(const char *session)
{
	return session[0] == '?' ? -ENXIO : session[0] == 'r';
}

int
sd_session_is_active(const char *session)
{
	return session[0] == '?' ? -ENXIO : session[0] != 'i';
}

int
sd_session_get_seat(const char *session, char **ret_seat)
{
	if (session[0] != 's' && session[0] != 'i')
		return -ENODATA;
	*ret_seat = strdup("seat0");
	return 0;
}

int
sd_uid_get_sessions(uid_t uid, int active, char ***ret_sessions)
{
	size_t i, count = strlen(logind.sessions);
	char name[2] = "";

	assert_int_equal(uid, ALICE);
	/* Also those that she has left. */
	assert_int_equal(active, 0);
	*ret_sessions = calloc(count + 1, sizeof(char *));
	assert_non_null(*ret_sessions);
	for (i = 0; i < count; i++) {
		name[0] = logind.sessions[i];
		(*ret_sessions)[i] = strdup(name);
	}
	return (int)count;
}

/* --- processes --- */

static void
write_file(int pid, const char *name, const char *text)
{
	char path[128];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%d", proc, pid);
	(void)mkdir(path, 0755);
	(void)snprintf(path, sizeof(path), "%s/%d/%s", proc, pid, name);
	out = fopen(path, "w");
	assert_non_null(out);
	(void)fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static void
add(int pid, const char *name, int parent, unsigned uid, const char *tty)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "%d (%s) S %d 5 5 %s 7 4194304 1\n",
	    pid, name, parent, tty);
	write_file(pid, "stat", text);
	(void)snprintf(text, sizeof(text),
	    "Name:\t%s\nPPid:\t%d\nUid:\t%u\t0\t0\t0\nGid:\t0\t0\t0\t0\n",
	    name, parent, uid);
	write_file(pid, "status", text);
	write_file(pid, "loginuid", "4294967295");
}

static int
setup(void **state)
{
	(void)state;
	memset(&logind, 0, sizeof(logind));
	logind.sessions = "";
	(void)snprintf(strstr(proc, "nearby-"), 14, "nearby-XXXXXX");
	assert_non_null(mkdtemp(proc));
	add(1, "systemd", 0, 0, NONE);
	return 0;
}

static int
teardown(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", proc);
	assert_int_equal(system(command), 0);
	return 0;
}

static const char *
look(int pid, const char *service)
{
	struct nearby asked = { proc, pid, service };

	return nearby_refuses(&asked);
}

#define assert_here(pid, service)	assert_null(look(pid, service))
#define assert_refused(pid, service, why) do { \
	const char *said = look(pid, service); \
	assert_non_null(said); \
	assert_non_null(strstr(said, why)); \
} while (0)

/* A shell of hers that top started, and a sudo in it. */
static void
add_sudo(int top, const char *tty)
{
	add(300, "bash", top, ALICE, tty);
	add(301, "sudo", 300, ALICE, tty);
}

/* --- tests --- */

static void
test_console(void **state)
{
	(void)state;
	add(100, "login", 1, 0, TTY1);
	assert_here(100, "login");
	add_sudo(100, TTY1);
	assert_here(301, "sudo");
	/* A window that was started from there. */
	add(200, "xterm", 100, ALICE, TTY1);
	add_sudo(200, PTS);
	assert_here(301, "sudo");
	add_sudo(1, TTYS0);
	assert_here(301, "sudo");
	/* One who came over the network, and left her ancestors, can open a
	 * serial line; one who has logged in there has no seat. */
	logind.session = "r";
	assert_refused(301, "sudo", "at no seat");
	logind.session = "l";
	assert_here(301, "sudo");
	logind.session = NULL;
	logind.owned = true;
	logind.sessions = "r";
	assert_refused(301, "sudo", "remote session besides");
	logind.owned = false;
	/* What the first process has says nothing of anybody. */
	add(1, "sh", 0, 0, TTY1);
	add_sudo(1, PTS);
	assert_refused(301, "sudo", "neither");
}

static void
test_network(void **state)
{
	static const char *const names[] = {
		"sshd", "sshd-session", "dropbear", "in.telnetd",
		"mosh-server", "gnome-remote-de",
	};
	size_t i;

	(void)state;
	/* Whatever else speaks for her. */
	logind.session = "s";
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		add(100, names[i], 1, 0, TTY1);
		add_sudo(100, TTY1);
		assert_refused(301, "sudo", "network");
	}
	/* Between her and it is anything, with any name. */
	add(100, "sshd", 1, 0, NONE);
	add(101, ") S 1 1 1 1 (", 100, ALICE, PTS);
	add_sudo(101, PTS);
	assert_refused(301, "sudo", "network");
	add(100, "tmux: server", 1, ALICE, NONE);
	assert_refused(301, "sudo", "attached to");
}

/* She left her ancestors: what is left shows nothing. */
static void
test_orphan(void **state)
{
	(void)state;
	add_sudo(1, PTS);
	assert_refused(301, "sudo", "neither");
	/* sudo has become root's before it asked. */
	add(302, "sudo", 1, 0, PTS);
	assert_refused(302, "sudo", "neither");
	logind.session = "r";
	assert_refused(301, "sudo", "at no seat");
	/* A session without a seat, and one that nobody knows any more. */
	logind.session = "l";
	assert_refused(301, "sudo", "at no seat");
	logind.session = "?";
	assert_refused(301, "sudo", "at no seat");
}

static void
test_seat(void **state)
{
	(void)state;
	add(100, "Xorg", 1, ALICE, NONE);
	add_sudo(100, PTS);
	logind.session = "s";
	assert_here(301, "sudo");
	assert_here(100, "kde");
	/* Somebody else is in front of the screen. */
	logind.session = "i";
	assert_refused(301, "sudo", "at no seat");
}

/* Her service manager has opened the window. */
static void
test_service_manager(void **state)
{
	(void)state;
	add(100, "systemd", 1, ALICE, NONE);
	add_sudo(100, PTS);
	logind.owned = true;
	assert_refused(301, "sudo", "none of her sessions");
	logind.sessions = "l";
	assert_refused(301, "sudo", "none of her sessions");
	logind.sessions = "s";
	assert_here(301, "sudo");
	logind.sessions = "ls";
	assert_here(301, "sudo");
	logind.sessions = "sr";
	assert_refused(301, "sudo", "remote session besides");
	logind.sessions = "?s";
	assert_refused(301, "sudo", "remote session besides");
}

/* Where nobody has logged in yet. */
static void
test_entrance(void **state)
{
	(void)state;
	add(100, "gdm", 1, 0, NONE);
	add(101, "gdm-session-wor", 100, 0, NONE);
	assert_here(101, "gdm-password");
	assert_refused(101, "sudo", "neither");
	assert_refused(101, "vsftpd", "neither");
	/* GDM may be asked from elsewhere. */
	add(50, "gnome-remote-de", 1, 120, NONE);
	assert_refused(101, "gdm-password", "neither");
	assert_here(101, "lightdm");
	add(50, "gnome-shell", 1, 120, NONE);
	assert_here(101, "gdm-password");
	/* Root's shell may be anybody's. */
	write_file(101, "loginuid", "1001");
	assert_refused(101, "gdm-password", "neither");
	write_file(101, "loginuid", "4294967295");
	/* One that a user has started. */
	add(100, "bash", 1, ALICE, PTS);
	assert_refused(101, "gdm-password", "neither");
	add(100, "sshd", 1, 0, NONE);
	assert_refused(101, "gdm-password", "network");
}

/* A getty's login has a console; that of a daemon that nobody has heard of does
 * not, though root alone has started it. */
static void
test_login(void **state)
{
	(void)state;
	add(100, "busybox", 1, 0, NONE);
	add(101, "login", 100, 0, PTS);
	assert_refused(101, "login", "neither");
	add(101, "login", 100, 0, NONE);
	assert_refused(101, "login", "neither");
	add(101, "login", 1, 0, TTYS0);
	assert_here(101, "login");
}

static void
test_unreadable(void **state)
{
	int i;

	(void)state;
	logind.session = "s";
	assert_refused(0, "sudo", "cannot be looked at");
	assert_refused(-1, "sudo", "cannot be looked at");
	assert_refused(77, "sudo", "cannot be looked at");
	add_sudo(78, TTY1);
	assert_refused(301, "sudo", "cannot be looked at");
	write_file(300, "stat", "300 (bash S 1 5 5 0");
	assert_refused(301, "sudo", "cannot be looked at");
	write_file(300, "stat", "300 (bash) S x");
	assert_refused(301, "sudo", "cannot be looked at");
	add_sudo(1, TTY1);
	write_file(300, "status", "Name:\tbash\n");
	assert_refused(301, "sudo", "cannot be looked at");
	/* A ring has no end. */
	add(300, "bash", 301, ALICE, TTY1);
	add(301, "sudo", 300, ALICE, TTY1);
	assert_refused(301, "sudo", "cannot be looked at");
	for (i = 400; i < 500; i++)
		add(i, "bash", i + 1, ALICE, TTY1);
	add(500, "bash", 1, ALICE, TTY1);
	assert_refused(400, "sudo", "cannot be looked at");
	assert_here(480, "sudo");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_console), TEST(test_network), TEST(test_orphan),
		TEST(test_seat), TEST(test_service_manager),
		TEST(test_entrance), TEST(test_login), TEST(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
