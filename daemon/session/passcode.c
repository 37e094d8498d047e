/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A secret that a person can type can be guessed, so it is guarded.
 *
 * MUST count each try on the disk before it is looked at, whatever was typed.
 * MUST hand out no verifier that is locked, whose turn it is not yet, or whose
 *	seal is not right.
 * MUST ask the account phase: who is revoked, out of the groups or not heard
 *	of for offline_max has no passcode.
 */
#include <errno.h>
#include <string.h>

#include "daemon/policy/account.h"
#include "daemon/session/passcode.h"
#include "daemon/store/seal.h"
#include "daemon/store/store_passcode.h"

/* Seconds. */
#define DELAY_MAX	32

static struct seal_place
place_of(const struct person *person)
{
	return (struct seal_place){
		"passcode", "verifier", person->issuer, person->subject, ""
	};
}

bool
passcode_is_enabled(const struct world *world)
{
	return world->config->passcode.enabled && world->seal != NULL &&
	    world->hasher != NULL;
}

static bool
is_listed(const struct config_list *services, const char *service)
{
	size_t i;

	for (i = 0; i < services->count; i++) {
		if (strcmp(services->items[i], service) == 0)
			return true;
	}
	return false;
}

/* The row of the person of that name, and the person, both to be freed. */
static int
find(const struct world *world, const char *user,
    struct person **ret_person, struct passcode_row *ret_row)
{
	struct person *person;
	int r;

	r = store_find_name(world->store, user, &person);
	if (r < 0)
		return r;
	r = store_find_passcode(world->store, person, ret_row);
	if (r < 0)
		person_free(person);
	else
		*ret_person = person;
	return r;
}

static bool
has_passcode(const struct world *world, const char *user)
{
	struct passcode_row row;
	struct person *person;

	if (find(world, user, &person, &row) < 0)
		return false;
	secret_free(&row.verifier);
	person_free(person);
	return true;
}

bool
passcode_opens(const struct world *world, const char *user,
    const char *service)
{
	return passcode_is_enabled(world) &&
	    is_listed(&world->config->passcode.services, service) &&
	    account_decide(world, user, service, NULL, NULL) ==
	    REASON_GRANTED && has_passcode(world, user);
}

uint32_t
passcode_delay(int64_t tries)
{
	uint32_t delay = 1;

	if (tries <= 0)
		return 0;
	while (--tries > 0 && delay < DELAY_MAX)
		delay *= 2;
	return delay;
}

/* Seconds until the next try is looked at. After a clock that was set back,
 * the delay begins anew. */
static uint32_t
wait_for(const struct passcode_row *row, int64_t now)
{
	uint32_t delay = passcode_delay(row->tries);

	if (row->tried > now)
		return delay;
	if (now - row->tried >= (int64_t)delay)
		return 0;
	return delay - (uint32_t)(now - row->tried);
}

static bool
is_locked(const struct world *world, const struct passcode_row *row)
{
	return row->tries >= (int64_t)world->config->passcode.tries;
}

bool
passcode_is_locked(const struct world *world, const char *user)
{
	struct passcode_row row;
	struct person *person;
	bool locked;

	if (find(world, user, &person, &row) < 0)
		return true;
	locked = is_locked(world, &row);
	secret_free(&row.verifier);
	person_free(person);
	return locked;
}

enum reason
passcode_try(const struct world *world, const char *user, int64_t now,
    struct secret *ret_verifier, uint32_t *ret_wait)
{
	enum reason reason = REASON_INTERNAL;
	struct passcode_row row;
	struct seal_place place;
	struct person *person;
	uint32_t wait;

	if (find(world, user, &person, &row) < 0)
		return REASON_INTERNAL;
	place = place_of(person);
	wait = wait_for(&row, now);
	if (is_locked(world, &row)) {
		reason = REASON_PASSCODE_LOCKED;
	} else if (wait > 0) {
		*ret_wait = wait;
		reason = REASON_TOO_MANY;
	} else if (store_count_passcode(world->store, person, now) == 0 &&
	    seal_open(world->seal, &place, row.verifier.data,
	    row.verifier.len, ret_verifier) == 0) {
		reason = REASON_GRANTED;
	}
	secret_free(&row.verifier);
	person_free(person);
	return reason;
}

int
passcode_forgive(const struct world *world, const char *user)
{
	struct person *person;
	int r;

	r = store_find_name(world->store, user, &person);
	if (r < 0)
		return r;
	r = store_clear_passcode(world->store, person);
	person_free(person);
	return r;
}

int
passcode_keep(const struct world *world, const char *user,
    const struct secret *verifier, int64_t now)
{
	struct secret sealed = SECRET_INIT;
	struct seal_place place;
	struct person *person;
	int r;

	r = store_find_name(world->store, user, &person);
	if (r < 0)
		return r;
	place = place_of(person);
	r = seal_close(world->seal, &place, verifier, &sealed);
	if (r == 0)
		r = store_set_passcode(world->store, person, &sealed, now);
	secret_free(&sealed);
	person_free(person);
	return r;
}
