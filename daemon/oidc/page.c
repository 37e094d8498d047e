/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One template. Sentences are those of the reason table, which are ours and
 * need no escaping.
 */
#include <stdio.h>

#include "daemon/oidc/page.h"

static const char template[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<title>%s</title>\n"
    "<style>\n"
    ":root { --paper: #f4f5f7; --card: #fff; --ink: #1b1f24;\n"
    "  --soft: #57606a; --edge: #d8dee4; --mark: %s }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --paper: #0f1216; --card: #191d23; --ink: #e8ebef;\n"
    "    --soft: #9aa4b0; --edge: #2c333c; --mark: %s } }\n"
    "* { box-sizing: border-box }\n"
    "body { margin: 0; min-height: 100vh; display: grid;\n"
    "  place-items: center; padding: 1.5rem; background: var(--paper);\n"
    "  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }\n"
    "main { width: 100%%; max-width: 26rem; padding: 2.5rem 2rem;\n"
    "  text-align: center; background: var(--card);\n"
    "  border: 1px solid var(--edge); border-radius: 1rem }\n"
    "svg { width: 4rem; height: 4rem; fill: none; stroke: var(--mark);\n"
    "  stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round }\n"
    "h1 { margin: 1rem 0 .5rem; font-size: 1.375rem; line-height: 1.3 }\n"
    "p { margin: 0; color: var(--soft); text-wrap: balance }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<main id=\"%s\">\n"
    "<svg viewBox=\"0 0 48 48\" aria-hidden=\"true\">"
    "<circle cx=\"24\" cy=\"24\" r=\"20\"/><path d=\"%s\"/></svg>\n"
    "<h1>%s</h1>\n"
    "<p>%s</p>\n"
    "</main>\n"
    "</body>\n"
    "</html>\n";

char *
page_compose(enum reason reason)
{
	char *page;
	int r;

	if (reason == REASON_GRANTED)
		r = asprintf(&page, template, "Signed in", "#1a7f37",
		    "#3fb950", "signed-in", "M15 25l6 6 12-13",
		    reason_person(reason),
		    "You can close this page and go back to your terminal.");
	else
		r = asprintf(&page, template, "Not signed in", "#bc4c00",
		    "#f0883e", "refused", "M24 14v13M24 34v.01",
		    "You are not signed in.", reason_person(reason));
	return r < 0 ? NULL : page;
}
