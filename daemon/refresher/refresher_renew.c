/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a refresh says of a person.
 *
 * MUST NOT take groups that are left out for no groups: deny_groups may be
 *	about them. Nor for the old ones, for ever: after a few times in a row
 *	nobody knows her groups, and the account phase denies.
 */
#include "common/log.h"
#include "daemon/identity/identity.h"
#include "daemon/oidc/clock.h"
#include "daemon/refresher/refresher_private.h"
#include "daemon/snapshot/publish.h"
#include "daemon/trouble.h"

/* So many answers in a row without groups are no accident: some providers
 * leave out the claim of who is in no group any more. With the pauses between
 * them they take some minutes, in which an admin of the provider can see and
 * mend what she broke. */
#define LEFT_OUT_MAX	5

static bool
is_about_groups(enum reason reason)
{
	return reason == REASON_GROUPS_MISSING ||
	    reason == REASON_GROUPS_SCOPE || reason == REASON_GROUPS_MAPPER ||
	    reason == REASON_GROUPS_MALFORMED;
}

/* 0 or -errno; it is logged. */
static int
save(struct refresher_entry *entry, const struct person *person)
{
	int r;

	r = store_save(entry->refresher->world->store, person);
	if (r < 0)
		log_line(LOG_ERR, "cannot keep the refresh of %s: %s",
		    person->name, trouble_say(r));
	return r;
}

/* The answer is genuine, and does not say her groups. before is as she is in
 * the store. */
static void
leave_out(struct refresher_entry *entry, struct person *before,
    enum reason reason)
{
	if (entry->left_out < LEFT_OUT_MAX)
		entry->left_out++;
	log_line(LOG_WARNING, "refresh: user=%s: the provider left out her "
	    "groups, %u of %d times until they do not count any more: %s",
	    before->name, entry->left_out, LEFT_OUT_MAX,
	    reason_admin(reason));
	if (entry->left_out < LEFT_OUT_MAX || before->groups_told == 0)
		return;
	before->groups_told = 0;
	if (save(entry, before) == 0)
		refresher_publish(entry->refresher, entry->asked);
}

enum reason
refresher_renew(struct refresher_entry *entry, const struct json *claims)
{
	struct world *world = entry->refresher->world;
	struct identity_context context = {
		.config = world->config, .files = world->files,
		.store = world->store,
	};
	struct person *before = NULL, *person = NULL;
	enum reason reason = REASON_INTERNAL;

	if (store_find_subject(world->store, entry->lane->issuer,
	    entry->subject, &before) < 0 ||
	    store_find_subject(world->store, entry->lane->issuer,
	    entry->subject, &person) < 0)
		goto out;
	reason = identity_refresh(&context, claims, clock_wall(), person);
	if (is_about_groups(reason))
		leave_out(entry, before, reason);
	if (reason != REASON_GRANTED)
		goto out;
	if (claims != NULL)
		entry->left_out = 0;
	if (save(entry, person) < 0)
		reason = REASON_INTERNAL;
	else if (!publish_tells(world, before, person))
		refresher_publish(entry->refresher, entry->asked);
out:
	person_free(before);
	person_free(person);
	return reason;
}
