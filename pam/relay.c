/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module decides nothing, but it does not believe everything either: it
 * grants on one well-formed verdict that names the user it asked about, while
 * that is still the user of the program.
 *
 * MUST: the result starts as a denial, and one line can make it a grant. The
 * wait has an end that the daemon cannot move, and so has the number of its
 * questions, and of the daemons that are asked one after the other.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "common/client.h"
#include "common/frame.h"
#include "common/names.h"
#include "common/proto.h"
#include "common/secret.h"
#include "pam/relay.h"
#include "pam/request.h"

/* Milliseconds. The daemon gives up well before these. */
#define CONNECT_TIMEOUT		5000
#define ACCOUNT_TIMEOUT		5000
#define SIGN_IN_TIMEOUT		310000
/* How often a pending Ctrl-C is looked for. */
#define INTERRUPT_PAUSE		250

/* A client without a person answers each prompt at once, for ever. */
#define ROUNDS_MAX		64
/* Longest text for a person: a link, a code and the largest QR code. */
#define TEXT_MAX		(64 * 1024)
#define REASON_MAX		128

#define UNAVAILABLE_TEXT \
	"Passkey sign-in is not available on this host right now."
#define ACCOUNT_TEXT \
	"It cannot be checked right now whether this account may be used."

struct relay {
	const struct conversation	*conversation;
	pam_handle_t			*pamh;
	const char			*user;
	const char			*unavailable; /* said when we give up */
	bool				 may_ask; /* SHOW and ASK may come */
	bool				 interruptible; /* by Ctrl-C */
	bool				 may_resume; /* with another daemon */
	bool				 lost; /* the daemon has gone */
	int				 fd;
	uint64_t			 deadline;
	int				 result; /* the PAM code, so far */
};

/* End without a verdict. Returns false, which ends the conversation. */
static bool
give_up(struct relay *r, const char *what, const char *why)
{
	pam_syslog(r->pamh, LOG_ERR, "%s: %s: %s", r->user, what, why);
	conversation_error(r->conversation, r->unavailable);
	r->result = PAM_AUTHINFO_UNAVAIL;
	return false;
}

/* The same with -errno. Once, a daemon that ended is no reason to give up: one
 * that is started again is there soon, and systemd holds its socket. */
static bool
break_off(struct relay *r, const char *what, int rc)
{
	if (r->may_resume && (rc == -ECONNRESET || rc == -EPIPE)) {
		r->lost = true;
		r->result = PAM_AUTHINFO_UNAVAIL;
		return false;
	}
	return give_up(r, what, strerror(-rc));
}

/* PAM_USER as it is now: a conversation function may have changed it. */
static bool
user_is_unchanged(const struct relay *r)
{
	const void *user = NULL;

	return pam_get_item(r->pamh, PAM_USER, &user) == PAM_SUCCESS &&
	    user != NULL && strcmp(user, r->user) == 0;
}

static void
judge(struct relay *r, uint32_t verdict, const char *user, const char *reason,
    const char *text)
{
	char plain[REASON_MAX];

	text_copy_plain(plain, sizeof(plain), reason);
	if (strcmp(user, r->user) != 0 || !user_is_unchanged(r)) {
		pam_syslog(r->pamh, LOG_CRIT,
		    "%s: the verdict is about another user", r->user);
		r->result = PAM_AUTH_ERR;
		return;
	}
	switch (verdict) {
	case PROTO_GRANTED:
		r->result = PAM_SUCCESS;
		return;
	case PROTO_DENIED:
		r->result = PAM_PERM_DENIED;
		break;
	case PROTO_UNAVAILABLE:
		r->result = PAM_AUTHINFO_UNAVAIL;
		break;
	default:
		r->result = PAM_AUTH_ERR;
		break;
	}
	pam_syslog(r->pamh, LOG_NOTICE, "%s: refused: %s", r->user, plain);
	conversation_error(r->conversation, text);
}

static bool
hear_verdict(struct relay *r, struct frame_reader *reader)
{
	uint32_t verdict = frame_get_u32(reader);
	char *user = frame_get_string(reader, PROTO_STRING_MAX);
	char *reason = frame_get_string(reader, PROTO_STRING_MAX);
	char *text = frame_get_string(reader, TEXT_MAX);
	int rc = frame_close(reader);

	if (rc < 0)
		(void)break_off(r, "verdict", rc);
	else
		judge(r, verdict, user, reason, text);
	free(user);
	free(reason);
	free(text);
	return false;
}

