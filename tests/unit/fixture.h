/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host in a temporary directory: configuration, passwd, group, store and
 * snapshot, as a daemon would find them.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <limits.h>

#include "daemon/config/config.h"
#include "daemon/identity/identity.h"
#include "daemon/identity/mapfile.h"
#include "daemon/local/localfiles.h"
#include "daemon/store/seal.h"
#include "daemon/store/store.h"
#include "daemon/world.h"

#define FIXTURE_ISSUER	"https://id.example.com"
/* When fixture_bind() says that people sign in. */
#define FIXTURE_BOUND	1000000
#define ALICE_SUB	"f4b89dc2-62fb-46bf-9f5f-c34f4eafe93e"
#define BOB_SUB		"1cd19686-8a2a-4bba-8b9c-ab0c1b1b1b1b"

struct fixture {
	char			 dir[64];
	char			 snapshot[PATH_MAX];
	struct config		 config;
	struct localfiles	*files;
	struct mapfile		*map;		/* NULL until it is set */
	struct store		*store;
	struct world_provider	 provider;	/* the first; nobody speaks
						 * with it */
	struct identity_context	 context;
	struct reason_detail	 detail;	/* of the last resolution */
};

/* Make one whose [access], [groups] and other sections are rules, or end the
 * test. */
void	fixture_setup(struct fixture *f, const char *rules);
/* Likewise, with the whole of hostpass.conf. */
void	fixture_setup_text(struct fixture *f, const char *text);
void	fixture_teardown(struct fixture *f);

/* Read passwd and group again after writing passwd's text. */
void	fixture_set_passwd(struct fixture *f, const char *text);

/* Likewise, after adding lines to what passwd and group had at first. */
void	fixture_add_local(struct fixture *f, const char *users,
	    const char *groups);

/* Make this text the map file, in place of one that may have been there. */
void	fixture_set_map(struct fixture *f, const char *text);

/* What a name computes to. */
uint32_t fixture_uid(const struct fixture *f, const char *name);

/* Resolve a token as identity_resolve() does; *ret_person may be NULL. */
enum reason fixture_resolve(struct fixture *f, const char *subject,
	    const char *claims, const char *requested,
	    struct person **ret_person);

/* Likewise, with a token of another issuer. */
enum reason fixture_resolve_at(struct fixture *f, const char *issuer,
	    const char *subject, const char *claims, const char *requested,
	    struct person **ret_person);

/* The same, saved: the person is bound afterwards. */
void	fixture_bind(struct fixture *f, const char *subject, const char *name,
	    const char *groups);

/* What sessions share, as far as it is here: there are no events, no seal and
 * no refresher. It lives as long as f. */
struct world fixture_world(struct fixture *f);

/* A seal whose key is all of this byte; to be freed. */
struct seal *fixture_seal(int byte);

/* Run sql, which must change one row, on the store as somebody else would, or
 * end the test. */
void	fixture_sql(const struct fixture *f, const char *sql);

#endif
