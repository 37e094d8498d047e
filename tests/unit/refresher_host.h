/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host whose refresher is tried: the test plays the provider, and time is the
 * test's as well.
 */
#ifndef TESTS_UNIT_REFRESHER_HOST_H
#define TESTS_UNIT_REFRESHER_HOST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "daemon/oidc/refresh.h"
#include "daemon/refresher/refresher.h"
#include "daemon/store/store_token.h"
#include "daemon/world.h"
#include "tests/unit/fixture.h"

#define HOUR	3600

/* What a refresh may say; the name is no more than something that changes. */
#define ADMIN	"{\"groups\":[\"staff\",\"admins\"],\"name\":\"A\"}"
#define STAFF	"{\"groups\":[\"staff\"],\"name\":\"A\"}"

/* What clock_steady() and clock_wall() say. */
extern uint64_t host_steady;
extern int64_t host_wall;

/* A refresh that is on its way. */
struct refresh {
	struct refresh		*next;
	struct refresh_request	 request;
	char			 token[64];
};

/* The newest, and how many there were and are. */
extern struct refresh *host_flying;
extern unsigned host_begun, host_most_flying, host_now_flying;

/* Chains that were ended, and the token of the last one. */
extern unsigned host_revoked_there;
extern char host_revoked_token[64];

struct host {
	struct fixture		 f;
	struct world		 world;
	char			 ending[128];
	char			 seal_byte;
};

/* For cmocka: *state is the host. */
int	host_setup(void **state);
int	host_teardown(void **state);

void	host_start(struct host *h);

/* Ends as a daemon does that was killed: what flies is not waited for. */
void	host_stop(struct host *h);

/* name signs in, and the provider gives token. */
void	host_sign_in(struct host *h, const char *subject, const char *name,
	    const char *groups, const char *token);

/* Let so many seconds pass, in which nothing that flies lands. */
void	host_pass(unsigned seconds);

/* It, or the newest that flies, lands so. claims and token may be NULL. */
void	host_land_one(struct refresh *refresh, enum refresh_outcome outcome,
	    const char *claims, const char *token);
void	host_land(enum refresh_outcome outcome, const char *claims,
	    const char *token);

struct person *host_person_of(struct host *h, const char *name);
void	host_state_of(struct host *h, const char *subject,
	    struct token_state *state);
bool	host_is_revoked(struct host *h, const char *name);

/* How many local groups the host sees. */
uint32_t host_groups_shown(struct host *h, const char *name);

#endif
