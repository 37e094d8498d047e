/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No text goes out that a terminal would act on, whoever wrote it, and no
 * answer stays in memory after a failure.
 */
#include <stdlib.h>
#include <string.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "common/names.h"
#include "common/secret.h"
#include "pam/conversation.h"

static bool
item_is(pam_handle_t *pamh, int item, const char *value)
{
	const void *found = NULL;

	return pam_get_item(pamh, item, &found) == PAM_SUCCESS &&
	    found != NULL && strcmp(found, value) == 0;
}

/* Is the person at this machine's desktop? The environment is hers to set,
 * and she would only mislead her own browser. A display that ssh forwards is
 * named localhost:10.0. */
static bool
is_desktop(void)
{
	const char *display = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");

	return (display != NULL && display[0] == ':') ||
	    (wayland != NULL && wayland[0] != '\0');
}

enum proto_conversation
conversation_detect(pam_handle_t *pamh)
{
	/* The service of sshd can be renamed, its made-up tty cannot. */
	if (item_is(pamh, PAM_TTY, "ssh") ||
	    item_is(pamh, PAM_SERVICE, "sshd"))
		return PROTO_CONVERSATION_PROMPT;
	return is_desktop() ? PROTO_CONVERSATION_DESKTOP :
	    PROTO_CONVERSATION_TERMINAL;
}

/* A copy in which the newline is the only control. Never longer than text:
 * what is replaced becomes one byte. */
static char *
copy_lines_plain(const char *text)
{
	size_t size = strlen(text) + 1;
	char *lines = strdup(text);
	char *plain = malloc(size);
	char *line = lines;
	char *out = plain;
	char *end;

	if (lines == NULL || plain == NULL) {
		free(lines);
		free(plain);
		return NULL;
	}
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		text_copy_plain(out, size - (size_t)(out - plain), line);
		out += strlen(out);
		*out++ = '\n';
		line = end + 1;
	}
	text_copy_plain(out, size - (size_t)(out - plain), line);
	free(lines);
	return plain;
}

static int
send_message(const struct conversation *c, int style, const char *text,
    char **ret_answer)
{
	char *plain = copy_lines_plain(text);
	char *answer = NULL;
	int rc;

	if (plain == NULL)
		return PAM_BUF_ERR;
	rc = pam_prompt(c->pamh, style, &answer, "%s", plain);
	free(plain);
	if (rc == PAM_SUCCESS && ret_answer != NULL)
		*ret_answer = answer;
	else
		secret_drop_string(answer);
	return rc;
}

int
conversation_show(const struct conversation *c, const char *text)
{
	return send_message(c, PAM_TEXT_INFO, text, NULL);
}

void
conversation_error(const struct conversation *c, const char *text)
{
	if (!c->silent && *text != '\0')
		(void)send_message(c, PAM_ERROR_MSG, text, NULL);
}

int
conversation_ask(const struct conversation *c, bool echo, const char *text,
    char **ret_answer)
{
	int style = echo ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF;
	char *answer = NULL;
	int rc;

	rc = send_message(c, style, text, &answer);
	if (rc != PAM_SUCCESS)
		return rc;
	/* Some programs say NULL when they mean an empty line. */
	if (answer == NULL)
		answer = strdup("");
	if (answer == NULL)
		return PAM_BUF_ERR;
	*ret_answer = answer;
	return PAM_SUCCESS;
}
