/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who waits for a provider's documents: all share one fetch, and everybody is
 * told from an event of its own.
 *
 * MUST: neither a token that is signed by an unknown key nor a sign-in by a
 * flow that the provider lacks can make us ask more often than once in
 * PROVIDER_REFETCH_FLOOR seconds.
 */
#include <event2/event.h>

#include "daemon/oidc/clock.h"
#include "daemon/oidc/provider_private.h"

void
provider_settle(struct provider *p, struct provider_wait *wait,
    enum reason reason)
{
	wait->place = PROVIDER_SETTLED;
	wait->reason = reason;
	if (reason != REASON_GRANTED)
		wait->detail = p->last_detail;
	TAILQ_INSERT_TAIL(&p->settled, wait, link);
	event_active(p->tell, EV_TIMEOUT, 0);
}

void
provider_tell_one(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct provider *p = arg;
	struct provider_wait *wait = TAILQ_FIRST(&p->settled);

	if (wait == NULL)
		return;
	provider_wait_stop(p, wait);
	if (!TAILQ_EMPTY(&p->settled))
		event_active(p->tell, EV_TIMEOUT, 0);
	wait->told(wait->arg, wait->reason);
}

/* Somebody wants a flow that the document does not have: an admin may have
 * turned it on just now. */
static void
doubt_discovery(struct provider *p, enum discovery_endpoint wanted,
    uint64_t now)
{
	if (p->discovery.endpoints[wanted] == NULL &&
	    now >= p->discovery_settled && p->discovery_expires > now)
		p->discovery_expires = now;
}

void
provider_wait_start(struct provider *provider, enum provider_need need,
    struct provider_wait *wait)
{
	uint64_t now = clock_steady();
	bool there = false;

	if (need == PROVIDER_DEVICE)
		doubt_discovery(provider, DISCOVERY_DEVICE, now);
	else if (need == PROVIDER_BROWSER)
		doubt_discovery(provider, DISCOVERY_AUTHORIZATION, now);
	switch (need) {
	case PROVIDER_READY:
	case PROVIDER_DEVICE:
	case PROVIDER_BROWSER:
		there = now < provider->discovery_expires &&
		    now < provider->keys_expire;
		break;
	case PROVIDER_NEW_KEYS:
		there = now < provider->forced_until;
		if (!there)
			provider->forced_until = now + PROVIDER_REFETCH_FLOOR;
		break;
	}
	wait->need = need;
	if (there) {
		provider_settle(provider, wait, REASON_GRANTED);
		return;
	}
	wait->place = PROVIDER_WAITING;
	TAILQ_INSERT_TAIL(&provider->waiting, wait, link);
	if (provider->exchange == NULL)
		provider_fetch(provider);
}

void
provider_wait_stop(struct provider *provider, struct provider_wait *wait)
{
	switch (wait->place) {
	case PROVIDER_NOT_QUEUED:
		break;
	case PROVIDER_WAITING:
		TAILQ_REMOVE(&provider->waiting, wait, link);
		break;
	case PROVIDER_SETTLED:
		TAILQ_REMOVE(&provider->settled, wait, link);
		break;
	}
	wait->place = PROVIDER_NOT_QUEUED;
}
