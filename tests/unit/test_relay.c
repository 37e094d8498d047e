/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam/relay.c against a scripted daemon: every verdict, every lie and every
 * way to go silent, and the PAM code that comes of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <stdbool.h>
#include <stdio.h>

#include "pam/relay.c"	/* for *_over(), which take a connection */
#include "tests/unit/pam_fixture.h"
#include "tests/unit/relay_script.h"
#include "tests/unit/wipe.h"

#define TERMINAL	PROTO_CONVERSATION_TERMINAL
#define PROMPT		PROTO_CONVERSATION_PROMPT

#define GIVE_UP_SEEN	"error: " UNAVAILABLE_TEXT "\n"

#define STEPS_MAX	8

struct row {
	const char	*name;
	enum proto_conversation kind;
	int		 result;
	const char	*seen;		/* by the person */
	unsigned int	 timeout;	/* 0 = LONG */
	struct step	 steps[STEPS_MAX];
};

static struct fixture fixture;

static int
begin(void **state)
{
	(void)state;
	fixture_open(&fixture, "alice", "# none\n");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fixture_close(&fixture);
	return 0;
}

typedef int	over_fn(const struct conversation *, int,
		    const struct account *, uint64_t);

/* Run one exchange; the PAM code. */
static int
run(over_fn *over, enum proto_conversation kind, bool silent,
    unsigned int timeout, const struct step *steps)
{
	struct conversation c = {
		.pamh = fixture.pamh, .kind = kind, .silent = silent,
	};
	struct account account = { .user = "alice" };
	int fd, result, status;
	pid_t pid;

	fixture_clear(&fixture);
	pid = relay_script_start(steps, &fd);
	result = over(&c, fd, &account, client_now() + timeout);
	(void)close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* 1: a script that was cut short; the table says what it means */
	assert_true(WIFEXITED(status));
	return result;
}

static void
check_rows(over_fn *over, const struct row *rows, size_t count)
{
	size_t i;
	int result;

	for (i = 0; i < count; i++) {
		const struct row *r = &rows[i];

		result = run(over, r->kind, false,
		    r->timeout == 0 ? LONG : r->timeout, r->steps);
		if (result != r->result)
			fail_msg("%s: %d", r->name, result);
		if (strcmp(fixture.seen, r->seen) != 0)
			fail_msg("%s: seen: %s", r->name, fixture.seen);
	}
}

/* What RAW does to a verdict. */

static void
cut_half(struct frame *f)
{
	f->len /= 2;
}

static void
cut_header(struct frame *f)
{
	f->len = 3;
}

static void
add_byte(struct frame *f)
{
	frame_put_string(f, "");
	f->len -= 3;
	f->data[0]++;
}

static void
claim_more(struct frame *f)
{
	f->data[0]++;
}

static void
claim_less(struct frame *f)
{
	f->data[0]--;
}

static void
claim_all(struct frame *f)
{
	memset(f->data, 0xff, 4);
}

static void
claim_none(struct frame *f)
{
	memset(f->data, 0, 4);
}

static void
change_version(struct frame *f)
{
	f->data[4]++;
}

/* "ali\0e": the user starts after verdict and length. */
static void
put_nul(struct frame *f)
{
	f->data[FRAME_HEADER_SIZE + 4 + 4 + 3] = '\0';
}

static void
long_string(struct frame *f)
{
	memset(f->data + FRAME_HEADER_SIZE + 4, 0xff, 4);
}

#define HEAR		{ LISTEN, PROTO_AUTHENTICATE, NULL, "alice", NULL }
#define HEAR_ANSWER	{ LISTEN, PROTO_ANSWER, NULL, "", NULL }
#define SAY(n, user, text)	{ VERDICT, n, user, text, NULL }
#define GRANT		SAY(PROTO_GRANTED, "alice", "")
#define GRANT_BUT(edit)	{ RAW, PROTO_GRANTED, "alice", "", edit }
#define TELL(text)	{ SHOW, 0, NULL, text, NULL }
#define QUESTION(text)	{ ASK, 1, NULL, text, NULL }
#define SILENCE		{ STALL, 0, NULL, NULL, NULL }

