/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom this host lets go of, or does not let in: what was kept of them, or came
 * for them, is ended here and at the provider.
 *
 * MUST let go here first, whatever the provider makes of it.
 */
#include <errno.h>

#include "common/log.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/flow.h"
#include "daemon/refresher/refresher_private.h"
#include "daemon/store/store_tombstone.h"
#include "daemon/trouble.h"

/* Somebody who leaves, and what is to be ended with her. */
struct leaving {
	struct refresher	*refresher;
	const struct person	*person;
	struct refresher_entry	*entry;		/* NULL: there is none */
	struct token_pair	 pair;		/* may be empty */
};

/* What is on its way is ended when it has come. */
static void
open_chain(struct leaving *leaving)
{
	struct world *world = leaving->refresher->world;
	const struct person *person = leaving->person;
	struct token_owner owner = { person->issuer, person->subject };
	int r;

	leaving->entry = refresher_find(leaving->refresher, person);
	if (leaving->entry != NULL && leaving->entry->refresh != NULL)
		return;
	r = store_token_open(world->store, world->seal, &owner,
	    &leaving->pair);
	if (r < 0 && r != -ENOENT)
		log_line(LOG_WARNING, "the refresh token of %s cannot be "
		    "read: %s", person->name, trouble_say(r));
}

/* The store has let go of her, or will. What it could not be given yet came
 * later than what it had. */
static void
end_entry(struct leaving *leaving, bool written)
{
	struct refresher_entry *entry = leaving->entry;

	if (entry == NULL)
		return;
	if (!written) {
		entry->condemned = true;
		entry->due = clock_steady() + REFRESHER_RETRY;
		return;
	}
	if (entry->refresh != NULL) {
		entry->revoked = true;
		return;
	}
	if (entry->unsaved.refresh.len > 0) {
		secret_move(&leaving->pair.refresh, &entry->unsaved.refresh);
		secret_move(&leaving->pair.hint, &entry->unsaved.hint);
	}
	refresher_drop(entry, NULL);
}

static void
end_chain(struct leaving *leaving)
{
	if (leaving->pair.refresh.len > 0)
		refresher_end_chain(leaving->refresher,
		    leaving->person->issuer, leaving->person->name,
		    &leaving->pair);
}

int
refresher_revoke(struct refresher *refresher, const struct person *person,
    bool publish)
{
	struct token_owner owner = { person->issuer, person->subject };
	struct leaving leaving = { .refresher = refresher, .person = person };
	int r;

	open_chain(&leaving);
	r = store_revoke(refresher->world->store, &owner);
	if (r != -ENOENT) {
		log_line(LOG_NOTICE, "revoked: user=%s", person->name);
		end_entry(&leaving, r == 0);
		if (publish)
			refresher_publish(refresher, true);
		refresher_end_sessions(refresher, person);
		end_chain(&leaving);
	}
	token_pair_free(&leaving.pair);
	return r;
}

int
refresher_forget(struct refresher *refresher, const struct person *person,
    int64_t now)
{
	struct leaving leaving = { .refresher = refresher, .person = person };
	int r;

	open_chain(&leaving);
	r = store_forget(refresher->world->store, person->name, now);
	if (r == 0) {
		end_entry(&leaving, true);
		end_chain(&leaving);
	}
	token_pair_free(&leaving.pair);
	return r;
}

void
refresher_refuse(struct refresher *refresher, const char *user,
    struct flow_result *result)
{
	struct token_owner owner = { result->issuer, result->subject };
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct token_state state;
	int r;

	if (result->refresh_token.len == 0)
		return;
	r = store_token_state(refresher->world->store, &owner, &state);
	if (r != -ENOENT && (r < 0 || state.kept))
		return;
	secret_move(&pair.refresh, &result->refresh_token);
	secret_move(&pair.hint, &result->id_token);
	refresher_end_chain(refresher, owner.issuer, user, &pair);
	token_pair_free(&pair);
}
