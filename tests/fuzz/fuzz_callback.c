/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any text as what a person pasted. A code is only found in an address that
 * names the state, and has nothing in it that cannot be printed.
 */
#include <string.h>

#include "daemon/oidc/callback.h"
#include "tests/fuzz/fuzz.h"

#define STATE	"c3RhdGUtb2YtdGhpcy1vbmU"
#define URI	"http://127.0.0.1:1/callback"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char state_text[] = STATE;
	const struct secret state = { state_text, sizeof(state_text) - 1 };
	const struct callback_expect expect = {
		URI, &state, "https://id.example.com", false, NULL
	};
	struct secret text = SECRET_INIT, code = SECRET_INIT;
	enum reason reason;
	size_t i;

	if (secret_set(&text, data, size) < 0)
		return 0;
	reason = callback_read_address(text.data, &expect, &code);
	fuzz_holds((reason == REASON_GRANTED) == (code.data != NULL));
	if (reason == REASON_GRANTED)
		fuzz_holds(strstr(text.data, URI "?") != NULL &&
		    strstr(text.data, "state=") != NULL && code.len > 0);
	for (i = 0; i < code.len; i++)
		fuzz_holds(code.data[i] >= ' ' && code.data[i] <= '~');
	secret_free(&text);
	secret_free(&code);
	return 0;
}
