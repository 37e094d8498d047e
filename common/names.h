/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may be a name on this host, which ids are never anybody's, and which
 * text may reach a terminal. The grammar is applied by the NSS module, the
 * PAM module and the daemon alike, so that nobody can be talked past it.
 */
#ifndef COMMON_NAMES_H
#define COMMON_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

/* The longest login or group name (utmp and useradd agree on 32). */
#define NAME_LIMIT	32

/* Ids below this are the distribution's. */
#define ID_FLOOR	1000u

/* True for [a-z_][a-z0-9_.-]{0,31}: no upper case (two people must never
 * differ by case alone), no leading digit or dash, nothing that means
 * something to passwd, a shell or a path. name may be NULL. */
bool	name_is_valid(const char *name);

/* True for a uid or gid that a person or her group may have: not below
 * ID_FLOOR, not nobody (65534), not 65535, not (uint32_t)-1, and not in
 * systemd's dynamic (61184-65519) or container (524288-1879048191) ranges. */
bool	id_is_allowed(uint32_t id);

/* True for the gid of a local group that people may be in by a group of the
 * provider: not root's, and below ID_FLOOR or one that id_is_allowed(). */
bool	gid_may_be_extended(uint32_t gid);

/* True if text is valid UTF-8 that no terminal acts on: no C0 or C1 control,
 * no escape, no bidirectional or zero-width character. */
bool	text_is_plain(const char *text);

/* Copy text to buf, at most size - 1 bytes and never half a character; what
 * text_is_plain() would refuse becomes '?'. buf is always terminated. */
void	text_copy_plain(char *buf, size_t size, const char *text);

#endif
