/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `hostpass passcode`: a person sets her own, or removes it. The daemon leads
 * the conversation, as it does with PAM's.
 */
#include <errno.h>
#include <json.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/hostpass.h"
#include "cli/line.h"
#include "cli/typed.h"
#include "common/client.h"
#include "common/secret.h"

/* Milliseconds; the daemon gives up before this. */
#define TALK_TIMEOUT	600000

static int
send_answer(int fd, char *typed, uint64_t deadline)
{
	struct frame frame;
	int r;

	frame_start(&frame, PROTO_ANSWER);
	frame_put_string(&frame, typed);
	r = client_send(fd, &frame, deadline);
	frame_free(&frame);
	return r;
}

/* 1: go on; else how to end. */
static int
answer(int fd, struct frame_reader *reader, uint64_t deadline,
    enum cli_end *ret_end)
{
	uint32_t echo = frame_get_u32(reader);
	char *text = frame_get_string(reader, PROTO_REPLY_MAX), *typed;
	int r;

	if (frame_close(reader) != 0) {
		free(text);
		*ret_end = ask_say_nonsense();
		return 0;
	}
	typed = typed_ask(echo == 1, text);
	free(text);
	if (typed == NULL) {
		*ret_end = CLI_NO;
		return 0;
	}
	r = send_answer(fd, typed, deadline);
	secret_drop_string(typed);
	if (r < 0)
		*ret_end = ask_say_failed(r);
	return r == 0;
}

static enum cli_end
end_with(struct frame_reader *reader)
{
	uint32_t verdict = frame_get_u32(reader);
	char *user = frame_get_string(reader, PROTO_REPLY_MAX);
	char *reason = frame_get_string(reader, PROTO_REPLY_MAX);
	char *text = frame_get_string(reader, PROTO_REPLY_MAX);
	enum cli_end end = CLI_NO;

	if (frame_close(reader) != 0) {
		end = ask_say_nonsense();
	} else if (verdict == PROTO_GRANTED) {
		line_print(stdout, "The passcode of %s is set.", user);
		end = CLI_FINE;
	} else {
		line_print(stderr, "hostpass: %s", text);
	}
	free(user);
	free(reason);
	free(text);
	return end;
}

/* Take one frame. 1: another one will come. */
static int
take(int fd, struct frame_reader *reader, uint64_t deadline,
    enum cli_end *ret_end)
{
	char *text;

	switch (reader->type) {
	case PROTO_ASK:
		return answer(fd, reader, deadline, ret_end);
	case PROTO_VERDICT:
		*ret_end = end_with(reader);
		return 0;
	case PROTO_SHOW:
	case PROTO_ERROR:
		break;
	default:
		*ret_end = ask_say_nonsense();
		return 0;
	}
	text = frame_get_string(reader, PROTO_REPLY_MAX);
	if (frame_close(reader) != 0) {
		*ret_end = ask_say_nonsense();
	} else if (reader->type == PROTO_SHOW) {
		line_text(stdout, text);
		line_print(stdout, "%s", "");
		(void)fflush(stdout);
		free(text);
		return 1;
	} else {
		*ret_end = ask_say_refused(text);
	}
	free(text);
	return 0;
}

static enum cli_end
talk(int fd, uint64_t deadline)
{
	struct client_reply reply;
	enum cli_end end = CLI_UNREACHABLE;
	int r;

	do {
		r = client_receive(fd, &reply, deadline);
		if (r < 0)
			return ask_say_failed(r);
		r = take(fd, &reply.reader, deadline, &end);
		client_reply_free(&reply);
	} while (r == 1);
	return end;
}

static enum cli_end
remove_passcode(const struct cli_request *request)
{
	static char oneself[] = "";
	char *user = request->args[0] == NULL ? oneself : request->args[0];
	struct json_object *document;
	enum cli_end end;

	end = ask_daemon(PROTO_PASSCODE_REMOVE, &user, 1, &document);
	if (end != CLI_FINE)
		return end;
	if (request->json)
		document_print(stdout, document);
	else if (document_boolean(document, "removed"))
		line_print(stdout, "The passcode of %s is removed.",
		    document_string(document, "user"));
	else
		line_print(stdout, "There is no passcode of %s.",
		    document_string(document, "user"));
	json_object_put(document);
	return CLI_FINE;
}

enum cli_end
passcode_run(const struct cli_request *request)
{
	uint64_t deadline = client_now() + TALK_TIMEOUT;
	struct frame frame;
	enum cli_end end;
	int fd;

	if (request->remove)
		return remove_passcode(request);
	frame_start(&frame, PROTO_PASSCODE);
	frame_put_u32(&frame, PROTO_CONVERSATION_TERMINAL);
	fd = ask_send(&frame, deadline);
	if (fd < 0)
		return ask_say_failed(fd);
	end = talk(fd, deadline);
	(void)close(fd);
	return end;
}
