/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a passkey was used, as a token tells it.
 */
#ifndef DAEMON_IDENTITY_PASSKEY_H
#define DAEMON_IDENTITY_PASSKEY_H

#include <stdint.h>

struct json;

/* auth_time of the claims of a verified token (Core 2), but not later than now;
 * 0 if it is missing, or if amr says that something else was used. */
int64_t	passkey_time(const struct json *claims, int64_t now);

#endif