static const struct row authenticate_rows[] = {
	/* the three verdicts */
	{ "granted", TERMINAL, PAM_SUCCESS, "", 0, { HEAR, GRANT } },
	{ "granted, prompt", PROMPT, PAM_SUCCESS, "", 0, { HEAR, GRANT } },
	{ "denied", TERMINAL, PAM_PERM_DENIED, "error: No.\n", 0,
	    { HEAR, SAY(PROTO_DENIED, "alice", "No.") } },
	{ "denied without a word", TERMINAL, PAM_PERM_DENIED, "", 0,
	    { HEAR, SAY(PROTO_DENIED, "alice", "") } },
	{ "unavailable", TERMINAL, PAM_AUTHINFO_UNAVAIL, "error: Wait.\n",
	    0, { HEAR, SAY(PROTO_UNAVAILABLE, "alice", "Wait.") } },

	/* numbers that are no verdict */
	{ "2", TERMINAL, PAM_AUTH_ERR, "", 0, { HEAR, SAY(2, "alice", "") } },
	{ "0x600c", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(0x600c, "alice", "") } },
	{ "0x600e", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(0x600e, "alice", "") } },
	{ "swapped", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(0x0d600000, "alice", "") } },
	{ "bit 31", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(0x8000600d, "alice", "") } },
	{ "all ones", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(UINT32_MAX, "alice", "") } },

	/* granted to somebody else */
	{ "bob", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(PROTO_GRANTED, "bob", "") } },
	{ "root", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(PROTO_GRANTED, "root", "") } },
	{ "nobody", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(PROTO_GRANTED, "", "") } },
	{ "upper case", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(PROTO_GRANTED, "Alice", "") } },
	{ "prefix", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(PROTO_GRANTED, "alic", "") } },
	{ "longer", TERMINAL, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(PROTO_GRANTED, "alice ", "") } },
	{ "domain", PROMPT, PAM_AUTH_ERR, "", 0,
	    { HEAR, SAY(PROTO_GRANTED, "alice@example.com", "") } },
	{ "denied to another, and what it says is not shown", TERMINAL,
	    PAM_AUTH_ERR, "", 0, { HEAR, SAY(PROTO_DENIED, "bob", "No.") } },

	/* broken frames */
	{ "half", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(cut_half) } },
	{ "half a header", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(cut_header) } },
	{ "a byte more", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(add_byte) } },
	{ "length + 1", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(claim_more) } },
	{ "length - 1", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(claim_less) } },
	{ "length 2^32 - 1", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN,
	    0, { HEAR, GRANT_BUT(claim_all) } },
	{ "length 0", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(claim_none) } },
	{ "version", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(change_version) } },
	{ "NUL", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(put_nul) } },
	{ "string length", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, GRANT_BUT(long_string) } },
	{ "verdict without fields", TERMINAL, PAM_AUTHINFO_UNAVAIL,
	    GIVE_UP_SEEN, 0,
	    { HEAR, { TYPED, PROTO_VERDICT, NULL, NULL, NULL } } },
	{ "text without fields", TERMINAL, PAM_AUTHINFO_UNAVAIL,
	    GIVE_UP_SEEN, 0,
	    { HEAR, { TYPED, PROTO_SHOW, NULL, NULL, NULL }, GRANT } },
	{ "question without fields", TERMINAL, PAM_AUTHINFO_UNAVAIL,
	    GIVE_UP_SEEN, 0,
	    { HEAR, { TYPED, PROTO_ASK, NULL, NULL, NULL }, GRANT } },
	{ "error without fields", TERMINAL, PAM_AUTHINFO_UNAVAIL,
	    GIVE_UP_SEEN, 0,
	    { HEAR, { TYPED, PROTO_ERROR, NULL, NULL, NULL }, GRANT } },

	/* frames that do not belong here */
	{ "type 0", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, { TYPED, 0, NULL, NULL, NULL }, GRANT } },
	{ "our own request", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN,
	    0, { HEAR, { TYPED, PROTO_AUTHENTICATE, NULL, NULL, NULL },
	    GRANT } },
	{ "json", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, { TYPED, PROTO_JSON, NULL, NULL, NULL }, GRANT } },
	{ "type 65535", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, { TYPED, 65535, NULL, NULL, NULL }, GRANT } },
	{ "echo 2", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, { ASK, 2, NULL, "?", NULL }, GRANT } },
	{ "error", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { HEAR, { REFUSE, 0, NULL, "who are you", NULL }, GRANT } },

	/* closed at each step */
	{ "closed at once", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { { END, 0, NULL, NULL, NULL } } },
	{ "closed, prompt", PROMPT, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, 0,
	    { { END, 0, NULL, NULL, NULL } } },
	{ "closed after the request", TERMINAL, PAM_AUTHINFO_UNAVAIL,
	    GIVE_UP_SEEN, 0, { HEAR } },
	{ "closed after a text", TERMINAL, PAM_AUTHINFO_UNAVAIL,
	    "show: link\n" GIVE_UP_SEEN, 0, { HEAR, TELL("link") } },
	{ "closed after a question", PROMPT, PAM_AUTHINFO_UNAVAIL,
	    "echo: link\n" GIVE_UP_SEEN, 0, { HEAR, QUESTION("link") } },
	{ "closed after an answer", PROMPT, PAM_AUTHINFO_UNAVAIL,
	    "echo: link\n" GIVE_UP_SEEN, 0,
	    { HEAR, QUESTION("link"), HEAR_ANSWER } },

	/* silent at each step */
	{ "silent", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN, SHORT,
	    { SILENCE, SILENCE } },
	{ "silent, prompt", PROMPT, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN,
	    SHORT, { HEAR, SILENCE } },
	{ "silent in a frame", TERMINAL, PAM_AUTHINFO_UNAVAIL, GIVE_UP_SEEN,
	    SHORT, { HEAR, GRANT_BUT(cut_half), SILENCE } },
	{ "silent after a text", TERMINAL, PAM_AUTHINFO_UNAVAIL,
	    "show: link\n" GIVE_UP_SEEN, LATER,
	    { HEAR, TELL("link"), SILENCE } },
	{ "silent after an answer", PROMPT, PAM_AUTHINFO_UNAVAIL,
	    "echo: link\n" GIVE_UP_SEEN, LATER,
	    { HEAR, QUESTION("link"), HEAR_ANSWER, SILENCE } },

	/* conversations that go well */
	{ "show and wait", TERMINAL, PAM_SUCCESS, "show: link\n", 0,
	    { HEAR, TELL("link"), { SLEEP, 600, NULL, NULL, NULL }, GRANT } },
	{ "ask twice", PROMPT, PAM_SUCCESS, "echo: link\necho: again\n", 0,
	    { HEAR, QUESTION("link"), HEAR_ANSWER, QUESTION("again"),
	    HEAR_ANSWER, GRANT } },
	{ "a passcode", PROMPT, PAM_PERM_DENIED, "hide: code\nerror: No.\n",
	    0, { HEAR, { ASK, 0, NULL, "code", NULL }, HEAR_ANSWER,
	    SAY(PROTO_DENIED, "alice", "No.") } },
	{ "escapes", TERMINAL, PAM_PERM_DENIED,
	    "show: a?[2J\nb\necho: c?d\nerror: e?\n", 0,
	    { HEAR, TELL("a\x1b[2J\nb"), QUESTION("c\rd"), HEAR_ANSWER,
	    SAY(PROTO_DENIED, "alice", "e\x07") } },
};

