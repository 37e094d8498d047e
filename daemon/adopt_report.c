/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the directory stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/adopt_private.h"
#include "daemon/oidc/json.h"
#include "daemon/session.h"

struct json *
adopt_report(const struct adopt *adopt)
{
	struct json *report;

	if (adopt == NULL)
		return NULL;
	report = json_new_object();
	json_set_string(report, "url", adopt->world->config->directory.url);
	json_set_boolean(report, "taken", adopt->taken);
	json_set_boolean(report, "complete", adopt->row.complete);
	json_set_integer(report, "serial", adopt->row.serial);
	json_set_integer(report, "issued", adopt->row.issued);
	json_set_integer(report, "expires", adopt->row.expires);
	json_set_integer(report, "people", adopt->row.people);
	json_set_integer(report, "refused", (int64_t)adopt->refused);
	json_set_string(report, "problem", adopt->problem);
	return report;
}

char *
adopt_warning(const struct adopt *adopt)
{
	const char *what;
	char *text;

	if (adopt == NULL)
		return NULL;
	what = adopt->problem;
	if (*what == '\0' && adopt->taken &&
	    adopt->row.expires <= time(NULL))
		what = signed_sentence(SIGNED_EXPIRED);
	if (*what == '\0' || asprintf(&text, "the directory %s: %s",
	    adopt->world->config->directory.url, what) < 0)
		return NULL;
	return text;
}
