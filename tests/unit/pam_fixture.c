/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program's side of PAM, in a directory of its own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "common/attr.h"
#include "tests/unit/pam_fixture.h"

static struct fixture *current;

static void PRINTF_LIKE(3, 4)
append(char *buf, size_t size, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(buf + len, size - len, fmt, ap);
	va_end(ap);
}

/* Instead of libpam's. */
void
pam_syslog(const pam_handle_t *pamh, int priority, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	(void)pamh;
	(void)priority;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (current != NULL)
		append(current->logged, sizeof(current->logged), "%s\n", line);
}

static int
answer_prompt(struct fixture *f, struct pam_response *response)
{
	f->prompts++;
	if (f->become != NULL)
		assert_int_equal(pam_set_item(f->pamh, PAM_USER, f->become),
		    PAM_SUCCESS);
	if (f->answer != NULL)
		response->resp = strdup(f->answer);
	return f->ask_result;
}

static int
converse(int n, const struct pam_message **messages,
    struct pam_response **ret_responses, void *data)
{
	static const char *const names[] = {
		[PAM_PROMPT_ECHO_OFF] = "hide", [PAM_PROMPT_ECHO_ON] = "echo",
		[PAM_ERROR_MSG] = "error", [PAM_TEXT_INFO] = "show",
	};
	const struct pam_message *m = messages[0];
	struct fixture *f = data;
	struct pam_response *response;
	int rc;

	assert_int_equal(n, 1);
	assert_in_range(m->msg_style, PAM_PROMPT_ECHO_OFF, PAM_TEXT_INFO);
	append(f->seen, sizeof(f->seen), "%s: %s\n", names[m->msg_style],
	    m->msg);
	response = calloc(1, sizeof(*response));
	assert_non_null(response);
	rc = f->show_result;
	if (m->msg_style == PAM_PROMPT_ECHO_ON ||
	    m->msg_style == PAM_PROMPT_ECHO_OFF)
		rc = answer_prompt(f, response);
	if (rc != PAM_SUCCESS) {
		free(response->resp);
		free(response);
		return rc;
	}
	*ret_responses = response;
	return PAM_SUCCESS;
}

void
fixture_open(struct fixture *f, const char *user, const char *lines)
{
	struct pam_conv conv = { .conv = converse, .appdata_ptr = f };
	char path[64];
	FILE *file;

	*f = (struct fixture){ .answer = "" };
	(void)snprintf(f->directory, sizeof(f->directory),
	    "/tmp/hostpass.XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	(void)snprintf(path, sizeof(path), "%s/" FIXTURE_SERVICE,
	    f->directory);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(lines, file) >= 0);
	assert_int_equal(fclose(file), 0);
	current = f;
	assert_int_equal(pam_start_confdir(FIXTURE_SERVICE, user, &conv,
	    f->directory, &f->pamh), PAM_SUCCESS);
}

void
fixture_clear(struct fixture *f)
{
	f->seen[0] = '\0';
	f->logged[0] = '\0';
	f->prompts = 0;
}

void
fixture_close(struct fixture *f)
{
	char path[64];

	assert_int_equal(pam_end(f->pamh, PAM_SUCCESS), PAM_SUCCESS);
	(void)snprintf(path, sizeof(path), "%s/" FIXTURE_SERVICE,
	    f->directory);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(f->directory), 0);
	current = NULL;
}
