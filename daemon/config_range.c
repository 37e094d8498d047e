/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, and ranges of ids. No range that is accepted holds an id that the
 * system has for something else.
 */
#include <errno.h>
#include <string.h>

#include "common/names.h"
#include "common/snapshot.h"
#include "daemon/config_value.h"

/* The largest uid that is positive in every tool's int, less one. */
#define RANGE_MAX	2147483646u

bool
config_take_number(const char **p, uint32_t *ret)
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

	if (!config_take_number(&p, &start) || *p++ != '-' ||
	    !config_take_number(&p, &end) || *p != '\0' || start >= end)
		return config_fail(place, -EINVAL, "'%s' is not a range such "
		    "as 1879048192-2147483646", value);
	if (end > RANGE_MAX || !id_is_allowed(start) || !id_is_allowed(end) ||
	    crosses_reserved(start, end))
		return config_fail(place, -EINVAL, "%s touches ids below %u, "
		    "above %u, or reserved by the system (61184-65519, "
		    "65534, 65535, 524288-1879048191)", value, ID_FLOOR,
		    RANGE_MAX);
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
	if (!config_take_number(&p, &start) || *p++ != '-' ||
	    !config_take_number(&p, &end) || *p != '\0' || start >= end)
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
