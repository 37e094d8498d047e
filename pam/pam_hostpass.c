/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entry points of pam_hostpass.so. Each first finds out whose account it
 * is about, and steps aside (PAM_IGNORE) for everybody else's. For an account
 * of ours, and when nobody can tell, whatever goes wrong is a refusal.
 *
 * MUST: no state outlives a call (libpam may unload the module), no signal
 * handler, umask, directory or environment variable of the program is
 * touched, PAM_USER is not changed.
 */
#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "common/attr.h"
#include "common/proto.h"
#include "common/snapshot.h"
#include "pam/conversation.h"
#include "pam/owner.h"
#include "pam/patience.h"
#include "pam/relay.h"
#include "pam/request.h"

#define PASSWORD_TEXT \
	"This account has no password on this host. It signs in with a " \
	"passkey, which is changed at the sign-in service. Where this host " \
	"has passcodes, `hostpass passcode` sets one."

/* An argument can choose how texts are shown, and nothing else: none of them
 * widens who gets in. */
static void
parse_arguments(struct conversation *c, int argc, const char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "conversation=prompt") == 0)
			c->kind = PROTO_CONVERSATION_PROMPT;
		else if (strcmp(argv[i], "conversation=terminal") == 0)
			c->kind = PROTO_CONVERSATION_TERMINAL;
		else
			pam_syslog(c->pamh, LOG_ERR, "unknown argument: %s",
			    argv[i]);
	}
}

static struct conversation
open_conversation(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct conversation c = {
		.pamh = pamh,
		.kind = conversation_detect(pamh),
		.silent = ((unsigned int)flags & PAM_SILENT) != 0,
	};

	parse_arguments(&c, argc, argv);
	return c;
}

/* PAM_SUCCESS and the account if it is ours; else what the entry point
 * returns: PAM_IGNORE, or the code that refuses. */
static int
find_account(pam_handle_t *pamh, int refusal, struct account *ret_account)
{
	const char *user = NULL;
	int rc;

	rc = pam_get_user(pamh, &user, NULL);
	if (rc != PAM_SUCCESS)
		return rc;
	if (user == NULL || *user == '\0')
		return PAM_USER_UNKNOWN;
	switch (owner_find(pamh, SNAPSHOT_PATH, user, ret_account)) {
	case OWNER_OURS:
		return PAM_SUCCESS;
	case OWNER_OTHERS:
		return PAM_IGNORE;
	case OWNER_UNDECIDED:
		break;
	}
	pam_syslog(pamh, LOG_ERR, "%s cannot be read: accounts that are not "
	    "in /etc/passwd are refused", SNAPSHOT_PATH);
	return refusal;
}

EXPORTED int
pam_sm_authenticate(pam_handle_t *pamh, int flags UNUSED, int argc,
    const char **argv)
{
	struct conversation c;
	struct account account;
	int rc;

	rc = find_account(pamh, PAM_AUTHINFO_UNAVAIL, &account);
	if (rc != PAM_SUCCESS)
		return rc;
	/* Not silent, whatever flags say: the texts are the sign-in itself,
	 * and sudo sets PAM_SILENT at each of its calls. */
	c = open_conversation(pamh, 0, argc, argv);
	c.number = request_make_number();
	rc = patience_check(&c);
	if (rc != PAM_SUCCESS)
		return PAM_AUTH_ERR;
	return relay_authenticate(&c, PROTO_SOCKET, &account);
}

EXPORTED int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct conversation c;
	struct account account;
	int rc;

	rc = find_account(pamh, PAM_PERM_DENIED, &account);
	if (rc != PAM_SUCCESS)
		return rc;
	c = open_conversation(pamh, flags, argc, argv);
	return relay_account(&c, PROTO_SOCKET, &account);
}

EXPORTED int
pam_sm_setcred(pam_handle_t *pamh, int flags UNUSED, int argc UNUSED,
    const char **argv UNUSED)
{
	struct account account;

	return find_account(pamh, PAM_CRED_UNAVAIL, &account);
}

EXPORTED int
pam_sm_open_session(pam_handle_t *pamh, int flags UNUSED, int argc UNUSED,
    const char **argv UNUSED)
{
	struct account account;

	return find_account(pamh, PAM_SESSION_ERR, &account);
}

EXPORTED int
pam_sm_close_session(pam_handle_t *pamh, int flags UNUSED, int argc UNUSED,
    const char **argv UNUSED)
{
	struct account account;

	return find_account(pamh, PAM_SESSION_ERR, &account);
}

EXPORTED int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct conversation c;
	struct account account;
	int rc;

	rc = find_account(pamh, PAM_PERM_DENIED, &account);
	if (rc != PAM_SUCCESS)
		return rc;
	c = open_conversation(pamh, flags, argc, argv);
	if (((unsigned int)flags & PAM_PRELIM_CHECK) != 0)
		conversation_error(&c, PASSWORD_TEXT);
	return PAM_PERM_DENIED;
}
