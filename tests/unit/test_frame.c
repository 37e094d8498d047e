/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/frame.c: what is written is read back, and nothing else is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/frame.h"
#include "common/proto.h"
#include "tests/unit/wipe.h"

#define LIMIT	PROTO_REQUEST_MAX

/* Copy bytes to a block of exactly len, so that reading beyond is seen. */
static uint8_t *
exact(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len == 0 ? 1 : len);

	assert_non_null(copy);
	memcpy(copy, data, len);
	return copy;
}

static void
make_sample(struct frame *f)
{
	frame_start(f, PROTO_VERDICT);
	frame_put_u32(f, 0x01020304);
	frame_put_u64(f, 0x1122334455667788);
	frame_put_string(f, "alice");
	frame_put_string(f, NULL);
	assert_int_equal(frame_finish(f, LIMIT), 0);
}

/* Read the fields of the sample; the result of frame_close(). */
static int
read_sample(const uint8_t *data, size_t len)
{
	struct frame_reader r;
	char *a, *b;
	int rc;

	frame_open(&r, data, len);
	(void)frame_get_u32(&r);
	(void)frame_get_u64(&r);
	a = frame_get_string(&r, 100);
	b = frame_get_string(&r, 100);
	rc = frame_close(&r);
	if (rc == 0) {
		assert_string_equal(a, "alice");
		assert_string_equal(b, "");
	}
	free(a);
	free(b);
	return rc;
}

static void
test_bytes_are_as_documented(void **state)
{
	static const uint8_t want[] = {
		18, 0, 0, 0, PROTO_VERSION, 0, PROTO_ASK, 0,
		1, 0, 0, 0, 6, 0, 0, 0, 'E', 'n', 't', 'e', 'r', ':',
	};
	struct frame f;

	(void)state;
	frame_start(&f, PROTO_ASK);
	frame_put_u32(&f, 1);
	frame_put_string(&f, "Enter:");
	assert_int_equal(frame_finish(&f, LIMIT), 0);
	assert_int_equal(f.len, sizeof(want));
	assert_memory_equal(f.data, want, sizeof(want));
	frame_free(&f);
}

static void
test_fields_come_back(void **state)
{
	struct frame f;
	struct frame_reader r;
	size_t size = 0;
	char *s;

	(void)state;
	make_sample(&f);
	assert_int_equal(frame_peek(f.data, f.len, LIMIT, &size), 0);
	assert_int_equal(size, f.len);
	frame_open(&r, f.data, f.len);
	assert_int_equal(r.type, PROTO_VERDICT);
	assert_int_equal(frame_get_u32(&r), 0x01020304);
	assert_true(frame_get_u64(&r) == 0x1122334455667788);
	s = frame_get_string(&r, 5);
	assert_string_equal(s, "alice");
	free(s);
	s = frame_get_string(&r, 0);
	assert_string_equal(s, "");
	free(s);
	assert_int_equal(frame_close(&r), 0);
	frame_free(&f);
}

static void
test_every_truncation_is_an_error(void **state)
{
	struct frame f;
	uint8_t *data;
	size_t len;

	(void)state;
	make_sample(&f);
	for (len = 0; len < f.len; len++) {
		/* as the stream gave it, and with a length that agrees */
		data = exact(f.data, len);
		assert_int_equal(read_sample(data, len), -EPROTO);
		if (len >= FRAME_HEADER_SIZE) {
			data[0] = (uint8_t)(len - 4);
			assert_int_equal(read_sample(data, len), -EPROTO);
		}
		free(data);
	}
	assert_int_equal(read_sample(f.data, f.len), 0);
	frame_free(&f);
}

static void
test_bytes_left_over_are_an_error(void **state)
{
	struct frame f;

	(void)state;
	make_sample(&f);
	frame_put_u32(&f, 0);
	assert_int_equal(frame_finish(&f, LIMIT), 0);
	assert_int_equal(read_sample(f.data, f.len), -EPROTO);
	frame_free(&f);
}

