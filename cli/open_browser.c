/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass open-browser`: runs in the session of somebody's desktop, as she
 * does, and opens the links of her own sign-ins there with xdg-open. It goes
 * on when the daemon is started anew.
 *
 * MUST open nothing but what url_is_allowed(), whatever the daemon says, and
 * pass it as one argument of a program, past every shell.
 * MUST not print a link: it is good for a sign-in.
 */
#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "common/client.h"
#include "common/url.h"

#define OPENER	"xdg-open"

/* Milliseconds: for what the daemon does at once, and before it is asked again
 * after it went. A test has a shorter one. */
#define CONNECT_TIMEOUT	10000
#ifndef OPEN_BROWSER_PAUSE
#define OPEN_BROWSER_PAUSE	15000
#endif

extern char **environ;

/* Bury who has ended; nobody is waited for, because a browser may run for
 * days. */
static void
reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static int
start_opener(char *uri)
{
	char program[] = OPENER;
	char *const argv[] = { program, uri, NULL };
	posix_spawn_file_actions_t files;
	pid_t pid;
	int r;

	r = posix_spawn_file_actions_init(&files);
	if (r != 0)
		return r;
	r = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
	    0, 0);
	if (r == 0)
		r = posix_spawnp(&pid, OPENER, &files, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&files);
	return r;
}

static void
open_link(char *uri)
{
	int r;

	if (!url_is_allowed(uri, true)) {
		line_print(stderr, "hostpass: a link that is neither https nor "
		    "to this host was not opened");
		return;
	}
	reap();
	r = start_opener(uri);
	if (r != 0)
		line_print(stderr, "hostpass: cannot run " OPENER ": %s; it is "
		    "in the package xdg-utils", strerror(r));
}

static int
ask_for_link(int fd)
{
	struct frame frame;
	int r;

	frame_start(&frame, PROTO_LINKS);
	r = client_send(fd, &frame, client_now() + CONNECT_TIMEOUT);
	frame_free(&frame);
	return r;
}

/* How it ends after this frame; CLI_FINE: it does not. */
static enum cli_end
take_frame(int fd, struct frame_reader *reader)
{
	char *text = frame_get_string(reader, PROTO_STRING_MAX);
	enum cli_end end = CLI_FINE;

	if (frame_close(reader) != 0) {
		end = ask_say_nonsense();
	} else if (reader->type == PROTO_ERROR) {
		end = ask_say_refused(text);
	} else if (reader->type != PROTO_LINK) {
		end = ask_say_nonsense();
	} else {
		/* First, so that no link comes while nobody waits; if it
		 * fails, so will the next read. */
		(void)ask_for_link(fd);
		open_link(text);
	}
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
	return end;
}

/* Open links until the connection ends. 0 and how this ends in *ret_end, or
 * -errno. *ret_served is set if the daemon was there. */
static int
serve(bool *ret_served, enum cli_end *ret_end)
{
	struct client_reply reply;
	enum cli_end end = CLI_FINE;
	int fd, r;

	fd = ask_connect(client_now() + CONNECT_TIMEOUT);
	if (fd < 0)
		return fd;
	r = ask_for_link(fd);
	*ret_served |= r == 0;
	while (r == 0 && end == CLI_FINE) {
		r = client_receive(fd, &reply, UINT64_MAX);
		if (r == 0) {
			end = take_frame(fd, &reply.reader);
			client_reply_free(&reply);
		} else if (r == -ETIMEDOUT || r == -EINTR) {
			/* It may be weeks before she signs in again. */
			r = 0;
		}
	}
	(void)close(fd);
	*ret_end = end;
	return r;
}

enum cli_end
open_browser_run(const struct cli_request *request)
{
	enum cli_end end = CLI_FINE;
	bool served = false;
	int r;

	if (request->json) {
		line_print(stderr, "hostpass: open-browser prints nothing, so "
		    "there is no JSON of it");
		return CLI_USAGE;
	}
	while ((r = serve(&served, &end)) != 0) {
		if (!served || r == -EPROTO || r == -EMSGSIZE || r == -EPERM)
			return ask_say_failed(r);
		(void)poll(NULL, 0, OPEN_BROWSER_PAUSE);
	}
	return end;
}
