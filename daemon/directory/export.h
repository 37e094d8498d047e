/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making the signed directory: the parts of the program hostpass-directory,
 * which `hostpass directory` starts. It holds a credential of an admin's API,
 * and runs on one trusted machine, never on the hosts.
 */
#ifndef DAEMON_DIRECTORY_EXPORT_H
#define DAEMON_DIRECTORY_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/oidc/body.h"

#define EXPORT_ERROR_MAX	320

struct event_base;
struct http;
struct json;
struct scim_rules;

/* An API to read, and what is made of it. All zero, but for the strings. */
struct export {
	const char		*url;		/* of the API */
	struct secret		 credential;
	struct event_base	*base;
	struct http		*http;
	struct body		 lines;		/* of the directory */
	size_t			 count;
	size_t			 strangers;	/* members of groups who are
						 * nobody */
	char			 error[EXPORT_ERROR_MAX];
};

/* Write a sentence to error. Returns r, so that it can end a function. */
int	export_say(char error[EXPORT_ERROR_MAX], int r, const char *fmt, ...)
	    PRINTF_LIKE(3, 4);

/* Likewise to export->error. */
int	export_fail(struct export *export, int r, const char *fmt, ...)
	    PRINTF_LIKE(3, 4);

/* What the API answers at path, which begins with a slash; the credential is
 * sent as the header that credential_header begins, such as "X-API-Key: ". 0
 * and JSON that must be freed, or -errno with a sentence. */
int	export_get(struct export *export, const char *path,
	    const char *credential_header, struct json **ret_json) MUST_USE;

/* Append a person. claims stays the caller's. 0 or -errno. */
int	export_add(struct export *export, const struct json *claims) MUST_USE;

/* Everybody in Pocket ID. 0, or -errno with a sentence. */
int	export_pocketid(struct export *export) MUST_USE;

/* Everybody in a SCIM 2.0 service (RFC 7644). 0, or -errno with a sentence. */
int	export_scim(struct export *export,
	    const struct scim_rules *rules) MUST_USE;

/* What a document says of itself. */
struct export_manifest {
	const char	*issuer;
	const char	*key_file;	/* private: PEM or a JWK */
	const char	*out;
	long long	 now, valid;	/* seconds */
	bool		 complete;
};

/* Sign what was collected, and put it in the place of the file out at once. 0,
 * or -errno with a sentence. */
int	export_write(struct export *export,
	    const struct export_manifest *manifest) MUST_USE;

/* All of a file that only its owner may read. 0, or -errno with a sentence. */
int	export_read_secret(struct export *export, const char *path,
	    struct secret *ret_secret) MUST_USE;

#endif