static void
test_authenticate(void **state)
{
	(void)state;
	check_rows(authenticate_over, authenticate_rows,
	    sizeof(authenticate_rows) / sizeof(authenticate_rows[0]));
}

#define HEAR_ACCOUNT	{ LISTEN, PROTO_ACCOUNT, NULL, "alice", NULL }
#define ACCOUNT_SEEN	"error: " ACCOUNT_TEXT "\n"

static const struct row account_rows[] = {
	{ "granted", TERMINAL, PAM_SUCCESS, "", 0, { HEAR_ACCOUNT, GRANT } },
	{ "denied", TERMINAL, PAM_PERM_DENIED, "error: No.\n", 0,
	    { HEAR_ACCOUNT, SAY(PROTO_DENIED, "alice", "No.") } },
	{ "unavailable", PROMPT, PAM_PERM_DENIED, "error: Wait.\n", 0,
	    { HEAR_ACCOUNT, SAY(PROTO_UNAVAILABLE, "alice", "Wait.") } },
	{ "unknown", TERMINAL, PAM_PERM_DENIED, "", 0,
	    { HEAR_ACCOUNT, SAY(1000, "alice", "") } },
	{ "another user", TERMINAL, PAM_PERM_DENIED, "", 0,
	    { HEAR_ACCOUNT, SAY(PROTO_GRANTED, "bob", "") } },
	{ "half", TERMINAL, PAM_PERM_DENIED, ACCOUNT_SEEN, 0,
	    { HEAR_ACCOUNT, GRANT_BUT(cut_half) } },
	{ "closed", TERMINAL, PAM_PERM_DENIED, ACCOUNT_SEEN, 0,
	    { HEAR_ACCOUNT } },
	{ "silent", TERMINAL, PAM_PERM_DENIED, ACCOUNT_SEEN, SHORT,
	    { HEAR_ACCOUNT, SILENCE } },
	{ "error", TERMINAL, PAM_PERM_DENIED, ACCOUNT_SEEN, 0,
	    { HEAR_ACCOUNT, { REFUSE, 0, NULL, "busy", NULL } } },
	/* nobody is there to see or answer in this phase */
	{ "text", TERMINAL, PAM_PERM_DENIED, ACCOUNT_SEEN, 0,
	    { HEAR_ACCOUNT, TELL("link"), GRANT } },
	{ "question", TERMINAL, PAM_PERM_DENIED, ACCOUNT_SEEN, 0,
	    { HEAR_ACCOUNT, QUESTION("?"), GRANT } },
};

