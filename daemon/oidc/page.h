/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page that a browser shows when it comes back to this host: in light and
 * dark, without scripts, and with nothing in it that came from outside.
 */
#ifndef DAEMON_OIDC_PAGE_H
#define DAEMON_OIDC_PAGE_H

#include "common/attr.h"
#include "daemon/reason.h"

/* What the page may load (CSP level 3): its own style, and nothing else. */
#define PAGE_POLICY \
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; " \
	"form-action 'none'; frame-ancestors 'none'"

/* HTML that tells how a sign-in ended, the caller's to free. NULL when memory
 * is short. */
char	*page_compose(enum reason reason) MUST_USE;

#endif
