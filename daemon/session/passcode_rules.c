/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows libpwquality. Length, the dictionary of common
 * passwords, palindromes and the user's name count; kinds of characters do
 * not, so that a long number can be a passcode where there is no keyboard.
 *
 * MUST refuse where the rules cannot be applied.
 */
#include <errno.h>
#include <pwquality.h>
#include <stddef.h>
#include <stdio.h>

#include "daemon/session/passcode_rules.h"

int
passcode_rules_check(const struct secret *passcode, const char *user,
    uint32_t min_length, char ret_why[PASSCODE_RULE_MAX])
{
	pwquality_settings_t *settings = pwquality_default_settings();
	char text[PASSCODE_RULE_MAX];
	void *more = NULL;
	int r;

	if (settings == NULL)
		return -ENOMEM;
	r = pwquality_set_int_value(settings, PWQ_SETTING_MIN_LENGTH,
	    (int)min_length);
	if (r == 0)
		r = pwquality_check(settings, passcode->data, NULL, user,
		    &more);
	/* It frees more, and so has to be called whatever r is. */
	if (r < 0)
		(void)snprintf(ret_why, PASSCODE_RULE_MAX, "%s",
		    pwquality_strerror(text, sizeof(text), r, more));
	pwquality_free_settings(settings);
	return r < 0 ? -EPERM : 0;
}
