/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What follows from a refresh or a revocation outside the store: the snapshot,
 * people's sessions, and the provider's end of a chain.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "daemon/oidc/provider.h"
#include "daemon/oidc/revoke.h"
#include "daemon/refresher/refresher_private.h"
#include "daemon/route.h"
#include "daemon/snapshot/publish.h"
#include "daemon/trouble.h"

struct provider *
refresher_provider(const struct refresher *refresher, const char *issuer)
{
	const struct world_provider *found;

	found = route_issuer(refresher->world, issuer);
	return found == NULL ? NULL : found->oidc;
}

void
refresher_outcome(struct token_state *state, enum refresh_outcome outcome,
    enum reason reason)
{
	static const char *const words[] = {
		[REFRESH_REVOKED] = "revoked", [REFRESH_TRY_LATER] = "later",
		[REFRESH_LOST] = "lost",
	};

	if (outcome == REFRESH_RENEWED)
		(void)snprintf(state->outcome, sizeof(state->outcome),
		    "renewed");
	else
		(void)snprintf(state->outcome, sizeof(state->outcome),
		    "%s: %s", words[outcome], reason_code(reason));
}

void
refresher_publish(struct refresher *refresher, bool now)
{
	int r;

	r = now ? publish_world(refresher->world) :
	    publish_soon(refresher->world);
	if (r < 0)
		log_line(LOG_ERR, "cannot write %s: %s",
		    refresher->world->snapshot, trouble_say(r));
}

void
refresher_end_free(struct refresher_ending *ending)
{
	LIST_REMOVE(ending, link);
	revoke_free(ending->revoke);
	free(ending->name);
	free(ending);
}

static void
ended(void *arg, enum revoke_outcome outcome, enum reason reason,
    const char *detail)
{
	static const char *const words[] = {
		[REVOKE_DONE] = "done",
		[REVOKE_ASKED] = "asked; it does not say whether it did",
		[REVOKE_NO_WAY] = "the provider has no way; it runs out there",
		[REVOKE_FAILED] = "failed; it runs out there",
	};
	struct refresher_ending *ending = arg;

	log_line(outcome == REVOKE_FAILED ? LOG_WARNING : LOG_INFO,
	    "end of the refresh token at the provider: user=%s reason=%s: "
	    "%s%s%s%s", ending->name, reason_code(reason), words[outcome],
	    detail[0] != '\0' ? " (" : "", detail,
	    detail[0] != '\0' ? ")" : "");
	refresher_end_free(ending);
}

void
refresher_end_chain(struct refresher *refresher, const char *issuer,
    const char *name, const struct token_pair *pair)
{
	struct provider *provider = refresher_provider(refresher, issuer);
	struct revoke_request request = {
		.refresh_token = &pair->refresh, .id_token = &pair->hint,
		.done = ended,
	};
	struct refresher_ending *ending;

	if (provider == NULL)
		return;
	ending = calloc(1, sizeof(*ending));
	if (ending == NULL)
		return;
	request.arg = ending;
	ending->refresher = refresher;
	ending->name = strdup(name);
	LIST_INSERT_HEAD(&refresher->endings, ending, link);
	if (ending->name == NULL ||
	    revoke_start(provider, &request, &ending->revoke) < 0) {
		log_line(LOG_ERR, "cannot end the refresh token of %s at its "
		    "provider", name);
		refresher_end_free(ending);
	}
}

/* A unit of root's sees the file; see hostpass-end-sessions.path. */
void
refresher_end_sessions(struct refresher *refresher,
    const struct person *person)
{
	const struct world *world = refresher->world;
	char name[16];
	int dir, fd = -1;

	if (!world->config->end_sessions || world->ending == NULL)
		return;
	(void)snprintf(name, sizeof(name), "%u", person->uid);
	if (mkdir(world->ending, 0700) < 0 && errno != EEXIST)
		goto out;
	dir = open(world->ending, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (dir < 0)
		goto out;
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	(void)close(dir);
out:
	if (fd < 0)
		log_line(LOG_ERR, "cannot end the sessions of %s: %s: %s",
		    person->name, world->ending, strerror(errno));
	else
		(void)close(fd);
}
