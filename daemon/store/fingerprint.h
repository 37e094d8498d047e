/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which SSH key somebody has proved to sshd that she holds, told from
 * SSH_AUTH_INFO_0 and as `ssh-keygen -l` names it.
 */
#ifndef DAEMON_STORE_FINGERPRINT_H
#define DAEMON_STORE_FINGERPRINT_H

#include "common/attr.h"

/* "SHA256:", 43 characters and the NUL. */
#define FINGERPRINT_SIZE	(7 + 43 + 1)

/* The key of the one line "publickey TYPE BASE64" in info; lines of other
 * methods may stand around it. 0; -ENOENT if there is no such line or more
 * than one; -ENOTSUP for a certificate; -EBADMSG if it is not a key. */
int	fingerprint_of_auth_info(const char *info,
	    char ret_fingerprint[FINGERPRINT_SIZE]) MUST_USE;

#endif
