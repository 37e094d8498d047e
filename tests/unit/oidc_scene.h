/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A provider on the scripted server, with one key, as the tests of a whole
 * flow need it. There is one at a time.
 */
#ifndef TESTS_UNIT_OIDC_SCENE_H
#define TESTS_UNIT_OIDC_SCENE_H

#include "daemon/oidc/userinfo.h"

struct event_base;
struct evp_pkey_st;
struct provider;
struct server;

struct scene {
	struct event_base	*base;
	struct server		*server;
	struct provider		*provider;
	struct evp_pkey_st	*key;	/* kid "k" */
};

extern struct scene scene;

/* userinfo may be NULL: never. */
void	scene_open(const struct userinfo_policy *userinfo);
void	scene_close(void);

/* The discovery document, with these members besides the needed ones ("" or
 * ",\"a\":1"). */
void	scene_discovery(const char *more);

/* What /jwks says: the key under this kid. */
void	scene_keys(const char *kid);

/* A JWT of the provider's key. */
char	*scene_jwt(const char *kid, const char *claims);

/* An ID token of sub for the client, with these claims too. */
char	*scene_id_token(const char *kid, const char *sub, const char *more);

#endif
