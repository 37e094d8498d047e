/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What PAM modules ask: sign somebody in, and may somebody who is known come
 * in now.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"
#include "daemon/report/audit.h"
#include "daemon/server/request_private.h"
#include "daemon/session/decision.h"

static void
send_verdict(struct connection *connection, enum reason reason,
    const char *user)
{
	struct frame f;
	enum proto_verdict verdict;

	if (reason == REASON_GRANTED)
		verdict = PROTO_GRANTED;
	else if (reason == REASON_INTERNAL || reason == REASON_DISK_FULL ||
	    reason == REASON_DISK_READ_ONLY || reason_may_pass(reason))
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
peer_ask(void *arg, bool echo, const char *text)
{
	struct connection *connection = arg;
	struct frame f;

	connection->asking = true;
	frame_start(&f, PROTO_ASK);
	frame_put_u32(&f, echo ? 1 : 0);
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

struct session_peer
request_peer(struct connection *connection)
{
	return (struct session_peer){
		peer_show, peer_ask, peer_verdict, connection
	};
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

/* A program of root's knows for which service it asks and where somebody comes
 * from. Others have no address, and cannot write more than a name into the log,
 * which programs that ban addresses read. 0 or -EPROTO. */
static int
subject_distrust(const struct connection *connection, struct subject *subject)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+@-";

	if (connection->uid == 0)
		return 0;
	subject->rhost[0] = '\0';
	return subject->service[strspn(subject->service, plain)] == '\0' ? 0 :
	    -EPROTO;
}

static void
subject_free(struct subject *subject)
{
	free(subject->user);
	free(subject->service);
	free(subject->tty);
	free(subject->rhost);
}

int
request_authenticate(struct connection *connection, struct frame_reader *r)
{
	struct session_peer peer = request_peer(connection);
	struct session_request request = { 0 };
	struct subject subject;
	char *ruser, *ssh_auth_info;
	int error;

	subject_get(r, &subject);
	ruser = frame_get_string(r, PROTO_STRING_MAX);
	request.uid = frame_get_u32(r);
	ssh_auth_info = frame_get_string(r, PROTO_STRING_MAX);
	request.conversation = frame_get_u32(r);
	request.retry_pid = frame_get_u32(r);
	request.retry_start = frame_get_u64(r);
	/* Only sshd comes back in another process. */
	if (connection->uid != 0 && request.retry_pid != 0)
		request.retry_start = request.retry_pid = 0;
	error = frame_close(r);
	if (error == 0 &&
	    (request.conversation < PROTO_CONVERSATION_PROMPT ||
	    request.conversation > PROTO_CONVERSATION_DESKTOP))
		error = -EPROTO;
	if (error == 0 && !request_speaks_for(connection, subject.user))
		error = -EPERM;
	if (error == 0)
		error = subject_distrust(connection, &subject);
	if (error == 0) {
		request.user = subject.user;
		request.service = subject.service;
		request.tty = subject.tty;
		request.rhost = subject.rhost;
		request.ruser = ruser;
		request.peer = connection->uid;
		request.pid = connection->pid;
		request.ssh_auth_info = ssh_auth_info;
		session_begin(connection->world, &request, &peer,
		    &connection->session);
	}
	subject_free(&subject);
	free(ruser);
	free(ssh_auth_info);
	return error;
}

int
request_answer(struct connection *connection, struct frame_reader *r)
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

/* What the account phase decided, with the sub of whoever has the name. */
static void
note_account(const struct world *world, const struct subject *subject,
    enum reason reason)
{
	struct audit_event event = {
		.kind = AUDIT_ACCOUNT, .user = subject->user,
		.service = subject->service, .source = subject->rhost,
		.reason = reason,
	};
	struct person *person = NULL;

	if (store_find_name(world->store, subject->user, &person) == 0)
		event.subject = person->subject;
	audit_note(world->audit, &event);
	person_free(person);
}

int
request_account(struct connection *connection, struct frame_reader *r)
{
	struct decision_request request = { 0 };
	struct subject subject;
	enum reason reason;
	int error;

	subject_get(r, &subject);
	request.uid = frame_get_u32(r);
	request.started = frame_get_u64(r);
	error = frame_close(r);
	if (error == 0 && !request_speaks_for(connection, subject.user))
		error = -EPERM;
	if (error == 0)
		error = subject_distrust(connection, &subject);
	if (error == 0) {
		request.user = subject.user;
		request.service = subject.service;
		/* Only sshd is told of somebody long before she comes in. */
		if (connection->uid != 0)
			request.started = 0;
		reason = decision_account(connection->world, &request);
		note_account(connection->world, &subject, reason);
		send_verdict(connection, reason, subject.user);
	}
	subject_free(&subject);
	return error;
}
