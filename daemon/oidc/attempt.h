/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One attempt to sign somebody in, by the flow that is configured and that the
 * provider offers. It runs on the event loop and calls back.
 */
#ifndef DAEMON_OIDC_ATTEMPT_H
#define DAEMON_OIDC_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/oidc/flow.h"

struct attempt;
struct flow_state;
struct provider;

/* What the person is shown. All of it has passed text_is_plain(); the strings
 * live until the callback returns. */
struct attempt_prompt {
	const char	*uri;
	const char	*code;		/* NULL: there is nothing to compare */
	uint32_t	 expires_in;	/* seconds */
	/* Where the browser ends has to be told by attempt_answer(). */
	bool		 paste;
};

struct attempt_request {
	enum flow_kind		 kind;
	struct flow_policy	 policy;
	/* Go on from here, which was attempt_save()'s, whatever kind says; not
	 * needed after attempt_start(). NULL: begin. */
	const struct flow_state	*resume;
	const char		*user;	/* who it is to be */
	bool			 local;	/* her browser is on this machine */
	/* Called once at the most; the attempt may be freed in it. */
	void		(*ready)(void *arg,
			    const struct attempt_prompt *prompt);
	/* The end. Called once, never from within the functions below; the
	 * attempt may be freed in it. */
	flow_done_fn	*done;
	void		*arg;
};

/* Begin. user is copied. 0 or -errno (then nothing is called back). */
int	attempt_start(struct provider *provider,
	    const struct attempt_request *request,
	    struct attempt **ret_attempt) MUST_USE;

/* Which flow runs or ran: "device" or "browser". */
const char *attempt_flow(const struct attempt *attempt);

/* What the person pasted, if she was to paste something: as
 * browser_answer(). */
enum reason attempt_answer(struct attempt *attempt,
	    const char *text) MUST_USE;

/* What another process needs to go on: as device_save(), browser_save(). */
int	attempt_save(const struct attempt *attempt,
	    struct flow_state *ret_state) MUST_USE;

/* Ask nothing new. True while something is on its way that cannot be asked for
 * again: then attempt_save() has nothing. */
bool	attempt_rest(struct attempt *attempt);

/* Wipe, call nobody back, and show the verdict wherever else the person
 * looks. attempt may be NULL. */
void	attempt_free(struct attempt *attempt, enum reason verdict);

#endif
