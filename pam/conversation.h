/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the person sees and types, by way of the program's own conversation
 * function. Every text is filtered here, so none reaches a terminal raw.
 */
#ifndef PAM_CONVERSATION_H
#define PAM_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include <security/pam_modules.h>

#include "common/attr.h"
#include "common/proto.h"

struct conversation {
	pam_handle_t			*pamh;
	enum proto_conversation		 kind;
	bool				 silent; /* PAM_SILENT: no errors */
	/* Nobody can guess it: by it this call goes on with the same sign-in at
	 * a daemon that was started again. */
	uint64_t			 number;
};

/* What the program behind pamh can show: sshd holds text back until there is
 * a prompt, everybody else shows it at once, some of them on a desktop. */
enum proto_conversation conversation_detect(pam_handle_t *pamh);

/* Show text, lines apart by newlines. A PAM code. */
int	conversation_show(const struct conversation *c,
	    const char *text) MUST_USE;

/* Tell the person why it ended; nothing if text is empty or c is silent. That
 * it could not be shown changes no verdict, so there is no result. */
void	conversation_error(const struct conversation *c, const char *text);

/* Ask, and wait for the person as long as the program lets her. A PAM code;
 * with PAM_SUCCESS *ret_answer is the caller's to secret_drop_string(). */
int	conversation_ask(const struct conversation *c, bool echo,
	    const char *text, char **ret_answer) MUST_USE;

#endif
