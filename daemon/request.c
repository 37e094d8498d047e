/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each request of common/proto.h does.
 *
 * MUST read a request whole, and find nothing left over, before acting on it.
 * MUST ask the table at the end who may send it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/secret.h"
#include "daemon/account.h"
#include "daemon/connection.h"
#include "daemon/oidc/json.h"
#include "daemon/report.h"

/* What a frame needs besides the document. */
#define JSON_ROOM	64

static void
send_verdict(struct connection *connection, enum reason reason,
    const char *user)
{
	struct frame f;
	enum proto_verdict verdict;

	if (reason == REASON_GRANTED)
		verdict = PROTO_GRANTED;
	else if (reason == REASON_INTERNAL || reason_may_pass(reason))
		verdict = PROTO_UNAVAILABLE;
	else
		verdict = PROTO_DENIED;
	frame_start(&f, PROTO_VERDICT);
	frame_put_u32(&f, verdict);
	frame_put_string(&f, user);
	frame_put_string(&f, reason_code(reason));
	frame_put_string(&f, verdict == PROTO_GRANTED ? "" :
	    reason_person(reason));
	connection_send(connection, &f, true);
}

/* document is freed here. */
static void
send_json(struct connection *connection, struct json *document)
{
	char *text = document == NULL ? NULL : json_write(document);
	struct frame f;

	json_free(document);
	if (text == NULL) {
		connection_refuse(connection, "the store cannot be read");
		return;
	}
	if (strlen(text) > PROTO_REPLY_MAX - JSON_ROOM) {
		free(text);
		connection_refuse(connection, "these are too many to list; "
		    "see hostpass dump");
		return;
	}
	frame_start(&f, PROTO_JSON);
	frame_put_string(&f, text);
	free(text);
	connection_send(connection, &f, true);
}

static void
peer_show(void *arg, const char *text)
{
	struct connection *connection = arg;
	struct frame f;

	frame_start(&f, PROTO_SHOW);
	frame_put_string(&f, text);
	connection_send(connection, &f, false);
}

static void
peer_ask(void *arg, const char *text)
{
	struct connection *connection = arg;
	struct frame f;

	connection->asking = true;
	frame_start(&f, PROTO_ASK);
	frame_put_u32(&f, 1);
	frame_put_string(&f, text);
	connection_send(connection, &f, false);
}

static void
peer_verdict(void *arg, enum reason reason, const char *user)
{
	struct connection *connection = arg;

	connection->session = NULL;
	send_verdict(connection, reason, user);
}

/* The strings that AUTHENTICATE and ACCOUNT begin with. */
struct subject {
	char	*user;
	char	*service;
	char	*tty;
	char	*rhost;
};

static void
subject_get(struct frame_reader *r, struct subject *subject)
{
	subject->user = frame_get_string(r, PROTO_STRING_MAX);
	subject->service = frame_get_string(r, PROTO_STRING_MAX);
	subject->tty = frame_get_string(r, PROTO_STRING_MAX);
	subject->rhost = frame_get_string(r, PROTO_STRING_MAX);
}

static void
subject_free(struct subject *subject)
{
	free(subject->user);
	free(subject->service);
	free(subject->tty);
	free(subject->rhost);
}

/* Root speaks for anybody, a person for herself alone. */
static bool
speaks_for(struct connection *connection, const char *user)
{
	struct person *person = NULL;
	bool same;

	if (connection->uid == 0)
		return true;
	if (store_find_name(connection->world->store, user,
	    &person) < 0)
		return false;
	same = person->uid == connection->uid;
	person_free(person);
	return same;
}

