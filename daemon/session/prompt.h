/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that a person sees while she signs in (design D7): no escape
 * sequences, the link alone on its line, the QR code after it, and the
 * question last.
 */
#ifndef DAEMON_SESSION_PROMPT_H
#define DAEMON_SESSION_PROMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/proto.h"
#include "daemon/reason.h"

struct prompt_input {
	enum proto_conversation	 conversation;
	const char		*host;
	const char		*user;
	const char		*service;
	const char		*rhost;		/* empty: a local sign-in */
	const char		*uri;		/* what the person opens */
	const char		*code;		/* NULL: there is none */
	uint32_t		 seconds;	/* how long it is good for */
	bool			 qr;
	bool			 paste;		/* ask where the browser ends */
};

/* The first text of a sign-in. It begins with a newline, because the ssh
 * client puts "(user@host) " before the first line. Allocated, the caller's to
 * free; NULL when memory is short. A uri that fits no QR code of a size that a
 * terminal can show is shown without one. */
char	*prompt_compose(const struct prompt_input *in) MUST_USE;

/* The question after an Enter that came too early. */
const char *prompt_again(void);

/* The question after something was pasted that is not it, and why. */
const char *prompt_paste_again(enum reason reason);

/* The question while what was pasted is looked at. */
const char *prompt_checking(void);

#endif
