/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostpass-directory: what `hostpass directory` starts.
 *
 * MUST NOT take a secret from the command line, where everybody sees it.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/directory/export.h"
#include "daemon/oidc/http.h"
#include "daemon/oidc/keygen.h"

#define EXIT_USAGE	2
#define VALID_DEFAULT	(24 * 60 * 60)
#define VALID_MAX	(366LL * 24 * 60 * 60)
#define HTTP_TIMEOUT	60

struct options {
	const char		*credential_file;
	struct export_manifest	 manifest;
};

static int
usage(FILE *out)
{
	(void)fprintf(out, "usage:\n"
	    "  hostpass directory keygen FILE\n"
	    "  hostpass directory export --pocketid URL --api-key-file FILE\n"
	    "      --issuer URL --key FILE --out FILE [--valid 24h] "
	    "[--complete]\n"
	    "      [--ca-file FILE]\n");
	return out == stdout ? EXIT_SUCCESS : EXIT_USAGE;
}

/* Seconds of "90", "15m", "24h", "7d"; 0 for anything else. */
static long long
read_duration(const char *text)
{
	static const struct { const char *unit; long long seconds; } units[] = {
		{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 },
		{ "d", 86400 },
	};
	long long number;
	char *end;
	size_t i;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || number <= 0 || number > VALID_MAX)
		return 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) == 0 &&
		    number * units[i].seconds <= VALID_MAX)
			return number * units[i].seconds;
	}
	return 0;
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

static bool
take_option(int option, struct export *export, struct options *options)
{
	switch (option) {
	case 'p':
		export->url = optarg;
		return true;
	case 'a':
		options->credential_file = optarg;
		return true;
	case 'i':
		options->manifest.issuer = optarg;
		return true;
	case 'k':
		options->manifest.key_file = optarg;
		return true;
	case 'o':
		options->manifest.out = optarg;
		return true;
	case 'v':
		options->manifest.valid = read_duration(optarg);
		return options->manifest.valid > 0;
	case 'C':
		options->manifest.complete = true;
		return true;
	case 'c':
		export->ca_file = optarg;
		return true;
	default:
		return false;
	}
}

static bool
read_options(int argc, char **argv, struct export *export,
    struct options *options)
{
	static const struct option known[] = {
		{ "pocketid", required_argument, NULL, 'p' },
		{ "api-key-file", required_argument, NULL, 'a' },
		{ "issuer", required_argument, NULL, 'i' },
		{ "key", required_argument, NULL, 'k' },
		{ "out", required_argument, NULL, 'o' },
		{ "valid", required_argument, NULL, 'v' },
		{ "complete", no_argument, NULL, 'C' },
		{ "ca-file", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (!take_option(option, export, options))
			return false;
	}
	return optind == argc && export->url != NULL &&
	    options->credential_file != NULL &&
	    options->manifest.issuer != NULL &&
	    options->manifest.key_file != NULL &&
	    options->manifest.out != NULL;
}

static int
run_export(struct export *export, struct options *options)
{
	const struct http_config config = {
		.ca_file = export->ca_file,
		.http_loopback = true,
		.timeout = HTTP_TIMEOUT,
	};
	int r;

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
	r = export_pocketid(export);
	return r < 0 ? r : export_write(export, &options->manifest);
}

static int
export_main(int argc, char **argv)
{
	struct export export = { 0 };
	struct options options = { .manifest.valid = VALID_DEFAULT };
	int r;

	if (!read_options(argc, argv, &export, &options))
		return usage(stderr);
	r = run_export(&export, &options);
	if (r < 0)
		(void)fprintf(stderr, "hostpass: %s\n",
		    *export.error != '\0' ? export.error : strerror(-r));
	else
		(void)printf("%s: %zu people\n", options.manifest.out,
		    export.count);
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
