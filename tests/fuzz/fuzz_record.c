/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a sign-in that another daemon left. What is taken has all that
 * it needs, is safe to show, and is what its fields make.
 */
#include <string.h>

#include "common/attr.h"
#include "common/names.h"
#include "daemon/session/session_record.h"
#include "tests/fuzz/fuzz.h"

static void
try_flow(const struct session_record *record)
{
	const struct flow_state *flow = &record->flow;

	fuzz_holds(flow->kind == FLOW_DEVICE || flow->kind == FLOW_BROWSER);
	if (record->granted)
		return;
	fuzz_holds(text_is_plain(flow->uri.data));
	fuzz_holds(flow->nonce.data != NULL);
	if (flow->kind == FLOW_DEVICE) {
		fuzz_holds(text_is_plain(flow->user_code.data));
		fuzz_holds(flow->device_code.len > 0 && flow->interval > 0);
	} else {
		fuzz_holds(flow->state.len > 0 && flow->verifier.len > 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session_record record;
	struct frame f;

	if (session_record_read(data, size, &record) < 0)
		return 0;
	fuzz_holds(name_is_valid(record.user));
	fuzz_holds(record.retry_start != 0);
	fuzz_holds(strlen(record.source) < SESSION_SOURCE_SIZE);
	fuzz_holds(strlen(record.key) < FINGERPRINT_SIZE);
	fuzz_holds(!record.granted || record.subject[0] != '\0');
	try_flow(&record);
	fuzz_holds(session_record_write(&record, &f) == 0);
	fuzz_holds(f.len == size && memcmp(f.data, data, size) == 0);
	frame_free(&f);
	session_record_free(&record);
	return 0;
}
