/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST leave the terminal as it was, also when the person interrupts.
 * MUST keep no copy of what was typed besides the one that is returned.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/line.h"
#include "cli/typed.h"

#define TYPED_MAX	4096

/* A read that a signal interrupts has to return. */
static void
on_interrupt(int signal UNUSED)
{
}

/* Up to the newline, which is left out. */
static bool
read_typed(int fd, char buf[TYPED_MAX])
{
	size_t len = 0;
	ssize_t n;

	while (len < TYPED_MAX - 1) {
		n = read(fd, buf + len, 1);
		if (n < 0 || (n == 0 && len == 0))
			return false;
		if (n == 0 || buf[len] == '\n')
			break;
		len++;
	}
	buf[len] = '\0';
	return true;
}

/* The same, unseen where fd is a terminal. */
static bool
read_unseen(int fd, char buf[TYPED_MAX])
{
	struct sigaction act = { .sa_handler = on_interrupt }, before;
	struct termios shown, unseen;
	bool read;

	if (tcgetattr(fd, &shown) < 0)
		return read_typed(fd, buf);
	unseen = shown;
	unseen.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	(void)sigaction(SIGINT, &act, &before);
	(void)tcsetattr(fd, TCSAFLUSH, &unseen);
	read = read_typed(fd, buf);
	(void)tcsetattr(fd, TCSAFLUSH, &shown);
	(void)sigaction(SIGINT, &before, NULL);
	return read;
}

char *
typed_ask(bool echo, const char *prompt)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	FILE *out = fd >= 0 ? fdopen(dup(fd), "w") : stderr;
	char buf[TYPED_MAX], *answer = NULL;
	int in = fd >= 0 ? fd : STDIN_FILENO;

	line_text(line_need(out), prompt);
	(void)fflush(out);
	if (echo ? read_typed(in, buf) : read_unseen(in, buf))
		answer = line_need(strdup(buf));
	explicit_bzero(buf, sizeof(buf));
	if (!echo)
		(void)fputc('\n', out);
	if (out != stderr)
		(void)fclose(out);
	if (fd >= 0)
		(void)close(fd);
	return answer;
}
