/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PAM items are passed on as the program set them; only the daemon says
 * what they mean. What is missing is an empty string or a zero.
 */
#include <sys/random.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <security/pam_modules.h>

#include "common/proto.h"
#include "pam/request.h"

#define STAT_MAX	4096
/* proc(5): starttime is field 22, and the name of the program is field 2. */
#define STAT_NAME	2
#define STAT_START_TIME	22

static void
put_item(struct frame *f, pam_handle_t *pamh, int item)
{
	const void *value = NULL;

	if (pam_get_item(pamh, item, &value) != PAM_SUCCESS)
		value = NULL;
	frame_put_string(f, value);
}

/* The start time in the text of /proc/PID/stat. The program's name may hold
 * anything, so the fields are counted from the last parenthesis. */
static int
parse_start_time(const char *stat, uint64_t *ret_start)
{
	const char *p = strrchr(stat, ')');
	uint64_t start;
	int field;

	for (field = STAT_NAME; p != NULL && field < STAT_START_TIME; field++) {
		p = strchr(p, ' ');
		if (p != NULL)
			p++;
	}
	if (p == NULL || sscanf(p, "%" SCNu64 " ", &start) != 1)
		return -EINVAL;
	*ret_start = start;
	return 0;
}

static int
read_stat(pid_t pid, char stat[STAT_MAX])
{
	char path[32];
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, stat, STAT_MAX - 1);
	(void)close(fd);
	if (len < 0)
		return -EIO;
	stat[len] = '\0';
	return 0;
}

/* Do two such texts name the same program? */
static bool
same_program(const char *one, const char *other)
{
	const char *a = strchr(one, '('), *b = strchr(other, '(');
	const char *end = strrchr(one, ')');

	return a != NULL && b != NULL && end != NULL && end > a &&
	    strncmp(a, b, (size_t)(end - a) + 1) == 0;
}

static bool
is_sshd(pam_handle_t *pamh)
{
	const void *tty = NULL;

	return pam_get_item(pamh, PAM_TTY, &tty) == PAM_SUCCESS &&
	    tty != NULL && strcmp(tty, "ssh") == 0;
}

/*
 * The process of sshd's that serves this connection: its monitor, which looks
 * the user up and leads a session of its own. It lets in by key itself; each
 * conversation is in a new child of it. The start time tells a process from a
 * later one with the same number. 0 or -errno.
 */
static int
find_monitor(pid_t *ret_pid, uint64_t *ret_start)
{
	char self[STAT_MAX], parent[STAT_MAX];
	pid_t pid = getpid();
	int r;

	r = read_stat(pid, self);
	if (r < 0)
		return r;
	if (getsid(0) != pid) {
		r = read_stat(getppid(), parent);
		if (r < 0)
			return r;
		/* What inetd started leads no session, and is no child. */
		if (same_program(self, parent)) {
			*ret_pid = getppid();
			return parse_start_time(parent, ret_start);
		}
	}
	*ret_pid = pid;
	return parse_start_time(self, ret_start);
}

/* The attempts of a connection share its monitor. The parent of any other
 * program may serve many people, and so may the program: a number stands for
 * this call. */
static void
put_retry_key(struct frame *f, const struct conversation *c)
{
	uint64_t start;
	pid_t pid;

	if (c->kind != PROTO_CONVERSATION_PROMPT || !is_sshd(c->pamh) ||
	    find_monitor(&pid, &start) < 0) {
		frame_put_u32(f, 0);
		frame_put_u64(f, c->number);
		return;
	}
	frame_put_u32(f, (uint32_t)pid);
	frame_put_u64(f, start);
}

static void
put_caller(struct frame *f, const struct conversation *c, const char *user)
{
	frame_put_string(f, user);
	put_item(f, c->pamh, PAM_SERVICE);
	put_item(f, c->pamh, PAM_TTY);
	put_item(f, c->pamh, PAM_RHOST);
}

uint64_t
request_make_number(void)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return 0;
	return number;
}

void
request_authenticate(struct frame *f, const struct conversation *c,
    const struct account *account)
{
	frame_start(f, PROTO_AUTHENTICATE);
	put_caller(f, c, account->user);
	put_item(f, c->pamh, PAM_RUSER);
	frame_put_u32(f, account->uid);
	frame_put_string(f, pam_getenv(c->pamh, "SSH_AUTH_INFO_0"));
	frame_put_u32(f, c->kind);
	put_retry_key(f, c);
}

void
request_account(struct frame *f, const struct conversation *c,
    const struct account *account)
{
	uint64_t start = 0;
	pid_t pid;

	frame_start(f, PROTO_ACCOUNT);
	put_caller(f, c, account->user);
	frame_put_u32(f, account->uid);
	/* Others look her up when they run something as her. */
	if (!is_sshd(c->pamh) || find_monitor(&pid, &start) < 0)
		start = 0;
	frame_put_u64(f, start);
}
