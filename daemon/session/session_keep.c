/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sign-ins that wait outlive the daemon: a copy of each is in the slots, where
 * the next daemon finds it, as soon as the person has something to look at.
 *
 * MUST keep nothing that is not sealed, since whoever can be let in by what is
 *	kept must have been let in by this host's daemon.
 * MUST go on with nothing that the configuration of today would not begin.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "daemon/local/localfiles.h"
#include "daemon/oidc/attempt.h"
#include "daemon/oidc/clock.h"
#include "daemon/oidc/devicecode.h"
#include "daemon/route.h"
#include "daemon/session/session_private.h"
#include "daemon/session/session_record.h"
#include "daemon/session/slots.h"
#include "daemon/store/seal.h"

static const struct seal_place place = { "pending", "sign-in", "", "", "" };

/* 0, or why there is nothing to keep. */
static int
save_flow(const struct session *session, struct session_record *record)
{
	if (session->retry_start == 0)
		return -ENODATA;
	record->granted = session->decided &&
	    session->decision == REASON_GRANTED && !session->set_passcode;
	if (record->granted) {
		record->flow.kind = session->flow != NULL &&
		    strcmp(session->flow, "browser") == 0 ? FLOW_BROWSER :
		    FLOW_DEVICE;
		return 0;
	}
	if (session->decided || session->attempt == NULL)
		return -ENODATA;
	return attempt_save(session->attempt, &record->flow);
}

/* The record borrows all but its flow. */
static int
save(struct session *session, struct frame *f)
{
	struct session_record record = {
		.issuer = session->provider->config->issuer,
		.client_id = session->provider->config->client_id,
		.user = session->user, .service = session->service,
		.rhost = session->rhost, .source = session->source,
		.key = session->key, .subject = session->subject,
		.conversation = session->conversation, .uid = session->uid,
		.peer = session->peer_uid, .retry_pid = session->retry_pid,
		.retry_start = session->retry_start,
		.started = session->started,
	};
	int r;

	r = save_flow(session, &record);
	if (r == 0)
		r = session_record_write(&record, f);
	flow_state_free(&record.flow);
	return r;
}

void
session_keep(struct session *session)
{
	struct world *world = session->world;
	struct secret plain, sealed = SECRET_INIT;
	struct frame f = { 0 };
	int r;

	if (world->slots == NULL || world->seal == NULL)
		return;
	r = save(session, &f);
	plain = (struct secret){ (char *)f.data, f.len };
	if (r == 0)
		r = seal_close(world->seal, &place, &plain, &sealed);
	if (r == 0)
		r = slots_put(world->slots, &session->slot, sealed.data,
		    sealed.len);
	/* Then it ends with this daemon; an older copy would be a lie. */
	if (r < 0)
		slots_drop(world->slots, &session->slot);
	secret_free(&sealed);
	frame_free(&f);
}

void
session_keep_no_more(struct session *session)
{
	if (!session->world->leaving)
		slots_drop(session->world->slots, &session->slot);
}

bool
session_rest_all(struct world *world)
{
	struct session *session;
	bool busy = false;

	for (session = world->sessions; session != NULL;
	    session = session->next) {
		if (session->attempt != NULL && attempt_rest(session->attempt))
			busy = true;
	}
	return busy;
}

void
session_leave_all(struct world *world)
{
	struct session *session;

	for (session = world->sessions; session != NULL;
	    session = session->next)
		session_keep(session);
	world->leaving = true;
}

/* Both clocks go on from one daemon to the next, but not over a boot. */
static bool
is_timely(const struct session_record *record)
{
	const struct flow_state *flow = &record->flow;
	uint64_t now = clock_steady();

	if (record->started > session_now())
		return false;
	return record->granted || (flow->deadline > now &&
	    flow->deadline - now <= DEVICECODE_LIFETIME_MAX);
}

/* The provider that would be asked today, if it is the one that was. */
static const struct world_provider *
find_provider(const struct world *world,
    const struct session_record *record)
{
	const struct world_provider *provider;

	if (localfiles_has_user(world->files, record->user) ||
	    route_user(world, record->user, &provider) != REASON_GRANTED ||
	    strcmp(provider->config->issuer, record->issuer) != 0 ||
	    strcmp(provider->config->client_id, record->client_id) != 0)
		return NULL;
	return provider;
}

static struct session *
make_session(struct world *world, struct session_record *record)
{
	const struct session_request request = {
		.user = record->user, .service = record->service,
		.rhost = record->rhost, .tty = "", .ruser = "",
		.ssh_auth_info = "", .uid = record->uid,
		.peer = record->peer, .conversation = record->conversation,
		.retry_pid = record->retry_pid,
		.retry_start = record->retry_start,
	};
	struct session *session;

	session = session_new(world, &request);
	if (session == NULL)
		return NULL;
	session->resumed = true;
	session->started = record->started;
	(void)strncpy(session->source, record->source,
	    sizeof(session->source) - 1);
	(void)strncpy(session->key, record->key, sizeof(session->key) - 1);
	if (record->granted) {
		session->subject = record->subject;
		record->subject = NULL;
		session->flow = record->flow.kind == FLOW_BROWSER ?
		    "browser" : "device";
		session->decided = session->online = true;
		session->unpublished = world->unpublished;
		session->decision = REASON_GRANTED;
	}
	return session;
}

static void
resume(struct world *world, struct session_record *record)
{
	const struct world_provider *provider;
	struct session *session;

	provider = find_provider(world, record);
	if (provider == NULL || !is_timely(record) ||
	    world->pending >= world->config->limits.pending)
		return;
	session = make_session(world, record);
	if (session == NULL)
		return;
	session->provider = provider;
	if (session_is_late(session) || (!session->decided &&
	    session_start_attempt(session, &record->flow) < 0)) {
		session_free(session);
		return;
	}
	session_set_timer(session, 1);
	session_keep(session);
	log_line(LOG_INFO, "sign-in %llu: user=%s service=%s from=%s goes on",
	    (unsigned long long)session->number, session->user,
	    session->service,
	    session->rhost[0] == '\0' ? "-" : session->rhost);
}

static void
take_one(void *arg, const void *data, size_t len)
{
	struct world *world = arg;
	struct secret plain = SECRET_INIT;
	struct session_record record;

	if (seal_open(world->seal, &place, data, len, &plain) < 0)
		return;
	if (session_record_read(plain.data, plain.len, &record) == 0) {
		resume(world, &record);
		session_record_free(&record);
	}
	secret_free(&plain);
}

void
session_resume_all(struct world *world, int fd)
{
	int r;

	if (world->seal == NULL)
		return;
	r = slots_take(fd, take_one, world);
	if (r < 0)
		log_line(LOG_WARNING, "sign-ins that waited begin anew: %s",
		    strerror(-r));
}
