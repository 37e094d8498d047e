/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the directory stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/adopt/adopt_private.h"
#include "daemon/oidc/json.h"
#include "daemon/world.h"

/* One part in so many of the time that it is believed is left: then somebody
 * should look why the next one does not come. */
#define ENDING	4

struct json *
adopt_report(const struct adopt *adopt)
{
	struct json *report;

	if (adopt == NULL)
		return NULL;
	report = json_new_object();
	json_set_string(report, "url", adopt->world->config->directory.url);
	json_set_boolean(report, "known", adopt->known);
	json_set_boolean(report, "complete", adopt->row.complete);
	json_set_integer(report, "serial", adopt->row.serial);
	json_set_integer(report, "issued", adopt->row.issued);
	json_set_integer(report, "age", adopt->known ?
	    time(NULL) - adopt->row.issued : 0);
	json_set_integer(report, "expires", adopt->row.expires);
	json_set_integer(report, "people", adopt->row.people);
	json_set_integer(report, "refused", (int64_t)adopt->refused);
	json_set_integer(report, "answered", adopt->answered);
	json_set_string(report, "problem", adopt->problem);
	return report;
}

bool
adopt_is_ending(const struct adopt *adopt, int64_t now)
{
	const struct store_directory *row = &adopt->row;

	return adopt->known &&
	    row->expires - now <= (row->expires - row->issued) / ENDING;
}

static int
say_when(const struct adopt *adopt, int64_t now, char **ret_text)
{
	int64_t left = adopt->row.expires - now;

	return asprintf(ret_text, "it expires in %lld %s; is `hostpass "
	    "directory export` still run?", (long long)(left >= 7200 ?
	    left / 3600 : (left + 59) / 60), left >= 7200 ? "hours" :
	    "minutes");
}

char *
adopt_warning(const struct adopt *adopt)
{
	const char *url;
	char *when = NULL, *text = NULL;
	const char *what;
	int64_t now = time(NULL);

	if (adopt == NULL)
		return NULL;
	url = adopt->world->config->directory.url;
	what = adopt->problem;
	if (*what == '\0' && adopt->known && adopt->row.expires <= now)
		what = signed_sentence(SIGNED_EXPIRED);
	else if (*what == '\0' && adopt_is_ending(adopt, now) &&
	    say_when(adopt, now, &when) >= 0)
		what = when;
	if (*what != '\0' &&
	    asprintf(&text, "the directory %s: %s", url, what) < 0)
		text = NULL;
	free(when);
	return text;
}
