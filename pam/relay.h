/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calling side of AUTHENTICATE and ACCOUNT (common/proto.h): asks the
 * daemon, passes its texts and prompts on, and turns its verdict into a PAM
 * code. Only for accounts of ours, so PAM_IGNORE is never among the results.
 */
#ifndef PAM_RELAY_H
#define PAM_RELAY_H

#include "common/attr.h"
#include "pam/conversation.h"
#include "pam/owner.h"

/* Sign the account in by the daemon at the socket path. PAM_SUCCESS for one
 * complete verdict about exactly this user; PAM_PERM_DENIED if the daemon said
 * no; PAM_AUTHINFO_UNAVAIL if nobody could say; PAM_AUTH_ERR for all else.
 * Ends after five minutes at the latest, besides what a prompt takes. A daemon
 * that ends meanwhile is asked again, once, when it has been started again: it
 * goes on with the same code if it could keep it, else there is another one. */
int	relay_authenticate(const struct conversation *c, const char *path,
	    const struct account *account) MUST_USE;

/* Ask whether the account may use this service now. PAM_SUCCESS or
 * PAM_PERM_DENIED, within five seconds; here too, it is asked twice if it ends
 * meanwhile. */
int	relay_account(const struct conversation *c, const char *path,
	    const struct account *account) MUST_USE;

#endif
