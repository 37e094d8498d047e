/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How this host proves at a provider that it is its client (RFC 6749 2.3,
 * OpenID Connect Core 9, RFC 7523). It does no network.
 */
#ifndef DAEMON_OIDC_CLIENT_AUTH_H
#define DAEMON_OIDC_CLIENT_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"
#include "daemon/reason.h"

struct client_auth;

enum client_auth_method {
	/* What fits what is configured; for a secret, what the provider says
	 * that it takes. */
	CLIENT_AUTH_AUTO,
	CLIENT_AUTH_NONE,		/* a public client */
	CLIENT_AUTH_SECRET_BASIC,
	CLIENT_AUTH_SECRET_POST,
	CLIENT_AUTH_PRIVATE_KEY,	/* a JWT that we sign */
	CLIENT_AUTH_ASSERTION,		/* a JWT that a file holds */
};

/* Whom an assertion that we sign is made for (RFC 7523 3). */
enum client_auth_audience {
	CLIENT_AUTH_ISSUER,
	/* What older providers ask for. It can be named by somebody else's
	 * discovery document, whose assertion is then good elsewhere. */
	CLIENT_AUTH_TOKEN_ENDPOINT,
};

/* What a method does not use is passed over. Copied. */
struct client_auth_config {
	const char		*client_id;
	enum client_auth_method	 method;
	const struct secret	*secret;	/* NULL or empty: none */
	const struct secret	*key;	/* see sign_key_read(); likewise */
	const char		*assertion_file;	/* NULL: none */
	enum client_auth_audience audience;
};

/* What the proof depends on. */
struct client_auth_facts {
	const char	*issuer;
	const char	*token_endpoint;
	bool		 takes_post;	/* the provider offers it */
	int64_t		 now;		/* seconds since 1970 */
};

/* 0 and a client that must be freed, -ENOKEY if key is none, -EINVAL if what
 * the method needs is missing, or -ENOMEM. */
int	client_auth_new(const struct client_auth_config *config,
	    struct client_auth **ret_client) MUST_USE;

/* Wipe and free; client may be NULL. */
void	client_auth_free(struct client_auth *client);

/* Append client_id and, as the method wants it, the proof to form, or put it in
 * ret_authorization, which then must be freed. The file of an assertion is read
 * each time: whoever issues it replaces it. REASON_GRANTED, CLIENT_CREDENTIAL
 * (the file is not usable), or INTERNAL. */
enum reason client_auth_put(const struct client_auth *client,
	    const struct client_auth_facts *facts, struct secret *form,
	    struct secret *ret_authorization) MUST_USE;

#endif
