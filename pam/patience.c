/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text without a prompt is all that a terminal is shown, and sudo -n, which
 * scripts use to find out whether they may, refuses prompts alone: it would
 * wait for minutes. So a sudo that was told not to ask is asked something.
 * Should it be willing after all, the person presses Enter once more.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <security/pam_modules.h>

#include "common/secret.h"
#include "pam/patience.h"

#define ARGUMENTS_MAX	4096
#define QUESTION	"Press Enter to sign in with your passkey: "

/* Short options of sudo(8) that take a value. */
#define WITH_VALUE	"CDghpRrTtUu"

static const char *const long_with_value[] = {
	"--close-from", "--chdir", "--group", "--host", "--prompt",
	"--chroot", "--role", "--type", "--command-timeout", "--other-user",
	"--user",
};

static bool
takes_next(const char *option)
{
	size_t i;

	for (i = 0; i < sizeof(long_with_value) / sizeof(*long_with_value);
	    i++) {
		if (strcmp(option, long_with_value[i]) == 0)
			return true;
	}
	return false;
}

/* Look through -abc. True for -n; *ret_next if the value is the next one. */
static bool
is_n_among(const char *cluster, bool *ret_next)
{
	const char *p;

	for (p = cluster + 1; *p != '\0'; p++) {
		if (*p == 'n')
			return true;
		if (strchr(WITH_VALUE, *p) != NULL) {
			*ret_next = p[1] == '\0';
			return false;
		}
	}
	return false;
}

bool
patience_forbidden(const char *arguments, size_t len)
{
	const char *p = arguments, *end = arguments + len;
	bool first = true, skip = false;

	for (; p < end; p += strnlen(p, (size_t)(end - p)) + 1) {
		if (first || skip) {
			first = skip = false;
			continue;
		}
		if (strcmp(p, "--non-interactive") == 0)
			return true;
		if (p[0] != '-' || p[1] == '\0' || strcmp(p, "--") == 0)
			return false;
		if (p[1] == '-')
			skip = takes_next(p);
		else if (is_n_among(p, &skip))
			return true;
	}
	return false;
}

static bool
is_sudo(pam_handle_t *pamh)
{
	const void *service = NULL;

	return pam_get_item(pamh, PAM_SERVICE, &service) == PAM_SUCCESS &&
	    service != NULL && (strcmp(service, "sudo") == 0 ||
	    strcmp(service, "sudo-i") == 0);
}

/* The arguments of this process; the last is cut if they are very many. */
static size_t
read_arguments(char arguments[ARGUMENTS_MAX])
{
	ssize_t len;
	int fd;

	fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, arguments, ARGUMENTS_MAX - 1);
	(void)close(fd);
	if (len < 0)
		return 0;
	arguments[len] = '\0';
	return (size_t)len;
}

int
patience_check(const struct conversation *c)
{
	char arguments[ARGUMENTS_MAX];
	char *answer = NULL;
	size_t len;
	int rc;

	if (c->kind == PROTO_CONVERSATION_PROMPT || !is_sudo(c->pamh))
		return PAM_SUCCESS;
	len = read_arguments(arguments);
	if (!patience_forbidden(arguments, len))
		return PAM_SUCCESS;
	rc = conversation_ask(c, true, QUESTION, &answer);
	if (rc == PAM_SUCCESS)
		secret_drop_string(answer);
	return rc;
}
