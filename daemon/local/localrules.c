/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An nsswitch.conf that cannot be read is not tried again until another file
 * changes: it would be told of every few seconds. Subuid and subgid are
 * tried at each look, without a word.
 */
#include <errno.h>
#include <stdlib.h>

#include "common/subid_line.h"
#include "daemon/local/localrules.h"
#include "daemon/local/nsswitch.h"

int
localrules_read_nsswitch(struct localrules *rules, const char *path)
{
	FILE *stream;
	int r;

	filestamp_clear(&rules->nsswitch);
	rules->merges = false;
	r = filestamp_open_any(&rules->nsswitch, path, &stream);
	if (r < 0)
		filestamp_clear(&rules->nsswitch);
	if (r < 0 || stream == NULL)
		return r;
	rules->merges = nsswitch_merges_groups(stream);
	(void)fclose(stream);
	return 0;
}

static int
add_range(struct localrules *rules, const struct subid_line *line)
{
	struct local_range *ranges;

	ranges = reallocarray(rules->ranges, rules->range_count + 1,
	    sizeof(*ranges));
	if (ranges == NULL)
		return -ENOMEM;
	ranges[rules->range_count++] =
	    (struct local_range){ line->first, line->last };
	rules->ranges = ranges;
	return 0;
}

static int
read_ranges(struct localrules *rules, struct filestamp *stamp,
    const char *path)
{
	struct subid_line parsed;
	char *line = NULL;
	size_t size = 0;
	FILE *stream;
	int r;

	r = filestamp_open_any(stamp, path, &stream);
	if (r < 0 || stream == NULL)
		return r;
	errno = 0;
	while (r == 0 && getline(&line, &size, stream) > 0) {
		if (subid_line_parse(line, &parsed))
			r = add_range(rules, &parsed);
		errno = 0;
	}
	/* Half of a file grants what the other half would not. */
	if (r == 0 && !feof(stream))
		r = errno != 0 ? -errno : -EIO;
	free(line);
	(void)fclose(stream);
	return r;
}

static void
clear_ranges(struct localrules *rules)
{
	free(rules->ranges);
	rules->ranges = NULL;
	rules->range_count = 0;
}

static void
clear_subids(struct localrules *rules)
{
	filestamp_clear(&rules->subuid);
	filestamp_clear(&rules->subgid);
	clear_ranges(rules);
	rules->unread = false;
}

int
localrules_read_subids(struct localrules *rules, const char *subuid,
    const char *subgid)
{
	int r, other;

	clear_subids(rules);
	r = read_ranges(rules, &rules->subuid, subuid);
	other = read_ranges(rules, &rules->subgid, subgid);
	if (r == 0)
		r = other;
	rules->unread = r < 0;
	if (r < 0)
		clear_ranges(rules);
	return r;
}

/* What could not be read is another one once it can be. */
static bool
subids_changed(const struct localrules *rules)
{
	struct localrules again = { 0 };
	int r;

	if (!rules->unread)
		return filestamp_changed(&rules->subuid) ||
		    filestamp_changed(&rules->subgid);
	if (rules->subuid.path == NULL || rules->subgid.path == NULL)
		return true;
	r = localrules_read_subids(&again, rules->subuid.path,
	    rules->subgid.path);
	localrules_clear(&again);
	return r == 0;
}

bool
localrules_changed(const struct localrules *rules)
{
	return filestamp_changed(&rules->nsswitch) || subids_changed(rules);
}

void
localrules_clear(struct localrules *rules)
{
	filestamp_clear(&rules->nsswitch);
	clear_subids(rules);
}
