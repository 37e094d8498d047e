/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A document is applied in slices, so that nobody who asks the daemon waits for
 * a hundred thousand people.
 *
 * MUST let nobody who is revoked back in, and take no older word for a newer
 *	one.
 * MUST go on when one person cannot be taken in, and say why.
 * MUST forget the document if a part of it could not be applied: it comes
 *	again.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "common/log.h"
#include "daemon/adopt/adopt.h"
#include "daemon/adopt/adopt_private.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/jwk.h"
#include "daemon/refresher/refresher.h"
#include "daemon/snapshot/publish.h"
#include "daemon/store/store_directory.h"
#include "daemon/store/store_token.h"
#include "daemon/world.h"

/* Lines, and people who leave, between two looks at everything else. */
#define SLICE_LINES	100
#define SLICE_LEAVERS	100
/* Seconds for the whole of a fetch. */
#define FETCH_TIMEOUT	600

static void
problem(struct adopt *adopt, const char *text)
{
	(void)snprintf(adopt->problem, sizeof(adopt->problem), "%s", text);
	if (*text != '\0')
		log_line(LOG_WARNING, "directory: %s; the last good one stays "
		    "in force", text);
}

static int64_t
milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
adopt_shown(struct adopt *adopt, int64_t bound)
{
	if (adopt == NULL || bound != adopt->begun)
		return 0;
	/* Written later than it should have been, but before this. */
	if (adopt->shown == INT64_MAX && !adopt_is_busy(adopt) &&
	    !adopt->world->unpublished)
		adopt->shown = milliseconds();
	return adopt->shown;
}

/* The document is done with; believed if r is 0. */
static void
finish(struct adopt *adopt, int r)
{
	struct signed_directory *document = &adopt->document;
	struct store_directory row = {
		.serial = document->serial,
		.issued = document->issued,
		.expires = document->expires,
		.people = (int64_t)document->count,
		.complete = document->complete,
	};

	memcpy(row.digest, document->digest, sizeof(document->digest));
	if (r == 0)
		r = store_directory_save(adopt->world->store,
		    document->issuer, &row);
	if (r < 0) {
		problem(adopt, "it could not be written to the store");
	} else {
		log_line(LOG_INFO, "directory: serial=%" PRId64 " people=%zu "
		    "new=%zu refused=%zu left=%zu", document->serial,
		    document->count, adopt->fresh, adopt->refused, adopt->left);
		problem(adopt, "");
		adopt->taken = adopt->known = true;
		adopt->expiry_told = false;
		adopt->row = row;
		pull_believe(adopt->pull);
	}
	signed_free(document);
	if (publish_world(adopt->world) < 0)
		log_line(LOG_ERR, "cannot write %s", adopt->world->snapshot);
	else
		adopt->shown = milliseconds();
}

static int
let_go(struct adopt *adopt, struct person *person)
{
	struct token_owner owner = { person->issuer, person->subject };
	int r;

	person->listed = false;
	r = store_save(adopt->world->store, person);
	if (r < 0 || person->revoked)
		return r;
	log_line(LOG_NOTICE, "directory: %s is not listed any more",
	    person->name);
	adopt->left++;
	if (adopt->world->refresher != NULL)
		return refresher_revoke(adopt->world->refresher, person,
		    false);
	return store_revoke(adopt->world->store, &owner);
}

/* The next of those who were listed and are no longer. 0, 1 if there are no
 * more, or -errno. */
static int
let_one_go(struct adopt *adopt)
{
	struct person *person;
	int r;

	r = store_seen_not(adopt->world->store, adopt->document.issuer,
	    adopt->document.issued, &adopt->after, &person);
	if (r < 0)
		return r == -ENOENT ? 1 : r;
	r = let_go(adopt, person);
	person_free(person);
	return r;
}

/* Likewise for the lines. */
static int
take_one(struct adopt *adopt)
{
	const char *line;
	size_t len;

	if (!signed_next(&adopt->document, &line, &len))
		return 1;
	return adopt_line(adopt, line, len);
}

typedef int step_fn(struct adopt *adopt);

/* Take count steps, which are on the disk together. 0: there may be more; 1:
 * that was all; or -errno. */
static int
take_steps(struct adopt *adopt, step_fn *step, int count)
{
	int i, r;

	r = store_batch_begin(adopt->world->store);
	if (r < 0)
		return r;
	for (i = 0; r == 0 && i < count; i++)
		r = step(adopt);
	if (r < 0)
		return store_batch_end(adopt->world->store, r);
	if (store_batch_end(adopt->world->store, 0) < 0)
		return -EIO;
	/* Whoever signs in meanwhile gets what the snapshot says. */
	adopt->world->unpublished = true;
	return r;
}

/* Again, once everything else had its turn. */
static void
go_on(struct adopt *adopt)
{
	const struct timeval now = { 0, 0 };

	if (event_add(adopt->turn, &now) < 0)
		finish(adopt, -ENOMEM);
}

static void
on_turn(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct adopt *adopt = arg;
	int r;

	r = adopt->all_taken ? take_steps(adopt, let_one_go, SLICE_LEAVERS) :
	    take_steps(adopt, take_one, SLICE_LINES);
	if (r < 0 || (r > 0 && adopt->all_taken)) {
		finish(adopt, r < 0 ? r : 0);
		return;
	}
	if (r > 0)
		adopt->all_taken = true;
	go_on(adopt);
}

