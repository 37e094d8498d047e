/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing and reading the frames of common/proto.h. Both sides keep a sticky
 * error, so that a caller puts or gets all fields and checks once at the end.
 * Buffers are wiped when they are freed: an ANSWER may hold a passcode.
 */
#ifndef COMMON_FRAME_H
#define COMMON_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

/* u32 length, u16 version, u16 type */
#define FRAME_HEADER_SIZE	8

/* A frame being written. */
struct frame {
	uint8_t	*data;
	size_t	 len;	/* bytes written, with the header */
	size_t	 cap;
	int	 error;	/* 0, or the first -errno */
};

/* Start a frame of this type. Never fails: an error stays in f. */
void	frame_start(struct frame *f, uint16_t type);

/* Append a field. s may be NULL, which is the empty string. */
void	frame_put_u32(struct frame *f, uint32_t value);
void	frame_put_u64(struct frame *f, uint64_t value);
void	frame_put_string(struct frame *f, const char *s);

/* Write the length word. 0 and the frame is f->data, f->len; else -ENOMEM, or
 * -EMSGSIZE beyond limit. f must be freed either way. */
int	frame_finish(struct frame *f, size_t limit) MUST_USE;

/* Wipe and free. f may be all zero. */
void	frame_free(struct frame *f);

/* Look at the first len bytes of a stream. 0 and the size of the whole frame
 * in *ret_size once the header is there, -EAGAIN while it is not, -EPROTO for
 * another version, -EMSGSIZE for a length beyond limit or below the
 * header's. */
int	frame_peek(const uint8_t *data, size_t len, size_t limit,
	    size_t *ret_size) MUST_USE;

/* A whole frame being read; it does not own the bytes. */
struct frame_reader {
	const uint8_t	*data;
	size_t		 left;
	uint16_t	 type;
	int		 error;	/* 0, or the first -errno */
};

/* Read the header of the frame data, len (as long as frame_peek() said). */
void	frame_open(struct frame_reader *r, const uint8_t *data, size_t len);

/* Take a field; 0 or NULL after an error. A string is allocated, terminated,
 * and the caller's to free; one that is longer than max or holds a NUL is an
 * error. */
uint32_t frame_get_u32(struct frame_reader *r);
uint64_t frame_get_u64(struct frame_reader *r);
char	*frame_get_string(struct frame_reader *r, size_t max) MUST_USE;

/* 0 if every field was there and nothing is left over, else -EPROTO or
 * -ENOMEM. */
int	frame_close(struct frame_reader *r) MUST_USE;

#endif
