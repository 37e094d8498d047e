/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who opens the links of sign-ins on a desktop: each person's own session, for
 * her own sign-ins, if the configuration says open_browser.
 */
#ifndef DAEMON_SESSION_LINKS_H
#define DAEMON_SESSION_LINKS_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/attr.h"

struct session_request;
struct world;

/* Nobody's screen. */
#define LINKS_NOBODY	((uid_t)-1)

/* A connection that waits for links. It belongs to who joins; all zero is one
 * that has not. */
struct links_reader {
	struct links_reader	*next;
	uid_t			 uid;	/* whose it is */
	bool			 ready;	/* asked for the next link */
	/* Pass on a link, which lives until this returns. */
	void			(*open)(void *arg, const char *uri);
	/* Another one of this uid has joined: this one has left. */
	void			(*replaced)(void *arg);
	void			*arg;
};

/* Join, in place of any other of this uid. reader lives until it leaves. */
void	links_join(struct world *world, struct links_reader *reader);

/* Leave, if it is there. */
void	links_leave(struct world *world, struct links_reader *reader);

/* Whose screen the link of this sign-in may be opened on: the uid of the person
 * that it is for, if she asked for it herself at her desktop, else
 * LINKS_NOBODY. */
uid_t	links_screen(const struct world *world,
	    const struct session_request *request) MUST_USE;

/* Pass a link to the one who waits for it on this screen, if there is one. */
void	links_show(struct world *world, uid_t screen,
	    const char *uri);

#endif