static int
on_authenticate(struct connection *connection, struct frame_reader *r)
{
	struct session_peer peer = {
		peer_show, peer_ask, peer_verdict, connection
	};
	struct session_request request = { 0 };
	struct subject subject;
	char *ssh_auth_info;
	int error;

	subject_get(r, &subject);
	ssh_auth_info = frame_get_string(r, PROTO_STRING_MAX);
	request.conversation = frame_get_u32(r);
	request.retry_pid = frame_get_u32(r);
	request.retry_start = frame_get_u64(r);
	error = frame_close(r);
	if (error == 0 &&
	    (request.conversation < PROTO_CONVERSATION_PROMPT ||
	    request.conversation > PROTO_CONVERSATION_DESKTOP))
		error = -EPROTO;
	if (error == 0 && !speaks_for(connection, subject.user))
		error = -EPERM;
	if (error == 0) {
		request.user = subject.user;
		request.service = subject.service;
		request.tty = subject.tty;
		request.rhost = subject.rhost;
		session_begin(connection->world, &request, &peer,
		    &connection->session);
	}
	subject_free(&subject);
	free(ssh_auth_info);
	return error;
}

static int
on_answer(struct connection *connection, struct frame_reader *r)
{
	char *text;
	int error;

	text = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0 && !connection->asking)
		error = -EPROTO;
	if (error == 0) {
		connection->asking = false;
		session_answer(connection->session, text);
	}
	secret_drop_string(text);
	return error;
}

static int
on_account(struct connection *connection, struct frame_reader *r)
{
	struct subject subject;
	enum reason reason;
	int error;

	subject_get(r, &subject);
	error = frame_close(r);
	if (error == 0 && !speaks_for(connection, subject.user))
		error = -EPERM;
	if (error == 0) {
		reason = account_decide(connection->world,
		    subject.user, subject.service, NULL, NULL);
		log_line(reason == REASON_GRANTED ? LOG_INFO : LOG_NOTICE,
		    "account: user=%s service=%s from=%s reason=%s: %s",
		    subject.user, subject.service,
		    subject.rhost[0] == '\0' ? "-" : subject.rhost,
		    reason_code(reason), reason_admin(reason));
		send_verdict(connection, reason, subject.user);
	}
	subject_free(&subject);
	return error;
}

static int
on_status(struct connection *connection, struct frame_reader *r)
{
	if (frame_close(r) < 0)
		return -EPROTO;
	send_json(connection, report_status(connection->world,
	    connection_server_started(connection)));
	return 0;
}

static int
on_users(struct connection *connection, struct frame_reader *r)
{
	if (frame_close(r) < 0)
		return -EPROTO;
	send_json(connection, report_users(connection->world));
	return 0;
}

static int
on_groups(struct connection *connection, struct frame_reader *r)
{
	if (frame_close(r) < 0)
		return -EPROTO;
	send_json(connection, report_groups(connection->world));
	return 0;
}

static int
on_why(struct connection *connection, struct frame_reader *r)
{
	char *user, *service;
	int error;

	user = frame_get_string(r, PROTO_STRING_MAX);
	service = frame_get_string(r, PROTO_STRING_MAX);
	error = frame_close(r);
	if (error == 0 && !speaks_for(connection, user))
		error = -EPERM;
	if (error == 0)
		send_json(connection, report_why(connection->world,
		    user, service));
	free(user);
	free(service);
	return error;
}

/* Who may send what. ANYBODY's requests that name a user are checked again by
 * speaks_for(). */
static const struct request {
	uint16_t	type;
	enum { ROOT, ANYBODY } peer;
	int		(*handle)(struct connection *, struct frame_reader *);
} requests[] = {
	{ PROTO_AUTHENTICATE,	ANYBODY,	on_authenticate },
	{ PROTO_ACCOUNT,	ANYBODY,	on_account },
	{ PROTO_WHY,		ANYBODY,	on_why },
	{ PROTO_STATUS,		ANYBODY,	on_status },
	{ PROTO_USERS,		ROOT,		on_users },
	{ PROTO_GROUPS,		ROOT,		on_groups },
};

int
request_handle(struct connection *connection, struct frame_reader *r)
{
	size_t i;

	if (r->type == PROTO_ANSWER && connection->session != NULL)
		return on_answer(connection, r);
	if (connection->session != NULL)
		return -EPROTO;
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		if (requests[i].type != r->type)
			continue;
		if (requests[i].peer == ROOT && connection->uid != 0)
			return -EPERM;
		connection_expect_person(connection);
		return requests[i].handle(connection, r);
	}
	return -EPROTO;
}
