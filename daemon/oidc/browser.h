/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The authorization code grant with a browser (RFC 6749 4.1, RFC 7636,
 * RFC 8252), from a link to a verified ID token. It runs on the event loop and
 * calls back; nothing blocks.
 */
#ifndef DAEMON_OIDC_BROWSER_H
#define DAEMON_OIDC_BROWSER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/oidc/flow.h"

/* Where a browser on another machine ends: nothing listens on port 1, and
 * nobody but root could, so the address stays in the address bar. */
#define BROWSER_PASTE_URI	"http://127.0.0.1:1/callback"

/* Seconds that a link is good for. A provider that refuses says so on a page
 * of its own and never sends the browser back, so this is ours to end. */
#define BROWSER_LIFETIME	300

struct browser;
struct flow_state;
struct provider;

struct browser_request {
	struct flow_policy	 policy;
	/* Go on from here, which was browser_save()'s; it is not needed after
	 * browser_start(). NULL: begin. */
	const struct flow_state	*resume;
	const char		*user;	/* login_hint; copied */
	/* The browser is on this machine: listen for it. If not, the person
	 * says where it ended: browser_answer(). */
	bool			 local;
	/* This is the link for the person; it has passed text_is_plain() and
	 * lives until the callback returns. expires_in is in seconds. Called
	 * once at the most. */
	void		(*ready)(void *arg, const char *uri,
			    uint32_t expires_in);
	/* The end. Called once, never from within the functions below; the
	 * flow may be freed in it. */
	flow_done_fn	*done;
	void		*arg;
};

/* Begin. 0 or -errno (then nothing is called back). */
int	browser_start(struct provider *provider,
	    const struct browser_request *request,
	    struct browser **ret_browser) MUST_USE;

/* The address that a person pasted, after ready. REASON_GRANTED: it is an
 * answer, and done will say which. CALLBACK_MALFORMED or CALLBACK_STATE: she
 * may try again. */
enum reason browser_answer(struct browser *browser,
	    const char *address) MUST_USE;

/* What another process needs to go on, from ready until there is an answer. 0
 * and *ret_state, to be freed; -ENODATA before and after, and always if the
 * browser is sent back to this process; -ENOMEM. */
int	browser_save(const struct browser *browser,
	    struct flow_state *ret_state) MUST_USE;

/* True while an answer is being redeemed: it is good for this once. */
bool	browser_is_busy(const struct browser *browser);

/* Wipe, call nobody back, and show the verdict in the browser that waits for
 * it. browser may be NULL. */
void	browser_free(struct browser *browser, enum reason verdict);

#endif
