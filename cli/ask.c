/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon is trusted only after client_connect() has looked at who listens.
 * Each way to fail is told with what to do about it.
 */
#include <errno.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/document.h"
#include "cli/line.h"
#include "common/client.h"
#include "common/snapshot.h"

/* Milliseconds. The daemon answers these from memory. */
#define ASK_TIMEOUT	10000
/* The daemon asks the provider, which has the configured timeout for each
 * exchange. */
#define REFRESH_TIMEOUT	120000

/* Who may listen besides root: the owner of the snapshot. */
static uid_t
daemon_owner(void)
{
	struct snapshot snapshot;
	uid_t owner;

	if (snapshot_map(SNAPSHOT_PATH, &snapshot) != 0)
		return 0;
	owner = snapshot.owner;
	snapshot_unmap(&snapshot);
	return owner;
}

int
ask_connect(uint64_t deadline)
{
	return client_connect(PROTO_SOCKET, daemon_owner(), deadline);
}

int
ask_send(struct frame *f, uint64_t deadline)
{
	int fd, r = 0;

	fd = ask_connect(deadline);
	if (fd >= 0)
		r = client_send(fd, f, deadline);
	frame_free(f);
	if (fd < 0 || r == 0)
		return fd;
	(void)close(fd);
	return r;
}

static int
exchange(enum proto_type type, char *const *fields, size_t count,
    struct client_reply *ret_reply)
{
	uint64_t deadline = client_now() +
	    (type == PROTO_REFRESH ? REFRESH_TIMEOUT : ASK_TIMEOUT);
	struct frame frame;
	size_t i;
	int fd, r;

	frame_start(&frame, (uint16_t)type);
	for (i = 0; i < count; i++)
		frame_put_string(&frame, fields[i]);
	fd = ask_send(&frame, deadline);
	if (fd < 0)
		return fd;
	r = client_receive(fd, ret_reply, deadline);
	(void)close(fd);
	return r;
}

static enum cli_end
say_unreachable(int error)
{
	if (error == -EPERM) {
		line_print(stderr, "hostpass: %s is not the daemon's: its "
		    "directory or who listens there cannot be trusted",
		    PROTO_SOCKET);
	} else {
		line_print(stderr, "hostpass: the daemon cannot be reached at "
		    "%s: %s", PROTO_SOCKET, strerror(-error));
	}
	line_print(stderr, "hostpass: see `systemctl status hostpassd`");
	return CLI_UNREACHABLE;
}

enum cli_end
ask_say_refused(const char *text)
{
	line_print(stderr, "hostpass: refused: %s", text);
	return CLI_NO;
}

enum cli_end
ask_say_nonsense(void)
{
	line_print(stderr, "hostpass: the daemon's answer makes no sense; is it "
	    "of another version than this command (%s)?", PACKAGE_VERSION);
	return CLI_UNREACHABLE;
}

static enum cli_end
read_reply(struct frame_reader *reader, struct json_object **ret_document)
{
	struct json_object *document;
	char *text;
	enum cli_end end = CLI_FINE;

	text = frame_get_string(reader, PROTO_REPLY_MAX);
	if (frame_close(reader) != 0) {
		end = ask_say_nonsense();
	} else if (reader->type == PROTO_ERROR) {
		end = ask_say_refused(text);
	} else if (reader->type != PROTO_JSON ||
	    (document = document_parse(text)) == NULL) {
		end = ask_say_nonsense();
	} else {
		*ret_document = document;
	}
	free(text);
	return end;
}

enum cli_end
ask_say_failed(int error)
{
	if (error == -EPROTO || error == -EMSGSIZE)
		return ask_say_nonsense();
	return say_unreachable(error);
}

/* The document of a reply, which is freed; r is what came of asking. */
static enum cli_end
take_reply(int r, struct client_reply *reply,
    struct json_object **ret_document)
{
	enum cli_end end;

	if (r < 0)
		return ask_say_failed(r);
	end = read_reply(&reply->reader, ret_document);
	client_reply_free(reply);
	return end;
}

enum cli_end
ask_daemon(enum proto_type type, char *const *fields, size_t count,
    struct json_object **ret_document)
{
	struct client_reply reply;
	int r;

	r = exchange(type, fields, count, &reply);
	return take_reply(r, &reply, ret_document);
}

/* The first document is due at once, the others are when they are. */
static enum cli_end
receive_all(int fd, bool follow, uint64_t deadline, ask_document_fn *fn,
    void *arg)
{
	struct json_object *document;
	struct client_reply reply;
	enum cli_end end;
	int r;

	do {
		r = client_receive(fd, &reply, deadline);
		end = take_reply(r, &reply, &document);
		if (end != CLI_FINE)
			return end;
		end = fn(arg, document);
		json_object_put(document);
		deadline = UINT64_MAX;
	} while (end == CLI_FINE && follow);
	return end;
}

enum cli_end
ask_daemon_on(enum proto_type type, bool follow, ask_document_fn *fn,
    void *arg)
{
	uint64_t deadline = client_now() + ASK_TIMEOUT;
	struct frame frame;
	enum cli_end end;
	int fd;

	frame_start(&frame, (uint16_t)type);
	frame_put_u32(&frame, follow);
	fd = ask_send(&frame, deadline);
	if (fd < 0)
		return ask_say_failed(fd);
	end = receive_all(fd, follow, deadline, fn, arg);
	(void)close(fd);
	return end;
}
