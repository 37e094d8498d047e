/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which programs write /etc/subuid and /etc/subgid, and are to do so as on a
 * host without us.
 */
#ifndef SUBID_SUBID_EDITOR_H
#define SUBID_SUBID_EDITOR_H

#include <stdbool.h>

/* Whether the program that was executed as path, which may be NULL, is one of
 * them. */
bool	subid_is_editor(const char *path);

#endif
