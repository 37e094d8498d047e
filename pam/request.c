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
read_start_time(pid_t pid, uint64_t *ret_start)
{
	char path[32], stat[STAT_MAX];
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, stat, sizeof(stat) - 1);
	(void)close(fd);
	if (len < 0)
		return -EIO;
	stat[len] = '\0';
	return parse_start_time(stat, ret_start);
}

static bool
is_sshd(pam_handle_t *pamh)
{
	const void *tty = NULL;

	return pam_get_item(pamh, PAM_TTY, &tty) == PAM_SUCCESS &&
	    tty != NULL && strcmp(tty, "ssh") == 0;
}

/* sshd runs each attempt of a connection in a new child of one monitor, so
 * the monitor is what the attempts share; its start time tells it from a
 * later process with the same number. The parent of any other program may
 * serve many people, and so may the program: a number stands for this call. */
static void
put_retry_key(struct frame *f, const struct conversation *c)
{
	pid_t parent = getppid();
	uint64_t start;

	if (c->kind != PROTO_CONVERSATION_PROMPT || !is_sshd(c->pamh) ||
	    read_start_time(parent, &start) < 0) {
		frame_put_u32(f, 0);
		frame_put_u64(f, c->number);
		return;
	}
	frame_put_u32(f, (uint32_t)parent);
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
	frame_start(f, PROTO_ACCOUNT);
	put_caller(f, c, account->user);
}
