/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * auth_time is when somebody proved who she is, by whatever means; amr says by
 * which. A token without amr is believed, for it depends on require_amr whether
 * it came this far.
 *
 * MUST take nothing that amr names for a passkey but what is in the list.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "daemon/identity/passkey.h"
#include "daemon/oidc/json.h"

/* Of RFC 8176, the proofs that a key was held; and what providers say of
 * WebAuthn besides. */
static bool
is_passkey(const char *method)
{
	static const char *const methods[] = {
		"phr", "phrh", "hwk", "swk", "pop", "webauthn", "fido",
		"passkey",
	};
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(methods[i], method) == 0)
			return true;
	}
	return false;
}

int64_t
passkey_time(const struct json *claims, int64_t now)
{
	const struct json *amr = json_get(claims, "amr");
	const char *method;
	bool used = !json_has(claims, "amr");
	int64_t when;
	size_t i;

	for (i = 0; i < json_length(amr); i++) {
		method = json_string(json_at(amr, i));
		used = used || (method != NULL && is_passkey(method));
	}
	if (!used || json_integer(json_get(claims, "auth_time"), &when) < 0 ||
	    when < 0)
		return 0;
	return when < now ? when : now;
}
