/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compiler attributes, in one place so that no file spells them itself.
 */
#ifndef COMMON_ATTR_H
#define COMMON_ATTR_H

/* An entry point of a module. -fvisibility=hidden beats the `global:` of a
 * version script, so each needs this besides its line in the .map file. */
#define EXPORTED	__attribute__((visibility("default")))
#define PRINTF_LIKE(fmt, first)	__attribute__((format(printf, fmt, first)))
#define MUST_USE	__attribute__((warn_unused_result))
#define UNUSED		__attribute__((unused))

#endif
