/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether the caller is willing to wait for a person at all.
 */
#ifndef PAM_PATIENCE_H
#define PAM_PATIENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/attr.h"
#include "pam/conversation.h"

/* True if the arguments, each with its NUL as in /proc/PID/cmdline, are those
 * of a sudo that was told not to ask (-n). */
bool	patience_forbidden(const char *arguments, size_t len);

/* For the program that this is: PAM_SUCCESS if it waits, or what its
 * conversation said to a prompt that it had to refuse. */
int	patience_check(const struct conversation *c) MUST_USE;

#endif