static void
test_account(void **state)
{
	(void)state;
	check_rows(account_over, account_rows,
	    sizeof(account_rows) / sizeof(account_rows[0]));
}

static void
test_silent_account(void **state)
{
	static const struct step denied[] = {
		HEAR_ACCOUNT, SAY(PROTO_DENIED, "alice", "No."),
		{ END, 0, NULL, NULL, NULL },
	};

	(void)state;
	assert_int_equal(run(account_over, TERMINAL, true, LONG, denied),
	    PAM_PERM_DENIED);
	assert_int_equal(run(account_over, TERMINAL, true, LONG, denied + 2),
	    PAM_PERM_DENIED);
	assert_string_equal(fixture.seen, "");
}

/* Every proper prefix of a grant, closed or silent after it, is none. */
static size_t prefix;

static void
cut_to_prefix(struct frame *f)
{
	f->len = prefix < f->len ? prefix : f->len;
}

static void
test_every_prefix_of_a_grant(void **state)
{
	static const struct step steps[] = {
		HEAR, GRANT_BUT(cut_to_prefix), { END, 0, NULL, NULL, NULL },
	};
	const size_t whole = FRAME_HEADER_SIZE + 4 + 4 + 5 + 4 + 6 + 4;

	(void)state;
	for (prefix = 1; prefix < whole; prefix++)
		assert_int_equal(run(authenticate_over, TERMINAL, false, LONG,
		    steps), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(run(authenticate_over, TERMINAL, false, LONG, steps),
	    PAM_SUCCESS);
}

static void
test_person_changed(void **state)
{
	static const struct step steps[] = {
		HEAR, QUESTION("link"), HEAR_ANSWER, GRANT,
		{ END, 0, NULL, NULL, NULL },
	};

	(void)state;
	fixture.become = "bob";
	assert_int_equal(run(authenticate_over, PROMPT, false, LONG, steps),
	    PAM_AUTH_ERR);
}

static void
test_broken_conversation(void **state)
{
	static const struct step ask[] = {
		HEAR, QUESTION("link"), SILENCE, { END, 0, NULL, NULL, NULL },
	};
	static const struct step show[] = {
		HEAR, TELL("link"), SILENCE, { END, 0, NULL, NULL, NULL },
	};
	static const int codes[] = { PAM_CONV_ERR, PAM_CONV_AGAIN,
	    PAM_BUF_ERR, PAM_IGNORE, PAM_ABORT };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		fixture.ask_result = fixture.show_result = codes[i];
		assert_int_equal(run(authenticate_over, PROMPT, false, LONG,
		    ask), PAM_AUTH_ERR);
		assert_int_equal(run(authenticate_over, TERMINAL, false, LONG,
		    show), PAM_AUTH_ERR);
	}
}

/* A client without a person answers for ever; a daemon asks for ever. */
static void
test_rounds_are_limited(void **state)
{
	struct step steps[2 * (ROUNDS_MAX + 2) + 2] = { HEAR };
	size_t i;

	(void)state;
	for (i = 0; i < ROUNDS_MAX + 1; i++) {
		steps[1 + 2 * i] = (struct step)QUESTION("?");
		steps[2 + 2 * i] = (struct step)HEAR_ANSWER;
	}
	assert_int_equal(run(authenticate_over, PROMPT, false, LONG, steps),
	    PAM_AUTH_ERR);
	assert_int_equal(fixture.prompts, ROUNDS_MAX);
	/* one question less, and there is room for the verdict */
	steps[1 + 2 * (ROUNDS_MAX - 1)] = (struct step)GRANT;
	steps[2 + 2 * (ROUNDS_MAX - 1)].what = END;
	assert_int_equal(run(authenticate_over, PROMPT, false, LONG, steps),
	    PAM_SUCCESS);
}

