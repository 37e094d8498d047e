/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as JSON: what can be read is written as text that is read the same
 * way.
 */
#include <string.h>

#include "daemon/oidc/json.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *json = NULL, *again = NULL;
	char *text, *same;

	if (json_parse((const char *)data, size, &json) < 0)
		return 0;
	fuzz_holds(json_is_object(json) || json_is_array(json));
	text = json_write(json);
	fuzz_holds(text != NULL);
	/* Numbers and escapes may need more bytes than they came in. */
	if (strlen(text) <= JSON_SIZE_MAX) {
		fuzz_holds(json_parse(text, strlen(text), &again) == 0);
		same = json_write(again);
		fuzz_holds(same != NULL && strcmp(text, same) == 0);
		free(same);
	}
	free(text);
	json_free(again);
	json_free(json);
	return 0;
}
