/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No byte outside a frame is ever read, and no frame that was not understood
 * to its last byte is ever accepted: a short field, a length that lies, a NUL
 * or something left over each turn into the sticky error.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/frame.h"
#include "common/proto.h"

#define LENGTH_SIZE	4	/* the u32, which does not count itself */
#define CAP_START	256

static void
store_le(uint8_t *p, uint64_t value, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t
load_le(const uint8_t *p, size_t size)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < size; i++)
		value |= (uint64_t)p[i] << (8 * i);
	return value;
}

/* Make room for size more bytes. Not realloc(): it may leave what it moved
 * behind in the heap. */
static int
grow(struct frame *f, size_t size)
{
	size_t cap = f->cap == 0 ? CAP_START : f->cap;
	uint8_t *data;

	if (f->data != NULL && size <= f->cap - f->len)
		return 0;
	if (size > SIZE_MAX / 2 - f->len)
		return -EMSGSIZE;
	while (cap < f->len + size)
		cap *= 2;
	data = malloc(cap);
	if (data == NULL)
		return -ENOMEM;
	if (f->data != NULL) {
		memcpy(data, f->data, f->len);
		explicit_bzero(f->data, f->cap);
		free(f->data);
	}
	f->data = data;
	f->cap = cap;
	return 0;
}

static void
put_bytes(struct frame *f, const void *bytes, size_t size)
{
	if (f->error == 0)
		f->error = grow(f, size);
	if (f->error != 0 || size == 0)
		return;
	memcpy(f->data + f->len, bytes, size);
	f->len += size;
}

static void
put_integer(struct frame *f, uint64_t value, size_t size)
{
	uint8_t bytes[sizeof(value)];

	store_le(bytes, value, size);
	put_bytes(f, bytes, size);
}

void
frame_start(struct frame *f, uint16_t type)
{
	*f = (struct frame){ 0 };
	put_integer(f, 0, 4);	/* frame_finish() knows the length */
	put_integer(f, PROTO_VERSION, 2);
	put_integer(f, type, 2);
}

void
frame_put_u32(struct frame *f, uint32_t value)
{
	put_integer(f, value, sizeof(value));
}

void
frame_put_u64(struct frame *f, uint64_t value)
{
	put_integer(f, value, sizeof(value));
}

void
frame_put_string(struct frame *f, const char *s)
{
	size_t len = s == NULL ? 0 : strlen(s);

	if (len > UINT32_MAX) {
		if (f->error == 0)
			f->error = -EMSGSIZE;
		return;
	}
	frame_put_u32(f, (uint32_t)len);
	put_bytes(f, s, len);
}

int
frame_finish(struct frame *f, size_t limit)
{
	if (f->error == 0 && (f->len > limit || f->len > UINT32_MAX))
		f->error = -EMSGSIZE;
	if (f->error != 0)
		return f->error;
	store_le(f->data, f->len - LENGTH_SIZE, LENGTH_SIZE);
	return 0;
}

void
frame_free(struct frame *f)
{
	if (f->data != NULL) {
		explicit_bzero(f->data, f->cap);
		free(f->data);
	}
	*f = (struct frame){ 0 };
}

int
frame_peek(const uint8_t *data, size_t len, size_t limit, size_t *ret_size)
{
	uint64_t size;

	if (len < FRAME_HEADER_SIZE)
		return -EAGAIN;
	/* Of another version, not even the length means what we think. */
	if (load_le(data + 4, 2) != PROTO_VERSION)
		return -EPROTO;
	size = load_le(data, 4) + LENGTH_SIZE;
	if (size < FRAME_HEADER_SIZE || size > limit)
		return -EMSGSIZE;
	*ret_size = (size_t)size;
	return 0;
}

static void
fail(struct frame_reader *r, int error)
{
	if (r->error == 0)
		r->error = error;
}

void
frame_open(struct frame_reader *r, const uint8_t *data, size_t len)
{
	size_t size;

	*r = (struct frame_reader){ 0 };
	if (frame_peek(data, len, len, &size) != 0 || size != len) {
		fail(r, -EPROTO);
		return;
	}
	r->type = (uint16_t)load_le(data + 6, 2);
	r->data = data + FRAME_HEADER_SIZE;
	r->left = len - FRAME_HEADER_SIZE;
}

/* The next size bytes, or NULL after an error. */
static const uint8_t *
take(struct frame_reader *r, size_t size)
{
	const uint8_t *p = r->data;

	if (r->error == 0 && size > r->left)
		fail(r, -EPROTO);
	if (r->error != 0)
		return NULL;
	r->data += size;
	r->left -= size;
	return p;
}

static uint64_t
get_integer(struct frame_reader *r, size_t size)
{
	const uint8_t *p = take(r, size);

	return p == NULL ? 0 : load_le(p, size);
}

uint32_t
frame_get_u32(struct frame_reader *r)
{
	return (uint32_t)get_integer(r, sizeof(uint32_t));
}

uint64_t
frame_get_u64(struct frame_reader *r)
{
	return get_integer(r, sizeof(uint64_t));
}

char *
frame_get_string(struct frame_reader *r, size_t max)
{
	size_t len = frame_get_u32(r);
	const uint8_t *p;
	char *s;

	if (len > max)
		fail(r, -EPROTO);
	p = take(r, len);
	if (p == NULL)
		return NULL;
	if (memchr(p, '\0', len) != NULL) {
		fail(r, -EPROTO);
		return NULL;
	}
	s = malloc(len + 1);
	if (s == NULL) {
		fail(r, -ENOMEM);
		return NULL;
	}
	memcpy(s, p, len);
	s[len] = '\0';
	return s;
}

int
frame_close(struct frame_reader *r)
{
	if (r->left != 0)
		fail(r, -EPROTO);
	return r->error;
}