static void
test_answer_is_passed_on_and_wiped(void **state)
{
	const char *marker = wipe_watch();
	struct step steps[] = {
		HEAR, { ASK, 0, NULL, "code", NULL },
		{ LISTEN, PROTO_ANSWER, NULL, marker, NULL }, GRANT,
		{ END, 0, NULL, NULL, NULL },
	};

	(void)state;
	fixture.answer = marker;
	assert_int_equal(run(authenticate_over, PROMPT, false, LONG, steps),
	    PAM_SUCCESS);
	assert_int_equal(wipe_count(), 0);
	assert_null(strstr(fixture.logged, marker));
}

static void
test_log_is_one_plain_line(void **state)
{
	static const struct step steps[] = {
		HEAR, { REFUSE, 0, NULL, "bad\nsshd: forged\x1b[2J", NULL },
		{ END, 0, NULL, NULL, NULL },
	};

	(void)state;
	assert_int_equal(run(authenticate_over, TERMINAL, false, LONG, steps),
	    PAM_AUTHINFO_UNAVAIL);
	assert_string_equal(fixture.logged,
	    "alice: hostpassd: bad?sshd: forged?[2J\n");
}

static const struct step grant_later[] = {
	HEAR, { SLEEP, 400, NULL, NULL, NULL }, GRANT,
	{ END, 0, NULL, NULL, NULL },
};

/* As sudo does it: blocked while the module works. */
static void
test_pending_interrupt_ends_a_terminal(void **state)
{
	static const int signals[] = { SIGINT, SIGQUIT };
	sigset_t set, old;
	size_t i;
	int signo;

	(void)state;
	for (i = 0; i < 2; i++) {
		(void)sigemptyset(&set);
		(void)sigaddset(&set, signals[i]);
		(void)sigprocmask(SIG_BLOCK, &set, &old);
		assert_int_equal(raise(signals[i]), 0);
		assert_int_equal(run(authenticate_over, TERMINAL, false, LONG,
		    grant_later), PAM_AUTH_ERR);
		assert_string_equal(fixture.seen, "");
		/* sshd's business is not ours */
		assert_int_equal(run(authenticate_over, PROMPT, false, LONG,
		    grant_later), PAM_SUCCESS);
		/* it is still there for the program */
		assert_int_equal(sigwait(&set, &signo), 0);
		assert_int_equal(signo, signals[i]);
		(void)sigprocmask(SIG_SETMASK, &old, NULL);
	}
}

static void
ignore_signal(int signo)
{
	(void)signo;
}

static void
test_handled_signal_ends_a_terminal(void **state)
{
	struct sigaction action = { .sa_handler = ignore_signal };
	struct itimerval timer = {
		.it_value = { .tv_usec = 50000 },
		.it_interval = { .tv_usec = 50000 },
	};
	struct itimerval none = { 0 };
	int terminal, prompt, account;

	(void)state;
	action.sa_flags = SA_RESTART;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
	terminal = run(authenticate_over, TERMINAL, false, LONG, grant_later);
	prompt = run(authenticate_over, PROMPT, false, LONG, grant_later);
	account = run(account_over, TERMINAL, false, LONG, grant_later + 1);
	assert_int_equal(setitimer(ITIMER_REAL, &none, NULL), 0);
	assert_int_equal(terminal, PAM_AUTH_ERR);
	assert_int_equal(prompt, PAM_SUCCESS);
	assert_int_equal(account, PAM_SUCCESS);
}

static void
test_nobody_listens(void **state)
{
	struct conversation c = { .pamh = fixture.pamh, .kind = TERMINAL };
	struct account account = { .user = "alice", .daemon = 997 };

	(void)state;
	assert_int_equal(relay_authenticate(&c, "/nonexistent/socket",
	    &account), PAM_AUTHINFO_UNAVAIL);
	assert_string_equal(fixture.seen, GIVE_UP_SEEN);
	assert_non_null(strstr(fixture.logged, "/nonexistent/socket: No "));
	fixture_clear(&fixture);
	assert_int_equal(relay_account(&c, "/nonexistent/socket", &account),
	    PAM_PERM_DENIED);
	assert_string_equal(fixture.seen, ACCOUNT_SEEN);
}

