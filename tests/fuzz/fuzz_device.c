/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what the endpoints of the device flow answer. What is shown to
 * a person is safe for a terminal, and nobody waits longer than the limits.
 */
#include "common/attr.h"
#include "common/names.h"
#include "daemon/oidc/devicecode.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/token.h"
#include "tests/fuzz/fuzz.h"

static void
try_code(const struct json *answer)
{
	struct devicecode code;

	if (devicecode_read(answer, NULL, &code) != REASON_GRANTED)
		return;
	fuzz_holds(code.device_code != NULL);
	fuzz_holds(code.interval >= 1 &&
	    code.interval <= DEVICECODE_INTERVAL_MAX);
	fuzz_holds(code.prompt.expires_in <= DEVICECODE_LIFETIME_MAX);
	fuzz_holds(text_is_plain(code.prompt.user_code));
	fuzz_holds(text_is_plain(code.prompt.verification_uri));
	fuzz_holds(code.prompt.verification_uri_complete == NULL ||
	    text_is_plain(code.prompt.verification_uri_complete));
}

static void
try_tokens(const struct json *answer)
{
	struct token_set set = { 0 };
	const char *error = json_get_string(answer, "error");

	if (error != NULL)
		fuzz_holds(token_error_reason(error) != REASON_GRANTED);
	if (token_set_read(answer, &set) == REASON_GRANTED)
		token_set_free(&set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *answer = NULL;

	if (json_parse((const char *)data, size, &answer) < 0)
		return 0;
	try_code(answer);
	try_tokens(answer);
	json_free(answer);
	return 0;
}
