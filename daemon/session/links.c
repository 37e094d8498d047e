/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST pass a link to nobody but the person that the sign-in is for, and only
 *	if she asked for it: somebody else who types her name opens nothing on
 *	her screen, nor does anybody from another machine.
 * MUST hold nothing for a reader that does not read: it gets the next link
 *	when it has asked for it, and what comes before that is dropped.
 */
#include <string.h>

#include "daemon/session/links.h"
#include "daemon/session/session.h"

void
links_leave(struct world *world, struct links_reader *reader)
{
	struct links_reader **link;

	for (link = &world->links; *link != NULL; link = &(*link)->next) {
		if (*link == reader) {
			*link = reader->next;
			break;
		}
	}
}

static struct links_reader *
find(const struct world *world, uid_t uid)
{
	struct links_reader *reader = world->links;

	while (reader != NULL && reader->uid != uid)
		reader = reader->next;
	return reader;
}

void
links_join(struct world *world, struct links_reader *reader)
{
	struct links_reader *old = find(world, reader->uid);

	if (old != NULL) {
		links_leave(world, old);
		old->replaced(old->arg);
	}
	reader->next = world->links;
	world->links = reader;
}

/* The caller is her, or a program of root's (sudo, su) that says that she
 * called it. */
static bool
is_her_own(const struct session_request *request, const struct person *person)
{
	return request->peer == person->uid || (request->peer == 0 &&
	    strcmp(request->ruser, person->name) == 0);
}

uid_t
links_screen(const struct world *world,
    const struct session_request *request)
{
	struct person *person;
	uid_t screen = LINKS_NOBODY;

	if (!world->config->open_browser ||
	    request->conversation != PROTO_CONVERSATION_DESKTOP ||
	    request->rhost[0] != '\0' ||
	    store_find_name(world->store, request->user, &person) < 0)
		return LINKS_NOBODY;
	if (is_her_own(request, person))
		screen = person->uid;
	person_free(person);
	return screen;
}

void
links_show(struct world *world, uid_t screen, const char *uri)
{
	struct links_reader *reader;

	if (screen == LINKS_NOBODY)
		return;
	reader = find(world, screen);
	if (reader == NULL || !reader->ready)
		return;
	reader->ready = false;
	reader->open(reader->arg, uri);
}