static bool
hear_error(struct relay *r, struct frame_reader *reader)
{
	char *text = frame_get_string(reader, TEXT_MAX);
	char plain[REASON_MAX];
	int rc = frame_close(reader);

	if (rc < 0) {
		free(text);
		return break_off(r, "error", rc);
	}
	text_copy_plain(plain, sizeof(plain), text);
	free(text);
	return give_up(r, "hostpassd", plain);
}

/* The program cannot show or ask any more, or the person went away. */
static bool
end_conversation(struct relay *r, int pam_code)
{
	pam_syslog(r->pamh, LOG_NOTICE, "%s: conversation: %s", r->user,
	    pam_strerror(r->pamh, pam_code));
	r->result = PAM_AUTH_ERR;
	return false;
}

static bool
hear_show(struct relay *r, struct frame_reader *reader)
{
	char *text = frame_get_string(reader, TEXT_MAX);
	int rc = frame_close(reader);
	int shown;

	if (rc < 0) {
		free(text);
		return break_off(r, "text", rc);
	}
	shown = conversation_show(r->conversation, text);
	free(text);
	return shown == PAM_SUCCESS ? true : end_conversation(r, shown);
}

static bool
send_answer(struct relay *r, const char *answer)
{
	struct frame f;
	int rc;

	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, answer);
	rc = client_send(r->fd, &f, r->deadline);
	frame_free(&f);
	return rc == 0 ? true : break_off(r, "answer", rc);
}

static bool
hear_ask(struct relay *r, struct frame_reader *reader)
{
	uint32_t echo = frame_get_u32(reader);
	char *text = frame_get_string(reader, TEXT_MAX);
	int rc = frame_close(reader);
	char *answer;
	bool go_on;
	int asked;

	if (rc == 0 && echo > 1)
		rc = -EPROTO;
	if (rc < 0) {
		free(text);
		return break_off(r, "question", rc);
	}
	asked = conversation_ask(r->conversation, echo == 1, text, &answer);
	free(text);
	if (asked != PAM_SUCCESS)
		return end_conversation(r, asked);
	go_on = send_answer(r, answer);
	secret_drop_string(answer);
	return go_on;
}

/* False once r->result is final. */
static bool
hear(struct relay *r, struct frame_reader *reader)
{
	switch (reader->type) {
	case PROTO_VERDICT:
		return hear_verdict(r, reader);
	case PROTO_ERROR:
		return hear_error(r, reader);
	case PROTO_SHOW:
		if (r->may_ask)
			return hear_show(r, reader);
		break;
	case PROTO_ASK:
		if (r->may_ask)
			return hear_ask(r, reader);
		break;
	}
	return break_off(r, "reply", -EPROTO);
}

/* 0 when the daemon has something to say, -EINTR if the person at the terminal
 * wants to stop, -ETIMEDOUT. sudo blocks SIGINT and SIGQUIT while a module
 * works and looks afterwards whether one is pending, so Ctrl-C does not
 * interrupt a poll(2) there. */
static int
await_daemon(const struct relay *r)
{
	struct pollfd pfd = { .fd = r->fd, .events = POLLIN };
	sigset_t pending;
	int n;

	for (;;) {
		if (sigpending(&pending) == 0 &&
		    (sigismember(&pending, SIGINT) == 1 ||
		    sigismember(&pending, SIGQUIT) == 1))
			return -EINTR;
		if (client_now() >= r->deadline)
			return -ETIMEDOUT;
		n = poll(&pfd, 1, INTERRUPT_PAUSE);
		if (n > 0)
			return 0;
		if (n < 0)
			return -errno;
	}
}

static int
receive(const struct relay *r, struct client_reply *ret_reply)
{
	int rc;

	if (r->interruptible) {
		rc = await_daemon(r);
		if (rc < 0)
			return rc;
		return client_receive(r->fd, ret_reply, r->deadline);
	}
	/* Elsewhere a signal is the program's own business. */
	do {
		rc = client_receive(r->fd, ret_reply, r->deadline);
	} while (rc == -EINTR);
	return rc;
}

/* One frame of the daemon. False once r->result is final. */
static bool
take_turn(struct relay *r)
{
	struct client_reply reply;
	bool go_on;
	int rc;

	rc = receive(r, &reply);
	if (rc == -EINTR)
		return end_conversation(r, PAM_CONV_ERR);
	if (rc < 0)
		return break_off(r, "reply", rc);
	go_on = hear(r, &reply.reader);
	client_reply_free(&reply);
	return go_on;
}

