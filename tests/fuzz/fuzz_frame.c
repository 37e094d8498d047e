/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A byte that says which fields to take, then any bytes as a stream. A frame
 * that was taken to its end is the one that its fields make.
 */
#include <string.h>

#include "common/attr.h"
#include "common/frame.h"
#include "tests/fuzz/fuzz.h"

#define LIMIT		(64 * 1024)
#define STRING_MAX	300
#define FIELDS_MAX	64

/* Take a field of this kind and put it into copy. */
static void
pass_on(struct frame_reader *r, unsigned int kind, struct frame *copy)
{
	char *text;

	switch (kind) {
	case 0:
		frame_put_u32(copy, frame_get_u32(r));
		break;
	case 1:
		frame_put_u64(copy, frame_get_u64(r));
		break;
	default:
		text = frame_get_string(r, STRING_MAX);
		fuzz_holds(text == NULL || strlen(text) <= STRING_MAX);
		frame_put_string(copy, text);
		free(text);
	}
}

static void
try_frame(const uint8_t *data, size_t size, unsigned int script)
{
	struct frame_reader r;
	struct frame copy;
	int i;

	frame_open(&r, data, size);
	frame_start(&copy, r.type);
	for (i = 0; i < FIELDS_MAX && r.error == 0 && r.left > 0; i++) {
		pass_on(&r, script & 3, &copy);
		script = (script >> 2 | script << 6) & 0xff;
	}
	if (frame_close(&r) == 0 && frame_finish(&copy, LIMIT) == 0)
		fuzz_holds(copy.len == size &&
		    memcmp(copy.data, data, size) == 0);
	frame_free(&copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t whole;

	if (size < 1 || frame_peek(data + 1, size - 1, LIMIT, &whole) < 0)
		return 0;
	fuzz_holds(whole <= LIMIT);
	if (whole <= size - 1)
		try_frame(data + 1, whole, data[0]);
	return 0;
}
