/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person types at her terminal, seen or unseen.
 */
#ifndef CLI_TYPED_H
#define CLI_TYPED_H

#include <stdbool.h>

#include "common/attr.h"

/* Ask at the terminal of this process, or where there is none on stderr, and
 * read a line there or on stdin. The answer, without its newline, is the
 * caller's to secret_drop_string(); NULL at the end of the input or after a
 * Ctrl-C. Without echo the terminal shows nothing, and is put right again. */
char	*typed_ask(bool echo, const char *prompt) MUST_USE;

#endif