/* Send the request over r->fd and go through the conversation. Frees the
 * request. */
static int
converse(struct relay *r, struct frame *request)
{
	bool go_on = true;
	int round, rc;

	r->result = PAM_AUTH_ERR;
	rc = client_send(r->fd, request, r->deadline);
	frame_free(request);
	if (rc < 0)
		go_on = break_off(r, "request", rc);
	for (round = 0; go_on && round < ROUNDS_MAX; round++)
		go_on = take_turn(r);
	if (go_on)
		(void)end_conversation(r, PAM_MAXTRIES);
	return r->result;
}

/* Authenticate over a connection. True in ret_lost, which is NULL for the last
 * try, if the daemon went away without a verdict. */
static int
authenticate_once(const struct conversation *c, int fd,
    const struct account *account, uint64_t deadline, bool *ret_lost)
{
	struct relay r = {
		.conversation = c, .pamh = c->pamh, .user = account->user,
		.unavailable = UNAVAILABLE_TEXT, .may_ask = true,
		.interruptible = c->kind != PROTO_CONVERSATION_PROMPT,
		.may_resume = ret_lost != NULL,
		.fd = fd, .deadline = deadline,
	};
	struct frame request;
	int result;

	request_authenticate(&request, c, account);
	result = converse(&r, &request);
	if (ret_lost != NULL)
		*ret_lost = r.lost;
	return result;
}

static int
authenticate_over(const struct conversation *c, int fd,
    const struct account *account, uint64_t deadline)
{
	return authenticate_once(c, fd, account, deadline, NULL);
}

/* The same for asking about the account. */
static int
account_once(const struct conversation *c, int fd,
    const struct account *account, uint64_t deadline, bool *ret_lost)
{
	struct relay r = {
		.conversation = c, .pamh = c->pamh, .user = account->user,
		.unavailable = ACCOUNT_TEXT, .may_resume = ret_lost != NULL,
		.fd = fd, .deadline = deadline,
	};
	struct frame request;
	int result;

	request_account(&request, c, account);
	result = converse(&r, &request);
	if (ret_lost != NULL)
		*ret_lost = r.lost;
	return result == PAM_SUCCESS ? PAM_SUCCESS : PAM_PERM_DENIED;
}

static int
account_over(const struct conversation *c, int fd,
    const struct account *account, uint64_t deadline)
{
	return account_once(c, fd, account, deadline, NULL);
}

/* The fd, or -errno after log and person have been told. */
static int
connect_daemon(const struct conversation *c, const char *path,
    const struct account *account, const char *unavailable, uint64_t deadline)
{
	int fd = client_connect(path, account->daemon, deadline);

	if (fd < 0) {
		pam_syslog(c->pamh, LOG_ERR, "%s: %s: %s", account->user,
		    path, strerror(-fd));
		conversation_error(c, unavailable);
	}
	return fd;
}

int
relay_authenticate(const struct conversation *c, const char *path,
    const struct account *account)
{
	uint64_t end = client_now() + SIGN_IN_TIMEOUT;
	bool lost = false;
	int fd, result;

	fd = connect_daemon(c, path, account, UNAVAILABLE_TEXT,
	    client_now() + CONNECT_TIMEOUT);
	if (fd < 0)
		return PAM_AUTHINFO_UNAVAIL;
	result = authenticate_once(c, fd, account, end, &lost);
	(void)close(fd);
	if (!lost)
		return result;
	fd = connect_daemon(c, path, account, UNAVAILABLE_TEXT,
	    client_now() + CONNECT_TIMEOUT);
	if (fd < 0)
		return PAM_AUTHINFO_UNAVAIL;
	result = authenticate_over(c, fd, account, end);
	(void)close(fd);
	return result;
}

int
relay_account(const struct conversation *c, const char *path,
    const struct account *account)
{
	uint64_t deadline = client_now() + ACCOUNT_TIMEOUT;
	bool lost = false;
	int fd, result;

	fd = connect_daemon(c, path, account, ACCOUNT_TEXT, deadline);
	if (fd < 0)
		return PAM_PERM_DENIED;
	result = account_once(c, fd, account, deadline, &lost);
	(void)close(fd);
	if (!lost)
		return result;
	fd = connect_daemon(c, path, account, ACCOUNT_TEXT, deadline);
	if (fd < 0)
		return PAM_PERM_DENIED;
	result = account_over(c, fd, account, deadline);
	(void)close(fd);
	return result;
}
