/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One question at a time: this program has nothing else to do meanwhile.
 *
 * MUST never show the credential in a sentence.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/directory/export.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/json.h"

#define SECRET_FILE_MAX	8192
/* A page may have groups of many members. */
#define ANSWER_MAX	(64 * 1024 * 1024)

/* An answer that is waited for. */
struct wait {
	struct export	*export;
	struct json	*json;
	int		 r;
};

int
export_say(char error[EXPORT_ERROR_MAX], int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(error, EXPORT_ERROR_MAX, fmt, ap);
	va_end(ap);
	return r;
}

int
export_fail(struct export *export, int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(export->error, sizeof(export->error), fmt, ap);
	va_end(ap);
	return r;
}

/* What an admin can do about it. */
static const char *
hint_of(long status)
{
	switch (status) {
	case 401:
	case 403:
		return "; the key or token is not one of an admin, or is not "
		    "valid any more";
	case 404:
		return "; is the URL that of the API?";
	default:
		return "";
	}
}

static void
on_reply(void *arg, const struct http_reply *reply)
{
	struct wait *wait = arg;
	struct export *export = wait->export;

	if (reply->outcome != HTTP_ANSWERED)
		wait->r = export_fail(export, -EIO, "%s: %.200s", export->url,
		    reply->outcome == HTTP_OVERSIZED ? "the answer is too long" :
		    reply->error);
	else if (reply->status != 200)
		wait->r = export_fail(export, -EACCES, "%s: the server "
		    "answered %ld%s", export->url, reply->status,
		    hint_of(reply->status));
	else
		wait->r = json_parse_long(reply->body, reply->len, ANSWER_MAX,
		    &wait->json);
	if (wait->r == -EBADMSG)
		wait->r = export_fail(export, -EBADMSG, "%s: the answer is "
		    "not JSON", export->url);
	(void)event_base_loopbreak(export->base);
}

int
export_get(struct export *export, const char *path,
    const char *credential_header, struct json **ret_json)
{
	struct wait wait = { .export = export };
	struct http_exchange *exchange;
	struct http_request request = {
		.authorization = &export->credential,
		.credential_header = credential_header,
		.most = ANSWER_MAX,
	};
	size_t len = strlen(export->url);
	char *url;
	int r;

	while (len > 0 && export->url[len - 1] == '/')
		len--;
	if (asprintf(&url, "%.*s%s", (int)len, export->url, path) < 0)
		return export_fail(export, -ENOMEM, "out of memory");
	request.url = url;
	r = http_start(export->http, &request, on_reply, &wait, &exchange);
	free(url);
	if (r < 0)
		return export_fail(export, r, "%s is not an https URL",
		    export->url);
	(void)event_base_dispatch(export->base);
	if (wait.r == 0)
		*ret_json = wait.json;
	return wait.r;
}

int
export_add(struct export *export, const struct json *claims)
{
	char *line = json_write(claims);
	int r = -ENOMEM;

	if (line != NULL)
		r = body_append(&export->lines, line, strlen(line));
	if (r == 0)
		r = body_append(&export->lines, "\n", 1);
	free(line);
	if (r < 0)
		return export_fail(export, r, "out of memory");
	export->count++;
	return 0;
}

int
export_read_secret(struct export *export, const char *path,
    struct secret *ret_secret)
{
	char buf[SECRET_FILE_MAX];
	struct stat st;
	ssize_t n;
	int fd, r;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0) {
		r = export_fail(export, -errno, "%s: %s", path,
		    strerror(errno));
	} else if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
		r = export_fail(export, -EACCES, "%s must be a file that its "
		    "owner alone may read: chmod 600", path);
	} else {
		n = read(fd, buf, sizeof(buf));
		while (n > 0 && (buf[n - 1] == '\n' || buf[n - 1] == '\r'))
			n--;
		r = n > 0 && n < (ssize_t)sizeof(buf) ?
		    secret_set(ret_secret, buf, (size_t)n) :
		    export_fail(export, -EBADMSG, "%s is empty or too long",
		    path);
		explicit_bzero(buf, sizeof(buf));
	}
	if (fd >= 0)
		(void)close(fd);
	return r;
}
