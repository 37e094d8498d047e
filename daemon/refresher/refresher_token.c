/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One token's way to its provider and back (design D6).
 *
 * MUST have it on the disk that a token is in use before it is sent.
 * MUST write the token that came before anything else is done with the
 *	answer, and MUST NOT send one that is not on the disk.
 * MUST drop a token that may have been used up.
 * MUST revoke at once, and for nothing but the provider's own word; and where
 *	that cannot be written, again and again until it is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "daemon/oidc/clock.h"
#include "daemon/refresher/refresher_private.h"
#include "daemon/trouble.h"

/* How long a provider that does not do its part is left alone, at first and at
 * most; and a person whose token cannot be refreshed now. */
#define LANE_FIRST	5
#define LANE_MOST	300
#define ENTRY_FIRST	30

/* first, doubled with each failure, up to most. */
static uint32_t
back_off(uint32_t first, unsigned failures, uint32_t most)
{
	uint32_t wait = first;

	while (--failures > 0 && wait < most)
		wait *= 2;
	return refresher_jitter(wait < most ? wait : most);
}

static uint32_t
interval(const struct refresher_entry *entry)
{
	return entry->refresher->world->config->refresh;
}

/* The provider did its part, or it did not. */
static void
note_lane(struct refresher_lane *lane, const struct refresh_end *end)
{
	uint32_t wait;

	if (end->outcome == REFRESH_RENEWED ||
	    end->outcome == REFRESH_REVOKED) {
		lane->failures = 0;
		lane->resume = 0;
		return;
	}
	lane->failures++;
	wait = back_off(LANE_FIRST, lane->failures, LANE_MOST);
	if (wait < end->retry_after)
		wait = end->retry_after;
	lane->resume = clock_steady() + wait;
}

/* What came, if anything: on the disk, or in memory until it is. True if state
 * is on the disk with it. The hint of the sign-in stays if no other came, for
 * it is of the same chain. */
static bool
keep_new(struct refresher_entry *entry, struct refresh_end *end,
    struct token_state *state)
{
	struct world *world = entry->refresher->world;
	struct token_owner owner = refresher_owner(entry);
	int r;

	if (end->refresh_token.len == 0)
		return false;
	secret_move(&entry->unsaved.refresh, &end->refresh_token);
	secret_move(&entry->unsaved.hint,
	    end->id_token.len > 0 ? &end->id_token : &entry->hint);
	state->kept = true;
	r = store_token_save(world->store, world->seal, &owner,
	    &entry->unsaved, state);
	if (r == 0 || r == -ENOENT) {
		token_pair_free(&entry->unsaved);
		return true;
	}
	/* The one on the disk is used up. */
	state->in_use = true;
	entry->due = clock_steady() + REFRESHER_RETRY;
	log_line(LOG_ERR, "a new refresh token cannot be kept yet: %s",
	    trouble_say(r));
	return false;
}

/* The provider does not vouch for her any more. False if that could not be
 * written. */
static bool
revoke(struct refresher_entry *entry)
{
	struct world *world = entry->refresher->world;
	struct token_owner owner = refresher_owner(entry);
	struct person *person = NULL;
	int r;

	r = store_find_subject(world->store, owner.issuer, owner.subject,
	    &person);
	if (r < 0)
		goto out;
	r = store_revoke(world->store, &owner);
	/* Everything is refused to her from now on, whether that could be
	 * written or not; many can be revoked at one time. */
	if (r == 0 || !entry->condemned) {
		refresher_publish(entry->refresher, entry->asked);
		refresher_end_sessions(entry->refresher, person);
	}
	person_free(person);
out:
	if (r < 0 && r != -ENOENT)
		log_line(LOG_ERR, "cannot write that sub=%s is revoked: %s",
		    owner.subject, trouble_say(r));
	return r == 0 || r == -ENOENT;
}

/* Unless she signed in again meanwhile. */
static void
revoke_again(struct refresher_entry *entry)
{
	struct token_owner owner = refresher_owner(entry);

	entry->condemned = store_is_condemned(
	    entry->refresher->world->store, &owner) && !revoke(entry);
	if (!entry->condemned) {
		refresher_drop(entry, NULL);
		return;
	}
	entry->due = clock_steady() + REFRESHER_RETRY;
	refresher_tell(entry, NULL);
}