/* May document take the place of what is in force? */
static enum signed_verdict
judge(struct adopt *adopt, const struct signed_directory *document)
{
	struct store_directory row = { 0 };
	int r;

	if (config_provider_of(adopt->world->config, document->issuer) == NULL)
		return SIGNED_ISSUER;
	r = store_directory_find(adopt->world->store, document->issuer, &row);
	if (r < 0 && r != -ENOENT)
		return SIGNED_MEMORY;
	return signed_follows(document, row.serial, row.digest);
}

static void
begin(struct adopt *adopt, struct signed_directory *document)
{
	adopt->document = *document;
	memset(document, 0, sizeof(*document));
	adopt->fresh = adopt->refused = adopt->left = 0;
	adopt->all_taken = false;
	adopt->after = 0;
	adopt->begun = time(NULL);
	adopt->shown = INT64_MAX;
	if (store_seen_clear(adopt->world->store) < 0)
		finish(adopt, -EIO);
	else
		go_on(adopt);
}

static void
refuse(struct adopt *adopt, enum signed_verdict verdict)
{
	char text[sizeof(adopt->problem)];

	(void)snprintf(text, sizeof(text), "%s (%s)", signed_sentence(verdict),
	    signed_code(verdict));
	problem(adopt, text);
}

static void
look_at(struct adopt *adopt, struct signed_directory *document)
{
	enum signed_verdict verdict;

	if (adopt_is_busy(adopt))
		return;
	verdict = judge(adopt, document);
	if (verdict == SIGNED_GOOD)
		adopt->answered = time(NULL);
	if (verdict != SIGNED_GOOD) {
		refuse(adopt, verdict);
	} else if (adopt->taken && document->serial == adopt->row.serial) {
		problem(adopt, "");
		pull_believe(adopt->pull);
	} else {
		/* After a start the same one again: the configuration may
		 * read it otherwise now. */
		begin(adopt, document);
	}
}

/* Said once, while there is time to see to it. */
static void
look_at_expiry(struct adopt *adopt)
{
	char *text;

	if (adopt->expiry_told || *adopt->problem != '\0' ||
	    !adopt_is_ending(adopt, time(NULL)))
		return;
	adopt->expiry_told = true;
	text = adopt_warning(adopt);
	if (text != NULL)
		log_line(LOG_WARNING, "%s", text);
	free(text);
}

void
adopt_take(void *arg, const struct pull_end *end)
{
	struct adopt *adopt = arg;

	switch (end->outcome) {
	case PULL_UNCHANGED:
		adopt->answered = time(NULL);
		problem(adopt, adopt->row.expires > time(NULL) ? "" :
		    signed_sentence(SIGNED_EXPIRED));
		break;
	case PULL_FAILED:
		problem(adopt, end->error);
		break;
	case PULL_REFUSED:
		refuse(adopt, end->verdict);
		break;
	case PULL_READY:
		look_at(adopt, end->document);
		break;
	}
	if (!adopt_is_busy(adopt))
		look_at_expiry(adopt);
}

bool
adopt_is_busy(const struct adopt *adopt)
{
	return adopt->document.lines != NULL;
}

static int
start_pull(struct adopt *adopt)
{
	const struct config_directory *from = &adopt->world->config->directory;
	const struct pull_config config = {
		.url = from->url,
		.http = {
			.ca_file = from->ca_file,
			.proxy = from->proxy,
			.http_loopback = from->allow_http_loopback,
			.timeout = FETCH_TIMEOUT,
		},
		.keys = adopt->keys,
		.refresh = from->refresh,
	};

	return pull_new(adopt->world->base, &config, adopt_take, adopt,
	    &adopt->pull);
}

/* What is in force since before the start. */
static void
recall(struct adopt *adopt)
{
	const struct config *config = adopt->world->config;
	struct store_directory row;
	size_t i;

	for (i = 0; i < config->provider_count; i++) {
		if (store_directory_find(adopt->world->store,
		    config->providers[i].issuer, &row) < 0 ||
		    (adopt->known && row.issued <= adopt->row.issued))
			continue;
		adopt->known = true;
		adopt->row = row;
	}
}

int
adopt_new(struct world *world, struct adopt **ret_adopt)
{
	const struct config_directory *from = &world->config->directory;
	struct adopt *adopt;
	int r;

	*ret_adopt = NULL;
	if (from->url == NULL)
		return 0;
	adopt = calloc(1, sizeof(*adopt));
	if (adopt == NULL)
		return -ENOMEM;
	adopt->world = world;
	recall(adopt);
	adopt->turn = evtimer_new(world->base, on_turn, adopt);
	r = adopt->turn == NULL ? -ENOMEM :
	    signed_keys_read(&from->keys, &adopt->keys);
	if (r == 0)
		r = start_pull(adopt);
	if (r < 0) {
		adopt_free(adopt);
		return r;
	}
	*ret_adopt = adopt;
	return 0;
}

void
adopt_free(struct adopt *adopt)
{
	if (adopt == NULL)
		return;
	pull_free(adopt->pull);
	if (adopt->turn != NULL)
		event_free(adopt->turn);
	signed_free(&adopt->document);
	jwk_set_free(adopt->keys);
	free(adopt);
}