static void
test_length_word_must_agree(void **state)
{
	struct frame f;
	int by;

	(void)state;
	for (by = -2; by <= 2; by++) {
		make_sample(&f);
		f.data[0] = (uint8_t)(f.data[0] + by);
		assert_int_equal(read_sample(f.data, f.len),
		    by == 0 ? 0 : -EPROTO);
		frame_free(&f);
	}
}

static void
test_string_length_that_lies(void **state)
{
	static const uint32_t lies[] = {
		6, 7, 8, 0x7fffffff, 0x80000000, 0xfffffffb, 0xffffffff,
	};
	struct frame f;
	struct frame_reader r;
	uint8_t *data;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		frame_start(&f, PROTO_SHOW);
		frame_put_u32(&f, lies[i]);
		assert_int_equal(frame_finish(&f, LIMIT), 0);
		data = exact(f.data, f.len);
		frame_open(&r, data, f.len);
		assert_null(frame_get_string(&r, SIZE_MAX));
		assert_int_equal(frame_close(&r), -EPROTO);
		free(data);
		frame_free(&f);
	}
}

static void
test_string_beyond_max(void **state)
{
	struct frame f;
	struct frame_reader r;

	(void)state;
	frame_start(&f, PROTO_SHOW);
	frame_put_string(&f, "12345");
	assert_int_equal(frame_finish(&f, LIMIT), 0);
	frame_open(&r, f.data, f.len);
	assert_null(frame_get_string(&r, 4));
	assert_int_equal(frame_close(&r), -EPROTO);
	frame_free(&f);
}

static void
test_string_with_nul(void **state)
{
	struct frame f;
	struct frame_reader r;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		frame_start(&f, PROTO_SHOW);
		frame_put_string(&f, "alice");
		assert_int_equal(frame_finish(&f, LIMIT), 0);
		f.data[FRAME_HEADER_SIZE + 4 + i] = '\0';
		frame_open(&r, f.data, f.len);
		assert_null(frame_get_string(&r, 100));
		assert_int_equal(frame_close(&r), -EPROTO);
		frame_free(&f);
	}
}

static void
test_error_sticks(void **state)
{
	struct frame f;
	struct frame_reader r;

	(void)state;
	frame_start(&f, PROTO_SHOW);
	frame_put_u32(&f, 7);
	frame_put_u32(&f, 8);
	assert_int_equal(frame_finish(&f, LIMIT), 0);
	frame_open(&r, f.data, f.len);
	assert_true(frame_get_u64(&r) != 0);
	assert_int_equal(frame_get_u32(&r), 0);		/* nothing left */
	assert_int_equal(frame_close(&r), -EPROTO);

	/* a field that would fit is not given out after an error */
	frame_open(&r, f.data, f.len);
	assert_null(frame_get_string(&r, 3));
	assert_int_equal(frame_get_u32(&r), 0);
	assert_int_equal(frame_close(&r), -EPROTO);
	frame_free(&f);
}

static void
test_another_version(void **state)
{
	struct frame f;
	size_t size = 99;
	int i;

	(void)state;
	for (i = 4; i < 6; i++) {
		make_sample(&f);
		f.data[i] ^= 0x40;
		assert_int_equal(frame_peek(f.data, f.len, LIMIT, &size),
		    -EPROTO);
		assert_int_equal(read_sample(f.data, f.len), -EPROTO);
		frame_free(&f);
	}
	assert_int_equal(size, 99);
}

static void
test_peek_waits_for_the_header(void **state)
{
	struct frame f;
	size_t len, size = 99;
	uint8_t *data;

	(void)state;
	make_sample(&f);
	for (len = 0; len < FRAME_HEADER_SIZE; len++) {
		data = exact(f.data, len);
		assert_int_equal(frame_peek(data, len, LIMIT, &size),
		    -EAGAIN);
		free(data);
	}
	assert_int_equal(size, 99);
	assert_int_equal(frame_peek(f.data, len, LIMIT, &size), 0);
	assert_int_equal(size, f.len);
	frame_free(&f);
}

