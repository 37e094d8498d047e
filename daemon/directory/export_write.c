/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The document as a file.
 *
 * MUST never give a serial twice, nor a lower one than hosts may have taken:
 *	they refuse what looks like an older document.
 * MUST replace the file as a whole: a web server may be reading it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/directory/export.h"
#include "daemon/directory/signed.h"
#include "daemon/oidc/base64url.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jws.h"
#include "daemon/oidc/sign.h"

/* The serial in the payload of a manifest, which is our own; 0 if there is
 * none. */
static int64_t
serial_of(const char *line)
{
	const char *payload = strchr(line, '.'), *end;
	struct json *json = NULL;
	uint8_t bytes[4096];
	int64_t serial = 0;
	size_t len;

	end = payload != NULL ? strchr(payload + 1, '.') : NULL;
	if (end == NULL || base64url_decode(payload + 1,
	    (size_t)(end - payload - 1), bytes, sizeof(bytes), &len) < 0 ||
	    json_parse((const char *)bytes, len, &json) < 0)
		return 0;
	if (json_integer(json_get(json, "serial"), &serial) < 0)
		serial = 0;
	json_free(json);
	return serial;
}

/* More than that of the file that is there, and, should that be lost, more than
 * all that were ever made before this second. One that a wrong clock made is
 * left behind: hosts took it for one of the future. */
static int64_t
next_serial(const struct export_manifest *manifest)
{
	FILE *stream = fopen(manifest->out, "re");
	char line[8192];
	int64_t serial = 0;

	if (stream != NULL) {
		if (fgets(line, sizeof(line), stream) != NULL)
			serial = serial_of(line);
		(void)fclose(stream);
	}
	return serial >= manifest->now &&
	    serial < manifest->now + SIGNED_AHEAD ? serial + 1 : manifest->now;
}

static int
read_key(struct export *export, const char *path, struct sign_key **ret_key)
{
	struct secret text = SECRET_INIT;
	int r;

	r = export_read_secret(export, path, &text);
	if (r < 0)
		return r;
	r = sign_key_read(&text, ret_key);
	secret_free(&text);
	if (r == 0 && strcmp(sign_algorithm(*ret_key), "EdDSA") != 0) {
		sign_key_free(*ret_key);
		r = -EBADMSG;
	}
	if (r < 0)
		return export_fail(export, r, "%s is no private key of "
		    "Ed25519; `hostpass directory keygen FILE` makes one",
		    path);
	return 0;
}

static int
make_manifest(struct export *export, const struct export_manifest *manifest,
    const struct sign_key *key, struct secret *ret_token)
{
	struct json *claims = json_new_object();
	char digest[DIGEST_SIZE];
	int r;

	r = digest_sha256(export->lines.data, export->lines.len, digest);
	json_set_string(claims, "iss", manifest->issuer);
	json_set_integer(claims, "iat", manifest->now);
	json_set_integer(claims, "exp", manifest->now + manifest->valid);
	json_set_integer(claims, "serial", next_serial(manifest));
	json_set_integer(claims, "count", (int64_t)export->count);
	json_set_boolean(claims, "complete", manifest->complete);
	json_set_string(claims, "sha256", digest);
	if (r == 0)
		r = sign_typed(key, SIGNED_TYPE, claims, ret_token);
	json_free(claims);
	return r < 0 ? export_fail(export, r, "the manifest cannot be "
	    "signed: %s", strerror(-r)) : 0;
}

static int
write_file(const struct export *export, const struct secret *manifest, int fd)
{
	FILE *stream = fdopen(fd, "we");
	bool good;

	if (stream == NULL) {
		(void)close(fd);
		return -ENOMEM;
	}
	good = fwrite(manifest->data, 1, manifest->len, stream) ==
	    manifest->len && fputc('\n', stream) != EOF &&
	    fwrite(export->lines.data, 1, export->lines.len, stream) ==
	    export->lines.len && fflush(stream) == 0 &&
	    fchmod(fd, 0644) == 0 && fsync(fd) == 0;
	if (fclose(stream) != 0)
		good = false;
	return good ? 0 : errno != 0 ? -errno : -EIO;
}

static int
replace_file(struct export *export, const char *out,
    const struct secret *manifest)
{
	char *path;
	int fd, r;

	if (asprintf(&path, "%s.XXXXXX", out) < 0)
		return export_fail(export, -ENOMEM, "out of memory");
	fd = mkostemp(path, O_CLOEXEC);
	r = fd < 0 ? -errno : write_file(export, manifest, fd);
	if (r == 0 && rename(path, out) < 0)
		r = -errno;
	if (r < 0) {
		export_fail(export, r, "%s cannot be written: %s", out,
		    strerror(-r));
		if (fd >= 0)
			(void)unlink(path);
	}
	free(path);
	return r;
}

int
export_write(struct export *export, const struct export_manifest *manifest)
{
	struct secret token = SECRET_INIT;
	struct sign_key *key = NULL;
	int r;

	/* Nobody at all is a mistake, and would revoke everybody. */
	if (export->count == 0)
		return export_fail(export, -ENODATA, "there is nobody in it; "
		    "nothing was written");
	r = read_key(export, manifest->key_file, &key);
	if (r == 0)
		r = make_manifest(export, manifest, key, &token);
	if (r == 0)
		r = replace_file(export, manifest->out, &token);
	sign_key_free(key);
	secret_free(&token);
	return r;
}