/* Told once of each that was begun. */
static void
log_end(const struct refresher_entry *entry, const struct refresh_end *end)
{
	static const char *const words[] = {
		[REFRESH_RENEWED] = "renewed", [REFRESH_REVOKED] = "revoked",
		[REFRESH_TRY_LATER] = "later", [REFRESH_LOST] = "lost",
	};
	struct person *person = NULL;

	entry->refresher->ended[end->outcome]++;
	if (store_find_subject(entry->refresher->world->store,
	    entry->lane->issuer, entry->subject, &person) < 0)
		person = NULL;
	log_line(end->outcome == REFRESH_RENEWED ? LOG_INFO : LOG_NOTICE,
	    "refresh: user=%s outcome=%s reason=%s: %s%s%s%s",
	    person == NULL ? "-" : person->name, words[end->outcome],
	    reason_code(end->reason), reason_admin(end->reason),
	    end->detail[0] != '\0' ? " (" : "", end->detail,
	    end->detail[0] != '\0' ? ")" : "");
	person_free(person);
}

/* Write what is known when the token itself stays, or goes. */
static void
note(struct refresher_entry *entry, const struct token_state *state)
{
	struct token_owner owner = refresher_owner(entry);
	int r;

	r = store_token_note(entry->refresher->world->store, &owner, state);
	if (r < 0 && r != -ENOENT)
		log_line(LOG_ERR, "the state of a token cannot be kept: %s",
		    trouble_say(r));
}

/* The person was revoked while her token was on its way. */
static void
end_revoked(struct refresher_entry *entry, struct refresh_end *end)
{
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };

	secret_move(&pair.refresh, &end->refresh_token);
	secret_move(&pair.hint,
	    end->id_token.len > 0 ? &end->id_token : &entry->hint);
	refresher_rest(entry);
	if (pair.refresh.len > 0)
		refresher_end_chain(entry->refresher, entry->lane->issuer,
		    "-", &pair);
	token_pair_free(&pair);
	refresher_drop(entry, NULL);
}

/* When the next one is, and what is told of this one. */
static void
plan(struct refresher_entry *entry, const struct refresh_end *end,
    struct token_state *state)
{
	uint32_t wait = refresher_jitter(interval(entry));
	uint64_t now = clock_steady();

	if (end->outcome == REFRESH_RENEWED) {
		entry->failures = 0;
		/* A token of less scope puts nothing off: its groups may be
		 * out of date, and she could ask for one again and again. */
		if (entry->scope != NULL && entry->due < now + wait)
			wait = entry->due > now ?
			    (uint32_t)(entry->due - now) : 1;
	} else {
		entry->failures++;
		wait = back_off(ENTRY_FIRST, entry->failures, interval(entry));
	}
	entry->due = now + wait;
	state->told = clock_wall();
	state->next = state->told + wait;
	refresher_outcome(state, end->outcome, end->reason);
}

/* With less scope come less claims; groups may be among those that are
 * missing. */
static bool
take_claims(struct refresher_entry *entry, struct refresh_end *end)
{
	end->reason = refresher_renew(entry, entry->scope == NULL ?
	    end->claims : NULL);
	if (end->reason == REASON_GRANTED)
		return true;
	end->outcome = REFRESH_TRY_LATER;
	return false;
}

static void
done(void *arg, struct refresh_end *end)
{
	struct refresher_entry *entry = arg;
	struct token_owner owner = refresher_owner(entry);
	struct refresh *refresh = entry->refresh;
	struct token_state state = { 0 };
	const unsigned failures = entry->failures;
	bool written;

	if (entry->revoked) {
		end_revoked(entry, end);
		refresh_free(refresh);
		return;
	}
	if (store_token_state(entry->refresher->world->store, &owner,
	    &state) < 0)
		state.obtained = clock_wall();
	state.in_use = false;
	state.kept = end->outcome == REFRESH_RENEWED ||
	    end->outcome == REFRESH_TRY_LATER;
	plan(entry, end, &state);
	written = keep_new(entry, end, &state);
	note_lane(entry->lane, end);
	if (end->outcome == REFRESH_RENEWED && !take_claims(entry, end)) {
		entry->failures = failures;
		plan(entry, end, &state);
		written = false;
	}
	log_end(entry, end);
	if (end->outcome == REFRESH_REVOKED)
		entry->condemned = !revoke(entry);
	else if (!written)
		note(entry, &state);
	refresher_rest(entry);
	if (entry->condemned)
		entry->due = clock_steady() + REFRESHER_RETRY;
	if (state.kept || entry->condemned)
		refresher_tell(entry, end);
	else
		refresher_drop(entry, end);
	/* end is a part of it. */
	refresh_free(refresh);
}

