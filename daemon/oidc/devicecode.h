/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device authorization endpoint answers (RFC 8628 3.2). Pure.
 */
#ifndef DAEMON_OIDC_DEVICECODE_H
#define DAEMON_OIDC_DEVICECODE_H

#include <stdint.h>

#include "common/attr.h"
#include "daemon/oidc/device.h"
#include "daemon/reason.h"

/* Seconds. */
#define DEVICECODE_INTERVAL	5	/* if none is given (3.2) */
#define DEVICECODE_INTERVAL_MAX	60
#define DEVICECODE_LIFETIME_MAX	(30 * 60)

/* Bytes of a code that a person can be asked to type. */
#define DEVICECODE_CODE_MAX	64

struct json;

/* The strings belong to the answer. */
struct devicecode {
	const char		*device_code;
	uint32_t		 interval;	/* 1 to ..._INTERVAL_MAX */
	struct device_prompt	 prompt;	/* expires_in is capped */
};

/* REASON_GRANTED or PROVIDER_REPLY, and then which member is wrong in detail,
 * which may be NULL. */
enum reason devicecode_read(const struct json *answer,
	    struct reason_detail *detail, struct devicecode *ret_code) MUST_USE;

#endif
