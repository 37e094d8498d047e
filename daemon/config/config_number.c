/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values that are numbers: times, counts and ranges of ids.
 */
#include <errno.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/config/config_value.h"

/* The largest uid that is positive in every tool's int, less one. */
#define RANGE_MAX	2147483646u

/* Read decimal digits at *p and move past them. false if there are none, or
 * too many for 32 bits. */
static bool
take_number(const char **p, uint32_t *ret)
{
	uint64_t number = 0;
	const char *digit;

	for (digit = *p; *digit >= '0' && *digit <= '9'; digit++) {
		number = number * 10 + (uint64_t)(*digit - '0');
		if (number > UINT32_MAX)
			return false;
	}
	if (digit == *p)
		return false;
	*p = digit;
	*ret = (uint32_t)number;
	return true;
}

int
config_set_duration(const struct config_place *place, const char *value,
    void *where)
{
	static const struct {
		const char *suffix;
		uint32_t seconds;
	} units[] = {
		{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 },
		{ "d", 86400 },
	};
	uint32_t *seconds = where, number;
	const char *suffix = value;
	size_t i;

	if (take_number(&suffix, &number) && number > 0) {
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
			if (strcmp(suffix, units[i].suffix) != 0 ||
			    number > UINT32_MAX / units[i].seconds)
				continue;
			*seconds = number * units[i].seconds;
			return 0;
		}
	}
	return config_fail(place, -EINVAL, "'%s' is not a time such as 90, "
	    "10s, 15m, 1h or 7d", value);
}

/* pam/relay.c gives up after 310 s, whatever is configured. */
#define WAIT_MAX	300

int
config_set_wait(const struct config_place *place, const char *value,
    void *where)
{
	uint32_t seconds;
	int r;

	r = config_set_duration(place, value, &seconds);
	if (r < 0)
		return r;
	if (seconds > WAIT_MAX)
		return config_fail(place, -EINVAL, "wait must not be longer "
		    "than 5m, nor than LoginGraceTime of sshd");
	*(uint32_t *)where = seconds;
	return 0;
}

int
config_set_duration_or_off(const struct config_place *place,
    const char *value, void *where)
{
	if (strcmp(value, "off") != 0)
		return config_set_duration(place, value, where);
	*(uint32_t *)where = 0;
	return 0;
}

static int
set_number(const struct config_place *place, const char *value,
    uint32_t least, uint32_t most, void *where)
{
	const char *p = value;
	uint32_t number;

	if (!take_number(&p, &number) || *p != '\0' || number < least ||
	    number > most)
		return config_fail(place, -EINVAL, "'%s' is not a number from "
		    "%u to %u", value, (unsigned)least, (unsigned)most);
	*(uint32_t *)where = number;
	return 0;
}

#define COUNT_MAX	65536

int
config_set_count(const struct config_place *place, const char *value,
    void *where)
{
	return set_number(place, value, 1, COUNT_MAX, where);
}

int
config_set_length(const struct config_place *place, const char *value,
    void *where)
{
	return set_number(place, value, 6, 64, where);
}

int
config_set_tries(const struct config_place *place, const char *value,
    void *where)
{
	return set_number(place, value, 1, 100, where);
}

/*
 * Between two ids that are allowed, a reserved range lies whole or not at
 * all, so looking for its first id is enough.
 */
static bool
crosses_reserved(uint32_t start, uint32_t end)
{
	/* systemd's dynamic users; nobody and (uint16_t)-1; containers */
	static const uint32_t first[] = { 61184, 65534, 524288 };
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		if (start < first[i] && first[i] < end)
			return true;
	}
	return false;
}

int
config_set_range(const struct config_place *place, const char *value,
    void *where)
{
	struct config_identity *identity = where;
	const char *p = value;
	uint32_t start, end;

	if (!take_number(&p, &start) || *p++ != '-' || !take_number(&p, &end) ||
	    *p != '\0' || start >= end)
		return config_fail(place, -EINVAL, "'%s' is not a range such "
		    "as 1879048192-2147483646", value);
	if (end > RANGE_MAX || !id_is_allowed(start) || !id_is_allowed(end) ||
	    crosses_reserved(start, end))
		return config_fail(place, -EINVAL, "%s touches ids below %u, "
		    "above %u, or reserved by the system (61184-65519, "
		    "65534, 65535, 524288-1879048191)", value, ID_FLOOR, RANGE_MAX);
	identity->range_start = start;
	identity->range_end = end;
	return 0;
}

int
config_set_subid_range(const struct config_place *place, const char *value,
    void *where)
{
	const uint32_t count = SNAPSHOT_SUBID_COUNT;
	struct config_identity *identity = where;
	const char *p = value;
	uint32_t start, end;

	if (strcmp(value, "off") == 0) {
		identity->subid_start = identity->subid_end = 0;
		return 0;
	}
	if (!take_number(&p, &start) || *p++ != '-' ||
	    !take_number(&p, &end) || *p != '\0' || start >= end)
		return config_fail(place, -EINVAL, "'%s' is not off, nor a "
		    "range such as 2147483648-4294901759", value);
	if (start % count != 0 || (end + 1) % count != 0 ||
	    !snapshot_subid_is_start(start) ||
	    !snapshot_subid_is_start(end - (count - 1)))
		return config_fail(place, -EINVAL, "%s does not begin at a "
		    "multiple of %u from %u on, or does not end right below "
		    "one, at 4294901759 at most", value, count, count);
	identity->subid_start = start;
	identity->subid_end = end;
	return 0;
}
