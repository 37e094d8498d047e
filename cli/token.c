/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass token`: the caller's own access token, alone on standard output.
 * It is a secret from here on, and no copy of it is left in this process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/hostpass.h"
#include "common/client.h"
#include "common/secret.h"

/* Milliseconds: the provider is asked for it. */
#define TOKEN_TIMEOUT	90000

/* A token is of printable characters (RFC 6750 2.1), so that nothing of it
 * would have to be filtered away. */
static bool
is_token(const char *text)
{
	return *text != '\0' && text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~+/=")] == '\0';
}

static enum cli_end
print(struct frame_reader *reader)
{
	char *text = frame_get_string(reader, PROTO_REPLY_MAX);
	enum cli_end end = CLI_FINE;

	if (frame_close(reader) != 0) {
		end = ask_say_nonsense();
	} else if (reader->type == PROTO_ERROR) {
		end = ask_say_refused(text);
	} else if (reader->type != PROTO_SECRET || !is_token(text)) {
		end = ask_say_nonsense();
	} else {
		(void)setvbuf(stdout, NULL, _IONBF, 0);
		(void)fputs(text, stdout);	/* main looks at ferror() */
		(void)fputc('\n', stdout);
	}
	secret_drop_string(text);
	return end;
}

enum cli_end
token_run(const struct cli_request *request)
{
	uint64_t deadline = client_now() + TOKEN_TIMEOUT;
	struct client_reply reply;
	struct frame frame;
	enum cli_end end;
	int fd, r;

	frame_start(&frame, PROTO_TOKEN);
	frame_put_string(&frame, request->scope);
	fd = ask_send(&frame, deadline);
	if (fd < 0)
		return ask_say_failed(fd);
	r = client_receive(fd, &reply, deadline);
	(void)close(fd);
	if (r < 0)
		return ask_say_failed(r);
	end = print(&reply.reader);
	client_reply_free(&reply);
	return end;
}