/* It could not be sent. */
static void
put_off(struct refresher_entry *entry, const char *what, int error)
{
	struct refresh_end end = {
		.outcome = REFRESH_TRY_LATER, .reason = REASON_INTERNAL,
		.detail = "",
	};

	log_line(LOG_ERR, "a refresh cannot be begun: %s: %s", what,
	    trouble_say(error));
	entry->due = clock_steady() + REFRESHER_RETRY;
	refresher_tell(entry, &end);
}

/* What came last time must be on the disk first. */
static int
save_unsaved(struct refresher_entry *entry)
{
	struct world *world = entry->refresher->world;
	struct token_owner owner = refresher_owner(entry);
	struct token_state state = { .kept = true };
	int r;

	if (entry->unsaved.refresh.len == 0)
		return 0;
	state.obtained = state.told = state.next = clock_wall();
	refresher_outcome(&state, REFRESH_RENEWED, REASON_GRANTED);
	r = store_token_save(world->store, world->seal, &owner,
	    &entry->unsaved, &state);
	if (r == 0)
		token_pair_free(&entry->unsaved);
	return r;
}

/* For which scope is it? Of several who wait, one at a time; but what is due
 * comes first, for only the sign-in's scope tells of all her groups. */
static int
choose_scope(struct refresher_entry *entry)
{
	const struct refresher_wait *wait;

	free(entry->scope);
	entry->scope = NULL;
	if (entry->due <= clock_steady())
		return 0;
	LIST_FOREACH(wait, &entry->waits, link) {
		if (wait->scope == NULL)
			continue;
		entry->scope = strdup(wait->scope);
		return entry->scope == NULL ? -ENOMEM : 0;
	}
	return 0;
}

/* Mark the token, and send it. 0 or -errno; then nothing was sent. */
static int
start(struct refresher_entry *entry, struct provider *provider,
    const struct token_pair *pair)
{
	struct world *world = entry->refresher->world;
	struct token_owner owner = refresher_owner(entry);
	struct refresh_request request = {
		.refresh_token = &pair->refresh, .subject = entry->subject,
		.scope = entry->scope, .done = done, .arg = entry,
	};
	struct token_state state;
	int r;

	r = store_token_state(world->store, &owner, &state);
	if (r < 0)
		return r;
	state.in_use = true;
	r = store_token_note(world->store, &owner, &state);
	if (r < 0)
		return r;
	r = refresh_start(provider, &request, &entry->refresh);
	if (r == 0)
		return 0;
	state.in_use = false;
	note(entry, &state);
	return r;
}

/* It cannot be read: the key is another one, or the row was changed. */
static void
lose(struct refresher_entry *entry)
{
	struct refresh_end end = {
		.outcome = REFRESH_LOST, .reason = REASON_INTERNAL,
		.detail = "the sealed token does not open: it was changed, or "
		    "sealed with another key",
	};
	struct token_state state = { .told = clock_wall() };

	refresher_outcome(&state, REFRESH_LOST, REASON_INTERNAL);
	note(entry, &state);
	log_end(entry, &end);
	refresher_drop(entry, &end);
}

void
refresher_begin(struct refresher_entry *entry)
{
	struct world *world = entry->refresher->world;
	struct token_pair pair = { SECRET_INIT, SECRET_INIT };
	struct token_owner owner = refresher_owner(entry);
	struct provider *provider;
	int r;

	if (entry->condemned) {
		revoke_again(entry);
		return;
	}
	provider = refresher_provider(entry->refresher, owner.issuer);
	if (provider == NULL) {
		entry->due = clock_steady() + interval(entry);
		refresher_tell(entry, NULL);
		return;
	}
	if ((r = choose_scope(entry)) < 0) {
		put_off(entry, "the scope", r);
		return;
	}
	r = save_unsaved(entry);
	if (r < 0) {
		put_off(entry, "the new token is not on the disk", r);
		return;
	}
	r = store_token_open(world->store, world->seal, &owner, &pair);
	if (r == -ENOENT) {
		refresher_drop(entry, NULL);
	} else if (r == -EBADMSG) {
		lose(entry);
	} else if (r < 0) {
		put_off(entry, "the token cannot be read", r);
	} else if ((r = start(entry, provider, &pair)) < 0) {
		put_off(entry, "the store cannot be written", r);
	} else {
		secret_move(&entry->hint, &pair.hint);
		entry->lane->busy++;
		entry->refresher->busy++;
	}
	token_pair_free(&pair);
}
