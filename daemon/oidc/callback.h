/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The address that a browser ends on (RFC 6749 4.1.2, RFC 9207), whether it
 * came to the listener or was pasted by a person. Pure and strict: what is
 * there twice, is not asked for, or is encoded in an unusual way is no answer.
 */
#ifndef DAEMON_OIDC_CALLBACK_H
#define DAEMON_OIDC_CALLBACK_H

#include <stdbool.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/reason.h"

/* Longer is no address of ours. */
#define CALLBACK_MAX		8192
/* The parameters that count, each once, and as many that are passed over
 * (RFC 6749 4.1.2: session_state, scope...). */
#define CALLBACK_PARAMETERS_MAX	16

struct callback_expect {
	const char		*redirect_uri;	/* scheme://host/path */
	const struct secret	*state;
	const char		*issuer;
	/* The provider says that it sends iss (RFC 9207 2.4). If it is there,
	 * it is always compared. */
	bool			 iss_required;
	/* What was seen, where that is final and not granted; may be NULL. */
	struct reason_detail	*detail;
};

/*
 * Read the part behind the question mark. REASON_GRANTED and the code, or
 *	CALLBACK_MALFORMED	this is no answer to an authorization request
 *	CALLBACK_STATE		it is one to another than ours
 *	CALLBACK_ISSUER		it is of another provider
 * or what an error= of the provider means. All but the first two are final.
 */
enum reason callback_read_query(const char *query,
	    const struct callback_expect *expect,
	    struct secret *ret_code) MUST_USE;

/* The same for a whole address as it is pasted, blanks around it allowed. */
enum reason callback_read_address(const char *address,
	    const struct callback_expect *expect,
	    struct secret *ret_code) MUST_USE;

#endif