static void
test_peek_limits(void **state)
{
	uint8_t header[FRAME_HEADER_SIZE] = { 0, 0, 0, 0, PROTO_VERSION };
	size_t size = 99;

	(void)state;
	header[0] = 3;		/* not even the header */
	assert_int_equal(frame_peek(header, 8, LIMIT, &size), -EMSGSIZE);
	header[0] = 97;		/* with the length word, 101 */
	assert_int_equal(frame_peek(header, 8, 100, &size), -EMSGSIZE);
	memset(header, 0xff, 4);
	assert_int_equal(frame_peek(header, 8, LIMIT, &size), -EMSGSIZE);
	assert_int_equal(size, 99);
	memset(header, 0, 4);
	header[0] = 96;
	assert_int_equal(frame_peek(header, 8, 100, &size), 0);
	assert_int_equal(size, 100);
	header[0] = 4;
	assert_int_equal(frame_peek(header, 8, 100, &size), 0);
	assert_int_equal(size, 8);
}

static void
test_finish_limit(void **state)
{
	struct frame f;

	(void)state;
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, "12345678");
	assert_int_equal(frame_finish(&f, 19), -EMSGSIZE);
	/* and that sticks */
	assert_int_equal(frame_finish(&f, 20), -EMSGSIZE);
	frame_free(&f);
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, "12345678");
	assert_int_equal(frame_finish(&f, 20), 0);
	frame_free(&f);
}

static void
test_written_error_sticks(void **state)
{
	struct frame f;

	(void)state;
	frame_start(&f, PROTO_ANSWER);
	f.error = -ENOMEM;
	frame_put_u32(&f, 1);
	frame_put_string(&f, "text");
	assert_int_equal(f.len, FRAME_HEADER_SIZE);
	assert_int_equal(frame_finish(&f, LIMIT), -ENOMEM);
	frame_free(&f);
}

static void
test_large_frame_grows(void **state)
{
	struct frame f;
	struct frame_reader r;
	uint32_t i;

	(void)state;
	frame_start(&f, PROTO_JSON);
	for (i = 0; i < 10000; i++)
		frame_put_u32(&f, i);
	assert_int_equal(frame_finish(&f, LIMIT), 0);
	frame_open(&r, f.data, f.len);
	for (i = 0; i < 10000; i++)
		assert_int_equal(frame_get_u32(&r), i);
	assert_int_equal(frame_close(&r), 0);
	frame_free(&f);
}

static void
test_nothing_stays_behind(void **state)
{
	const char *marker = wipe_watch();
	struct frame f;
	int i;

	(void)state;
	frame_start(&f, PROTO_ANSWER);
	frame_put_string(&f, marker);
	for (i = 0; i < 1000; i++)	/* moves the block */
		frame_put_u64(&f, 0);
	frame_free(&f);
	assert_int_equal(wipe_count(), 0);
	assert_null(f.data);
	frame_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_are_as_documented),
		cmocka_unit_test(test_fields_come_back),
		cmocka_unit_test(test_every_truncation_is_an_error),
		cmocka_unit_test(test_bytes_left_over_are_an_error),
		cmocka_unit_test(test_length_word_must_agree),
		cmocka_unit_test(test_string_length_that_lies),
		cmocka_unit_test(test_string_beyond_max),
		cmocka_unit_test(test_string_with_nul),
		cmocka_unit_test(test_error_sticks),
		cmocka_unit_test(test_another_version),
		cmocka_unit_test(test_peek_waits_for_the_header),
		cmocka_unit_test(test_peek_limits),
		cmocka_unit_test(test_finish_limit),
		cmocka_unit_test(test_written_error_sticks),
		cmocka_unit_test(test_large_frame_grows),
		cmocka_unit_test(test_nothing_stays_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
