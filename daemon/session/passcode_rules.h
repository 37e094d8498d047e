/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which passcodes are too weak to be set: libpwquality's rules.
 */
#ifndef DAEMON_SESSION_PASSCODE_RULES_H
#define DAEMON_SESSION_PASSCODE_RULES_H

#include <stdint.h>

#include "common/attr.h"
#include "common/secret.h"

/* Room for what is wrong with a passcode. */
#define PASSCODE_RULE_MAX	256

/* 0 if user may have it; -EPERM and in ret_why what is wrong, for the person;
 * -ENOMEM. */
int	passcode_rules_check(const struct secret *passcode, const char *user,
	    uint32_t min_length, char ret_why[PASSCODE_RULE_MAX]) MUST_USE;

#endif
