/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is revoked although that could not be written. It holds for whoever reads
 * the store; the refresher tries again until it is written.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/store_private.h"
#include "daemon/store/store_token.h"

struct store_condemned {
	LIST_ENTRY(store_condemned) link;
	char	*issuer;
	char	*subject;
};

static struct store_condemned *
find(const struct store *store, const struct token_owner *owner)
{
	struct store_condemned *condemned;

	LIST_FOREACH(condemned, &store->condemned, link) {
		if (strcmp(condemned->subject, owner->subject) == 0 &&
		    strcmp(condemned->issuer, owner->issuer) == 0)
			break;
	}
	return condemned;
}

static void
drop(struct store_condemned *condemned)
{
	free(condemned->issuer);
	free(condemned->subject);
	free(condemned);
}

int
store_condemn(struct store *store, const struct token_owner *owner)
{
	struct store_condemned *condemned;

	if (find(store, owner) != NULL)
		return 0;
	condemned = calloc(1, sizeof(*condemned));
	if (condemned == NULL)
		return -ENOMEM;
	condemned->issuer = strdup(owner->issuer);
	condemned->subject = strdup(owner->subject);
	if (condemned->issuer == NULL || condemned->subject == NULL) {
		drop(condemned);
		return -ENOMEM;
	}
	LIST_INSERT_HEAD(&store->condemned, condemned, link);
	return 0;
}

void
store_acquit(struct store *store, const struct token_owner *owner)
{
	struct store_condemned *condemned = find(store, owner);

	if (condemned == NULL)
		return;
	LIST_REMOVE(condemned, link);
	drop(condemned);
}

bool
store_is_condemned(const struct store *store, const struct token_owner *owner)
{
	return find(store, owner) != NULL;
}

void
store_acquit_all(struct store *store)
{
	struct store_condemned *condemned;

	while ((condemned = LIST_FIRST(&store->condemned)) != NULL) {
		LIST_REMOVE(condemned, link);
		drop(condemned);
	}
}
