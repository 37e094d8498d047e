/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who waits for what a refresh brings. Each is told once, unless they gave up
 * before.
 */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/flow.h"
#include "daemon/refresher/refresher_private.h"

static void
wait_free(struct refresher_wait *wait)
{
	if (wait->timer != NULL)
		event_free(wait->timer);
	free(wait->scope);
	free(wait);
}

/* A token came, but of another scope than what wait is for. */
static bool
is_too_early(const struct refresher_wait *wait,
    const struct refresher_result *result)
{
	return result->kept && result->outcome == REFRESH_RENEWED &&
	    wait->scope != NULL && (result->scope == NULL ||
	    strcmp(wait->scope, result->scope) != 0);
}

void
refresher_tell(struct refresher_entry *entry, const struct refresh_end *end)
{
	struct refresher_result result = { .kept = end != NULL, .detail = "" };
	struct refresher_wait *wait, *next;

	if (end != NULL) {
		result.outcome = end->outcome;
		result.reason = end->reason;
		result.detail = end->detail;
		result.access_token = &end->access_token;
		result.scope = entry->scope;
	}
	entry->asked = false;
	for (wait = LIST_FIRST(&entry->waits); wait != NULL; wait = next) {
		next = LIST_NEXT(wait, link);
		if (is_too_early(wait, &result)) {
			entry->asked = true;
			continue;
		}
		LIST_REMOVE(wait, link);
		wait->done(wait->arg, &result);
		wait_free(wait);
	}
}

/* There is nothing to ask: say so from the loop. */
static void
on_nothing(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct refresher_result result = { .kept = false, .detail = "" };
	struct refresher_wait *wait = arg;

	wait->done(wait->arg, &result);
	wait_free(wait);
}

int
refresher_ask(struct refresher *refresher, const struct person *person,
    refresher_done_fn *done, void *arg, struct refresher_wait **ret_wait)
{
	return refresher_ask_token(refresher, person, NULL, done, arg,
	    ret_wait);
}

int
refresher_ask_token(struct refresher *refresher, const struct person *person,
    const char *scope, refresher_done_fn *done, void *arg,
    struct refresher_wait **ret_wait)
{
	struct refresher_entry *entry = refresher_find(refresher, person);
	struct refresher_wait *wait;

	wait = calloc(1, sizeof(*wait));
	if (wait == NULL)
		return -ENOMEM;
	wait->done = done;
	wait->arg = arg;
	if (scope != NULL && (wait->scope = strdup(scope)) == NULL) {
		free(wait);
		return -ENOMEM;
	}
	if (entry != NULL && !entry->revoked) {
		LIST_INSERT_HEAD(&entry->waits, wait, link);
		entry->asked = true;
		if (clock_arm(refresher->timer, 0) < 0)
			log_line(LOG_ERR, "cannot set a timer");
	} else {
		wait->timer = event_new(refresher->world->base, -1, 0,
		    on_nothing, wait);
		if (wait->timer == NULL) {
			wait_free(wait);
			return -ENOMEM;
		}
		event_active(wait->timer, EV_TIMEOUT, 0);
	}
	*ret_wait = wait;
	return 0;
}

void
refresher_unask(struct refresher_wait *wait)
{
	if (wait == NULL)
		return;
	if (wait->timer == NULL)
		LIST_REMOVE(wait, link);
	wait_free(wait);
}
