/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MUST take nothing for fresh whose age is unknown.
 */
#include "daemon/age.h"

bool
age_is_unknown(int64_t when, int64_t now)
{
	return when > now && when - now > AGE_SKEW;
}

bool
age_is_within(int64_t when, int64_t now, uint32_t most)
{
	return !age_is_unknown(when, now) && now - when <= (int64_t)most;
}
