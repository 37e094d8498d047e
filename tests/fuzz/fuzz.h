/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fuzz target is one function that takes any bytes. No answer is wrong; to
 * read outside of the bytes, to leak, not to end, or to break what a target
 * says with fuzz_holds() is.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The name is libFuzzer's. Returns 0. */
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void
fuzz_holds(bool condition)
{
	if (!condition)
		abort();
}

#endif
