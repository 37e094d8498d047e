/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One question to the daemon, answered by a JSON document, or by many.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "cli/hostpass.h"
#include "common/attr.h"
#include "common/proto.h"

struct frame;
struct json_object;

/* Ask, with that many string fields. CLI_FINE and the document, which must be
 * given to json_object_put(); anything else is how to end, and why was said
 * on stderr. */
enum cli_end ask_daemon(enum proto_type type, char *const *fields,
	    size_t count, struct json_object **ret_document) MUST_USE;

/* For a conversation of another shape: connect as client_connect() does, and
 * perhaps send f, which is freed. The connection, which the caller closes, or
 * -errno for ask_say_failed(). */
int	ask_connect(uint64_t deadline) MUST_USE;
int	ask_send(struct frame *f, uint64_t deadline) MUST_USE;

/* Say on stderr what is wrong, and give back how to end: an -errno of
 * common/client.h, the text of PROTO_ERROR, an answer that cannot be read. */
enum cli_end ask_say_failed(int error);
enum cli_end ask_say_refused(const char *text);
enum cli_end ask_say_nonsense(void);
/* What is done with each of many; anything but CLI_FINE is the end. */
typedef enum cli_end ask_document_fn(void *arg, struct json_object *document);

/* Ask for a document and, with follow, for what comes after it: until the
 * daemon closes the connection, which is then said and is CLI_UNREACHABLE.
 * The documents are freed here. */
enum cli_end ask_daemon_on(enum proto_type type, bool follow,
	    ask_document_fn *fn, void *arg) MUST_USE;

#endif
