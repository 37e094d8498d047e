/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the key of seal.h comes from: a credential that systemd passes (there
 * it may be bound to the TPM), or a file of root's that is made once. It never
 * lies in the state directory.
 */
#ifndef DAEMON_STORE_SEAL_KEY_H
#define DAEMON_STORE_SEAL_KEY_H

#include "common/attr.h"
#include "common/secret.h"

#define SEAL_KEY_CREDENTIAL	"hostpass.key"

/* Make the file at path, with 32 random bytes, for its owner alone. 0; -EEXIST
 * if there is one, which stays; another -errno, and then there is none. */
int	seal_key_make(const char *path) MUST_USE;

/* Read the key: of SEAL_KEY_CREDENTIAL in directory unless that is NULL, else
 * of the file at path, which is made if it is missing. 0 and a key that must
 * be freed; -EPERM if the file is somebody else's or others may touch it,
 * -EUCLEAN if it is no key; another -errno. */
int	seal_key_load(const char *directory, const char *path,
	    struct secret *ret_key) MUST_USE;

#endif