typedef int	relay_fn(const struct conversation *, const char *,
		    const struct account *);

/* Ask the daemons that relay_script_listen() plays. */
static void
at_a_socket(const char *path, const struct step *const *each, relay_fn *relay,
    const struct conversation *c, const struct account *account, int expected)
{
	pid_t pid;

	fixture_clear(&fixture);
	pid = relay_script_listen(path, each);
	assert_int_equal(relay(c, path, account), expected);
	(void)kill(pid, SIGKILL);	/* one that was not asked */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	(void)unlink(path);
}

static void
test_over_a_socket(void **state)
{
	static const struct step login_steps[] = { HEAR, GRANT,
	    { .what = END } };
	static const struct step check_steps[] = { HEAR_ACCOUNT, GRANT,
	    { .what = END } };
	static const struct step *const login[] = { login_steps, NULL };
	static const struct step *const check[] = { check_steps, NULL };
	struct conversation c = { .pamh = fixture.pamh, .kind = TERMINAL };
	struct account account = { .user = "alice", .daemon = 997 };
	int free_fd = dup(STDIN_FILENO), next_fd;
	char path[64];
	pid_t pid;

	(void)state;
	(void)close(free_fd);
	if (geteuid() != 0)
		skip();		/* the directory must be root's */
	(void)snprintf(path, sizeof(path), "%s/socket", fixture.directory);
	pid = relay_script_listen(path, login);
	assert_int_equal(relay_authenticate(&c, path, &account), PAM_SUCCESS);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	(void)unlink(path);
	pid = relay_script_listen(path, check);
	assert_int_equal(relay_account(&c, path, &account), PAM_SUCCESS);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	(void)unlink(path);
	next_fd = dup(STDIN_FILENO);
	(void)close(next_fd);
	assert_int_equal(next_fd, free_fd);
}

/* A daemon that is stopped closes its connections; the next one, at the same
 * socket, is asked from the start, and there is no third. */
static void
test_daemon_restarts(void **state)
{
	static const struct step goes[] = { HEAR, QUESTION("old"),
	    { .what = END } };
	static const struct step comes[] = { HEAR, QUESTION("new"), HEAR_ANSWER,
	    GRANT, { .what = END } };
	static const struct step gone[] = { HEAR_ACCOUNT, { .what = END } };
	static const struct step check[] = { HEAR_ACCOUNT, GRANT,
	    { .what = END } };
	static const struct step *const login[] = { goes, comes, NULL };
	static const struct step *const loops[] = { goes, goes, comes, NULL };
	static const struct step *const account_check[] = { gone, check, NULL };
	static const struct step *const account_loops[] = { gone, gone, check,
	    NULL };
	struct conversation c = { .pamh = fixture.pamh, .kind = PROMPT };
	struct account account = { .user = "alice", .daemon = 997 };
	char path[64];

	(void)state;
	if (geteuid() != 0)
		skip();		/* the directory must be root's */
	(void)snprintf(path, sizeof(path), "%s/socket", fixture.directory);
	at_a_socket(path, login, relay_authenticate, &c, &account, PAM_SUCCESS);
	assert_string_equal(fixture.seen, "echo: old\necho: new\n");
	at_a_socket(path, loops, relay_authenticate, &c, &account,
	    PAM_AUTHINFO_UNAVAIL);
	assert_string_equal(fixture.seen,
	    "echo: old\necho: old\n" GIVE_UP_SEEN);
	at_a_socket(path, account_check, relay_account, &c, &account,
	    PAM_SUCCESS);
	at_a_socket(path, account_loops, relay_account, &c, &account,
	    PAM_PERM_DENIED);
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(test_authenticate),
		IN_FIXTURE(test_account),
		IN_FIXTURE(test_silent_account),
		IN_FIXTURE(test_every_prefix_of_a_grant),
		IN_FIXTURE(test_person_changed),
		IN_FIXTURE(test_broken_conversation),
		IN_FIXTURE(test_rounds_are_limited),
		IN_FIXTURE(test_answer_is_passed_on_and_wiped),
		IN_FIXTURE(test_log_is_one_plain_line),
		IN_FIXTURE(test_pending_interrupt_ends_a_terminal),
		IN_FIXTURE(test_handled_signal_ends_a_terminal),
		IN_FIXTURE(test_nobody_listens),
		IN_FIXTURE(test_over_a_socket),
		IN_FIXTURE(test_daemon_restarts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
