/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostpass-directory: what `hostpass directory` starts.
 *
 * MUST NOT take a secret from the command line, where everybody sees it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/directory/export.h"
#include "daemon/directory/options.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/keygen.h"

#define EXIT_USAGE	2
#define HTTP_TIMEOUT	60

static int
usage(FILE *out)
{
	(void)fprintf(out, "usage:\n"
	    "  hostpass directory keygen FILE\n"
	    "  hostpass directory export --pocketid URL --api-key-file FILE "
	    "COMMON\n"
	    "  hostpass directory export --scim URL --token-file FILE\n"
	    "      --sub id|externalId|userName [--emails-verified]\n"
	    "      [--claim NAME=ATTRIBUTE]... COMMON\n"
	    "COMMON is:\n"
	    "      --issuer URL --key FILE --out FILE [--valid 24h] "
	    "[--complete]\n"
	    "      [--ca-file FILE]\n");
	return out == stdout ? EXIT_SUCCESS : EXIT_USAGE;
}

static int
keygen(const char *path)
{
	struct secret private = SECRET_INIT;
	char *public = NULL;
	bool good;
	int fd;

	/* Never in the place of a key that hosts may have pinned. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		(void)fprintf(stderr, "hostpass: %s: %s\n", path,
		    strerror(errno));
		return EXIT_FAILURE;
	}
	good = keygen_ed25519(&private, &public) == 0 && write(fd,
	    private.data, private.len) == (ssize_t)private.len &&
	    fsync(fd) == 0;
	(void)close(fd);
	if (good)
		(void)printf("%s\n", public);
	else
		(void)fprintf(stderr, "hostpass: %s cannot be written\n", path);
	if (!good)
		(void)unlink(path);
	secret_free(&private);
	free(public);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
read_people(struct export *export, const struct options *options)
{
	return options->scim != NULL ? export_scim(export, &options->rules) :
	    export_pocketid(export);
}

static int
run_export(struct export *export, struct options *options)
{
	const struct http_config config = {
		.ca_file = options->ca_file,
		.http_loopback = true,
		.timeout = HTTP_TIMEOUT,
		/* RFC 7644 3.1. */
		.accept = options->scim != NULL ? "application/scim+json, "
		    "application/json" : NULL,
	};
	int r;

	export->url = options->scim != NULL ? options->scim :
	    options->pocketid;
	r = export_read_secret(export, options->credential_file,
	    &export->credential);
	if (r < 0)
		return r;
	export->base = event_base_new();
	if (export->base == NULL ||
	    http_new(export->base, &config, &export->http) < 0)
		return export_fail(export, -ENOMEM, "out of memory");
	/* What is told is no newer than this. */
	options->manifest.now = time(NULL);
	r = read_people(export, options);
	return r < 0 ? r : export_write(export, &options->manifest);
}

static void
tell(const struct export *export, const struct options *options)
{
	(void)printf("%s: %zu people\n", options->manifest.out,
	    export->count);
	if (export->strangers > 0)
		(void)fprintf(stderr, "hostpass: %zu members of groups are no "
		    "users, and were left out\n", export->strangers);
}

static int
export_main(int argc, char **argv)
{
	struct export export = { 0 };
	struct options options;
	int r;

	if (options_read(argc, argv, &options, export.error) < 0) {
		(void)fprintf(stderr, "hostpass: %s\n", export.error);
		return usage(stderr);
	}
	r = run_export(&export, &options);
	if (r < 0)
		(void)fprintf(stderr, "hostpass: %s\n",
		    *export.error != '\0' ? export.error : strerror(-r));
	else
		tell(&export, &options);
	http_free(export.http);
	if (export.base != NULL)
		event_base_free(export.base);
	secret_free(&export.credential);
	body_free(&export.lines);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	(void)umask(0077);
	if (argc == 3 && strcmp(argv[1], "keygen") == 0)
		return keygen(argv[2]);
	if (argc > 1 && strcmp(argv[1], "export") == 0)
		return export_main(argc - 1, argv + 1);
	return usage(argc > 1 && strcmp(argv[1], "--help") == 0 ? stdout :
	    stderr);
}
